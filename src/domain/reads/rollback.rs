//! What is looked at where a release is taken back, or may be.

use super::looks::{Looks, MINUTE};
use crate::domain::ids::Millis;
use crate::domain::need::{Need, NeedKind};
use crate::domain::objects::{Part, PullKind};
use crate::domain::procedure::branch::Branched;
use crate::domain::procedure::out::has_release;
use crate::domain::procedure::release::AFTER;
use crate::domain::procedure::release_runs::awaited;
use crate::domain::procedure::rollback::{packages, parts_read, point, running};
use crate::domain::procedure::{Case, Proofs, Survey};
use crate::domain::read::Read;

/// Nothing of it is looked at by the clock but what is waited for.
pub(super) fn looks(c: &Case<'_>, survey: &Survey<Proofs>, looks: &mut Looks) {
    let (Some(branched), Some(decision)) = (&survey.proofs.branched, c.line.locked()) else {
        return;
    };
    let (tag, head) = (&branched.tag, decision.commit());
    if c.line.rollback.is_none() {
        return half(c, survey, branched, looks);
    }
    looks.add_missing(Read::Tag { tag: tag.clone() }, tag, 30 * MINUTE);
    looks.add_missing(Read::Release { tag: tag.clone() }, tag, 30 * MINUTE);
    let names: Vec<String> = point::moved(c).map(|(tag, ..)| tag.clone()).collect();
    if !names.is_empty() {
        looks.add_missing(Read::Pointers { names }, &branched.version, 30 * MINUTE);
    }
    let packages = packages(c, branched);
    if !packages.is_empty() {
        // What cannot be withdrawn there stays as it is.
        let gone = |part: &Part| !part.there || part.yanked || !part.registry.can_withdraw();
        let seen = c.line.seen.parts.get();
        let gone = seen.is_some_and(|parts| parts.iter().all(gone));
        let every = if gone { 30 * MINUTE } else { MINUTE };
        looks.add_missing(parts_read(&packages), &branched.version, every);
    }
    let runs = Read::Runs {
        sha: head.clone(),
        chained: awaited(c, branched, head),
        pull: PullKind::Hotfix,
    };
    let still = !running(c, branched).is_empty();
    let started = c
        .line
        .rollback
        .as_ref()
        .is_some_and(|it| it.started.is_some());
    let every = match still || started {
        true => 2 * MINUTE,
        false => Millis::MAX,
    };
    looks.add_missing(runs, head.as_str(), every);
    let pulls = [
        (PullKind::Hotfix, c.line.pull_number),
        (PullKind::Port, c.line.port.number),
        (PullKind::Known, c.line.known.number),
    ];
    for (pull, number) in pulls {
        let merged = c.line.pull(pull).is_some_and(|it| it.merged);
        if let Some(number) = number.filter(|_| !merged) {
            let marked = Vec::new();
            let read = Read::Pull {
                number,
                pull,
                marked,
                tree: false,
            };
            looks.add_missing(read, number.to_string(), 30 * MINUTE);
        }
    }
}

/// Where a run of the release failed, what is out of it all the same.
fn half(c: &Case<'_>, survey: &Survey<Proofs>, branched: &Branched, looks: &mut Looks) {
    let failed = |need: &Need| matches!(need.kind, NeedKind::RunFailed { release: true, .. });
    if !survey.needs(AFTER).any(failed) {
        return;
    }
    let tag = &branched.tag;
    let packages = packages(c, branched);
    if !packages.is_empty() {
        let parts = c.line.seen.parts.get();
        let all = parts.is_some_and(|parts| parts.iter().all(|part| part.there));
        let every = if all { 30 * MINUTE } else { 2 * MINUTE };
        looks.add_missing(parts_read(&packages), &branched.version, every);
    }
    if has_release(c, branched) {
        looks.add_missing(Read::Release { tag: tag.clone() }, tag, 10 * MINUTE);
    }
}
