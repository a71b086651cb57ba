//! Step 10: the branch goes.

use super::branch::Branched;
use super::communicate::Communicated;
use super::{Step, locked, write};
use crate::domain::effect::Effect;
use crate::domain::facts::Facts;
use crate::domain::policy::Policy;
use crate::domain::view::{What, Who};

/// Nothing is left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed;

/// The branch is deleted, but only if it holds nothing that did not ship.
pub fn close(f: &Facts, p: &Policy, branched: &Branched, _: &Communicated) -> Step<Closed> {
    if f.line.branch_deleted.is_some() || !p.announce.delete_branch {
        return Step::Done(Closed);
    }
    let Some(ship) = locked(f) else {
        return Step::looking("the decision");
    };
    if !f.line.branch.is_current() {
        return Step::looking("the hotfix branch");
    }
    match f.line.branch.get().map(|b| b.head.as_ref()) {
        Some(Some(head)) if head.sha != ship.head => Step::wait(
            Who::Responder,
            What::Stuck {
                slot: "delete-branch".into(),
                message: format!(
                    "`{}` has commits that did not ship (head {}): move or delete them",
                    branched.branch,
                    head.sha.short()
                ),
            },
        ),
        _ => Step::wish(write(
            f,
            Effect::DeleteBranch {
                branch: branched.branch.clone(),
                expected: ship.head.clone(),
            },
            ship.head.as_str(),
        )),
    }
}
