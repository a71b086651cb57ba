//! Branches: the rules on them, and what happened to them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::account::UserId;
use crate::sim::clock::Millis;

/// A rule that is active on some branches, or tags.
#[derive(Clone, Debug)]
pub struct BranchRule {
    /// The ruleset it belongs to; 0: classic protection, which no list of rules
    /// shows.
    pub ruleset: u64,
    /// The branch's short name, or `*` for all; `refs/tags/v*`: these tags.
    pub branch: String,
    /// `required_status_checks`, `pull_request`, `required_signatures`, ...
    pub kind: String,
    /// The rule's `parameters`, as GitHub shows them.
    pub parameters: Value,
    /// Apps that may pass by.
    pub bypass_apps: BTreeSet<u64>,
}

impl BranchRule {
    /// Whether the rule is active on a branch.
    pub fn covers(&self, branch: &str) -> bool {
        !self.is_of_tags() && fits(&self.branch, branch)
    }

    /// Whether the rule is active on a ref.
    pub fn covers_ref(&self, name: &str) -> bool {
        match name.strip_prefix("refs/heads/") {
            Some(branch) => self.covers(branch),
            None => self.is_of_tags() && fits(&self.branch, name),
        }
    }

    /// Whether it is about tags.
    pub fn is_of_tags(&self) -> bool {
        self.branch.starts_with(TAGS)
    }

    /// The refs that it is active on, as a ruleset's conditions name them.
    pub fn refs(&self) -> String {
        match self.branch.as_str() {
            "*" => "~ALL".to_owned(),
            tags if self.is_of_tags() => tags.to_owned(),
            branch => match branch.strip_suffix("/*") {
                Some(folder) => format!("refs/heads/{folder}/**/*"),
                None => format!("refs/heads/{branch}"),
            },
        }
    }
}

const TAGS: &str = "refs/tags/";

/// Whether a name is this one, or begins so where a `*` stands at the end.
pub fn fits(pattern: &str, name: &str) -> bool {
    let begins = |p| name.starts_with(p);
    pattern == name || pattern.strip_suffix('*').is_some_and(begins)
}

/// A change of a ref, as it happened.
#[derive(Clone, Debug)]
pub struct RefChange {
    /// The full name, `refs/heads/main`.
    pub name: String,
    /// What it pointed to; none when it was new.
    pub before: Option<String>,
    /// What it points to; none when it was deleted.
    pub after: Option<String>,
    /// Whether it was no fast-forward.
    pub forced: bool,
    /// Who did it.
    pub by: UserId,
    /// When.
    pub at: Millis,
}
