//! After the tag: the issue stays open until its users have the fix.

use super::ship::Tagged;
use super::step::{Case, Step};
use crate::domain::effect::Act;
use crate::domain::objects::CommentKind;

/// Nothing closed the issue before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptOpen;

/// "Fixes #n" in a commit closes the issue with the merge, in the bot's name,
/// before anybody can install the release. What a person closes stays closed.
pub fn reopen(c: &Case<'_>, _: &Tagged) -> Step<KeptOpen> {
    let told = c.facts.is_posted(CommentKind::Closing);
    if told || !c.policy.announce.reopen_issue {
        return Step::Done(KeptOpen);
    }
    match c.facts.issue.get() {
        Some(issue) if !issue.open && issue.closed_by.as_deref() == Some(&c.facts.bot) => {
            // Reopened, perhaps: what stands here is the issue before.
            if !c.facts.issue.is_current() {
                return Step::Wait(Vec::new());
            }
            Step::wish(c.write(Act::ReopenIssue, c.facts.number.to_string()))
        }
        _ => Step::Done(KeptOpen),
    }
}
