//! Which workflows of the release the tag would not start. A tag that starts
//! nothing is burned, so this is looked at before there is one.
//!
//! GitHub reads them from what is tagged: the base's files, with the fix's
//! changes. What the base's tag started, or its version on the default branch
//! would start, is expected of this one, too.

use super::branch::Branched;
use super::does;
use super::environments::environments;
use super::publishing;
use super::refuses::refuses;
use super::release_runs::{by_bot, is_of_others, never_runs, start_of};
use super::step::Case;
use crate::domain::derive::tag::{ReleaseName, whose};
use crate::domain::need::{Finding, Start as Began, Stopped};
use crate::domain::objects::Workflow;
use crate::domain::policy::StartedBy;
use crate::domain::workflow_file::Shipping;

/// The files, each with the reason.
pub fn stopped(c: &Case<'_>, branched: &Branched) -> Vec<(String, Stopped)> {
    let mut all = not_started(c, branched);
    // What starts, and cannot do its work.
    all.extend(refuses(c, branched));
    for finding in environments(c, branched) {
        if let Finding::Refuses {
            file, environment, ..
        } = finding
        {
            all.push((file, Stopped::Environment(environment)));
        }
    }
    all
}

fn not_started(c: &Case<'_>, branched: &Branched) -> Vec<(String, Stopped)> {
    let configured = &c.policy.release.workflow;
    if configured.is_empty() {
        return found(branched);
    }
    let required = configured.iter().filter(|w| w.required);
    let stops = required.filter_map(|w| {
        let why = match w.on {
            _ if start_of(branched, &w.file) == Some(Began::Bot) => by_bot(c, branched, &w.file),
            // Its own triggers go before.
            StartedBy::Dispatch => None,
            // The words of the file count: it must be a push of the tag.
            StartedBy::Tag if !takes_tag(branched, at_tag(branched, &w.file)) => {
                Some(why_not(branched, &w.file))
            }
            _ => stops(branched, &w.file),
        };
        Some((w.file.clone(), why?))
    });
    stops.collect()
}

/// Without a list: what the base's own tag would start, what is on the default
/// branch alone, and filters that take nothing.
fn found(branched: &Branched) -> Vec<(String, Stopped)> {
    let base = &branched.base;
    let started = || {
        branched
            .at_tag()
            .iter()
            .filter(|w| takes_tag(branched, Some(w)))
    };
    let ships = |workflow: &Workflow| does::ships(branched, workflow);
    let (anything, shipped) = (started().next().is_some(), started().any(ships));
    let mut all: Vec<(String, Stopped)> = Vec::new();
    for workflow in base.workflows.iter().chain(&base.main_workflows) {
        let file = workflow.name();
        if all.iter().any(|(known, _)| known == file) {
            continue;
        }
        let why = match start_of(&before(branched), file) {
            Some(_) => stops(branched, file),
            None if start_of(branched, file).is_some() => None,
            None => match at_tag(branched, file) {
                Some(there) => filters(there)
                    .filter(|_| is_for_tags(there) || ships(there))
                    .filter(|_| may_ship(branched, there) && !takes_latest(branched, there))
                    .filter(|all| {
                        let wrong = all.iter().all(|p| is_regular_expression(p));
                        let meant = wrong || !anything || !shipped && ships(there);
                        meant && !are_of_others(branched, all)
                    })
                    .map(Stopped::Filter),
                None => {
                    let takes = workflow.file.starts_on_tag(&branched.tag);
                    let releases = ships(workflow) || !anything && is_for_tags(workflow);
                    (takes && releases).then_some(Stopped::NotAtTag)
                }
            },
        };
        all.extend(why.map(|why| (file.to_owned(), why)));
    }
    all
}

/// The same without what the fix changes in workflow files.
fn before(branched: &Branched) -> Branched {
    Branched {
        changed: None,
        ..branched.clone()
    }
}

/// Why a file that should start does not; none: it does, or a person can start
/// it where the fix did not touch that.
fn stops(branched: &Branched, file: &str) -> Option<Stopped> {
    let there = at_tag(branched, file);
    let (before, now) = (start_of(&before(branched), file), start_of(branched, file));
    let by_tag = |start: &Option<Began>| *start == Some(Began::Tag);
    let lost = before.is_some() && now.is_none() || by_tag(&before) && !by_tag(&now);
    if lost {
        return Some(why_not(branched, file));
    }
    if by_tag(&now) {
        return there.and_then(|workflow| never_at_all(branched, workflow));
    }
    let by_hand = there.is_some_and(|w| w.file.on.workflow_dispatch.is_some());
    (now.is_none() && !by_hand).then(|| why_not(branched, file))
}

