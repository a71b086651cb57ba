//! Step 9: the notes, the closing comment, the closed issue.

use super::ship::{Shipped, Tagged};
use super::step::{Case, Step};
use super::verify::{Verified, released};
use crate::domain::effect::{Act, Intent};
use crate::domain::need::Looking;
use crate::domain::objects::CommentKind;
use crate::domain::wish::Wish;

/// Everybody was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Communicated;

/// The bot's block in the notes, then the closing comment, then the issue.
/// The closing comment itself is wished with the other comments.
pub fn communicate(c: &Case<'_>, shipped: &Shipped, _: &Verified) -> Step<Communicated> {
    if !notes_done(c) {
        // Somebody asked for it: that is the same write.
        return match written(c, &shipped.tagged).filter(|_| !is_asked(c)) {
            Some(wish) => Step::wish(wish),
            None => Step::Wait(Vec::new()),
        };
    }
    if !c.facts.is_posted(CommentKind::Closing) {
        return Step::looking(Looking::ClosingComment);
    }
    let open = c.facts.issue.get().is_none_or(|i| i.open);
    if c.policy.announce.close_issue && open && c.facts.issue_closed.is_none() {
        // Closed once, when the users of every line have the fix.
        if let Some(among) = &c.facts.among
            && (among.awaited().next().is_some() || !among.is_last())
        {
            return Step::looking(Looking::OtherLines);
        }
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
    c.line.notes.is_some() || released(c).is_none() || c.policy.announce.notes.is_empty()
}

/// Whether somebody wants the block written again, and it is not done.
pub fn is_asked(c: &Case<'_>) -> bool {
    c.line.notes_asked.as_ref().is_some_and(|it| it.open)
}

/// The block, where somebody wants it written again. It is no step: what was told
/// stays told.
pub fn again(c: &Case<'_>, tagged: Option<&Tagged>) -> Option<Wish<Intent>> {
    tagged
        .filter(|_| is_asked(c))
        .and_then(|tagged| written(c, tagged))
}

fn written(c: &Case<'_>, tagged: &Tagged) -> Option<Wish<Intent>> {
    let release = released(c).filter(|_| !c.policy.announce.notes.is_empty())?;
    let asked = c.line.notes_asked.as_ref();
    let subject = match asked {
        Some(asked) => format!("{}-{}", release.id, asked.times),
        None => release.id.to_string(),
    };
    let act = Act::WriteNotes {
        release: release.id,
        tag: tagged.name.clone(),
        block: (),
    };
    Some(c.write(act, subject))
}
