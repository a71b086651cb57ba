//! What people said and did, and what was said to them.

use serde::{Deserialize, Serialize};

use crate::domain::command::Command;
use crate::domain::ids::{Actor, By, Millis, Sha};

/// The label that began it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// The label as the repository spells it.
    pub label: String,
    /// Who put it there.
    pub by: Actor,
    /// When.
    pub at: Millis,
}

/// One `/hotfix` line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// The comment.
    pub comment: u64,
    /// The line in it, from 1.
    pub line: u32,
    /// Who.
    pub by: Actor,
    /// When it reached us.
    pub at: Millis,
    /// The line as written.
    pub text: String,
    /// What it asks for, unless it was not understood.
    pub command: Option<Command>,
    /// What became of it.
    pub state: SaidState,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaidState {
    /// Its author's role is being read.
    Waiting,
    /// Carried out.
    Done,
    /// Refused, with the reason.
    Refused(String),
    /// Not understood, with a suggestion.
    Confused(String),
}

/// A person's word for a checklist item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// Who and when.
    pub by: By,
    /// What they added.
    pub note: Option<String>,
    /// The head it is bound to, where it is bound.
    pub head: Option<Sha>,
}

/// A person's stop: hold or cancel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Who and when.
    pub by: By,
    /// Why.
    pub reason: String,
    /// Ended within the grace: nothing is said.
    #[serde(default)]
    pub quiet: bool,
}

/// The bot's comments on the issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommentKind {
    /// The one sticky status comment.
    Status,
    /// The release-verification comment.
    Verification,
    /// The closing comment with the timeline.
    Closing,
    /// That the case's facts cannot be read; never among them.
    Unreadable,
}

impl CommentKind {
    /// The word in slots and markers.
    pub fn name(self) -> &'static str {
        match self {
            CommentKind::Status => "status",
            CommentKind::Verification => "verification",
            CommentKind::Closing => "closing",
            CommentKind::Unreadable => "unreadable",
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
}

/// Something worth telling once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// When.
    pub at: Millis,
    /// The words, Markdown, already escaped.
    pub text: String,
}
