//! What somebody is about to do, and why.

use crate::rehearsal::act::Act;
use crate::rehearsal::comment_text;
use crate::rehearsal::scenario::Habit;
use crate::rehearsal::view::View;
use crate::sim::clock::Millis;

pub const MINUTE: Millis = 60_000;

/// Nobody says the same thing more often again.
const TIMES: usize = 3;

/// An act to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// What it follows from; nobody acts twice on one cause.
    pub cause: String,
    /// When.
    pub at: Millis,
    /// What.
    pub act: Act,
    /// Which habit of the cast it is, if it is one.
    pub habit: Option<Habit>,
}

impl Intent {
    /// It is done of their own accord, as long as the scenario does not leave it
    /// to its script.
    pub fn of(mut self, habit: Habit) -> Intent {
        self.habit = Some(habit);
        self
    }
}

pub fn intent(cause: impl Into<String>, at: Millis, act: Act) -> Intent {
    Intent {
        cause: cause.into(),
        at,
        act,
        habit: None,
    }
}

pub fn say(cause: impl Into<String>, at: Millis, issue: u64, body: impl Into<String>) -> Intent {
    intent(
        cause,
        at,
        Act::Comment {
            issue,
            body: body.into(),
        },
    )
}

/// The same, said again where the bot refused it: a word that comes too late, or
/// about what nobody could see yet, is asked for again.
pub fn say_until_taken(
    view: &View<'_>,
    cause: impl Into<String>,
    at: Millis,
    issue: u64,
    body: impl Into<String>,
) -> Intent {
    let body = body.into();
    let same = view.comments(issue).filter(|c| c.body == body);
    let by_the_bot = same
        .flat_map(|c| &c.reactions)
        .filter(|r| r.user == view.scene.bot);
    let refused: Vec<_> = by_the_bot
        .filter(|r| r.content == "-1")
        .map(|r| r.at)
        .collect();
    let times = refused.len().min(TIMES);
    let cause = match times {
        0 => cause.into(),
        times => format!("{} again {times}", cause.into()),
    };
    let again = refused.iter().max().map_or(at, |last| last + 3 * MINUTE);
    say(cause, at.max(again), issue, body)
}

/// Since when one of the bot's comments on the issue has had `words`.
pub fn asked_since(view: &View<'_>, words: &str) -> Option<Millis> {
    let since = |c: &&_| comment_text::since(c, |text| text.contains(words));
    view.bot_comments().iter().filter_map(since).min()
}
