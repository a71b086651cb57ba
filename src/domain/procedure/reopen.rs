//! The issue stays open until its users have the fix.

use super::branch::Branched;
use super::ship::Tagged;
use super::step::{Case, Step};
use crate::domain::effect::Act;
use crate::domain::facts::Broken;
use crate::domain::objects::CommentKind;

/// Nothing closed the issue before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptOpen;

/// Nothing closed the issue but a person, or it is open again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclosed;

/// Before the decision: a merge into the default branch that says "Fixes #n"
/// closed the issue, and its users have no release with the fix. What a person
/// closed is asked about (`ship::gates`).
pub fn unclosed(c: &Case<'_>, _: &Branched) -> Step<Unclosed> {
    let fixes = &c.line.seen.fixes;
    let (Some(issue), Some(read)) = (c.facts.issue.get(), fixes.get()) else {
        return Step::Done(Unclosed);
    };
    if !issue.is_shut() || !read.closed_by_merge || !c.policy.announce.reopen_issue {
        return Step::Done(Unclosed);
    }
    // Reopened, perhaps: what stands here is the issue, and its log, before.
    if !c.facts.issue.is_current() || !fixes.is_current() {
        return Step::Wait(Vec::new());
    }
    let by = read.merged.last().map_or(0, |fix| fix.number);
    Step::wish(c.write(Act::ReopenIssue, format!("{}-{by}", c.facts.number)))
}

/// "Fixes #n" in a commit closes the issue with the merge, in the bot's name,
/// before anybody can install the release. What a person closes stays closed,
/// unless somebody finds it broken after that.
pub fn reopen(c: &Case<'_>, _: &Tagged) -> Step<KeptOpen> {
    let shut = |it: &&Broken| it.shut && it.reopened.is_none();
    if let Some(broken) = c.facts.broken().filter(shut)
        && c.policy.announce.reopen_issue
    {
        return match c.facts.issue.get() {
            _ if !c.facts.issue.is_current() => Step::Wait(Vec::new()),
            Some(issue) if !issue.is_shut() => Step::Done(KeptOpen),
            _ => Step::wish(c.write(Act::ReopenIssue, format!("broken-{}", broken.comment))),
        };
    }
    let told = c.facts.is_posted(CommentKind::Closing);
    if told || !c.policy.announce.reopen_issue {
        return Step::Done(KeptOpen);
    }
    match c.facts.issue.get() {
        Some(issue) if issue.is_shut() && issue.closed_by.as_deref() == Some(&c.facts.bot) => {
            // Reopened, perhaps: what stands here is the issue before.
            if !c.facts.issue.is_current() {
                return Step::Wait(Vec::new());
            }
            Step::wish(c.write(Act::ReopenIssue, c.facts.number.to_string()))
        }
        _ => Step::Done(KeptOpen),
    }
}
