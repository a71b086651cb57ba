//! What the bot's pull requests need of a person, in words.

use super::markdown::{code, person};
use super::names;
use super::phrases::at;
use super::port;
use super::strays::{
    WAIVE_KNOWN, WAIVE_PORT, WITHOUT, main, not_on_line, not_on_main, strays, waived,
};
use super::words::{Words, only, with};
use crate::domain::need::PullNeed;
use crate::domain::view::View;

/// The line, what the command is for, and the command.
pub(super) fn words(need: &PullNeed, view: &View<'_>) -> Words {
    match need {
        PullNeed::Strays {
            pull,
            pull_kind,
            stray,
            merged,
        } => strays(*pull, *pull_kind, stray, *merged, view),
        PullNeed::Closed { pull } => {
            let closer = view.line.seen.closer.get().and_then(Option::as_deref);
            let by = closer.map_or_else(String::new, |login| format!(" by {}", person(login)));
            only(format!(
                "{} was closed{by}: reopen it, or give the hotfix up",
                names::pull(view, *pull)
            ))
        }
        PullNeed::KnownIssueClosed { pull } => with(
            format!(
                "{}, the entry in the known issues, was closed: reopen it",
                names::pull(view, *pull)
            ),
            WITHOUT,
            WAIVE_KNOWN,
        ),
        PullNeed::Conflict { pull, pull_kind } => with(
            format!(
                "{} conflicts with {}: resolve it on its branch",
                names::pull(view, *pull),
                main(view)
            ),
            WITHOUT,
            waived(*pull_kind),
        ),
        PullNeed::PortConflicts {
            pull,
            branch,
            files,
            ready,
        } => with(
            format!(
                "{} conflicts with {} in {}: resolve it on {}, {}",
                names::pull(view, *pull),
                main(view),
                port::files(files.iter()),
                code(branch),
                match ready {
                    true => "by a commit; it is out of draft, but as the bot left it",
                    false => "then take it out of draft",
                }
            ),
            WITHOUT,
            WAIVE_PORT,
        ),
        PullNeed::Draft { pull, pull_kind } => with(
            format!(
                "{} is a draft: take it out of draft, and the bot merges it",
                names::pull(view, *pull)
            ),
            WITHOUT,
            waived(*pull_kind),
        ),
        PullNeed::Foreign {
            pull,
            pull_kind,
            head,
        } => with(
            format!(
                "{} to be merged by somebody who looked at it: its head {} is not the bot's, and nobody approved it here",
                names::pull(view, *pull),
                at(head)
            ),
            WITHOUT,
            waived(*pull_kind),
        ),
        PullNeed::NotOnMain { pull, merged } => not_on_main(*pull, *merged, view),
        PullNeed::NotOnLine { pull, branch, why } => not_on_line(*pull, branch, why, view),
    }
}
