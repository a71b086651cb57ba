//! What somebody is about to do, and why.

use crate::rehearsal::act::Act;
use crate::rehearsal::comment_text;
use crate::rehearsal::view::View;
use crate::sim::clock::Millis;

pub const MINUTE: Millis = 60_000;

/// An act to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// What it follows from; nobody acts twice on one cause.
    pub cause: String,
    /// When.
    pub at: Millis,
    /// What.
    pub act: Act,
}

pub fn intent(cause: impl Into<String>, at: Millis, act: Act) -> Intent {
    Intent {
        cause: cause.into(),
        at,
        act,
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

/// Since when one of the bot's comments on the issue has had `words`.
pub fn asked_since(view: &View<'_>, words: &str) -> Option<Millis> {
    let since = |c: &&_| comment_text::since(c, |text| text.contains(words));
    view.bot_comments().iter().filter_map(since).min()
}
