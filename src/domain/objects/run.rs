//! Workflow runs.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{Millis, Sha};
use crate::domain::outside::Outside;

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
    pub failed_job: Option<(Outside, String)>,
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

    /// GitHub could not read its file: it has no jobs, and is refused a second attempt
    /// ("This workflow run cannot be retried because its workflow file may be broken").
    pub fn could_not_start(&self) -> bool {
        self.conclusion.as_deref() == Some("startup_failure")
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
