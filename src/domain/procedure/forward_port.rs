//! Step 10: whether the default branch holds the fix, where the hotfix pull
//! request conflicted with it and a forward-port carries the change over.

use super::branch::Branched;
use super::fix::Fixed;
use super::on_main;
use super::open_port::{OnMain, push};
use super::ship::Shipped;
use super::step::{Case, Step};
use super::{names, side_pull, target};
use crate::domain::need::{Looking, NeedKind, PullNeed, Who};
use crate::domain::objects::PullKind;

/// The default branch holds the fix, or nobody waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Landed;

/// Whether the default branch holds the fix; if not, the next thing to do.
pub fn land(c: &Case<'_>, branched: &Branched, fixed: &Fixed, shipped: &Shipped) -> Step<Landed> {
    let port = &c.line.port;
    if !target::awaits_main(c) {
        return Step::Done(Landed);
    }
    let OnMain::Port(number) = shipped.on_main else {
        // Ended by a version that did not look.
        let before = c
            .line
            .seen
            .pull
            .get()
            .is_some_and(|p| p.way.base.is_empty());
        if before && c.line.branch_deleted.is_some() && c.line.seen.holds.get().is_none() {
            return Step::Done(Landed);
        }
        return arrived(c, fixed.pull, true);
    };
    let (Some(pull), Some(carried)) = (c.line.seen.port.get(), &port.carried) else {
        return Step::looking(Looking::Port);
    };
    if !pull.open {
        return arrived(c, number, pull.merged);
    }
    let conflicts = |files: Vec<String>| {
        Step::wait(
            Who::Responder,
            NeedKind::Pull(PullNeed::PortConflicts {
                pull: number,
                branch: names::port_branch(c, &branched.version),
                files,
                ready: !pull.draft,
            }),
        )
    };
    if !pull.marked.is_empty() {
        return conflicts(pull.marked.clone());
    }
    // Not everything has markers, and taking it out of draft resolves nothing.
    if pull.head == carried.commit && !carried.by_hand.is_empty() {
        return conflicts(
            carried
                .by_hand
                .iter()
                .map(|(path, _)| path.clone())
                .collect(),
        );
    }
    let again = || push(c, branched, fixed, Some(carried));
    side_pull::merge(c, branched, PullKind::Port, again).map(|()| arrived(c, number, pull.merged))
}

/// Merged or closed: whether the fix came along.
fn arrived(c: &Case<'_>, pull: u64, merged: bool) -> Step<Landed> {
    if on_main::found(c).is_some() {
        return Step::Done(Landed);
    }
    let lost = match merged {
        true => on_main::is_lost(c),
        false => on_main::is_missing(c),
    };
    if lost {
        return Step::wait(
            Who::Responder,
            NeedKind::Pull(PullNeed::NotOnMain { pull, merged }),
        );
    }
    Step::looking(Looking::Holds)
}
