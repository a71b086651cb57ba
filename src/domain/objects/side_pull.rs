//! Side pull requests: the bot's own ones to the default branch beside the
//! hotfix's, which are the forward-port, where that one conflicts, and the entry
//! in the known issues.

use serde::{Deserialize, Serialize};

use super::base::Package;
use crate::domain::ids::Sha;
use crate::domain::outside::Outside;

/// Which of a hotfix's pull requests.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum PullKind {
    /// That of the hotfix branch.
    #[default]
    Hotfix,
    /// The forward-port.
    Port,
    /// The entry in the known issues.
    Known,
}

impl PullKind {
    /// All of them.
    pub const ALL: [PullKind; 3] = [PullKind::Hotfix, PullKind::Port, PullKind::Known];

    /// Its part of a slot's name.
    pub fn part(self) -> &'static str {
        match self {
            PullKind::Hotfix => "",
            PullKind::Port => "/port",
            PullKind::Known => "/known",
        }
    }
}

/// The hotfix tried on the default branch: nothing was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The hotfix's head.
    pub head: Sha,
    /// Paths that conflict and that a rule resolves.
    pub by_rule: Vec<String>,
    /// Paths that only a person can resolve, and why.
    pub by_hand: Vec<(String, Outside)>,
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
    pub by_hand: Vec<(String, Outside)>,
}

/// Whether a branch holds the fix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holds {
    /// The branch's head that was asked.
    pub main: Sha,
    /// The commit there that holds it: the tagged one, or those with the same
    /// change. None: not found.
    pub by: Option<Sha>,
}

/// An entry in the file of known issues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownIssue {
    /// What users saw.
    pub title: String,
    /// The tag that had it.
    pub affected: String,
    /// The tag that fixes it.
    pub fixed_in: String,
    /// The issue, `#n`.
    pub issue: String,
    /// Name and text of each field, Markdown.
    pub fields: Vec<(String, String)>,
}

/// What a forward-port carries: the way from the base to the tested head.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carry {
    /// The base's commit.
    pub base: Sha,
    /// Its version.
    pub base_version: String,
    /// The tested head.
    pub head: Sha,
    /// The hotfix branch's name, for conflict markers.
    pub branch: String,
    /// The claimed version.
    pub version: String,
    /// Where the version stands.
    pub package: Package,
}
