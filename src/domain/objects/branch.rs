//! The hotfix branch, its pull request and the reviews of it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::base::{LocalAction, Workflow};
use crate::domain::ids::{Person, Sha};
use crate::domain::outside::Outside;
use crate::ecosystem::Required;

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
    /// Actions of the repository that it changes, or that its workflows use
    /// anew, as they are here.
    #[serde(default)]
    pub actions: Vec<LocalAction>,
    /// What it requires of others otherwise than the base does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<Required>,
    /// The packages that it touches, and that are published without the release.
    #[serde(default)]
    pub outside: Vec<Apart>,
}

/// A package that is touched and is no part of the release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apart {
    /// Its name.
    pub name: String,
    /// Path of its manifest.
    pub manifest: String,
    /// Its version at the base.
    pub before: String,
    /// Its version at the head; none where it stands elsewhere.
    pub now: Option<String>,
    /// Whether the registry has that version already.
    pub taken: bool,
}

/// A commit on the branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its name.
    pub sha: Sha,
    /// The first line of its message.
    pub subject: Outside,
    /// The author's login, or name where GitHub knows no login.
    pub author: String,
    /// Whose work it is. None where an earlier version read it, which knew the
    /// author alone.
    #[serde(default)]
    pub hands: Option<Hands>,
    /// The key of the effect that made it, as its trailer and its author's
    /// address say. Anybody can write both: see `procedure::commits`.
    pub effect: Option<String>,
    /// The paths it changes.
    pub paths: Vec<String>,
    /// Whether these were not read.
    #[serde(default)]
    pub unread: bool,
    /// Whether its message keeps workflows from starting.
    #[serde(default)]
    pub skips_ci: bool,
    /// The issues that its message closes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closes: Vec<u64>,
    /// The commit that it was picked from, as its message says. Anybody can write
    /// that: see `procedure::commits`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picked: Option<Sha>,
    /// Whether GitHub says that it vouches for no signature of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsigned: bool,
}

/// Whose work a commit is: author, committer, co-authors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hands {
    /// Those whom GitHub knows.
    pub people: Vec<Person>,
    /// Those of them who committed it and wrote nothing of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub committers: Vec<Person>,
    /// Those of them whom its message alone names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co_authors: Vec<Person>,
    /// Whether it is somebody's, too, whom nobody can tell: an address of no
    /// account, or of an account that is no person.
    pub unknown: bool,
    /// Whether it says that it was picked, and the bot's own account committed it.
    /// Anybody can write that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_bot: bool,
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
    /// Whether the change adds to a test.
    pub test: bool,
    /// Whether it is not there any more.
    #[serde(default)]
    pub removed: bool,
    /// Its path before, where it was renamed.
    #[serde(default)]
    pub was: Option<String>,
    /// The tests that its change adds, as far as its text tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<Outside>,
    /// The first line that the change adds, or stands at; 0: not known.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub line: u64,
    /// Whether its change takes tests away or switches some off, as far as its
    /// text tells.
    #[serde(default)]
    pub weaker: bool,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
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
    /// The merge commit's tree, where that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge_tree: Option<Sha>,
    /// Whether it merges cleanly; unknown while GitHub computes it.
    pub mergeable: Option<bool>,
    /// Its head.
    pub head: Sha,
    /// Files of its head in which conflict markers stand, where that was asked.
    #[serde(default)]
    pub marked: Vec<String>,
    /// Where it goes, and what it brings.
    #[serde(default)]
    pub way: Way,
    /// What it is called; none: an earlier version read it.
    #[serde(default)]
    pub called: Option<Box<Called>>,
}

/// What a pull request is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// Its title.
    pub title: Outside,
    /// Its labels.
    pub labels: Vec<String>,
    /// The fingerprint of the bot's own part of its body; none: there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
}

/// From where to where a pull request leads, as its own answer says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The branch that it goes to.
    pub base: String,
    /// The id of that branch's repository.
    pub base_repo: i64,
    /// That repository's default branch.
    pub default_branch: String,
    /// The branch that it brings.
    pub head: String,
    /// The id of that branch's repository; 0: it is gone.
    pub head_repo: i64,
}

impl Way {
    /// In what it is not the way from `branch` to the branch `to` of the
    /// repository `repo`; none: to its default branch. A default branch with a new
    /// name takes its pull requests along, so the name is held against the
    /// answer's own. Nothing of a pull request that was read before ways were
    /// noted.
    pub fn strays(&self, repo: i64, branch: &str, to: Option<&str>) -> Option<Stray> {
        if self.base.is_empty() {
            return None;
        }
        if self.base_repo != repo {
            return Some(Stray::Repository);
        }
        if self.base != to.unwrap_or(&self.default_branch) {
            return Some(Stray::Base(self.base.clone()));
        }
        let other = self.head_repo != repo || self.head != branch;
        (other && !branch.is_empty()).then(|| Stray::Head(self.head.clone()))
    }
}

/// In what a pull request is not what was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stray", content = "branch", rename_all = "snake_case")]
pub enum Stray {
    /// It is one of another repository.
    Repository,
    /// It goes to this branch.
    Base(String),
    /// It brings this branch.
    Head(String),
}

/// An open pull request into the hotfix branch: a fix that somebody offers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Its number.
    pub number: u64,
    /// Its author's login.
    pub by: String,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether it comes from another repository, or from one that is gone.
    pub fork: bool,
    /// The page of a run of its head that waits until somebody with write access
    /// lets it start, as those of first-time contributors' forks do.
    pub waits: Option<String>,
}

/// A review.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub login: String,
    /// The id of their account; 0 where it is not known.
    #[serde(default)]
    pub id: u64,
    /// Whether it is no person's: an App's review counts nowhere.
    #[serde(default)]
    pub bot: bool,
    /// GitHub's state, upper case: `APPROVED`, `CHANGES_REQUESTED`, ...
    pub state: String,
    /// The commit it was given for.
    pub commit: Sha,
    /// Its page.
    pub url: String,
    /// Whether its author may write here, when it was read.
    pub may_write: bool,
}

impl Review {
    /// Who gave it.
    pub fn account(&self) -> Person {
        Person::new(self.id, self.login.as_str())
    }
}
