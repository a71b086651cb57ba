//! The hotfix branch, its pull request and the reviews of it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::base::Workflow;
use crate::domain::ids::Sha;

/// The hotfix branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// Its head; none when the ref does not exist.
    pub head: Option<Arc<Head>>,
}

/// A head, and the way to it from the base.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The commit.
    pub sha: Sha,
    /// Its tree.
    pub tree: Sha,
    /// Whether the base is an ancestor.
    pub holds_base: bool,
    /// The commits since the base, oldest first.
    pub commits: Vec<Commit>,
    /// The files that differ from the base.
    pub files: Vec<File>,
    /// Where which version was found: path, version (none: not found there).
    pub versions: Vec<(String, Option<String>)>,
    /// Whether the changelog has a section for the claimed version.
    pub changelog: bool,
    /// The workflow files that differ from the base, as they are here.
    #[serde(default)]
    pub workflows: Vec<Workflow>,
}

/// A commit on the branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its name.
    pub sha: Sha,
    /// The first line of its message.
    pub subject: String,
    /// The author's login, or name where GitHub knows no login.
    pub author: String,
    /// The key of the effect that made it, from its trailer.
    pub effect: Option<String>,
    /// The paths it changes.
    pub paths: Vec<String>,
    /// Whether these were not read.
    #[serde(default)]
    pub unread: bool,
    /// Whether its message keeps workflows from starting.
    #[serde(default)]
    pub skips_ci: bool,
}

/// A changed file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its path.
    pub path: String,
    /// Lines added.
    pub additions: u64,
    /// Lines removed.
    pub deletions: u64,
    /// Whether the change touches a test.
    pub test: bool,
    /// Whether it is not there any more.
    #[serde(default)]
    pub removed: bool,
    /// Its path before, where it was renamed.
    #[serde(default)]
    pub was: Option<String>,
    /// Whether its change takes tests away or switches some off, as far as its
    /// text tells.
    #[serde(default)]
    pub weaker: bool,
}

/// The pull request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pull {
    /// GraphQL's id.
    pub node_id: String,
    /// Whether it is open.
    pub open: bool,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether it was merged.
    pub merged: bool,
    /// The merge commit, once merged.
    pub merge_commit: Option<Sha>,
    /// Whether it merges cleanly; unknown while GitHub computes it.
    pub mergeable: Option<bool>,
    /// Its head.
    pub head: Sha,
    /// Files of its head in which conflict markers stand, where that was asked.
    #[serde(default)]
    pub marked: Vec<String>,
}

/// A review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub login: String,
    /// GitHub's state, upper case: `APPROVED`, `CHANGES_REQUESTED`, ...
    pub state: String,
    /// The commit it was given for.
    pub commit: Sha,
    /// Its page.
    pub url: String,
    /// Whether its author may write here, when it was read.
    pub may_write: bool,
}
