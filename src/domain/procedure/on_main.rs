//! Whether the default branch holds the fix, whichever way it came there.
//!
//! A merged pull request proves nothing by itself: it may have led elsewhere,
//! and the default branch may have been set back since.

use super::branch::Branched;
use super::fix::Fixed;
use super::names;
use super::step::Case;
use super::target;
use crate::domain::effect::Slot;
use crate::domain::ids::{Millis, Sha};
use crate::domain::need::{Need, NeedKind, PullNeed, Who};
use crate::domain::objects::{Carried, Carry, PullKind, Stray};
use crate::domain::obstacle::Obstacle;
use crate::domain::read::Read;
use crate::domain::slot::Place;

/// What is carried over, and looked for.
pub fn carry(branched: &Branched, fixed: &Fixed) -> Carry {
    Carry {
        base: branched.base.commit.clone(),
        base_version: branched.base.version.clone(),
        head: fixed.head.clone(),
        branch: branched.branch.clone(),
        version: branched.version.clone(),
        package: branched.base.package.clone(),
    }
}

/// An answer that the fix is not there is believed once it has stood for so
/// long: GitHub's servers do not all know of a merge in the same second.
pub const SETTLES: Millis = 60_000;

/// The commit of the default branch by which it holds the fix, as it was seen
/// last.
pub fn found<'a>(c: &Case<'a>) -> Option<&'a Sha> {
    c.line.seen.holds.get()?.by.as_ref()
}

/// Whether the default branch was looked through, and does not hold the fix.
pub fn is_missing(c: &Case<'_>) -> bool {
    let holds = &c.line.seen.holds;
    holds.is_current() && holds.get().is_some_and(|holds| holds.by.is_none())
}

/// Whether that has stood long enough to be believed although a pull request was
/// merged.
pub fn is_lost(c: &Case<'_>) -> bool {
    let settled = |since| c.facts.now >= since + SETTLES;
    is_missing(c) && c.line.missing_since.is_some_and(settled)
}

/// Why GitHub did not merge the hotfix pull request, where it refused to.
pub fn refused<'a>(c: &Case<'a>) -> Option<&'a Obstacle> {
    obstacle(c, Slot::Merge(PullKind::Hotfix))
}

/// Whether GitHub did not take the hotfix pull request out of draft.
pub fn is_left_a_draft(c: &Case<'_>) -> bool {
    obstacle(c, Slot::Ready).is_some()
}

fn obstacle<'a>(c: &Case<'a>, slot: Slot) -> Option<&'a Obstacle> {
    let place = Place {
        line: c.id.clone(),
        slot,
    };
    let all = [&c.facts.refused, &c.facts.blocked];
    let refusal = all.into_iter().find_map(|it| it.get(&place))?;
    Some(&refusal.obstacle)
}

/// The look for it, once a pull request may have brought it.
pub fn look(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Option<Read> {
    let decision = c.line.locked()?;
    let (pull, port) = (c.line.seen.pull.get(), c.line.seen.port.get());
    let carried = c.line.port.carried.as_ref();
    if carried.is_none() && target::line(c).is_some() {
        // Its own pull request does not lead there.
        return None;
    }
    let open = |it: &&Carried| !it.by_hand.is_empty();
    // What was left for a person and merged as it was is not the fix.
    let unresolved = carried
        .filter(open)
        .is_some_and(|it| port.is_some_and(|port| port.head == it.commit));
    let read = |merged: Option<Sha>, whole| Read::Holds {
        carry: carry(branched, fixed),
        carried: carried.filter(|_| !unresolved).map(|it| it.commit.clone()),
        merged,
        whole,
        line: None,
    };
    if let Some(carried) = carried {
        if carried.commit == carried.onto {
            // Everything was there already.
            return Some(read(Some(carried.onto.clone()), true));
        }
        let port = port.filter(|port| !port.open)?;
        let merged = port.merge_commit.clone().filter(|_| port.merged);
        // What a person resolved and merged is their word: the change may differ.
        return Some(read(merged, !carried.by_hand.is_empty() && !unresolved));
    }
    // What GitHub does not merge a person may bring by another way.
    let pull = pull.filter(|pull| !pull.open || refused(c).is_some())?;
    let merged = pull.merge_commit.clone().filter(|_| pull.merged);
    Some(read(merged, pull.head == decision.head))
}

/// In what one of the pull requests is not what was made.
pub fn strays(c: &Case<'_>, kind: PullKind) -> Option<Stray> {
    let branch = names::pull_branch(c, kind);
    let way = &c.line.pull(kind)?.way;
    way.strays(c.facts.repo.id, &branch, target::of(c, kind))
}

/// The need for a person where a pull request leads elsewhere.
pub fn straying(c: &Case<'_>, kind: PullKind, pull: u64) -> Option<Need> {
    let merged = c.line.pull(kind).is_some_and(|pull| pull.merged);
    let kind = NeedKind::Pull(PullNeed::Strays {
        pull,
        pull_kind: kind,
        stray: strays(c, kind)?,
        merged,
    });
    Some(Need::new(Who::Responder, kind))
}
