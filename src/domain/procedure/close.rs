//! Step 10: the branches go, once the default branch holds the fix.

use super::branch::Branched;
use super::communicate::Communicated;
use super::port::{self, Landed};
use super::{Step, locked, write};
use crate::domain::effect::{Effect, Which};
use crate::domain::facts::Facts;
use crate::domain::policy::Policy;
use crate::domain::view::{What, Who};

/// Nothing is left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed;

/// The branch is deleted, but only if it holds nothing that did not ship.
pub fn close(
    f: &Facts,
    p: &Policy,
    branched: &Branched,
    _: &Communicated,
    _: &Landed,
) -> Step<Closed> {
    if !p.announce.delete_branch {
        return Step::Done(Closed);
    }
    if f.line.branch_deleted.is_some() {
        return ported(f, p, branched);
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
                which: Which::Hotfix,
            },
            ship.head.as_str(),
        )),
    }
}

/// The forward-port's branch goes with its merge; one that was waived or closed
/// may still be wanted by somebody.
fn ported(f: &Facts, p: &Policy, branched: &Branched) -> Step<Closed> {
    let port = &f.line.port;
    let merged = port.pull.get().filter(|pull| pull.merged);
    match merged.filter(|_| port.branch_deleted.is_none()) {
        Some(pull) => Step::wish(write(
            f,
            Effect::DeleteBranch {
                branch: port::branch_name(p, &branched.version),
                expected: pull.head.clone(),
                which: Which::Port,
            },
            pull.head.as_str(),
        )),
        None => Step::Done(Closed),
    }
}
