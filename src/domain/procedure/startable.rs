//! Before the decision: whether the tag can start anything at all.

use super::branch::Branched;
use super::fix::Fixed;
use super::overrides::is_passed;
use super::publishing;
use super::release_runs::workflows;
use super::required::required;
use super::step::{Case, Step};
use super::stopped::stopped;
use crate::domain::command::Overridable;
use crate::domain::need::{Need, NeedKind, Who};

/// Nothing in the head keeps the release's workflows from starting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Startable;

/// The workflows in what is tagged start as they should and do no harm, and the head's message
/// holds none of the marks by which GitHub starts nothing: a
/// tag on it would be burned.
pub fn startable(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Step<Startable> {
    let commits = branched.head.as_ref().map(|head| head.commits.as_slice());
    let newest = commits.and_then(<[_]>::last);
    let skips = newest.is_some_and(|commit| commit.sha == fixed.head && commit.skips_ci);
    let awaited = || !workflows(c, branched).is_empty() || !required(c, branched).is_empty();
    if skips && awaited() {
        let head = fixed.head.clone();
        return Step::wait(Who::Responder, NeedKind::SkipsCi { head });
    }
    let mut needs: Vec<Need> = Vec::new();
    if !is_passed(c, &Overridable::ReleaseWorkflows, &fixed.head) {
        let stopped = stopped(c, branched).into_iter();
        let need = |(file, why)| Need::new(Who::Responder, NeedKind::ReleaseStopped { file, why });
        needs.extend(stopped.map(need));
    }
    needs.extend(publishing::gates(c, branched, &fixed.head));
    match needs.as_slice() {
        [] => Step::Done(Startable),
        _ => Step::Wait(needs),
    }
}
