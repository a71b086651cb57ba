//! The lines of the release-verification comment.

use super::markdown::{code, count, link, person};
use super::names;
use super::notices::quoted;
use super::times::utc_time;
use super::watched::{address, answered};
use crate::domain::facts::Facts;
use crate::domain::ids::{Millis, Sha};
use crate::domain::item::Item;
use crate::domain::objects::{Answered, Built, Origin};
use crate::domain::procedure::branch::Branched;
use crate::domain::procedure::looked::{self, Attestations, Summed};
use crate::domain::procedure::{install, launch, monitor, release_runs, verify};
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
    /// What people type for it, line by line; not Markdown.
    pub commands: Vec<String>,
}

impl Check {
    fn of(ok: bool, fact: impl Into<String>, seen: impl Into<String>) -> Check {
        Check {
            ok,
            fact: fact.into(),
            seen: seen.into(),
            commands: Vec::new(),
        }
    }

    /// Asks a person for it.
    fn asks(fact: &str, seen: impl Into<String>, commands: &[String]) -> Check {
        Check {
            commands: commands.to_vec(),
            ..Check::of(false, format!("**{fact}:**"), seen)
        }
    }
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
            Some(version) => {
                let first = at(first(view, Item::Registry));
                let page = link("index and API", &version.url);
                let built = built(&version.built, &tagged.tag.commit);
                let altered = version.built.iter().any(|it| it.origin == Origin::Altered);
                let fact = format!(
                    "{registry} has {}, not yanked{}, checksum {}",
                    code(&branched.version),
                    built.0,
                    code(version.checksum.get(..12).unwrap_or(&version.checksum))
                );
                Check::of(!altered && built.1, fact, format!("{page}, {first}"))
            }
            None => Check::of(
                false,
                format!("{registry} has {}", code(&branched.version)),
                "not there yet",
            ),
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
        let taken = view.line.verification_waived.is_some();
        let fact = runs
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
            .join(", ");
        checks.push(match (ok, taken) {
            (true, _) => Check::of(true, fact, "passed"),
            (false, true) => Check::of(false, fact, "taken as they are by a maintainer"),
            (false, false) => Check::of(false, fact, "under way"),
        });
    }
    checks.extend(addresses(view, branched));
    checks.push(installed(view, branched, &tagged.tag.commit));
    checks.push(fixed(view));
    checks
}

/// Further addresses, a line each.
fn addresses(view: &View<'_>, branched: &Branched) -> Vec<Check> {
    let all = looked::found(&view.case, branched).into_iter();
    all.map(|(at, found)| {
        let fact = format!("{} shows {}", address(&at.url), code(&at.contains));
        match found {
            Some(Answered::Shows) => Check::of(true, fact, ""),
            Some(found) => Check::of(false, fact, answered(found)),
            None => Check::of(false, fact, "not asked yet"),
        }
    })
    .collect()
}

/// A fresh install: by a run, or by a person.
fn installed(view: &View<'_>, branched: &Branched, tagged: &Sha) -> Check {
    let item = Item::FreshInstall;
    if view.facts.words.contains_key(&item) {
        return word(view.facts, item, "Fresh install");
    }
    let command = names::install_now(view);
    let Some((file, found)) = install::found(&view.case, branched, tagged) else {
        let commands = [command, format!("/hotfix check {item}")];
        return Check::asks(
            "Fresh install",
            "somebody tries it, then says so",
            &commands,
        );
    };
    match found.run() {
        Some(run) if run.passed() => Check::of(true, "Fresh install", names::run(run)),
        Some(run) if run.failed() => {
            let seen = format!("{} failed", names::run(run));
            Check::of(false, "Fresh install", seen)
        }
        Some(run) => Check::of(
            false,
            "Fresh install",
            format!("{} is under way", names::run(run)),
        ),
        None => Check::of(
            false,
            "Fresh install",
            format!("the bot starts {}", code(&file)),
        ),
    }
}

/// Somebody says that the bug is gone.
fn fixed(view: &View<'_>) -> Check {
    let item = Item::FixVerified;
    if let Some(broken) = view.facts.broken() {
        let at = utc_time(broken.by.at, view.facts.trigger.at);
        let seen = format!(
            "{} says that it does not{}, {at}; a maintainer decides",
            person(&broken.by.login),
            quoted(broken.note.as_ref())
        );
        return Check::of(false, "**The fix works**", seen);
    }
    if view.facts.words.contains_key(&item) {
        return word(view.facts, item, "The fix works");
    }
    let reporter = names::reporter(view);
    if !view.policy.verify.ask_reporter || reporter.is_empty() {
        let commands = [format!("/hotfix check {item} note=…")];
        return Check::asks(
            "The fix works",
            "somebody tries it, then says so",
            &commands,
        );
    }
    let seen = format!(
        "{}, please try it, and say so (somebody with write access says {})",
        person(reporter),
        code(&format!("/hotfix check {item} note=…"))
    );
    Check::asks("The fix works", seen, &["/hotfix confirm-fixed".to_owned()])
}

