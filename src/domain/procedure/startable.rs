//! Before the decision: whether the tag can start anything at all.

use super::branch::Branched;
use super::fix::Fixed;
use super::release_runs::workflows;
use super::required::required;
use super::step::{Case, Step};
use crate::domain::need::{NeedKind, Who};

/// Nothing in the head keeps workflows from starting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Startable;

/// The head's message holds none of the marks by which GitHub starts nothing: a
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
    Step::Done(Startable)
}
