//! A pull request of ours that is not what was made, or is not where it should
//! be.

use super::markdown::code;
use super::names;
use super::words::{Words, with};
use crate::domain::objects::{PullKind, Stray};
use crate::domain::view::View;

pub(super) const WITHOUT: &str = "To end without it";
pub(super) const WAIVE_PORT: &str = "/hotfix waive forward-port reason=…";
pub(super) const WAIVE_KNOWN: &str = "/hotfix waive known-issue reason=…";

/// It was merged or closed, and the fix is not there.
pub(super) fn not_on_main(pull: u64, merged: bool, view: &View<'_>) -> Words {
    let (pull, main) = (names::pull(view, pull), main(view));
    match merged {
        true => with(
            format!("{pull} was merged, but the fix is not found on {main}: see what became of it"),
            "If it is there in another form, or not wanted",
            WAIVE_PORT,
        ),
        false => with(
            format!("{pull} was closed, and {main} does not hold the fix: reopen it"),
            WITHOUT,
            WAIVE_PORT,
        ),
    }
}

/// A pull request that is not what was made any more, and the way back.
pub(super) fn strays(
    pull: u64,
    kind: PullKind,
    stray: &Stray,
    merged: bool,
    view: &View<'_>,
) -> Words {
    let pull = names::pull(view, pull);
    let (main, merged) = (main(view), if merged { "was merged" } else { "goes" });
    let fact = match stray {
        Stray::Base(base) if merged == "goes" => format!(
            "{pull} goes to {} by now, not to {main}. Nothing is merged there: set its base back to {main}",
            code(base)
        ),
        Stray::Base(base) => format!(
            "{pull} {merged} into {}, not into {main}: bring it there as well",
            code(base)
        ),
        Stray::Head(head) => format!(
            "{pull} brings {} by now, which is not the branch that it was opened for. It is not merged: close it",
            code(head)
        ),
        Stray::Repository => {
            format!("{pull} belongs to another repository by now. Nothing is merged there")
        }
    };
    match kind {
        PullKind::Hotfix => with(fact, "To look again", "/hotfix retry"),
        side => with(fact, WITHOUT, waived(side)),
    }
}

pub(super) fn waived(kind: PullKind) -> &'static str {
    match kind {
        PullKind::Known => WAIVE_KNOWN,
        PullKind::Hotfix | PullKind::Port => WAIVE_PORT,
    }
}

pub(super) fn main(view: &View<'_>) -> String {
    code(names::main_branch(view))
}
