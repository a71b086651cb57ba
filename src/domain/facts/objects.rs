//! The objects of GitHub's and of the registry, with the few fields that the
//! procedure asks for.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::ids::{Millis, Sha};
use crate::domain::policy::Policy;
use crate::domain::workflow_file::WorkflowFile;
pub use crate::ecosystem::{Package, Stale};

/// The repository, as deliveries name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repo {
    /// GitHub's id; the name may change.
    pub id: i64,
    /// The owner's login.
    pub owner: String,
    /// The name without the owner.
    pub name: String,
    /// The default branch, `main` below.
    pub default_branch: String,
    /// The page of the repository, for links.
    pub html_url: String,
}

/// The issue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Its title; text of a user.
    pub title: String,
    /// Who reported it.
    pub author: String,
    /// When it was reported (GitHub's time).
    pub created_at: Millis,
    /// Whether it is open.
    pub open: bool,
    /// Who closed it, when it is closed and known.
    pub closed_by: Option<String>,
    /// Its labels.
    pub labels: Vec<String>,
}

/// The configuration as read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyRead {
    /// The default branch's commit that it was read at.
    pub commit: Sha,
    /// Whether the repository has a file of its own.
    pub own_file: bool,
    /// The policy; the defaults when there is no file.
    pub policy: Policy,
    /// What is wrong with the file, as Markdown; then nothing starts.
    pub wrong: Option<String>,
}

/// A person's role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRead {
    /// GitHub's `role_name`, empty if unknown.
    pub role_name: String,
    /// GitHub's `permission`.
    pub permission: String,
}

/// The base release and its surroundings, read once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Base {
    /// What hinders everything, in words: no stable tag, no manifest.
    pub trouble: Option<String>,
    /// How release tags are named: as configured, else as was found; empty
    /// where it was read before that was noted.
    #[serde(default)]
    pub tag_pattern: String,
    /// The tag's name.
    pub tag: String,
    /// The version in it.
    pub version: String,
    /// What `refs/tags/<tag>` holds: a tag object or the commit.
    pub tag_object: Sha,
    /// The peeled commit.
    pub commit: Sha,
    /// The GitHub release of the tag.
    pub release: Option<Release>,
    /// Where the version stands.
    pub package: Package,
    /// Workflow files in the base's tree: these run on a branch cut from it.
    pub workflows: Vec<Workflow>,
    /// Workflow files on the default branch: what follows other workflows
    /// (`workflow_run`) is read from there.
    #[serde(default)]
    pub main_workflows: Vec<Workflow>,
    /// The file of known issues on the default branch, if one is kept.
    #[serde(default)]
    pub known_issues: Option<String>,
    /// The default branch.
    pub main: Main,
    /// Versions that are spoken for, as tag, branch, on the registry, on main.
    pub taken: BTreeSet<String>,
}

/// A workflow file at the base.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workflow {
    /// Its path in the repository.
    pub path: String,
    /// What it says; empty when it cannot be read.
    pub file: WorkflowFile,
    /// Why it cannot be read.
    #[serde(default)]
    pub broken: Option<String>,
}

impl Workflow {
    /// The file's name, without folders.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

impl Base {
    /// The workflow of this file name: as it is at the base, else as it is on
    /// the default branch.
    pub fn workflow(&self, name: &str) -> Option<&Workflow> {
        let of = |all: &'_ [Workflow]| all.iter().position(|w| w.name() == name);
        of(&self.workflows)
            .and_then(|at| self.workflows.get(at))
            .or_else(|| of(&self.main_workflows).and_then(|at| self.main_workflows.get(at)))
    }

    /// The default branch's short name, as it was last heard of.
    pub fn default_branch(&self) -> &str {
        match self.main.branch.as_str() {
            "" => "main",
            name => name,
        }
    }
}

/// The default branch, seen from the base.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Main {
    /// Its short name.
    #[serde(default)]
    pub branch: String,
    /// Its head.
    pub head: Sha,
    /// Commits on it since the base.
    pub ahead_by: u64,
    /// How many of those call themselves features.
    pub features: u64,
    /// The merge method that its rules and the repository's settings allow.
    pub merge_method: MergeMethod,
}

/// How a pull request may be merged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeMethod {
    /// A merge commit.
    #[default]
    Merge,
    /// One commit.
    Squash,
    /// The commits, rewritten.
    Rebase,
}

