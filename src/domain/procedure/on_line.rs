//! After the tag, where the base's release line has a branch of its own: the
//! hotfix pull request is merged there, and the default branch gets the fix by the
//! forward-port.

use super::branch::Branched;
use super::fix::Fixed;
use super::publishing::holds_merge;
use super::step::{Case, Step};
use super::tagged::{Tagged, tagged};
use super::{on_main, open_port, preflight, target};
use crate::domain::effect::Act;
use crate::domain::facts::ReleaseDecision;
use crate::domain::need::{Looking, NeedKind, OffLine, PullNeed, Who};
use crate::domain::objects::{Pull, PullKind, Stray};
use crate::domain::read::Read;

/// The hotfix pull request, out of draft and merged into the branch that it goes
/// to; `after` the tag, if that comes first: who deletes it while it is read again
/// finds nothing merged.
pub fn merge<E>(
    c: &Case<'_>,
    branched: &Branched,
    fixed: &Fixed,
    decision: &ReleaseDecision,
    pull: &Pull,
    after: Option<&Tagged>,
) -> Step<E> {
    if after.is_some() && !c.line.seen.tag.is_current() {
        return Step::looking(Looking::Tag);
    }
    if let Some(waiting) = holds_merge(c, branched, &decision.head, PullKind::Hotfix) {
        return Step::Wait(vec![waiting]);
    }
    if pull.draft {
        return Step::wish(c.write(
            Act::MarkReady {
                number: fixed.pull,
                node_id: pull.node_id.clone(),
            },
            decision.head.as_str(),
        ));
    }
    if let Some(finding) = preflight::by_hand_merge(c, &branched.base, target::branch(c)) {
        let kind = NeedKind::MergeNow {
            pull: fixed.pull,
            pull_kind: PullKind::Hotfix,
            finding: Box::new(finding),
        };
        return Step::wait(Who::Responder, kind);
    }
    Step::wish(c.write(
        Act::Merge {
            number: fixed.pull,
            head: decision.head.clone(),
            method: target::merge_method(c, &branched.base, PullKind::Hotfix),
            title: (),
            message: (),
            pull: PullKind::Hotfix,
            branch: branched.branch.clone(),
            to: target::line(c).map(str::to_owned),
            after: after.map(Tagged::standing),
        },
        decision.head.as_str(),
    ))
}

/// The line's branch has the fix, or nobody waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lined;

/// Whether the branch of the release line holds the fix although the pull request
/// did not bring it: somebody did, as one signed commit for example.
fn came_otherwise(c: &Case<'_>) -> bool {
    let seen = c.line.seen.on_line.get();
    seen.is_some_and(|holds| holds.by.is_some())
}

/// The look for that, while the pull request does not come there by itself.
pub fn look(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Option<Read> {
    let line = target::line(c).filter(|_| c.line.line_waived.is_none())?;
    let pull = c.line.seen.pull.get()?;
    let held_up = !pull.open
        || pull.mergeable == Some(false)
        || on_main::refused(c).is_some()
        || preflight::by_hand_merge(c, &branched.base, line).is_some();
    (c.line.locked().is_some() && !pull.merged && held_up).then(|| Read::Holds {
        carry: on_main::carry(branched, fixed),
        carried: None,
        merged: None,
        whole: false,
        line: Some(line.to_owned()),
    })
}

/// Whether the line's branch has the fix, where there is one; if not, the next
/// thing to do. Only the end waits for it.
pub fn land(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Step<Lined> {
    let Some(line) = target::line(c).filter(|_| c.line.line_waived.is_none()) else {
        return Step::Done(Lined);
    };
    let Some(decision) = c.line.locked() else {
        return Step::looking(Looking::Decision);
    };
    let Some(pull) = c.line.seen.pull.get() else {
        return Step::looking(Looking::Pull);
    };
    let off = |why| {
        let kind = NeedKind::Pull(PullNeed::NotOnLine {
            pull: fixed.pull,
            branch: line.to_owned(),
            why,
        });
        Step::wait(Who::Responder, kind)
    };
    match on_main::strays(c, PullKind::Hotfix) {
        None if pull.merged => Step::Done(Lined),
        // The pull request has nothing to add.
        _ if came_otherwise(c) && pull.open => {
            let close = open_port::close_first(c, branched, fixed, decision, None);
            Step::wish(close)
        }
        _ if came_otherwise(c) => Step::Done(Lined),
        Some(Stray::Base(base)) => off(OffLine::Elsewhere(base)),
        _ if !pull.open => off(OffLine::Closed),
        Some(_) => {
            let straying = on_main::straying(c, PullKind::Hotfix, fixed.pull);
            Step::Wait(straying.into_iter().collect())
        }
        None if pull.mergeable == Some(false) => off(OffLine::Conflicts),
        None => match tagged(c, branched) {
            Some(tagged) => merge(c, branched, fixed, decision, pull, Some(&tagged)),
            None => Step::looking(Looking::Tag),
        },
    }
}
