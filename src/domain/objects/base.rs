//! The release that is fixed, and what was found around it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::checks::RequiredCheck;
use super::release::Release;
use crate::domain::derive::base::{Question, Why};
use crate::domain::derive::beside::Beside;
use crate::domain::derive::line;
use crate::domain::derive::taken::TakenBy;
use crate::domain::ids::Sha;
use crate::domain::outside::Outside;
use crate::domain::workflow_file::{
    Act, Asks, Ship, WorkflowFile, asks_of_action, is_own, of_action, of_own_action, of_own_script,
};
use crate::ecosystem::learnt::{Built, Listed};
pub use crate::ecosystem::{Package, RegistryKind, Stale, Withdraw};

/// The base release and its surroundings, read once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Base {
    /// What hinders everything: no stable tag, no manifest.
    #[serde(default)]
    pub trouble: Option<Outside>,
    /// What a person must say first: which release it is.
    #[serde(default)]
    pub question: Option<Question>,
    /// Why this release is the base; none where it was read before that was
    /// noted.
    #[serde(default)]
    pub why: Option<Why>,
    /// GitHub's Latest: its tag, as far as there is one.
    #[serde(default)]
    pub latest: Option<String>,
    /// Whether the repository is archived.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
    /// A branch that is called like a folder of the hotfix branch's, so that
    /// none can be made.
    #[serde(default)]
    pub in_the_way: Option<String>,
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
    /// What was learnt of the releases before it.
    #[serde(default)]
    pub habit: Habit,
    /// Workflow files in the base's tree: these run on a branch cut from it.
    pub workflows: Vec<Workflow>,
    /// Whether some of these are other ones than the default branch's, or are not
    /// there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_workflows: bool,
    /// Workflow files on the default branch: what follows other workflows
    /// (`workflow_run`) is read from there.
    #[serde(default)]
    pub main_workflows: Vec<Workflow>,
    /// Actions of the repository that workflows of the base use.
    #[serde(default)]
    pub actions: Vec<LocalAction>,
    /// Where other CI systems than GitHub Actions are told what to do, on the default
    /// branch, as far as that may publish: what these do for a tag nobody sees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_ci: Vec<String>,
    /// What other Apps and systems than GitHub Actions said of the base's commit, by
    /// the names of their checks and statuses, as far as they passed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_checks: Vec<String>,
    /// The file of known issues on the default branch, if one is kept.
    #[serde(default)]
    pub known_issues: Option<String>,
    /// The security policy on the default branch, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_policy: Option<String>,
    /// The default branch.
    pub main: Main,
    /// The branch of the base's own release line, which the hotfix goes to; none:
    /// it goes to the default branch.
    #[serde(default)]
    pub line: Option<LineBranch>,
    /// What a person must say first: which branch that is.
    #[serde(default)]
    pub which_line: Option<line::Question>,
    /// Branches that are named like the base's line, and do not hold the base.
    #[serde(default)]
    pub apart: Vec<String>,
    /// A branch that is named like what is released from, and the workflow file that
    /// sets it by force: it only points at releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<(String, String)>,
    /// The tag of a stable release with a higher version, the highest: the base
    /// is of an older line.
    #[serde(default)]
    pub newest: Option<String>,
    /// Tags that stand on the base's commit beside its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Beside>,
    /// Versions that are spoken for, as tag, branch, on the registry, on main.
    pub taken: BTreeSet<String>,
    /// What took those right above the base's.
    #[serde(default)]
    pub taken_by: BTreeMap<String, TakenBy>,
}

/// What the releases before the base show, beside the places that are raised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Habit {
    /// Whether anything was to be learnt.
    pub looked: bool,
    /// The tags of the releases that were compared, the newest first.
    pub releases: Vec<String>,
    /// Lines that hold the base's version and are left alone.
    pub listed: Vec<Listed>,
    /// The manifests of crates outside the workspace that go along, for both releases
    /// raised their own version.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub along: Vec<String>,
    /// Files that the last release had a tool make anew.
    pub generated: Vec<String>,
    /// Built files whose sources stand in the repository, and which it changed
    /// together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub built: Vec<Built>,
    /// What builds them, by the folder of their sources.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub builds: BTreeMap<String, String>,
    /// Packagers' logs that the last release added to.
    pub logs: Vec<String>,
    /// Whether more changed than was read.
    pub cut: bool,
}

impl Base {
    /// Gives up a branch of the line that nobody named and that a workflow sets by
    /// force from release to release: a fix that is merged into it is lost at the
    /// next one, or keeps that from being pushed.
    pub fn leave_pointer(&mut self) {
        let said = |why| matches!(why, line::Why::Said | line::Why::Configured);
        let Some(line) = self.line.as_ref().filter(|it| !said(it.why)) else {
            return;
        };
        let branch = line.at.branch.clone();
        let mut all = self.workflows.iter().chain(&self.main_workflows);
        let moves = all.find(|it| it.file.moves.contains(&branch));
        if let Some(file) = moves.map(|it| it.name().to_owned()) {
            (self.line, self.pointer) = (None, Some((branch, file)));
        }
    }

