//! The registry takes the version back: by the server's token, by a workflow, or
//! by a person's hand, as `rollback.yank` says. Each is watched until the registry
//! says so itself.

use super::found::packages;
use super::quiet::Quiet;
use crate::domain::effect::{Act, Slot};
use crate::domain::facts::RollbackDecision;
use crate::domain::need::{Looking, Need, NeedKind, Who, YankBy};
use crate::domain::objects::{Part, Run};
use crate::domain::policy::Yank;
use crate::domain::procedure::branch::Branched;
use crate::domain::procedure::by_dispatch::{filled, refused};
use crate::domain::procedure::runs::pending;
use crate::domain::procedure::step::{Case, Step};
use crate::domain::shipping::Dispatched;
use crate::domain::slot::Place;
use crate::domain::undo::Undo;

const DISPATCH: &str = "workflow_dispatch";

/// No version of it can be resolved anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawn;

/// What the registries have of it, and have not taken back, where they can do that:
/// what is on Maven Central or Go's proxy stays there.
pub fn left<'a>(c: &Case<'a>) -> Vec<&'a Part> {
    let parts = c.line.seen.parts.get().into_iter().flatten();
    let left = parts.filter(|part| part.there && !part.yanked);
    left.filter(|part| part.registry.can_withdraw()).collect()
}

/// Whether the registry has taken all of it back, or never had any of it.
pub fn withdraw(
    c: &Case<'_>,
    branched: &Branched,
    decided: &RollbackDecision,
    quiet: Option<&Quiet>,
) -> Step<Withdrawn> {
    if packages(c, branched).is_empty() {
        return match quiet {
            Some(_) => Step::Done(Withdrawn),
            None => Step::Wait(Vec::new()),
        };
    }
    let seen = &c.line.seen;
    if seen.parts.get().is_none() || seen.parts.began < decided.by.at {
        return Step::looking(Looking::Out);
    }
    let left = left(c);
    let Some(first) = left.first() else {
        // What the last run did is seen by a look after its end.
        let after = seen.runs.get().is_none() || seen.parts.began >= seen.runs.since;
        return match (quiet, after) {
            (Some(_), true) => Step::Done(Withdrawn),
            (Some(_), false) => Step::looking(Looking::Out),
            (None, _) => Step::Wait(Vec::new()),
        };
    };
    match &c.policy.rollback.yank {
        Yank::Ask => Step::Wait(vec![by_hand(&left, YankBy::Person)]),
        // The token is one of crates.io.
        Yank::Token if !left.iter().any(|part| part.registry.is_first()) => {
            Step::Wait(vec![by_hand(&left, YankBy::Person)])
        }
        Yank::Token => {
            let ours: Vec<_> = left.iter().filter(|it| it.registry.is_first()).collect();
            let first = ours.first().copied().unwrap_or(first);
            let part = ours
                .into_iter()
                .find(|part| !is_refused(c, part))
                .unwrap_or(first);
            let act = Act::Undo(Undo::Yank {
                package: part.package.clone(),
                version: part.version.clone(),
            });
            Step::wish(c.write(act, part.version.as_str()))
        }
        Yank::Workflow(file) => by_workflow(c, branched, file, &left),
    }
}

/// The command for a person.
pub fn by_hand(left: &[&Part], by: YankBy) -> Need {
    let packages = left
        .iter()
        .map(|part| (part.package.clone(), part.version.clone()));
    let packages = packages.collect();
    Need::new(Who::Commander, NeedKind::Yank { packages, by })
}

/// Whether the registry refused it already.
fn is_refused(c: &Case<'_>, part: &Part) -> bool {
    let place = Place {
        line: c.id.clone(),
        slot: Slot::Yank(part.package.clone()),
    };
    c.facts.refused.contains_key(&place)
}

/// Started once, at the tag; what it does not do is a person's.
fn by_workflow(c: &Case<'_>, branched: &Branched, file: &str, left: &[&Part]) -> Step<Withdrawn> {
    let by = asked(c, branched, file, left);
    let hand = |by| Step::Wait(vec![by_hand(left, by)]);
    if let Some(why) = refused(branched, &by) {
        let file = file.to_owned();
        return hand(YankBy::Stopped { file, why });
    }
    let runs = c.line.seen.runs.get();
    let of_file = |run: &&Run| run.file() == file && run.event == DISPATCH;
    let newest = runs.into_iter().flat_map(|seen| &seen.runs);
    let newest = newest.filter(of_file).max_by_key(|run| run.id);
    let started = c.line.rollback.as_ref().and_then(|it| it.started.as_ref());
    let Some(started) = started else {
        let head = c.line.decision.as_ref().map(|it| it.commit().clone());
        let known = |(name, value): (String, Option<String>)| Some((name, value?));
        let act = Act::Launch {
            file: by.file,
            at: by.at,
            commit: head.unwrap_or_default(),
            inputs: by.inputs.into_iter().filter_map(known).collect(),
            after: newest.map(|run| run.id),
        };
        return Step::wish(c.write(act, "yank"));
    };
    match newest.filter(|run| started.after.is_none_or(|before| run.id > before)) {
        Some(run) if run.failed() => hand(YankBy::Failed { run: run.clone() }),
        Some(run) if run.ended().is_none() => Step::Wait(vec![pending(run)]),
        // It is through: the registry may be a little behind.
        Some(_) if c.line.seen.parts.began < c.line.seen.runs.since => Step::looking(Looking::Out),
        Some(run) => hand(YankBy::Passed { run: run.clone() }),
        None => Step::looking(Looking::TagRuns),
    }
}

/// What it is given, by the names of its inputs.
fn asked(c: &Case<'_>, branched: &Branched, file: &str, left: &[&Part]) -> Dispatched {
    let mut by = filled(c, branched, file, &branched.tag);
    for (name, value) in &mut by.inputs {
        let is_package = matches!(name.as_str(), "package" | "crate" | "name");
        if let (None, [only], true) = (&value, left, is_package) {
            *value = Some(only.package.clone());
        }
    }
    by
}
