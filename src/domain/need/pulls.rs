//! What one of the bot's pull requests needs of a person.

use serde::{Deserialize, Serialize};

use super::about::OffLine;
use crate::domain::ids::Sha;
use crate::domain::objects::{PullKind, Stray};

/// What can be waited for at a pull request of the bot's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "need", rename_all = "snake_case")]
pub enum PullNeed {
    /// The pull request conflicts with the default branch.
    Conflict {
        /// Its number.
        pull: u64,
        /// Which one it is.
        pull_kind: PullKind,
    },
    /// The forward-port conflicts in files that only a person can resolve.
    PortConflicts {
        /// Its number.
        pull: u64,
        /// Its branch.
        branch: String,
        /// The files.
        files: Vec<String>,
        /// Whether somebody took it out of draft as it was.
        #[serde(default)]
        ready: bool,
    },
    /// A further pull request is a draft.
    Draft {
        /// Its number.
        pull: u64,
        /// Which one it is.
        pull_kind: PullKind,
    },
    /// Somebody pushed to a further pull request that had nothing to resolve.
    Foreign {
        /// Its number.
        pull: u64,
        /// Which one it is.
        pull_kind: PullKind,
        /// Its head, which the bot did not make.
        head: Sha,
    },
    /// The pull request of that entry was closed.
    KnownIssueClosed {
        /// Its number.
        pull: u64,
    },
    /// The forward-port is over, and the default branch does not hold the fix.
    NotOnMain {
        /// Its number.
        pull: u64,
        /// Whether it was merged.
        merged: bool,
    },
    /// The branch of the release line does not get the fix by itself.
    NotOnLine {
        /// The hotfix pull request.
        pull: u64,
        /// The line's branch.
        branch: String,
        /// Why not.
        why: OffLine,
    },
    /// A pull request of ours leads elsewhere by now.
    Strays {
        /// Its number.
        pull: u64,
        /// Which one it is.
        pull_kind: PullKind,
        /// In what.
        stray: Stray,
        /// Whether it was merged there.
        merged: bool,
    },
    /// The pull request was closed by hand.
    Closed {
        /// Its number.
        pull: u64,
    },
}
