//! Check runs and commit statuses.
//!
//! Apps write check runs of their own; the jobs of workflow runs are check runs
//! of GitHub Actions, built when they are asked for.

use std::collections::BTreeMap;

use serde_json::Value;

use super::account::UserId;
use crate::sim::clock::Millis;

/// A repository's check runs and statuses.
#[derive(Debug, Default)]
pub struct RepoChecks {
    /// Check runs that Apps wrote, by id.
    pub runs: BTreeMap<u64, CheckRun>,
    /// Suites of Apps: one an App and commit.
    pub suites: BTreeMap<u64, Suite>,
    /// Commit statuses, oldest first.
    pub statuses: Vec<Status>,
}

/// A suite of an App on a commit.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Its id.
    pub id: u64,
    /// The App.
    pub app: u64,
    /// The commit.
    pub head_sha: String,
    /// When it was made.
    pub created_at: Millis,
}

/// A check run of an App.
#[derive(Clone, Debug)]
pub struct CheckRun {
    /// Its id.
    pub id: u64,
    /// The App, which alone may change it.
    pub app: u64,
    /// Its suite.
    pub suite: u64,
    /// The commit.
    pub head_sha: String,
    /// Its name.
    pub name: String,
    /// `queued`, `in_progress`, `completed`.
    pub status: String,
    /// The end, once completed.
    pub conclusion: Option<String>,
    /// The App's own reference.
    pub external_id: String,
    /// The App's page.
    pub details_url: Option<String>,
    /// When it began.
    pub started_at: Option<Millis>,
    /// When it ended.
    pub completed_at: Option<Millis>,
    /// Title, summary and text.
    pub output: [Option<String>; 3],
    /// Annotations, as sent.
    pub annotations: Vec<Value>,
    /// Buttons, as sent.
    pub actions: Vec<Value>,
    /// Each state it had: (when, status, conclusion).
    pub history: Vec<(Millis, String, Option<String>)>,
}

/// A commit status.
#[derive(Clone, Debug)]
pub struct Status {
    /// Its id.
    pub id: u64,
    /// The commit.
    pub sha: String,
    /// `error`, `failure`, `pending`, `success`.
    pub state: String,
    /// What it is about; without regard to case.
    pub context: String,
    /// A sentence.
    pub description: Option<String>,
    /// A page.
    pub target_url: Option<String>,
    /// Who set it.
    pub creator: UserId,
    /// When.
    pub created_at: Millis,
}

impl RepoChecks {
    /// The newest status of each context of a commit, newest first.
    pub fn latest_statuses(&self, sha: &str) -> Vec<&Status> {
        let mut latest: Vec<&Status> = Vec::new();
        for status in self.statuses.iter().rev().filter(|s| s.sha == sha) {
            if !latest
                .iter()
                .any(|l| l.context.eq_ignore_ascii_case(&status.context))
            {
                latest.push(status);
            }
        }
        latest
    }

    /// The combined state of a commit: `failure` if any failed, `pending` if
    /// any is pending or there is none, else `success`.
    pub fn combined(&self, sha: &str) -> &'static str {
        let latest = self.latest_statuses(sha);
        let has = |state: &str| latest.iter().any(|s| s.state == state);
        if has("failure") || has("error") {
            "failure"
        } else if latest.is_empty() || has("pending") {
            "pending"
        } else {
            "success"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(id: u64, context: &str, state: &str) -> Status {
        Status {
            id,
            sha: "a".into(),
            state: state.into(),
            context: context.into(),
            description: None,
            target_url: None,
            creator: 1,
            created_at: 0,
        }
    }

    #[test]
    fn the_newest_status_of_each_context_counts() {
        let mut checks = RepoChecks::default();
        assert_eq!(checks.combined("a"), "pending", "none at all is pending");
        checks.statuses.push(status(1, "CI", "failure"));
        checks.statuses.push(status(2, "lint", "success"));
        assert_eq!(checks.combined("a"), "failure");
        checks.statuses.push(status(3, "ci", "success"));
        assert_eq!(checks.combined("a"), "success");
        assert_eq!(checks.latest_statuses("a").len(), 2);
        assert_eq!(checks.combined("b"), "pending");
    }
}
