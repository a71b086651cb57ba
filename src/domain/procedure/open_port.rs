//! The forward-port's first half, right after the tag: a commit on top of the
//! default branch, its pull request, and the first one closed.
//!
//! It never holds the tag up. Version, lock file and changelog are resolved by
//! rule; what else conflicts waits for a person on a draft. Step 6 is done when
//! it is open.

use super::branch::Branched;
use super::fix::Fixed;
use super::names;
use super::on_main;
use super::step::{Case, Step};
use super::target;
use crate::domain::effect::{Act, Intent};
use crate::domain::facts::ReleaseDecision;
use crate::domain::ids::Sha;
use crate::domain::objects::{Carried, PullKind};
use crate::domain::wish::Wish;

/// How the fix comes to the default branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnMain {
    /// By the hotfix pull request: the commit there.
    Merged(Sha),
    /// By the forward-port, a pull request of this number.
    Port(u64),
}

/// Whether the fix needs a pull request of its own to the default branch: its
/// first one goes to the branch of a release line, conflicts, or was merged and
/// the fix is not there.
pub fn is_needed(c: &Case<'_>) -> bool {
    if target::line(c).is_some() {
        let required = c.policy.merge.require_forward_port && target::carried_by(c).is_none();
        return c.line.port.carried.is_some() || required;
    }
    c.line.port.carried.is_some()
        || c.line.seen.pull.get().is_some_and(|pull| {
            let conflicts = pull.open && pull.mergeable == Some(false);
            let here = on_main::strays(c, PullKind::Hotfix).is_none();
            (conflicts && here) || (pull.merged && on_main::is_lost(c))
        })
}

/// Commit, pull request, and the first one closed: then it is open.
pub fn open(
    c: &Case<'_>,
    branched: &Branched,
    fixed: &Fixed,
    decision: &ReleaseDecision,
) -> Step<OnMain> {
    let port = &c.line.port;
    let branch = names::port_branch(c, &branched.version);
    let Some(carried) = &port.carried else {
        return Step::wish(push(c, branched, fixed, None));
    };
    // One that goes to the branch of a release line is not replaced.
    let replaced = c.line.seen.pull.get().filter(|_| target::line(c).is_none());
    if carried.commit == carried.onto {
        // All of it is there already; the first one has nothing to add.
        return match replaced {
            Some(pull) if pull.open && !pull.merged => {
                Step::wish(close_first(c, branched, fixed, decision, None))
            }
            _ => Step::Done(OnMain::Merged(carried.onto.clone())),
        };
    }
    let Some(number) = port.number else {
        return Step::wish(c.write(
            Act::OpenPull {
                head: branch.clone(),
                base: c.facts.repo.default_branch.clone(),
                title: (),
                body: (),
                pull: PullKind::Port,
                ready: carried.by_hand.is_empty(),
            },
            branch,
        ));
    };
    match replaced {
        Some(pull) if pull.open && !pull.merged => {
            Step::wish(close_first(c, branched, fixed, decision, Some(number)))
        }
        _ => Step::Done(OnMain::Port(number)),
    }
}

/// The wish to close the hotfix pull request: `instead` of it there is another one,
/// or the default branch holds the fix already.
pub fn close_first(
    c: &Case<'_>,
    branched: &Branched,
    fixed: &Fixed,
    decision: &ReleaseDecision,
    instead: Option<u64>,
) -> Wish<Intent> {
    let act = Act::ClosePull {
        number: fixed.pull,
        instead,
        branch: branched.branch.clone(),
        pull: PullKind::Hotfix,
        why: None,
    };
    c.write(act, decision.head.as_str())
}

/// The wish for its commit.
pub fn push(
    c: &Case<'_>,
    branched: &Branched,
    fixed: &Fixed,
    replaces: Option<&Carried>,
) -> Wish<Intent> {
    c.write(
        Act::PushPort {
            carry: on_main::carry(branched, fixed),
            branch: names::port_branch(c, &branched.version),
            replaces: replaces.cloned(),
            message: (),
        },
        replaces.map_or(fixed.head.as_str(), |old| old.commit.as_str()),
    )
}
