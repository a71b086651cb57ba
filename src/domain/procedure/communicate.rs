//! Step 9: the notes, the closing comment, the closed issue.

use super::ship::Shipped;
use super::verify::{Verified, released};
use super::{Step, write};
use crate::domain::effect::Effect;
use crate::domain::facts::{CommentKind, Facts};
use crate::domain::policy::Policy;

/// Everybody was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Communicated;

/// The bot's block in the notes, then the closing comment, then the issue.
/// The closing comment itself is wished with the other comments.
pub fn communicate(f: &Facts, p: &Policy, shipped: &Shipped, _: &Verified) -> Step<Communicated> {
    if let Some(release) = released(f)
        && f.line.notes.is_none()
        && p.announce.notes == "hotfix"
    {
        return Step::wish(write(
            f,
            Effect::WriteNotes {
                release: release.id,
                tag: shipped.tagged.name.clone(),
                block: String::new(),
            },
            release.id.to_string(),
        ));
    }
    if !is_posted(f, CommentKind::Closing) {
        return Step::looking("the closing comment");
    }
    let open = f.issue.get().is_none_or(|i| i.open);
    if p.announce.close_issue && open && f.line.issue_closed.is_none() {
        return Step::wish(write(f, Effect::CloseIssue, f.number.to_string()));
    }
    Step::Done(Communicated)
}

/// Whether the notes are written, or there is nothing to write them to.
pub fn notes_done(f: &Facts, p: &Policy) -> bool {
    f.line.notes.is_some() || released(f).is_none() || p.announce.notes != "hotfix"
}

/// Whether a comment stands.
pub fn is_posted(f: &Facts, kind: CommentKind) -> bool {
    f.comments.get(&kind).is_some_and(|c| c.id.is_some())
}
