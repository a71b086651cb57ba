//! What people said and did, and what was said to them.

use serde::{Deserialize, Serialize};

use crate::domain::command::{Command, CommandError, Overridable};
use crate::domain::ids::{Actor, By, Millis, Sha};
use crate::domain::need::StopReason;
use crate::domain::objects::Stale;
use crate::domain::refused::Refused;
use crate::domain::severity::Answers;

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
    /// Refused.
    Refused(Refused),
    /// Not understood.
    Confused(CommandError),
    /// Not carried out: the comment was edited before it was first seen.
    Edited,
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

/// A commander's word that a gate is passed although it is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Who and when.
    pub by: By,
    /// Why.
    pub reason: String,
    /// The head it is bound to.
    pub head: Sha,
}

/// A gate that was passed so, as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overridden {
    /// Which.
    pub gate: Overridable,
    /// By whom.
    pub login: String,
    /// Why.
    pub reason: String,
}

/// A person's stop: hold or cancel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Who and when.
    pub by: By,
    /// Why.
    pub why: StopReason,
    /// Ended within the grace: nothing is said.
    #[serde(default)]
    pub quiet: bool,
}

/// A commander's word that this is a hotfix whatever the matrix says. It
/// belongs to the answers that they saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeverityWord {
    /// Who and when.
    pub by: By,
    /// The answers at that moment.
    pub answers: Answers,
}

/// Something worth telling once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// When.
    pub at: Millis,
    /// What.
    pub what: News,
}

/// What is worth telling. The words are `text`'s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum News {
    /// The bot was away.
    Away {
        /// Since when.
        since: Millis,
    },
    /// Entries of the base's lock file that the bump corrects.
    StaleLock {
        /// Which.
        entries: Vec<Stale>,
    },
    /// The label was taken off after the decision.
    LabelWithoutEffect {
        /// The label.
        label: String,
        /// By whom.
        login: String,
    },
    /// A decision that no longer fits what is there.
    Lapsed {
        /// What was to be released.
        head: Sha,
        /// Who decided.
        login: String,
    },
    /// The bot opened the issue again.
    Reopened,
    /// Told by an earlier version of the bot.
    Earlier {
        /// Its words, plain.
        words: String,
    },
}