/// Whether nothing in it ever runs for the tag: that nothing ran for the base's
/// tag either is no reason, unless it tests every push or another file ships.
fn never_at_all(branched: &Branched, workflow: &Workflow) -> Option<Stopped> {
    let why = never_runs(branched, workflow, &branched.tag)?;
    if is_of_others(branched, workflow) {
        return None;
    }
    let at_base = branched.base.workflows.iter();
    let same = at_base
        .filter(|w| w.path == workflow.path)
        .any(|w| w.file.jobs == workflow.file.jobs);
    let mut branches = branched.base.branches();
    let tests = branches.any(|branch| workflow.file.starts_on_branch(branch));
    (!(same && tests)).then_some(Stopped::Never(why))
}

/// Why the tag starts nothing in a file that it should start.
fn why_not(branched: &Branched, file: &str) -> Stopped {
    let base = &branched.base;
    let at_base = base.workflows.iter().find(|w| w.name() == file);
    match (at_base, at_tag(branched, file)) {
        (Some(_), None) => Stopped::Removed,
        // What follows others is read from the default branch.
        (None, None) if start_of(&before(branched), file).is_some() => Stopped::Trigger,
        (None, None) => Stopped::NotAtTag,
        (_, Some(there)) if there.broken.is_some() => Stopped::Broken,
        (Some(_), Some(_)) if start_of(&before(branched), file).is_some() => Stopped::Trigger,
        (_, Some(there)) => filters(there).map_or(Stopped::NoTrigger, Stopped::Filter),
    }
}

fn at_tag<'a>(branched: &'a Branched, file: &str) -> Option<&'a Workflow> {
    branched.at_tag().iter().find(|w| w.name() == file)
}

fn takes_tag(branched: &Branched, workflow: Option<&Workflow>) -> bool {
    workflow.is_some_and(|w| w.file.starts_on_tag(&branched.tag))
}

/// Whether it asks for tags by name: one that every push starts, or that leaves
/// tags out, is a test.
fn is_for_tags(workflow: &Workflow) -> bool {
    let push = workflow.file.on.push.as_ref();
    push.is_some_and(|filter| filter.tags.is_some())
}

/// Whether it may publish or release, if the tag started it: one that only tests loses nothing.
fn may_ship(branched: &Branched, workflow: &Workflow) -> bool {
    let tag = format!("refs/tags/{}", branched.tag);
    let all = publishing::at_tag(branched, workflow, "push", &tag);
    // Who proposes a release, or looks at a signature, ships none.
    let mut all = all.iter().map(|(what, _)| what);
    does::ships(branched, workflow)
        || all.any(|it| !matches!(it, Shipping::Proposes | Shipping::Signature))
}

/// Whether it is started by GitHub's Latest, which is another product's by its
/// name.
fn takes_latest(branched: &Branched, workflow: &Workflow) -> bool {
    let named = |tag: &str| ReleaseName::read(tag).map(|name| whose(name.prefix));
    let latest = branched.base.latest.as_deref();
    latest.is_some_and(|latest| {
        // What holds no version, as `nightly`, is nobody's release.
        let of = named(latest);
        of.is_some() && of != named(&branched.tag) && workflow.file.starts_on_tag(latest)
    })
}

/// Its filters for tags, if it has any.
fn filters(workflow: &Workflow) -> Option<Vec<String>> {
    let push = workflow.file.on.push.as_ref()?;
    let both = [&push.tags, &push.tags_ignore];
    let all: Vec<String> = both.into_iter().flatten().flatten().cloned().collect();
    (!all.is_empty()).then_some(all)
}

/// Whether filters are for tags that name something else than this one does:
/// another package, or builds that are no releases.
fn are_of_others(branched: &Branched, filters: &[String]) -> bool {
    let own = ReleaseName::read(&branched.tag).and_then(|name| whose(name.prefix));
    let named = |pattern: &String| {
        let text = pattern.trim_start_matches('^');
        let special = |c: char| c.is_ascii_digit() || "*[?+({\\".contains(c);
        let end = text.find(special).unwrap_or(text.len());
        // A name does not end in what stands for any sign.
        whose(text.get(..end).unwrap_or_default().trim_end_matches('.'))
    };
    let taken = filters.iter().filter(|pattern| !pattern.starts_with('!'));
    let names: Vec<_> = taken.map(named).collect();
    names.iter().all(|name| name.is_some() && *name != own)
}

/// Whether a pattern is written as a regular expression, which GitHub's are not:
/// such a one takes no tag that anybody makes.
fn is_regular_expression(pattern: &str) -> bool {
    // `v1.*` and `v*.*.*` are patterns of GitHub's.
    let any = |at: usize| {
        let before = pattern.get(..at).and_then(|text| text.chars().last());
        !before.is_some_and(|c| c.is_ascii_digit() || "*]+".contains(c))
    };
    let any = |part: &str| pattern.match_indices(part).any(|(at, _)| any(at));
    let only = [r"\d", r"\w", r"\.", "(", "]{"];
    pattern.starts_with('^')
        || pattern.ends_with('$')
        || only.iter().any(|part| pattern.contains(part))
        || [".*", ".+"].into_iter().any(any)
}
