//! Step 10: the branches go, once the default branch holds the fix.

use super::branch::Branched;
use super::forward_port::Landed;
use super::known_issue::Known;
use super::names;
use super::side_pull::seen;
use super::step::{Case, Step};
use super::target;
use crate::domain::effect::Act;
use crate::domain::need::{Looking, NeedKind, Who};
use crate::domain::objects::PullKind;

/// Nothing is left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed;

/// Everybody was told; the branch is deleted, but only if it holds nothing that did not ship.
pub fn close(c: &Case<'_>, branched: &Branched, _: &Landed, _: &Known) -> Step<Closed> {
    if !c.policy.announce.delete_branch {
        return Step::Done(Closed);
    }
    if c.line.branch_deleted.is_some() {
        return side_branches(c, branched);
    }
    let Some(decision) = c.line.locked() else {
        return Step::looking(Looking::Decision);
    };
    if !c.line.seen.branch.is_current() {
        return Step::looking(Looking::Branch);
    }
    // The default branch may have been set back since; nobody waits for it
    // where that was waived.
    if target::awaits_main(c) && !c.line.seen.holds.is_current() {
        return Step::looking(Looking::Holds);
    }
    match c.line.seen.branch.get().map(|b| b.head.as_ref()) {
        Some(Some(head)) if head.sha != decision.head => Step::wait(
            Who::Responder,
            NeedKind::Unshipped {
                branch: branched.branch.clone(),
                head: head.sha.clone(),
            },
        ),
        _ => Step::wish(c.write(
            Act::DeleteBranch {
                branch: branched.branch.clone(),
                expected: decision.head.clone(),
                pull: PullKind::Hotfix,
            },
            decision.head.as_str(),
        )),
    }
}

/// The branches of side pull requests go with their merge; one that was
/// waived or closed may still be wanted by somebody.
fn side_branches(c: &Case<'_>, branched: &Branched) -> Step<Closed> {
    let branches = [
        (PullKind::Port, names::port_branch(c, &branched.version)),
        (PullKind::Known, names::known_branch(c, &branched.version)),
    ];
    for (kind, branch) in branches {
        let side = c.line.side_pull(kind);
        let there = side.filter(|side| side.branch_deleted.is_none());
        let merged = there.and_then(|_| seen(c, kind).0.filter(|pull| pull.merged));
        if let Some(pull) = merged {
            let act = Act::DeleteBranch {
                branch,
                expected: pull.head.clone(),
                pull: kind,
            };
            return Step::wish(c.write(act, pull.head.as_str()));
        }
    }
    Step::Done(Closed)
}
