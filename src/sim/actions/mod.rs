//! Workflows: files, triggers, runs, jobs.

use super::world::{Who, World};

/// A repository's workflows and runs.
#[derive(Debug, Default)]
pub struct RepoActions {}

/// What becomes due for runs.
#[derive(Clone, Debug)]
pub enum ActionsJob {}

/// A ref was created, moved or deleted.
#[derive(Clone, Debug)]
pub struct PushInfo {
    /// The full name: `refs/heads/main`, `refs/tags/v1.0.5`.
    pub ref_name: String,
    /// What it pointed to; none when it is new.
    pub before: Option<String>,
    /// What it points to (for an annotated tag the tag object); none when it
    /// was deleted.
    pub after: Option<String>,
    /// The commit behind `after`.
    pub after_commit: Option<String>,
    /// Who did it.
    pub who: Who,
}

/// Called after a ref changed and its `push`, `create` or `delete` was emitted.
pub fn on_push(world: &mut World, repo: u64, push: &PushInfo) {
    let _ = (world, repo, push);
}

/// Called after a pull request's event was emitted: `opened`, `synchronize`,
/// `reopened`, `closed`, `ready_for_review`, `converted_to_draft`, `edited`.
pub fn on_pull_request(world: &mut World, repo: u64, number: u64, action: &str, who: &Who) {
    let _ = (world, repo, number, action, who);
}

/// Carries out a job of this room that became due.
pub fn run_job(world: &mut World, job: ActionsJob) {
    let _ = (world, job);
}
