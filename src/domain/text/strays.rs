//! A pull request of ours that is not what was made, or is not where it should
//! be.

use super::markdown::code;
use super::names;
use super::which::{is_plain, to_line};
use super::words::{Words, with};
use crate::domain::need::OffLine;
use crate::domain::objects::{PullKind, Stray};
use crate::domain::outside::Outside;
use crate::domain::view::View;

pub(super) const WITHOUT: &str = "To end without it";
pub(super) const WAIVE_PORT: &str = "/hotfix waive forward-port reason=…";
pub(super) const WAIVE_KNOWN: &str = "/hotfix waive known-issue reason=…";

const WAIVE_LINE: &str = "/hotfix waive line reason=…";

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
    let main = match kind {
        PullKind::Hotfix => code(names::target_branch(view)),
        _ => main(view),
    };
    let merged = if merged { "was merged" } else { "goes" };
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
        PullKind::Hotfix => match stray {
            // Until the decision that may as well be meant.
            Stray::Base(base) if view.line.locked().is_none() && is_plain(base) => {
                with(fact, "If it is to go there", to_line(base))
            }
            _ => with(fact, "To look again", "/hotfix retry"),
        },
        side => with(fact, WITHOUT, waived(side)),
    }
}

/// The branch of the release line does not get the fix by itself.
pub(super) fn not_on_line(pull: u64, branch: &str, why: &OffLine, view: &View<'_>) -> Words {
    let (pull, line) = (names::pull(view, pull), code(branch));
    let fact = match why {
        OffLine::Conflicts => {
            let commands = format!(
                "git fetch origin && git checkout {} && git merge {}",
                Outside::from(branch).shell(),
                Outside::from(names::tag_or_hotfix(view)).shell()
            );
            format!(
                "{pull} conflicts with {line}: bring it there by hand ({}, resolve, push)",
                code(&commands)
            )
        }
        OffLine::Closed => format!(
            "{pull} was closed, and {line} does not get the fix by it: reopen it, or bring the fix there by hand"
        ),
        OffLine::Elsewhere(base) => format!(
            "{pull} leads to {}, not to {line}: set its base back to {line}, or bring the fix there by hand",
            code(base)
        ),
    };
    with(fact, WITHOUT, WAIVE_LINE)
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
