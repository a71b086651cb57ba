//! What people said and did, and what was said to them.

use serde::{Deserialize, Serialize};

use crate::domain::command::{Command, CommandError, Overridable, Phase};
use crate::domain::ids::{Actor, By, Millis, Sha, fingerprint};
use crate::domain::line_name::LineName;
use crate::domain::need::StopReason;
use crate::domain::objects::{NotesWere, PickedCommit, Stale};
use crate::domain::outside::Outside;
use crate::domain::refused::Refused;
use crate::domain::severity::Answers;

/// The label that it stands on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// The label as the repository spells it.
    pub label: String,
    /// Who put it there; an empty login: nobody knows.
    pub by: Actor,
    /// When.
    pub at: Millis,
    /// It was taken off with no other in its place, and what that means was
    /// decided or asked.
    #[serde(default)]
    pub off: Option<By>,
    /// No label: somebody said `start`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub by_word: bool,
    /// The merged pull request that the label is on; none: the issue itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull: Option<u64>,
}

fn is_false(it: &bool) -> bool {
    !it
}

impl Trigger {
    /// This label, as it was put there.
    pub fn of(change: &LabelChange) -> Self {
        Trigger {
            label: change.label.clone(),
            by: change.by.clone(),
            at: change.at,
            off: None,
            by_word: false,
            pull: change.pull,
        }
    }

    /// Somebody's `start`.
    pub fn by_word(by: Actor, at: Millis) -> Self {
        Trigger {
            by,
            at,
            by_word: true,
            ..Trigger::default()
        }
    }
}

/// A label that was put on the issue or taken off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelChange {
    /// The label as the repository spells it.
    pub label: String,
    /// Who did it; an empty login: nobody knows.
    pub by: Actor,
    /// When it reached us.
    pub at: Millis,
    /// When it happened, by GitHub's clock; 0 where that is not known.
    pub changed: Millis,
    /// Put there, or taken off.
    pub on: bool,
    /// It belongs to a time before this case.
    pub old: bool,
    /// It came when the case was given up already.
    pub late: bool,
    /// The merged pull request that it is on; none: the issue itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull: Option<u64>,
}

impl LabelChange {
    /// Whether it is anybody's word for this case: Apps and bots have none.
    pub fn counts(&self) -> bool {
        !self.by.bot && !self.old
    }
}

/// One `/hotfix` line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// The comment.
    pub comment: u64,
    /// The pull request that it stands on; none: the issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull: Option<u64>,
    /// The line in it, from 1.
    pub line: u32,
    /// Who.
    pub by: Actor,
    /// When it reached us.
    pub at: Millis,
    /// The line as written.
    pub text: Outside,
    /// What it asks for, unless it was not understood.
    pub command: Option<Command>,
    /// The release line that it is about, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<LineName>,
    /// What became of it.
    pub state: SaidState,
    /// What it gets once it is known who said it, where there is nothing to
    /// carry out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Box<SaidState>>,
    /// When the comment was written, by GitHub's clock.
    #[serde(default)]
    pub written: Option<Millis>,
    /// How long ago that was when it reached us.
    #[serde(default)]
    pub age: Millis,
    /// GitHub could not deliver it: it was found in the log.
    #[serde(default)]
    pub late: bool,
    /// The fingerprint of the comment's body.
    #[serde(default)]
    pub print: String,
    /// Since when its author is asked once more whether they still say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Millis>,
    /// Another release line of the issue hears it, too, and says that it is done: here
    /// that is not said once more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub echo: bool,
    /// Its author has no part in this: forgotten once it is answered.
    #[serde(default)]
    pub passing: bool,
    /// No comment of theirs: they ticked a box in the status comment.
    #[serde(default, skip_serializing_if = "is_false")]
    pub tick: bool,
}

impl Said {
    /// Whether it is not settled yet.
    pub fn is_open(&self) -> bool {
        matches!(self.state, SaidState::Waiting | SaidState::Deciding)
    }

    /// How long ago it was written.
    pub fn age(&self, now: Millis) -> Millis {
        self.age.saturating_add(now - self.at)
    }
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaidState {
    /// Its author's role is being read.
    Waiting,
    /// A release that is decided; everything behind it is looked at once more.
    Deciding,
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
    pub note: Option<Outside>,
    /// The head it is bound to, where it is bound.
    pub head: Option<Sha>,
}

/// A commander's word that a gate is passed although it is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Who and when.
    pub by: By,
    /// Why.
    pub reason: Outside,
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
    pub reason: Outside,
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
    /// When the comment that says so was written, by GitHub's clock; none where
    /// none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Millis>,
}

impl Stop {
    /// Tells one stop from another.
    pub fn fingerprint(&self) -> String {
        fingerprint(&format!("{} {} {:?}", self.by.login, self.by.at, self.why))
    }
}

/// Who does something in a hotfix, as a commander named them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Who.
    pub login: String,
    /// By whom, and when.
    pub by: By,
}

/// More time for a phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Which.
    pub phase: Phase,
    /// How much more, milliseconds.
    pub millis: Millis,
    /// By whom, and when.
    pub by: By,
    /// Why.
    pub reason: Outside,
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
    /// Another issue goes along with this release.
    Joined {
        /// Which.
        issue: u64,
        /// Who said so.
        login: String,
    },
    /// An issue that went along goes its own way.
    WentAway {
        /// Which.
        issue: u64,
    },
    /// The hotfix with which this issue went along ended without a release.
    LeftAlone {
        /// Its issue.
        issue: u64,
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
    /// A trigger label was put on after the decision.
    LabelAfterDecision {
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
    /// Commits of the hotfix branch are there no more: somebody pushed by force, or
    /// deleted the branch.
    Lost {
        /// By whom; empty: nobody knows.
        login: String,
        /// The head that it had.
        was: Sha,
        /// The head that it has; none: it is gone.
        is: Option<Sha>,
        /// What is there no more, newest last: commit and first line.
        commits: Vec<(Sha, Outside)>,
    },
    /// The hotfix pull request was merged into another branch.
    MergedElsewhere {
        /// Which.
        base: String,
    },
    /// The merge was to be tagged, and the tested commit is.
    TaggedAtHead {
        /// The merge that holds something else; none: it was not merged first.
        merge: Option<Sha>,
    },
    /// What came of a pick.
    Picked {
        /// The commits that were asked for.
        commits: Vec<PickedCommit>,
        /// By whom.
        login: String,
    },
    /// The bot opened the issue again.
    Reopened,
    /// A person chose the number.
    Renumbered {
        /// By whom.
        login: String,
        /// The number that it had.
        from: String,
        /// The number that it has.
        to: String,
    },
    /// The configuration was read again.
    Adopted {
        /// By whose word.
        login: String,
    },
    /// Somebody asked what a rollback would do, and nobody decided.
    NotRolledBack {
        /// Who asked.
        login: String,
    },
    /// Somebody had the block in the release notes written again.
    NotesAgain {
        /// Who.
        login: String,
        /// How it stood there before; none: nobody saw.
        was: Option<NotesWere>,
    },
    /// Somebody says that the release does not fix it.
    StillBroken {
        /// Who.
        login: String,
        /// What they added.
        note: Option<Outside>,
    },
    /// They took that back.
    NotBroken {
        /// Who had said it.
        login: String,
    },
    /// Told by an earlier version of the bot.
    Earlier {
        /// Its words, plain.
        words: Outside,
    },
}