/// What the published files say of the commit that they were built from, and
/// whether that is the tagged one as far as is known; of several the worst.
fn built(all: &[Built], tagged: &Sha) -> (&'static str, bool) {
    let has = |is: &dyn Fn(&Origin) -> bool| all.iter().any(|built| is(&built.origin));
    if all.is_empty() || has(&|it| *it == Origin::Unread) {
        return ("", true);
    }
    if has(&|it| *it == Origin::Altered) {
        return (
            ", **and its file is another one than the index names**",
            false,
        );
    }
    if has(&|it| matches!(it, Origin::Commit { commit, .. } if commit != tagged)) {
        return (", **built from another commit than the tagged one**", false);
    }
    if has(&|it| matches!(it, Origin::Commit { dirty: true, .. })) {
        return (
            ", built from the tagged commit with changes that are not committed",
            true,
        );
    }
    if has(&|it| *it == Origin::NotRecorded) {
        return (", which does not say from which commit it was built", true);
    }
    if has(&|it| *it == Origin::Unreadable) {
        return (", whose file could not be looked into", true);
    }
    (", built from the tagged commit", true)
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
        checks.push(Check::of(
            false,
            format!("Release {} published", code(&branched.tag)),
            "not published yet",
        ));
        return;
    };
    let latest = if release.latest {
        ", marked Latest"
    } else {
        ""
    };
    let page = link(&format!("Release {}", branched.tag), &release.url);
    let wrong = verify::shown_wrongly(c, branched);
    checks.push(
        match (wrong.is_some(), release.prerelease, release.latest) {
            (false, ..) => Check::of(true, format!("{page}{latest}"), at.clone()),
            (true, true, _) => Check::of(false, page, "it is marked as a prerelease"),
            (true, false, true) => Check::of(false, page, "it is marked Latest, and should not be"),
            (true, false, false) => Check::of(false, page, "it is not marked Latest"),
        },
    );
    let expected = verify::expected_assets(c, branched);
    let missing = verify::missing_assets(c, branched, release);
    if !expected.is_empty() {
        let fact = format!(
            "{} of {} files, as {} had",
            expected.len() - missing.len(),
            expected.len(),
            code(&branched.base.tag)
        );
        checks.push(match missing.as_slice() {
            [] => Check::of(true, fact, at),
            missing => Check::of(
                false,
                fact,
                format!("missing: {}", names::some_files(missing)),
            ),
        });
    }
    checks.extend(looked::summed(c, release).map(|it| checksums(&it)));
    checks.extend(looked::attestations(c, branched).map(|it| attestations(&it, branched)));
}

/// Which of its files are attested, where the base's are.
fn attestations(it: &Attestations, branched: &Branched) -> Check {
    let as_before = format!(
        "Its files are attested, as those of {} are",
        code(&branched.base.tag)
    );
    match (it.reading, it.missing.as_slice(), it.unknown.as_slice()) {
        (true, ..) => Check::of(false, as_before, "being read"),
        (_, [], []) => {
            let files = count(it.there as u64, "file");
            let fact = format!("Attested, as in {}: {files}", code(&branched.base.tag));
            Check::of(true, fact, "")
        }
        (_, [], _) => Check::of(
            true,
            "Attestations of its files",
            "GitHub does not show them to the bot",
        ),
        (_, missing, _) => {
            let seen = format!("**not attested:** {}", names::some_files(missing));
            Check::of(false, as_before, seen)
        }
    }
}

/// What the release's files of checksums say of its assets.
fn checksums(it: &Summed) -> Check {
    if it.reading {
        return Check::of(false, "Checksums of its files", "being read");
    }
    match (it.wrong.as_slice(), it.unread.as_slice()) {
        ([], []) => {
            let fact = format!("Checksums agree with {}", count(it.agree as u64, "file"));
            Check::of(true, fact, "")
        }
        ([], unread) => {
            let seen = format!("could not be read: {}", names::some_files(unread));
            Check::of(true, "Checksums of its files", seen)
        }
        (wrong, _) => {
            let seen = format!("**not those of** {}", names::some_files(wrong));
            Check::of(false, "Checksums of its files", seen)
        }
    }
}

/// A person's word.
fn word(f: &Facts, item: Item, fact: &str) -> Check {
    let seen = f.words.get(&item).map(|word| {
        let at = utc_time(word.by.at, f.trigger.at);
        format!("{}, {at}", person(&word.by.login))
    });
    Check::of(seen.is_some(), fact, seen.unwrap_or_default())
}
