//! What people said: commands in comments as they were first written.

use super::proof::{Answer, word};
use crate::rehearsal::comment_text::first_text;
use crate::rehearsal::view::View;
use crate::sim::clock::Millis;
use crate::sim::world::Comment;

/// Whose word counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Anybody's who may push.
    Writers,
    /// The person's who reported it.
    Reporters,
}

/// The first comment by such a person on the issue or its pull request with a line for
/// which `fits`, that the bot did not refuse; within `(from, until)`.
pub fn said(
    view: &View<'_>,
    fits: impl Fn(&str) -> bool,
    whose: Whose,
    within: Option<(Millis, Millis)>,
) -> Option<Answer> {
    let (comment, line) = find(view, fits, whose, within)?;
    let by = view.login(comment.author);
    let line: String = line.chars().take(100).collect();
    Some(word(comment.created_at, by, format!("@{by} said `{line}`")))
}

fn find<'a>(
    view: &View<'a>,
    fits: impl Fn(&str) -> bool,
    whose: Whose,
    within: Option<(Millis, Millis)>,
) -> Option<(&'a Comment, &'a str)> {
    let (from, until) = within.unwrap_or((0, Millis::MAX));
    let (issue, pull) = (view.issue(), view.pull());
    let numbers = [issue.map(|i| i.number), pull.map(|i| i.number)];
    let bot = view.scene.bot;
    let refused = |c: &Comment| {
        let mut all = c.reactions.iter();
        all.any(|it| it.user == bot && it.content == "-1")
    };
    let mut comments = view.repo.comments.values().filter(|c| {
        numbers.contains(&Some(c.issue))
            && c.app.is_none()
            && c.author != bot
            && (from..=until).contains(&c.created_at)
            && match whose {
                Whose::Writers => view.may_write(c.author),
                Whose::Reporters => issue.is_some_and(|it| it.author == c.author),
            }
            && !refused(c)
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
