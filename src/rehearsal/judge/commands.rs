//! What people said: commands in comments as they were first written.

use super::proof::{Answer, word};
use crate::rehearsal::comment_text::first_text;
use crate::rehearsal::view::View;
use crate::sim::clock::Millis;
use crate::sim::world::{Comment, UserId};

/// Whose word counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Anybody's who may push.
    Writers,
    /// The person's who reported it.
    Reporters,
}

/// What somebody said in a line of a comment, or by ticking a box.
struct Heard {
    by: UserId,
    at: Millis,
    line: String,
}

/// The first word of such a person on the issue or its pull request for which `fits`,
/// and that the bot did not refuse; within `(from, until)`.
pub fn said(
    view: &View<'_>,
    fits: impl Fn(&str) -> bool,
    whose: Whose,
    within: Option<(Millis, Millis)>,
) -> Option<Answer> {
    let (from, until) = within.unwrap_or((0, Millis::MAX));
    let reporter = view.issue().map(|it| it.author);
    let counts = |it: &Heard| {
        let theirs = match whose {
            Whose::Writers => view.may_write(it.by),
            Whose::Reporters => reporter == Some(it.by),
        };
        theirs && (from..=until).contains(&it.at) && fits(&it.line)
    };
    let all = heard(view).into_iter().filter(counts);
    let first = all.min_by_key(|it| it.at)?;
    let by = view.login(first.by);
    let line: String = first.line.chars().take(100).collect();
    Some(word(first.at, by, format!("@{by} said `{line}`")))
}

/// Whether somebody who may push gave this word for an item.
pub fn checked_by(view: &View<'_>, item: &str, login: &str) -> bool {
    let all = heard(view).into_iter();
    let mut all = all.filter(|it| is_check(&it.line, item) && view.may_write(it.by));
    all.any(|it| view.login(it.by) == login)
}

fn heard(view: &View<'_>) -> Vec<Heard> {
    let (issue, pull) = (view.issue(), view.pull());
    let numbers = [issue.map(|i| i.number), pull.map(|i| i.number)];
    let bot = view.scene.bot;
    let refused = |c: &Comment| {
        let mut all = c.reactions.iter();
        all.any(|it| it.user == bot && it.content == "-1")
    };
    let here = view.repo.comments.values();
    let here = here.filter(|c| numbers.contains(&Some(c.issue)));
    let (own, theirs): (Vec<_>, Vec<_>) = here.partition(|c| c.author == bot);
    let theirs = theirs
        .into_iter()
        .filter(|c| c.app.is_none() && !refused(c));
    let commands = theirs.flat_map(|c| {
        let lines = first_text(c).lines().map(str::trim);
        lines.map(|line| Heard {
            by: c.author,
            at: c.created_at,
            line: line.to_owned(),
        })
    });
    let ticks = own.into_iter().flat_map(|c| {
        let pairs = c.edits.iter().zip(c.edits.iter().skip(1));
        pairs
            .filter(|(_, now)| now.by != bot)
            .flat_map(|(before, now)| {
                let before = ticked(&before.body);
                let new = ticked(&now.body).into_iter();
                new.filter(move |item| !before.contains(item))
                    .map(|item| Heard {
                        by: now.by,
                        at: now.at,
                        line: format!("/hotfix check {item}"),
                    })
            })
    });
    commands.chain(ticks).collect()
}

/// The items whose boxes are ticked.
fn ticked(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| line.contains("[x]"))
        .filter_map(|line| line.split_once("<!-- item:")?.1.split_once(" -->"))
        .map(|(item, _)| item)
        .collect()
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
