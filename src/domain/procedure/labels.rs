//! The trigger labels of the issue. Whether one is there is what a read of the
//! issue says; who put it there, what was heard of it, or what GitHub's log of
//! the issue says.

use super::step::Case;
use crate::domain::access::role_of;
use crate::domain::effect::Slot;
use crate::domain::facts::{Facts, LabelChange};
use crate::domain::ids::{LineId, Millis};
use crate::domain::objects::{CommentKind, Issue};
use crate::domain::role::Role;
use crate::domain::slot::Place;

/// How long a read of the issue may show it as it was before a change that was
/// heard of: so long they are not held against one another.
pub const SETTLES: Millis = 60_000;

/// Whether the case has a trigger: a label that starts a hotfix here, put there
/// by a person, or by nobody knows whom.
pub fn is_triggered(c: &Case<'_>) -> bool {
    let trigger = &c.facts.trigger;
    (trigger.by_word || c.policy.trigger.starts(&trigger.label)) && !trigger.by.bot
}

/// The level on the issue that waits for a regular release, where nothing says
/// that it is a hotfix all the same: neither a label with a level that may be
/// hotfixed, nor anybody's word. What has begun is not ended by it.
pub fn regular<'a>(c: &Case<'a>) -> Option<&'a str> {
    let (f, severity) = (c.facts, &c.policy.severity);
    let begun = f.trigger.by_word || f.start_confirmed.is_some() || c.line.version.is_some();
    let labels = f.issue.get().map_or(&[][..], |issue| &issue.labels);
    let mut by_pull = on_pulls(c);
    if begun
        || labels.iter().any(|it| severity.may_be_hotfixed(it))
        || by_pull.any(|it| severity.may_be_hotfixed(&it.label))
    {
        return None;
    }
    let mut labels = labels.iter();
    labels
        .find(|it| severity.is_regular(it))
        .map(String::as_str)
}

/// Whether somebody asked for a hotfix of what waits for a regular release, or
/// named its level in a repository that configures the bot, and was not told yet.
pub fn owes_regular(c: &Case<'_>) -> bool {
    let f = c.facts;
    let place = Place {
        line: LineId::default(),
        slot: Slot::Comment(CommentKind::Regular),
    };
    let told = f.told_regular || f.comments.contains_key(&CommentKind::Regular);
    let Some(level) = regular(c).filter(|_| !told && !f.refused.contains_key(&place)) else {
        return false;
    };
    let opted_in = f.policy.get().is_some_and(|read| read.own_file);
    let named = f.label(level).is_some_and(|it| it.on && it.counts());
    is_triggered(c) || opted_in && named
}

/// The trigger labels that are on the issue as far as is known, and count.
pub fn present<'a>(c: &Case<'a>) -> impl Iterator<Item = &'a LabelChange> {
    let (f, policy) = (c.facts, c.policy);
    let there = move |it: &&LabelChange| {
        it.on && it.counts() && policy.trigger.starts(&it.label) && !is_gone(f, it)
    };
    f.labels.values().filter(there)
}

/// Labels that are on merged pull requests that fix the issue, and count.
fn on_pulls<'a>(c: &Case<'a>) -> impl Iterator<Item = &'a LabelChange> {
    let there = |it: &&LabelChange| it.pull.is_some() && it.on && it.counts();
    c.facts.labels.values().filter(there)
}

/// Trigger labels on the issue of which nobody heard that they were put there.
pub fn unexplained<'a>(c: &Case<'a>) -> Vec<&'a str> {
    let (f, policy) = (c.facts, c.policy);
    let unheard = |label: &&String| {
        policy.trigger.starts(label)
            && match f.label(label) {
                Some(it) => !it.on && f.issue.began >= it.at + SETTLES,
                None => true,
            }
    };
    let labels = level(f).map_or(&[][..], |issue| &issue.labels);
    labels.iter().filter(unheard).map(String::as_str).collect()
}

/// Whether the issue as it was read contradicts what was heard of a trigger
/// label just before: it is read once more.
pub fn is_unsettled(c: &Case<'_>) -> bool {
    let Some(issue) = level(c.facts) else {
        return false;
    };
    let contradicts = |it: &LabelChange| {
        c.policy.trigger.starts(&it.label)
            && it.pull.is_none()
            && has(issue, &it.label) != it.on
            && c.facts.issue.began < it.at + SETTLES
    };
    c.facts.labels.values().any(contradicts)
}

/// Whether the issue, read after all that was heard, has no trigger label that
/// counts, and no pull request that fixes it has one.
pub fn is_bare(c: &Case<'_>) -> bool {
    let counts = |label: &String| {
        let change = c.facts.label(label);
        c.policy.trigger.starts(label) && change.is_none_or(|it| !it.on || it.counts())
    };
    let bare = level(c.facts).is_some_and(|issue| !issue.labels.iter().any(counts));
    let elsewhere = on_pulls(c).any(|it| c.policy.trigger.starts(&it.label));
    bare && !elsewhere && !is_unsettled(c)
}

/// The role of who put a label there, as it was read after that; none: it was
/// not read yet.
pub fn role(f: &Facts, change: &LabelChange) -> Option<Role> {
    if change.by.login.is_empty() {
        return Some(Role::None);
    }
    let read = f.roles.get(&change.by.login.to_lowercase())?;
    read.since(change.at)?;
    role_of(f, &change.by)
}

/// Whether who put a label there may start a hotfix.
pub fn may_start(c: &Case<'_>, change: &LabelChange) -> bool {
    role(c.facts, change).is_some_and(|role| role >= c.policy.trigger.who)
}

/// The issue as it is now; none while it is being read.
fn level(f: &Facts) -> Option<&Issue> {
    f.issue.get().filter(|_| f.issue.is_current())
}

fn has(issue: &Issue, label: &str) -> bool {
    issue.labels.iter().any(|l| l.eq_ignore_ascii_case(label))
}

/// Whether a label was taken off and nobody heard of it.
fn is_gone(f: &Facts, change: &LabelChange) -> bool {
    // Of a pull request's labels only what is heard is known.
    change.pull.is_none()
        && level(f).is_some_and(|issue| !has(issue, &change.label))
        && f.issue.began >= change.at + SETTLES
}
