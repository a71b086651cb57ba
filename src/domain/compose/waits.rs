//! Which edits wait for what may come after them: those that ask nobody for
//! anything, tell of no failure and answer nobody.

use crate::domain::ids::Millis;
use crate::domain::moment::Failure;
use crate::domain::need::{Need, NeedKind};
use crate::domain::objects::{CommentFact, CommentKind, Shown};
use crate::domain::view::View;

/// One of the status comment that only shows how runs go.
const PROGRESS: Millis = 60_000;

/// One of the verification comment that ticks one fact of several: the status comment
/// tells it at once, and the last fact brings all of them.
const TICKED: Millis = 10 * 60_000;

/// How long an edit may wait, milliseconds; none where it must not. Of the status
/// comment it is known what stands there (`fact`) and what would (`shown`).
pub(super) fn waits(
    kind: CommentKind,
    fact: &CommentFact,
    shown: Option<&Shown>,
    view: &View<'_>,
) -> Option<Millis> {
    // What somebody changed by hand is put right soon.
    fact.hash.as_ref()?;
    match kind {
        CommentKind::Status => {
            let stood = fact.pages.last()?.shown.lasting.as_ref()?;
            (shown?.lasting.as_ref() == Some(stood)).then_some(PROGRESS)
        }
        CommentKind::Verification => only_ticks(view).then_some(TICKED),
        _ => None,
    }
}

/// Whether the verification comment tells of one more fact and no more: some are to
/// come, and nothing speaks against the release.
fn only_ticks(view: &View<'_>) -> bool {
    let against = |need: &Need| match &need.kind {
        NeedKind::Against { .. } | NeedKind::StillBroken { .. } => true,
        _ => Failure::of(need).is_some(),
    };
    let quiet = view.line.rollback.is_none() && view.facts.broken.is_none();
    quiet && view.proofs().verified.is_none() && !view.needs.iter().any(against)
}
