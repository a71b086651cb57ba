//! What people said: commands in comments as they were first written.

use super::proof::{Answer, word};
use crate::rehearsal::comment_text::first_text;
use crate::rehearsal::view::View;
use crate::sim::clock::Millis;
use crate::sim::world::Comment;

/// The first comment by a person on the issue or its pull request with a line
/// for which `fits`; with `may_write`, only by somebody who may push; within
/// `(from, until)`.
pub fn said(
    view: &View<'_>,
    fits: impl Fn(&str) -> bool,
    may_write: bool,
    within: Option<(Millis, Millis)>,
) -> Option<Answer> {
    let (comment, line) = find(view, fits, may_write, within)?;
    let by = view.login(comment.author);
    let line: String = line.chars().take(100).collect();
    Some(word(comment.created_at, by, format!("@{by} said `{line}`")))
}

fn find<'a>(
    view: &View<'a>,
    fits: impl Fn(&str) -> bool,
    may_write: bool,
    within: Option<(Millis, Millis)>,
) -> Option<(&'a Comment, &'a str)> {
    let (from, until) = within.unwrap_or((0, Millis::MAX));
    let numbers = [
        view.issue().map(|i| i.number),
        view.pull().map(|i| i.number),
    ];
    let mut comments = view.repo.comments.values().filter(|c| {
        numbers.contains(&Some(c.issue))
            && c.app.is_none()
            && c.author != view.scene.bot
            && (from..=until).contains(&c.created_at)
            && (!may_write || view.may_write(c.author))
    });
    comments.find_map(|c| {
        let line = first_text(c).lines().map(str::trim).find(|l| fits(l))?;
        Some((c, line))
    })
}

/// Whether the line is `/hotfix check <item>`.
pub fn is_check(line: &str, item: &str) -> bool {
    let mut parts = line.split_whitespace();
    parts.next() == Some("/hotfix") && parts.next() == Some("check") && parts.next() == Some(item)
}

/// Whether the line is `/hotfix <verb>`.
pub fn is_verb(line: &str, verb: &str) -> bool {
    let mut parts = line.split_whitespace();
    parts.next() == Some("/hotfix") && parts.next() == Some(verb)
}
