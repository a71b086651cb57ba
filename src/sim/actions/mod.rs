//! Workflows: files, triggers, runs, jobs, and what a run's success does.
//!
//! A push, a pull request, a release, a dispatch or another run's end starts
//! the workflows whose files say so ([`start`]); the clock carries their runs
//! through queued, in_progress and completed ([`progress`]); what a successful
//! step does to the world is read from its text ([`infer`]) and done
//! ([`effects`]). Nothing is ever executed. A rehearsal sets times, failures
//! and protected environments in [`Settings`].

mod args;
pub mod condition;
pub mod control;
pub mod dispatch;
pub mod effects;
pub mod files;
pub mod glob;
pub mod infer;
pub mod json;
mod matrix;
pub mod model;
pub mod progress;
pub mod start;
pub mod triggers;
pub mod workflow;

pub use control::{approve, cancel, rerun};
pub use dispatch::dispatch;
pub use model::{Failure, Inferred, Pace, RepoActions, Run, RunJob, Settings};

use super::releases;
use super::world::{Job, User, UserId, UserKind, Who, World};

/// What becomes due for runs.
#[derive(Clone, Debug)]
pub enum ActionsJob {
    /// The jobs of the level before end, those of `level` begin.
    Advance {
        /// The repository.
        repo: u64,
        /// The run.
        run: u64,
        /// Its attempt; another attempt's progress is stale.
        attempt: u32,
        /// How many levels of `needs` lie before.
        level: usize,
    },
    /// A step of a job does something.
    Effect {
        /// The repository.
        repo: u64,
        /// The run.
        run: u64,
        /// The job.
        job: u64,
        /// Which of the job's effects.
        index: usize,
    },
}

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
    match &push.after_commit {
        Some(commit) => start::on_push(world, repo, push, commit),
        None => releases::on_ref_deleted(world, repo, &push.ref_name, &push.who),
    }
}

/// Called after a pull request's event was emitted: `opened`, `synchronize`,
/// `reopened`, `closed`, `ready_for_review`, `converted_to_draft`, `edited`.
pub fn on_pull_request(world: &mut World, repo: u64, number: u64, action: &str, who: &Who) {
    start::on_pull_request(world, repo, number, action, who);
}

/// Carries out a job of this room that became due.
pub fn run_job(world: &mut World, job: Job) {
    match job {
        Job::Actions(ActionsJob::Advance {
            repo,
            run,
            attempt,
            level,
        }) => {
            progress::advance(world, repo, run, attempt, level);
        }
        Job::Actions(ActionsJob::Effect {
            repo,
            run,
            job,
            index,
        }) => {
            effects::carry_out(world, repo, run, job, index);
        }
        Job::Registry(_) | Job::Deliver(_) => {}
    }
}

/// The account of `GITHUB_TOKEN`, `github-actions[bot]`; made when first needed.
pub fn actions_bot(world: &mut World) -> UserId {
    const LOGIN: &str = "github-actions[bot]";
    if let Some(user) = world.user_by_login(LOGIN) {
        return user.id;
    }
    // Its real id.
    let id = 41_898_282;
    let email = format!("{id}+{LOGIN}@users.noreply.github.test");
    let created_at = world.now();
    let login = LOGIN.to_owned();
    world.users.insert(
        id,
        User {
            id,
            login,
            kind: UserKind::Bot,
            email,
            created_at,
        },
    );
    id
}

#[cfg(test)]
mod tests;
