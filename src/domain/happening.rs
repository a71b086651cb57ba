//! What is worth telling to those who do not look at the issue: the events of a
//! hotfix that its channels hear of.

use serde::{Deserialize, Serialize};

/// Something that happened, worth telling on channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "happening", rename_all = "snake_case")]
pub enum Happening {
    /// A hotfix begins.
    Started,
    /// Something failed, and people are needed: the moment of this number.
    Waiting {
        /// Of the case's moments, from 0.
        moment: u32,
    },
    /// A maximum is over: the moment of this number.
    Escalated {
        /// Of the case's moments, from 0.
        moment: u32,
    },
    /// Nothing but the decision is missing: the moment of this number.
    Ready {
        /// Of the case's moments, from 0.
        moment: u32,
    },
    /// The release is decided and tagged.
    Tagged,
    /// Users can have it, and it is verified.
    Released,
    /// The hotfix was given up before a release.
    Cancelled,
    /// The release is taken back.
    RolledBack,
    /// Nothing is left to be done.
    Finished,
}

impl Happening {
    /// Its kind, without data.
    pub fn kind(self) -> HappeningKind {
        match self {
            Happening::Started => HappeningKind::Started,
            Happening::Waiting { .. } => HappeningKind::Waiting,
            Happening::Escalated { .. } => HappeningKind::Escalated,
            Happening::Ready { .. } => HappeningKind::Ready,
            Happening::Tagged => HappeningKind::Tagged,
            Happening::Released => HappeningKind::Released,
            Happening::Cancelled => HappeningKind::Cancelled,
            Happening::RolledBack => HappeningKind::RolledBack,
            Happening::Finished => HappeningKind::Finished,
        }
    }

    /// The moment that it is, if it is one.
    pub fn moment(self) -> Option<u32> {
        match self {
            Happening::Waiting { moment }
            | Happening::Escalated { moment }
            | Happening::Ready { moment } => Some(moment),
            _ => None,
        }
    }
}

/// The kind of what happened, as receivers are told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HappeningKind {
    /// See [`Happening::Started`].
    Started,
    /// See [`Happening::Waiting`].
    Waiting,
    /// See [`Happening::Escalated`].
    Escalated,
    /// See [`Happening::Ready`].
    Ready,
    /// See [`Happening::Tagged`].
    Tagged,
    /// See [`Happening::Released`].
    Released,
    /// See [`Happening::Cancelled`].
    Cancelled,
    /// See [`Happening::RolledBack`].
    RolledBack,
    /// See [`Happening::Finished`].
    Finished,
    /// Nothing: somebody tries the channel.
    Test,
}

impl HappeningKind {
    /// All of them.
    pub const ALL: [HappeningKind; 10] = [
        HappeningKind::Started,
        HappeningKind::Waiting,
        HappeningKind::Escalated,
        HappeningKind::Ready,
        HappeningKind::Tagged,
        HappeningKind::Released,
        HappeningKind::Cancelled,
        HappeningKind::RolledBack,
        HappeningKind::Finished,
        HappeningKind::Test,
    ];

    /// The word that receivers read.
    pub fn word(self) -> &'static str {
        match self {
            HappeningKind::Started => "started",
            HappeningKind::Waiting => "waiting",
            HappeningKind::Escalated => "escalated",
            HappeningKind::Ready => "ready",
            HappeningKind::Tagged => "tagged",
            HappeningKind::Released => "released",
            HappeningKind::Cancelled => "cancelled",
            HappeningKind::RolledBack => "rolled_back",
            HappeningKind::Finished => "finished",
            HappeningKind::Test => "test",
        }
    }
}
