//! Step 9: the notes, the closing comment, the closed issue.

use super::ship::Shipped;
use super::step::{Case, Step};
use super::verify::{Verified, released};
use crate::domain::effect::Act;
use crate::domain::need::Looking;
use crate::domain::objects::CommentKind;

/// Everybody was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Communicated;

/// The bot's block in the notes, then the closing comment, then the issue.
/// The closing comment itself is wished with the other comments.
pub fn communicate(c: &Case<'_>, shipped: &Shipped, _: &Verified) -> Step<Communicated> {
    if let Some(release) = released(c)
        && c.line.notes.is_none()
        && c.policy.announce.notes == "hotfix"
    {
        return Step::wish(c.write(
            Act::WriteNotes {
                release: release.id,
                tag: shipped.tagged.name.clone(),
                block: (),
            },
            release.id.to_string(),
        ));
    }
    if !c.facts.is_posted(CommentKind::Closing) {
        return Step::looking(Looking::ClosingComment);
    }
    let open = c.facts.issue.get().is_none_or(|i| i.open);
    if c.policy.announce.close_issue && open && c.facts.issue_closed.is_none() {
        // Closed once more where somebody had it opened again.
        let number = c.facts.number;
        let again = c.facts.broken.as_ref().filter(|it| it.reopened.is_some());
        let subject = again.map_or(number.to_string(), |it| format!("{number}-{}", it.comment));
        return Step::wish(c.write(Act::CloseIssue, subject));
    }
    Step::Done(Communicated)
}

/// Whether the notes are written, or there is nothing to write them to.
pub fn notes_done(c: &Case<'_>) -> bool {
    c.line.notes.is_some() || released(c).is_none() || c.policy.announce.notes != "hotfix"
}
