//! A case that goes along with another's release: what the bot made for it alone
//! goes, and in the end its issue is closed with that release.

use super::cancel;
use super::step::Case;
use crate::domain::effect::{Act, Intent};
use crate::domain::facts::{Along, Joined};
use crate::domain::objects::CommentKind;
use crate::domain::wish::Wish;

/// What is written for it, beside its comments.
pub fn wishes(c: &Case<'_>, joined: &Joined) -> Vec<Wish<Intent>> {
    let told = c.facts.is_posted(CommentKind::Closing);
    let issue = c.facts.issue.get().filter(|_| c.facts.issue.is_current());
    let open = issue.map(|it| !it.is_shut());
    let mut wishes = cancel::wishes(c);
    match &joined.is {
        // Closed once; who opens it again means it.
        Along::Out { .. }
            if told
                && open == Some(true)
                && c.policy.announce.close_issue
                && c.facts.issue_closed.is_none() =>
        {
            wishes.push(c.write(Act::CloseIssue, c.facts.number.to_string()));
        }
        // Only what the bot closed.
        Along::Back { .. }
            if open == Some(false)
                && c.policy.announce.reopen_issue
                && c.facts.issue_closed.is_some() =>
        {
            wishes.push(c.write(Act::ReopenIssue, "rollback"));
        }
        _ => {}
    }
    wishes
}

/// Whether nothing more is to be done for it: its comments aside.
pub fn is_over(c: &Case<'_>, joined: &Joined) -> bool {
    let ended = matches!(joined.is, Along::Out { .. } | Along::Back { .. });
    // What is read anew may ask for more.
    ended && c.facts.issue.is_current() && c.facts.is_posted(CommentKind::Closing)
}

/// Whether its branch is still to be looked at: it is taken away where the bot is
/// alone on it.
pub fn looks(c: &Case<'_>) -> bool {
    let unread = !c.line.seen.branch.is_current();
    let there = c.line.branch_made && c.line.branch_deleted.is_none();
    // Somebody may have deleted it by hand.
    let branch = c.line.seen.branch.get();
    let gone = branch.is_some_and(|it| it.head.is_none());
    there && (unread || !gone && cancel::is_ours_alone(c))
}
