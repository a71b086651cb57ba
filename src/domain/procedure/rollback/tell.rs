//! Users are told to stay where they were; the bug is back, and so is its issue.

use crate::domain::effect::Act;
use crate::domain::need::Looking;
use crate::domain::objects::CommentKind;
use crate::domain::procedure::step::{Case, Step};

/// Everybody who looks at the issue knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told;

/// The comment, which is wished with the others, and the open issue. Who closes it
/// after that means it.
pub fn tell(c: &Case<'_>) -> Step<Told> {
    if !c.facts.is_posted(CommentKind::Rollback) {
        return Step::Wait(Vec::new());
    }
    let once = c
        .line
        .rollback
        .as_ref()
        .is_some_and(|it| it.reopened.is_some());
    if once || !c.policy.announce.reopen_issue {
        return Step::Done(Told);
    }
    match c.facts.issue.get() {
        Some(issue) if !issue.is_shut() => Step::Done(Told),
        _ if !c.facts.issue.is_current() => Step::looking(Looking::Out),
        _ => Step::wish(c.write(Act::ReopenIssue, "rollback")),
    }
}
