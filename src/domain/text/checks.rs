//! The lines of the release-verification comment.

use super::markdown::{code, link, person};
use super::names;
use super::times::utc_time;
use crate::domain::facts::Facts;
use crate::domain::ids::{Millis, Sha};
use crate::domain::item::Item;
use crate::domain::objects::{Built, Origin};
use crate::domain::procedure::branch::Branched;
use crate::domain::procedure::{launch, monitor, release_runs, verify};
use crate::domain::view::View;

/// One line of the release-verification comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Check {
    /// Whether it was seen to hold.
    pub ok: bool,
    /// What, Markdown.
    pub fact: String,
    /// Where and when it was seen, or what is still needed: Markdown.
    pub seen: String,
}

/// Each fact, seen or still missing.
pub(super) fn checks(view: &View<'_>) -> Vec<Check> {
    let (f, c) = (view.facts, &view.case);
    let (Some(branched), Some(tagged)) = (&view.proofs().branched, &view.proofs().tagged) else {
        return Vec::new();
    };
    let mut checks = Vec::new();
    let began = f.trigger.at;
    let at = |when| utc_time(when, began);
    if verify::has_registry(c, branched) {
        let registry = branched.base.package.kind().registry();
        checks.push(match verify::published(c) {
            Some(version) => Check {
                ok: true,
                fact: format!(
                    "{registry} has {}, not yanked{}, checksum {}",
                    code(&branched.version),
                    built(&version.built, &tagged.tag.commit),
                    code(version.checksum.get(..12).unwrap_or(&version.checksum))
                ),
                seen: format!(
                    "{}, {}",
                    at(first(view, Item::Registry)),
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
    if verify::has_release(c, branched) {
        release(view, branched, &mut checks);
    }
    let runs: Vec<_> = launch::workflows(c, branched)
        .into_iter()
        .filter(|w| w.required)
        .map(|w| {
            let run = release_runs::run_of(c, branched, &tagged.tag.commit, &w);
            let aside = monitor::is_aside(c, branched, &w);
            (run, w.file, aside)
        })
        .collect();
    if !runs.is_empty() {
        let ok = runs.iter().all(|(found, _, aside)| match found {
            release_runs::Found::One(run) => run.passed(),
            release_runs::Found::Skipped(_) => view.policy.release.workflow.is_empty(),
            release_runs::Found::Idle(_) => *aside,
            release_runs::Found::None | release_runs::Found::Several(_) => false,
        });
        checks.push(Check {
            ok,
            fact: runs
                .iter()
                .map(|(found, file, _)| match found {
                    release_runs::Found::One(run) => names::run(run),
                    release_runs::Found::Skipped(_) => format!("{} had nothing to do", code(file)),
                    release_runs::Found::Idle(run) => {
                        format!("{} had nothing to do", names::run(run))
                    }
                    release_runs::Found::None | release_runs::Found::Several(_) => code(file),
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
            code(&names::install_now(view)),
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

/// What the published files say of the commit that they were built from; of
/// several the worst.
fn built(all: &[Built], tagged: &Sha) -> &'static str {
    let has = |is: &dyn Fn(&Origin) -> bool| all.iter().any(|built| is(&built.origin));
    if all.is_empty() || has(&|it| *it == Origin::Unread) {
        return "";
    }
    if has(&|it| matches!(it, Origin::Commit { commit, .. } if commit != tagged)) {
        return ", **built from another commit than the tagged one**";
    }
    if has(&|it| matches!(it, Origin::Commit { dirty: true, .. })) {
        return ", built from the tagged commit with changes that are not committed";
    }
    if has(&|it| *it == Origin::NotRecorded) {
        return ", which does not say from which commit it was built";
    }
    if has(&|it| *it == Origin::Unreadable) {
        return ", whose file could not be looked into";
    }
    ", built from the tagged commit"
}

/// When a fact was seen first: a later look must not edit the comment.
fn first(view: &View<'_>, item: Item) -> Millis {
    let first = view.line.first.get(&item).copied();
    first.unwrap_or(view.facts.now)
}

fn release(view: &View<'_>, branched: &Branched, checks: &mut Vec<Check>) {
    let c = &view.case;
    let at = utc_time(first(view, Item::Release), view.facts.trigger.at);
    let Some(release) = verify::released(c) else {
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
    let expected = verify::expected_assets(c, branched);
    if expected.is_empty() {
        return;
    }
    let missing = verify::missing_assets(c, branched, release);
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
