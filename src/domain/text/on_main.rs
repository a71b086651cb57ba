//! What is waited for until the default branch holds the fix and the known
//! issue.

use super::markdown::code;
use super::names;
use super::needs::{Words, only, with};
use crate::domain::effect::Which;
use crate::domain::view::{View, What};

/// How the fix comes to the default branch where it conflicts.
pub(super) fn words(what: &What, view: &View<'_>) -> Words {
    let main = code(names::main_branch(view));
    let without = "To end without it";
    let waive = "/hotfix waive forward-port reason=…";
    let waived = |which: &Which| match which {
        Which::Known => "/hotfix waive known-issue reason=…",
        _ => waive,
    };
    match what {
        What::KnownIssueText { path, missing } => {
            let asked: Vec<_> = missing
                .iter()
                .map(|item| code(&format!("/hotfix check {} note=…", item.name())))
                .collect();
            with(
                format!(
                    "a sentence each for the entry in {}: {}",
                    code(path),
                    super::markdown::and(&asked)
                ),
                without,
                "/hotfix waive known-issue reason=…",
            )
        }
        What::KnownIssueClosed { pull } => with(
            format!(
                "{}, the entry in the known issues, was closed: reopen it",
                names::pull(view, *pull)
            ),
            without,
            "/hotfix waive known-issue reason=…",
        ),
        What::Conflict { pull, which } => with(
            format!(
                "{} conflicts with {main}: resolve it on its branch",
                names::pull(view, *pull)
            ),
            without,
            waived(which),
        ),
        What::PortConflicts {
            pull,
            branch,
            files,
        } => with(
            format!(
                "{} conflicts with {main} in {}: resolve it on {}, then take it out of draft",
                names::pull(view, *pull),
                super::port::files(files.iter()),
                code(branch)
            ),
            without,
            waive,
        ),
        What::Draft { pull, which } => with(
            format!(
                "{} is a draft: take it out of draft, and the bot merges it",
                names::pull(view, *pull)
            ),
            without,
            waived(which),
        ),
        What::NotOnMain { pull, merged: true } => with(
            format!(
                "{} was merged, but the fix is not found on {main}: see what became of it",
                names::pull(view, *pull)
            ),
            "If it is there in another form, or not wanted",
            waive,
        ),
        What::NotOnMain { pull, .. } => with(
            format!(
                "{} was closed, and {main} does not hold the fix: reopen it",
                names::pull(view, *pull)
            ),
            without,
            waive,
        ),
        _ => only(""),
    }
}
