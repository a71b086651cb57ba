//! What guards a repository: what the App was granted, the rules on branches and
//! tags, the environments, whether releases are immutable.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What guards a repository. What could not be read is none: it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guards {
    /// What the installation was granted: permission, level.
    pub granted: Option<BTreeMap<String, String>>,
    /// The active rulesets that concern branches or tags.
    pub rulesets: Option<Vec<Ruleset>>,
    /// The environments that take not everything, or make a job wait.
    pub environments: Option<Vec<Environment>>,
    /// Whether releases are fixed once they are published.
    pub immutable: Option<bool>,
}

/// What the App must be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Branch, bump, tag, merge, release notes.
    Contents,
    /// Status comment and reactions.
    Issues,
    /// The pull requests.
    PullRequests,
    /// Runs, and starting them.
    Actions,
    /// Commits with other workflow files than the default branch.
    Workflows,
    /// Checks on the head.
    Checks,
    /// Statuses on the head.
    Statuses,
    /// What only administrators see.
    Administration,
}

impl Right {
    /// All of them.
    pub const ALL: [Right; 8] = [
        Right::Contents,
        Right::Issues,
        Right::PullRequests,
        Right::Actions,
        Right::Workflows,
        Right::Checks,
        Right::Statuses,
        Right::Administration,
    ];

    /// GitHub's name of the permission.
    pub fn name(self) -> &'static str {
        match self {
            Right::Contents => "contents",
            Right::Issues => "issues",
            Right::PullRequests => "pull_requests",
            Right::Actions => "actions",
            Right::Workflows => "workflows",
            Right::Checks => "checks",
            Right::Statuses => "statuses",
            Right::Administration => "administration",
        }
    }

    /// The level that is asked for.
    pub fn level(self) -> &'static str {
        match self {
            Right::Statuses | Right::Administration => "read",
            _ => "write",
        }
    }
}

impl Guards {
    /// Whether a right is there; none: GitHub does not say.
    pub fn has(&self, right: Right) -> Option<bool> {
        let level = self.granted.as_ref()?.get(right.name()).map(String::as_str);
        Some(match level {
            Some("write" | "admin") => true,
            Some("read") => right.level() == "read",
            _ => false,
        })
    }
}

/// A ruleset with its rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruleset {
    /// Its name.
    pub name: String,
    /// Its page; empty: GitHub does not say.
    #[serde(default)]
    pub url: String,
    /// Whether it is about tags.
    #[serde(default)]
    pub tags: bool,
    /// Which refs it is about.
    #[serde(default)]
    pub include: Vec<String>,
    /// But not these.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// What it asks.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Whether the App passes by.
    #[serde(default)]
    pub bypass: Bypass,
}

/// A rule of a ruleset, as far as it concerns what the bot does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// Nobody makes such a ref.
    Creation,
    /// Nobody moves it.
    Update,
    /// Nobody deletes it.
    Deletion,
    /// Changes come by pull requests alone.
    PullRequest,
    /// Such a pull request is approved first.
    Reviews {
        /// By so many people with write access.
        approvals: u64,
        /// By whom `CODEOWNERS` names, too, where it names somebody.
        code_owners: bool,
    },
    /// Changes come with passed checks alone.
    Checks,
    /// Commits are signed.
    Signatures,
    /// No merge commits.
    Linear,
    /// Merges go through a queue.
    Queue,
    /// The ref's name is like this.
    Name {
        /// How it is compared: `starts_with`, `ends_with`, `contains`, `regex`.
        operator: String,
        /// With what.
        pattern: String,
        /// The other way round.
        #[serde(default)]
        negate: bool,
    },
}

/// Whether whoever asks passes a ruleset by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bypass {
    /// Always.
    Always,
    /// When merging a pull request.
    PullRequests,
    /// Never.
    Never,
    /// GitHub does not say.
    #[default]
    Unknown,
}

/// An environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// What may deploy to it.
    #[serde(default)]
    pub takes: Takes,
    /// How many people or teams are named of whom one must approve.
    #[serde(default)]
    pub reviewers: u64,
    /// How many minutes a job waits.
    #[serde(default)]
    pub minutes: u64,
}

/// What may deploy to an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "takes", content = "refs", rename_all = "snake_case")]
pub enum Takes {
    /// Every ref.
    #[default]
    All,
    /// Protected branches alone.
    Protected,
    /// These: whether it is about tags, and the pattern of the name.
    Named(Vec<(bool, String)>),
    /// GitHub does not say which.
    Unknown,
}
