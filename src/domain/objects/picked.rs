//! What a pick came to.

use serde::{Deserialize, Serialize};

use crate::domain::command::Source;
use crate::domain::ids::Sha;
use crate::domain::outside::Outside;

/// What a pick came to: all of it, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// The hotfix branch's head afterwards.
    pub head: Sha,
    /// The commits that were asked for, in order.
    pub commits: Vec<PickedCommit>,
    /// Why the branch is as it was.
    #[serde(default)]
    pub trouble: Option<Trouble>,
}

/// One of the commits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickedCommit {
    /// The commit of the default branch.
    pub from: Sha,
    /// The first line of its message.
    pub subject: Outside,
    /// What became of it.
    pub came: Came,
    /// Changelogs that stay as they are.
    #[serde(default)]
    pub left: Vec<String>,
}

/// What became of a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Came {
    /// It is this commit on the hotfix branch.
    As(Sha),
    /// The hotfix branch has it already.
    There,
    /// It changes nothing there.
    Nothing,
}

/// Why nothing was picked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trouble", rename_all = "snake_case")]
pub enum Trouble {
    /// There is no such commit or pull request.
    Unknown {
        /// What was named.
        source: Source,
    },
    /// The pull request is not merged.
    NotMerged {
        /// Its number.
        number: u64,
        /// Whether it is open.
        open: bool,
    },
    /// The default branch does not have it.
    NotOnMain {
        /// What was named.
        source: Source,
        /// The commit.
        commit: Sha,
    },
    /// A merge commit, which has no change of its own.
    Merge {
        /// The commit.
        commit: Sha,
    },
    /// Which commits a pull request became cannot be told.
    Unclear {
        /// Its number.
        number: u64,
    },
    /// More commits than are picked at a time.
    TooMany {
        /// As many are.
        most: usize,
    },
    /// A tree is too large to be read.
    TooLarge,
    /// A commit does not fit.
    Conflict {
        /// The commit.
        commit: Sha,
        /// The first line of its message.
        subject: Outside,
        /// Its files that do not fit, and why.
        files: Vec<(String, Outside)>,
        /// The commits of the default branch before it that touch those files
        /// and that the hotfix branch has not, oldest first.
        before: Vec<(Sha, Outside)>,
        /// Whether there are more of them.
        #[serde(default)]
        more: bool,
        /// Whether it is a pull request's merge, picked as one change.
        #[serde(default)]
        mainline: bool,
    },
}
