//! What the bot says in comments and reactions.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::ids::{Millis, Sha};

/// An hour, milliseconds: an older word is asked for again, so no older page is
/// needed to judge one by.
pub const HOUR: Millis = 60 * 60 * 1_000;

/// As many pages are remembered: the status comment is edited at most every 5 s.
const PAGES: usize = 720;

/// The bot's comments on the issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommentKind {
    /// The one sticky status comment.
    Status,
    /// The release-verification comment.
    Verification,
    /// The closing comment with the timeline.
    Closing,
    /// That the release was taken back, and what users do.
    Rollback,
    /// Why nothing is started for an issue of a lower level.
    Regular,
    /// That the case's facts cannot be read; never among them.
    Unreadable,
    /// A moment that needs a person who may not be looking: the one of this
    /// number, from 0.
    Moment(u32),
    /// On the issue of this number, which is marked as a duplicate: that its bug is
    /// fixed.
    Duplicate(u64),
}

impl CommentKind {
    /// Those that follow from the facts, in the order in which they come;
    /// moments come as they are.
    pub const PLANNED: [CommentKind; 4] = [
        CommentKind::Status,
        CommentKind::Verification,
        CommentKind::Closing,
        CommentKind::Rollback,
    ];

    /// The word in facts, slots and markers.
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            CommentKind::Status => "status",
            CommentKind::Verification => "verification",
            CommentKind::Closing => "closing",
            CommentKind::Rollback => "rollback",
            CommentKind::Regular => "regular",
            CommentKind::Unreadable => "unreadable",
            CommentKind::Moment(n) => return Cow::Owned(format!("{MOMENT}{n}")),
            CommentKind::Duplicate(n) => return Cow::Owned(format!("{DUPLICATE}{n}")),
        })
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<CommentKind> {
        if let Some(n) = name.strip_prefix(MOMENT) {
            return n.parse().ok().map(CommentKind::Moment);
        }
        if let Some(n) = name.strip_prefix(DUPLICATE) {
            return n.parse().ok().map(CommentKind::Duplicate);
        }
        let rest = [CommentKind::Regular, CommentKind::Unreadable];
        let mut all = CommentKind::PLANNED.into_iter().chain(rest);
        all.find(|kind| kind.name() == name)
    }
}

/// Before a moment's number in its name.
const MOMENT: &str = "moment-";

/// Before the number in the name of what is said on a duplicate.
const DUPLICATE: &str = "duplicate-";

impl CommentKind {
    /// The issue on which it stands, where that is another one.
    pub fn elsewhere(self) -> Option<u64> {
        match self {
            CommentKind::Duplicate(number) => Some(number),
            _ => None,
        }
    }
}

impl Serialize for CommentKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name())
    }
}

impl<'de> Deserialize<'de> for CommentKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let none = || serde::de::Error::custom(format!("no comment is called {name:?}"));
        CommentKind::from_name(&name).ok_or_else(none)
    }
}

/// The bot's answer to a comment with commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reaction {
    /// Seen; a command waits.
    #[serde(rename = "eyes")]
    Eyes,
    /// Carried out.
    #[serde(rename = "+1")]
    Done,
    /// Refused.
    #[serde(rename = "-1")]
    Refused,
    /// Not understood.
    #[serde(rename = "confused")]
    Confused,
}

impl Reaction {
    /// All of them.
    pub const ALL: [Reaction; 4] = [
        Reaction::Eyes,
        Reaction::Done,
        Reaction::Refused,
        Reaction::Confused,
    ];

    /// GitHub's word. (REST, "Create reaction for an issue comment".)
    pub fn word(self) -> &'static str {
        match self {
            Reaction::Eyes => "eyes",
            Reaction::Done => "+1",
            Reaction::Refused => "-1",
            Reaction::Confused => "confused",
        }
    }
}

