//! Further pull requests to the default branch, beside the hotfix's own: the
//! forward-port, where that one conflicts, and the entry in the known issues.

use serde::{Deserialize, Serialize};

use super::objects::{Pull, Runs};
use super::people::Stop;
use super::seen::Seen;
use crate::domain::ids::{Millis, Sha};

/// One of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Further {
    /// What carrying the head over to the default branch would meet, tried out
    /// before the decision. Of the forward-port alone.
    pub trial: Seen<Trial>,
    /// Its commit on top of the default branch, the newest one.
    pub carried: Option<Carried>,
    /// The pull request's number.
    pub number: Option<u64>,
    /// When it was opened.
    pub opened: Option<Millis>,
    /// The pull request.
    pub pull: Seen<Pull>,
    /// The workflow runs of its head.
    pub runs: Seen<Runs>,
    /// Whether the default branch holds the fix. Of the forward-port alone.
    pub holds: Seen<Holds>,
    /// A commander ends the case without it.
    pub waived: Option<Stop>,
    /// When its branch was deleted.
    pub branch_deleted: Option<Millis>,
}

/// The hotfix tried on the default branch: nothing was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The hotfix's head.
    pub head: Sha,
    /// Paths that conflict and that a rule resolves.
    pub by_rule: Vec<String>,
    /// Paths that only a person can resolve, and why.
    pub by_hand: Vec<(String, String)>,
}

/// A commit of ours on top of the default branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The commit, with the default branch's head as its parent.
    pub commit: Sha,
    /// That head.
    pub onto: Sha,
    /// Paths that a rule resolved.
    pub by_rule: Vec<String>,
    /// Paths that only a person can resolve, and why: the commit holds
    /// conflict markers, or the default branch's own text.
    pub by_hand: Vec<(String, String)>,
}

/// Whether the default branch holds the fix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holds {
    /// The default branch's head that was asked.
    pub main: Sha,
    /// The commit there that holds it: the tagged one, or those with the same
    /// change. None: not found.
    pub by: Option<Sha>,
}
