//! Step 10: the branches go, once the default branch holds the fix.

use super::branch::Branched;
use super::communicate::Communicated;
use super::known::{self, Known};
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
    _: &Known,
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

/// The branches of further pull requests go with their merge; one that was
/// waived or closed may still be wanted by somebody.
fn ported(f: &Facts, p: &Policy, branched: &Branched) -> Step<Closed> {
    let branches = [
        (Which::Port, port::branch_name(p, &branched.version)),
        (Which::Known, known::branch_name(p, &branched.version)),
    ];
    for (which, branch) in branches {
        let further = f.line.further(which);
        let there = further.filter(|further| further.branch_deleted.is_none());
        let merged = there.and_then(|further| further.pull.get().filter(|pull| pull.merged));
        if let Some(pull) = merged {
            return Step::wish(write(
                f,
                Effect::DeleteBranch {
                    branch,
                    expected: pull.head.clone(),
                    which,
                },
                pull.head.as_str(),
            ));
        }
    }
    Step::Done(Closed)
}
