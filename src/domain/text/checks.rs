//! The lines of the release-verification comment.

use super::markdown::{code, link, person};
use super::names;
use crate::domain::checklist_item::Item;
use crate::domain::facts::Facts;
use crate::domain::ids::Millis;
use crate::domain::policy::Policy;
use crate::domain::procedure::branch::Branched;
use crate::domain::procedure::ship::Tagged;
use crate::domain::procedure::{chain, monitor, verify};
use crate::domain::text::times::utc_time;
use crate::domain::view::Check;

/// Each fact, seen or still missing.
pub fn verification_checks(
    f: &Facts,
    p: &Policy,
    branched: &Branched,
    tagged: &Tagged,
) -> Vec<Check> {
    let mut checks = Vec::new();
    let began = f.trigger.at;
    let at = |when| utc_time(when, began);
    if verify::has_registry(p, branched) {
        let registry = branched.base.package.kind().registry();
        checks.push(match verify::published(f) {
            Some(version) => Check {
                ok: true,
                fact: format!(
                    "{registry} has {}, not yanked, checksum {}",
                    code(&branched.version),
                    code(version.checksum.get(..12).unwrap_or(&version.checksum))
                ),
                seen: format!(
                    "{}, {}",
                    at(first(f, Item::Registry)),
                    link("index and API", &version.url)
                ),
            },
            None => Check {
                ok: false,
                fact: format!("{registry} has {}", code(&branched.version)),
                seen: "not there yet".to_owned(),
            },
        });
    }
    if verify::has_release(p, branched) {
        release(f, p, branched, &mut checks);
    }
    let runs: Vec<_> = monitor::workflows(p, branched)
        .into_iter()
        .filter(|w| w.required)
        .map(|w| {
            let run = chain::run_of(f, branched, &tagged.tag.commit, &w);
            let aside = monitor::is_aside(p, branched, &w);
            (run, w.file, aside)
        })
        .collect();
    if !runs.is_empty() {
        let ok = runs.iter().all(|(found, _, aside)| match found {
            chain::Found::One(run) => run.passed(),
            chain::Found::Skipped(_) => p.release.workflow.is_empty(),
            chain::Found::Idle(_) => *aside,
            _ => false,
        });
        checks.push(Check {
            ok,
            fact: runs
                .iter()
                .map(|(found, file, _)| match found {
                    chain::Found::One(run) => names::run(run),
                    chain::Found::Skipped(_) => format!("{} had nothing to do", code(file)),
                    chain::Found::Idle(run) => format!("{} had nothing to do", names::run(run)),
                    _ => code(file),
                })
                .collect::<Vec<_>>()
                .join(", "),
            seen: if ok { "passed" } else { "under way" }.to_owned(),
        });
    }
    checks.push(word(
        f,
        Item::FreshInstall,
        "Fresh install",
        &format!(
            "needs a person: {}, then {}",
            code(&verify::install_command(branched)),
            code("/hotfix check fresh-install")
        ),
    ));
    let reporter = f.issue.get().map(|i| i.author.as_str()).unwrap_or_default();
    checks.push(word(
        f,
        Item::FixVerified,
        "The fix works",
        &format!(
            "{}, please try it and say {}; or somebody with write access says {}",
            person(reporter),
            code("/hotfix confirm-fixed"),
            code("/hotfix check fix-verified")
        ),
    ));
    checks
}

/// When a fact was seen first: a later look must not edit the comment.
fn first(f: &Facts, item: Item) -> Millis {
    f.first.get(&item).copied().unwrap_or(f.now)
}

fn release(f: &Facts, p: &Policy, branched: &Branched, checks: &mut Vec<Check>) {
    let at = utc_time(first(f, Item::Release), f.trigger.at);
    let Some(release) = verify::released(f) else {
        checks.push(Check {
            ok: false,
            fact: format!("Release {} published", code(&branched.tag)),
            seen: "not published yet".to_owned(),
        });
        return;
    };
    checks.push(Check {
        ok: true,
        fact: format!(
            "{} published{}",
            link(&format!("Release {}", branched.tag), &release.url),
            if release.latest {
                ", marked Latest"
            } else {
                ""
            }
        ),
        seen: at.clone(),
    });
    let expected = verify::expected_assets(p, branched);
    if expected.is_empty() {
        return;
    }
    let missing = verify::missing_assets(p, branched, release);
    checks.push(Check {
        ok: missing.is_empty(),
        fact: format!(
            "{} of {} assets, as {} had",
            expected.len() - missing.len(),
            expected.len(),
            code(&branched.base.tag)
        ),
        seen: if missing.is_empty() {
            at
        } else {
            let names: Vec<String> = missing.iter().map(|m| code(m)).collect();
            format!("missing: {}", names.join(", "))
        },
    });
}

fn word(f: &Facts, item: Item, fact: &str, otherwise: &str) -> Check {
    match f.words.get(&item) {
        Some(word) => Check {
            ok: true,
            fact: fact.to_owned(),
            seen: format!(
                "{}, {}",
                person(&word.by.login),
                utc_time(word.by.at, f.trigger.at)
            ),
        },
        None => Check {
            ok: false,
            fact: fact.to_owned(),
            seen: otherwise.to_owned(),
        },
    }
}