/// A comment of the bot's as it was last written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentFact {
    /// GitHub's id, once it exists.
    pub id: Option<u64>,
    /// Its page.
    pub url: String,
    /// The fingerprint of the body that stands there; unknown after a hand edit.
    pub hash: Option<String>,
    /// How often it was written.
    pub writes: u64,
    /// What it showed, and since when, oldest first: only changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<Page>,
}

/// What a `confirm` would confirm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirms {
    /// That it may start although the labeller's role is too low.
    Start,
    /// That it is a hotfix whatever the matrix says of these answers.
    Severity,
    /// That this workflow is started although it could reach outside.
    Run {
        /// The file.
        file: String,
        /// On which commit.
        head: Sha,
    },
}

/// What the status comment shows of what people decide on, as data: a word is
/// held against what its author could see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The head with a fix.
    pub head: Option<Sha>,
    /// The fingerprint of the matrix's answers.
    pub answers: String,
    /// What a `confirm` would confirm.
    pub confirms: Option<Confirms>,
    /// The fingerprint of what a `release` would ship.
    pub preview: Option<String>,
    /// The fingerprint of the hold.
    #[serde(default)]
    pub hold: Option<String>,
    /// The fingerprint of all that the comment says but how runs go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasting: Option<String>,
}

impl Shown {
    /// What of it people decide on.
    fn decided_on(&self) -> Shown {
        Shown {
            lasting: None,
            ..self.clone()
        }
    }
}

/// What stood in the status comment from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Since when, by GitHub's clock.
    pub at: Millis,
    /// What.
    pub shown: Shown,
}

impl CommentFact {
    /// The comment shows this now.
    pub fn shows(&mut self, page: Page) {
        let shown = page.shown.decided_on();
        let same = |it: &&mut Page| it.shown.decided_on() == shown;
        if let Some(last) = self.pages.last_mut().filter(same) {
            last.shown.lasting = page.shown.lasting;
            return;
        }
        let old = |it: &Page| it.at <= page.at - HOUR;
        // The newest of the old ones stood there an hour ago.
        let before = self.pages.iter().rposition(old).unwrap_or(0);
        self.pages.drain(..before);
        self.pages.push(page);
        let more = self.pages.len().saturating_sub(PAGES);
        self.pages.drain(..more);
    }

    /// What it showed at a moment of GitHub's clock. GitHub counts in whole
    /// seconds: what was written within the same one counts as seen.
    pub fn shown_at(&self, at: Millis) -> Option<&Shown> {
        let page = self.pages.iter().rev().find(|page| page.at <= at);
        page.map(|page| &page.shown)
    }
}

/// A comment with commands, read once more before they are carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WordRead {
    /// It is gone.
    Gone,
    /// It stands there, with a body of this fingerprint.
    Stands(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(minute: Millis, head: &str) -> Page {
        let head = Some(Sha::new(head));
        let shown = Shown {
            head,
            ..Shown::default()
        };
        let at = minute * 60_000;
        Page { at, shown }
    }

    #[test]
    fn an_hour_of_pages_is_kept_and_what_stood_before_it() {
        let mut fact = CommentFact::default();
        for (minute, head) in [(0, "a"), (1, "b"), (2, "b"), (50, "c"), (61, "d")] {
            fact.shows(page(minute, head));
        }
        let minutes: Vec<_> = fact.pages.iter().map(|it| it.at / 60_000).collect();
        assert_eq!(minutes, [1, 50, 61]);
        let at = |minute: Millis| {
            let shown = fact.shown_at(minute * 60_000)?;
            shown.head.as_ref().map(Sha::as_str)
        };
        let heads = [at(0), at(1), at(49), at(50), at(90)];
        assert_eq!(heads, [None, Some("b"), Some("b"), Some("c"), Some("d")]);
    }

    #[test]
    fn the_pages_are_bounded() {
        let mut fact = CommentFact::default();
        for n in 0..2_000 {
            fact.shows(page(0, &n.to_string()));
        }
        assert_eq!(fact.pages.len(), PAGES);
    }
}
