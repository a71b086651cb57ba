//! Branches: the rules on them, and what happened to them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::account::UserId;
use crate::sim::clock::Millis;

/// A rule that is active on some branches.
#[derive(Clone, Debug)]
pub struct BranchRule {
    /// The ruleset it belongs to; 0: classic protection, which no list of rules
    /// shows.
    pub ruleset: u64,
    /// The branch's short name, or `*` for all.
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
        self.branch == "*"
            || self.branch == branch
            || self
                .branch
                .strip_suffix('*')
                .is_some_and(|p| branch.starts_with(p))
    }
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
