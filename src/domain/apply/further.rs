//! What is read of a further pull request, and what a write of ours on it made.

use crate::domain::event::Outcome;
use crate::domain::facts::{Further, Pull};
use crate::domain::ids::Millis;

/// A new head of it: its runs are other ones. Closed: the fix is looked for on
/// the default branch.
pub(super) fn seen(to: &mut Further, pull: &Pull, g: u64, began: Millis, now: Millis) {
    to.pull.answer(Some(pull.clone()), g, began, now);
    if to.runs.get().is_some_and(|r| r.sha != pull.head) {
        to.runs.touch();
    }
    if !pull.open {
        to.holds.touch();
    }
}

/// What a write of ours on a further pull request made.
pub(super) fn wrote(to: &mut Further, outcome: &Outcome, now: Millis) {
    match outcome {
        Outcome::Carried(carried) => {
            if let Some(pull) = to.pull.value.as_mut() {
                pull.head = carried.commit.clone();
                pull.mergeable = None;
            }
            to.carried = Some(carried.clone());
            to.pull.touch();
        }
        Outcome::PullOpened { number, pull } => {
            to.number = Some(*number);
            to.opened.get_or_insert(now);
            to.pull.learn(pull.clone(), now);
        }
        Outcome::Merged { commit } => {
            if let Some(pull) = to.pull.value.as_mut() {
                pull.merged = true;
                pull.open = false;
                pull.merge_commit = Some(commit.clone());
            }
            to.holds.touch();
        }
        Outcome::BranchDeleted => {
            to.branch_deleted.get_or_insert(now);
        }
        _ => {}
    }
}
