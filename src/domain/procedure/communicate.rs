//! Step 9: the notes, the discussion, the closing comment, the closed issue.

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

/// The bot's block in the notes, then the discussion, so that it shows the notes as
/// they are, then the closing comment, then the issue.
/// The closing comment itself is wished with the other comments.
pub fn communicate(c: &Case<'_>, shipped: &Shipped, _: &Verified) -> Step<Communicated> {
    if !notes_done(c) {
        // Somebody asked for it: that is the same write.
        return match written(c, &shipped.tagged).filter(|_| !is_asked(c)) {
            Some(wish) => Step::wish(wish),
            None => Step::Wait(Vec::new()),
        };
    }
    if let Some(wish) = discussed(c, &shipped.tagged) {
        return Step::wish(wish);
    }
    if !c.facts.is_posted(CommentKind::Closing) {
        return Step::looking(Looking::ClosingComment);
    }
    let open = c.facts.issue.get().is_none_or(|i| i.open && !i.pull);
    if c.policy.announce.close_issue && open && c.facts.issue_closed.is_none() {
        if waits_for_lines(c) {
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

/// Whether another release line goes on, or speaks for the issue: it is closed once,
/// when the users of every line have the fix.
pub fn waits_for_lines(c: &Case<'_>) -> bool {
    let among = c.facts.among.as_deref();
    among.is_some_and(|among| among.awaited().next().is_some() || !among.is_last())
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

/// The category of the discussion that the configuration asks for, where there is a
/// release that can have one.
pub fn category<'a>(c: &'a Case<'_>) -> Option<&'a str> {
    let category = c.policy.announce.discussion_category.trim();
    Some(category).filter(|it| !it.is_empty() && released(c).is_some())
}

/// GitHub opens one for a release, once: another wish finds it. (GitHub: REST,
/// `discussion_category_name` of a release.)
fn discussed(c: &Case<'_>, tagged: &Tagged) -> Option<Wish<Intent>> {
    let category = category(c).filter(|_| c.line.discussed.is_none())?;
    let release = released(c)?;
    let act = Act::Discuss {
        release: release.id,
        tag: tagged.name.clone(),
        category: category.to_owned(),
    };
    Some(c.write(act, release.id.to_string()))
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