    /// Whether a hotfix can be built on it.
    pub fn is_clear(&self) -> bool {
        self.trouble.is_none()
            && self.question.is_none()
            && self.which_line.is_none()
            && self.in_the_way.is_none()
    }

    /// The workflow of this file name: as it is at the base, else as it is on
    /// the default branch.
    pub fn workflow(&self, name: &str) -> Option<&Workflow> {
        let of = |all: &'_ [Workflow]| all.iter().position(|w| w.name() == name);
        of(&self.workflows)
            .and_then(|at| self.workflows.get(at))
            .or_else(|| of(&self.main_workflows).and_then(|at| self.main_workflows.get(at)))
    }

    /// The branch that the hotfix goes to.
    pub fn target(&self) -> &Main {
        self.line.as_ref().map_or(&self.main, |line| &line.at)
    }

    /// The branches that get the fix, the hotfix's own first.
    pub fn branches(&self) -> impl Iterator<Item = &str> {
        let line = self.line.as_ref().map(|line| line.at.branch.as_str());
        line.into_iter().chain([self.default_branch()])
    }

    /// The default branch's short name, as it was last heard of.
    pub fn default_branch(&self) -> &str {
        match self.main.branch.as_str() {
            "" => "main",
            name => name,
        }
    }
}

/// The branch of a release line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineBranch {
    /// The branch, as the default branch is read.
    pub at: Main,
    /// Why it is the line's.
    pub why: line::Why,
    /// Its workflow files: what is merged there is read from there.
    pub workflows: Vec<Workflow>,
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

/// An action of the repository itself, or a script that a step runs: a file of it, or a
/// target in one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalAction {
    /// Its folder (empty: the root), or what the file or target is called
    /// (`workflow_file::is_own`).
    pub folder: String,
    /// What its steps do; none: it is not there, or nobody can see into it.
    pub acts: Option<Vec<Act>>,
    /// What its steps ship; none: nobody knows.
    #[serde(default)]
    pub ships: Option<Vec<Ship>>,
    /// What its steps ask of a tag.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Asks>,
}

impl LocalAction {
    /// What is known of the action in this folder, or of the script of this name, by
    /// its file; none: there is none.
    pub fn read(folder: String, text: Option<&str>) -> Self {
        if is_own(&folder) {
            let script = text.and_then(|text| of_own_script(&folder, text));
            let asks = script.as_ref().map(|it| it.asks.clone());
            let (acts, ships) = script.map(|it| (it.acts, it.ships)).unzip();
            return Self {
                folder,
                acts,
                ships,
                asks: asks.unwrap_or_default(),
            };
        }
        let text = text.map(|text| at_its_place(text, &folder));
        let text = text.as_deref();
        Self {
            asks: text.map(asks_of_action).unwrap_or_default(),
            folder,
            acts: text.and_then(of_action),
            ships: text.and_then(of_own_action),
        }
    }
}

/// The text of an action, with its own folder in place of what stands for it. (GitHub:
/// `github.action_path`.)
fn at_its_place(text: &str, folder: &str) -> String {
    let place = format!("${{{{ github.workspace }}}}/{folder}");
    let all = [
        "${{ github.action_path }}",
        "${{github.action_path}}",
        "${GITHUB_ACTION_PATH}",
        "$GITHUB_ACTION_PATH",
    ];
    all.iter()
        .fold(text.to_owned(), |text, it| text.replace(it, &place))
}

/// The default branch, as far as it is read with the base.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Main {
    /// Its short name.
    #[serde(default)]
    pub branch: String,
    /// Its head, when the base was read.
    pub head: Sha,
    /// The merge method that its rules and the repository's settings allow.
    pub merge_method: MergeMethod,
    /// The checks that its rules, or its protection, require before a merge.
    #[serde(default)]
    pub checks: Vec<RequiredCheck>,
    /// The version in its manifest, where that is higher than the base's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// What the default branch has and the base has not: this does not ship.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    /// Commits on it since the base.
    pub ahead_by: u64,
    /// How many of those call themselves features.
    pub features: u64,
    /// Commits since the base on the branch of its release line, where it has one.
    #[serde(default)]
    pub on_line: Option<u64>,
}

impl Ahead {
    /// Commits since the base on the branch that the hotfix goes to.
    pub fn of_target(&self) -> u64 {
        self.on_line.unwrap_or(self.ahead_by)
    }
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