impl MergeMethod {
    /// GitHub's word.
    pub fn as_str(self) -> &'static str {
        match self {
            MergeMethod::Merge => "merge",
            MergeMethod::Squash => "squash",
            MergeMethod::Rebase => "rebase",
        }
    }
}

/// The hotfix branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// Its head; none when the ref does not exist.
    pub head: Option<Head>,
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

/// The runs of one commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runs {
    /// The commit that was asked for.
    pub sha: Sha,
    /// Its runs.
    pub runs: Vec<Run>,
    /// Runs that follow other workflows: they are on the default branch's
    /// commit and name no parent.
    #[serde(default)]
    pub chained: Vec<Run>,
}

/// Which chained runs to look for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chained {
    /// Made at this moment or later (GitHub's time).
    pub since: Millis,
    /// Of these workflow files, by name.
    pub files: Vec<String>,
}

/// A workflow run, its newest attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// GitHub's id; a re-run keeps it.
    pub id: u64,
    /// From 1, raised by each re-run.
    pub attempt: u64,
    /// The workflow file's path.
    pub path: String,
    /// The workflow's name.
    pub name: String,
    /// What started it: `push`, `workflow_dispatch`, ...
    pub event: String,
    /// The branch's or the tag's short name.
    pub ref_name: String,
    /// The commit it runs on.
    pub sha: Sha,
    /// `queued`, `in_progress`, `waiting`, `completed`, ...
    pub status: String,
    /// `success`, `failure`, ... once completed.
    pub conclusion: Option<String>,
    /// Its page.
    pub url: String,
    /// When the run was made, at its first attempt (GitHub's time).
    #[serde(default)]
    pub created_at: Millis,
    /// When this attempt started (GitHub's time).
    pub started_at: Millis,
    /// When it was last changed (GitHub's time).
    pub updated_at: Millis,
    /// When it was first seen as over, by what `updated_at` said then: GitHub
    /// raises that later, too.
    #[serde(default)]
    pub ended_at: Option<Millis>,
    /// The failed job's name and page.
    pub failed_job: Option<(String, String)>,
}

impl Run {
    /// Concluded with success.
    pub fn passed(&self) -> bool {
        self.status == "completed" && self.conclusion.as_deref() == Some("success")
    }

    /// Concluded otherwise; `skipped` and `neutral` runs say nothing.
    pub fn failed(&self) -> bool {
        self.status == "completed"
            && !matches!(
                self.conclusion.as_deref(),
                Some("success" | "skipped" | "neutral")
            )
    }

    /// When this attempt ended (GitHub's time).
    pub fn ended(&self) -> Option<Millis> {
        (self.status == "completed").then(|| self.ended_at.unwrap_or(self.updated_at))
    }

    /// Concluded without doing anything.
    pub fn skipped(&self) -> bool {
        self.status == "completed" && !self.passed() && !self.failed()
    }

    /// The file's name, without folders.
    pub fn file(&self) -> &str {
        // A dispatched run's path may carry `@ref`.
        let path = self.path.split('@').next().unwrap_or(&self.path);
        path.rsplit('/').next().unwrap_or(path)
    }
}

/// The release tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// The tag object; the commit itself for a lightweight tag.
    pub object: Sha,
    /// The commit behind it.
    pub commit: Sha,
    /// Whether it is annotated.
    pub annotated: bool,
}

/// A GitHub release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// GitHub's id.
    pub id: u64,
    /// Its page.
    pub url: String,
    /// Not published yet.
    pub draft: bool,
    /// Marked as a prerelease.
    pub prerelease: bool,
    /// Whether it is the repository's Latest, where that was read.
    pub latest: bool,
    /// Its assets.
    pub assets: Vec<Asset>,
    /// The fingerprint of our block in its notes, if it is there.
    pub notes: Option<String>,
}

/// A release's asset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Its file name.
    pub name: String,
    /// Whether its upload is complete.
    pub uploaded: bool,
    /// Its size in bytes.
    pub size: u64,
}

/// A version on the registry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryVersion {
    /// Taken back.
    pub yanked: bool,
    /// SHA-256 of the package file, hex.
    pub checksum: String,
    /// Whether the sparse index shows it, which is what cargo reads.
    pub indexed: bool,
    /// Its page or API address.
    pub url: String,
}
