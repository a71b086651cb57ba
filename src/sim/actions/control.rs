//! What people and Apps do to runs: cancel, run again, approve.

use std::collections::BTreeMap;

use super::events;
use super::progress::{begin_jobs, complete};
use super::queue::{level_of, queue, run_of};
use super::start::HELD;
use crate::sim::clock::Millis;
use crate::sim::model::run::{PastAttempt, RunJob};
use crate::sim::refusal::Refusal;
use crate::sim::world::{Role, UserId, Who, World};

/// A run may be run again for so long.
const RERUN_MS: Millis = 30 * 24 * 3_600_000;

/// Cancels a run.
///
/// # Errors
/// 404 for an unknown run, 409 for one that has ended.
pub fn cancel(world: &mut World, repo: u64, run: u64) -> Result<(), Refusal> {
    let now = world.now();
    let of = run_of(world, repo, run).ok_or_else(Refusal::not_found)?;
    if of.status == "completed" {
        return Err(Refusal::new(
            409,
            "Cannot cancel a workflow run that is completed.",
        ));
    }
    of.cancelled = true;
    let mut ended = Vec::new();
    for job in of.jobs.iter_mut().filter(|j| j.status != "completed") {
        job.status = "completed";
        job.conclusion = Some("cancelled".to_owned());
        job.completed_at = Some(now);
        ended.push(job.id);
    }
    for job in ended {
        events::emit_job(world, repo, run, job, "completed");
    }
    complete(world, repo, run);
    Ok(())
}

/// Runs a completed run again: the same id, one attempt more, and no
/// `requested`. With `only_failed` the jobs that succeeded stay as they are.
///
/// # Errors
/// 404 for an unknown run; 403 for one that has not ended, is older than 30
/// days, or (with `only_failed`) has no job to repeat.
pub fn rerun(
    world: &mut World,
    repo: u64,
    run: u64,
    only_failed: bool,
    who: &Who,
) -> Result<(), Refusal> {
    let now = world.now();
    let user: UserId = who.user;
    let of = run_of(world, repo, run).ok_or_else(Refusal::not_found)?;
    if of.status != "completed" {
        return Err(Refusal::new(403, "This workflow is already running"));
    }
    if now - of.created_at > RERUN_MS {
        let text = "Unable to re-run this workflow run because it was created over a month ago";
        return Err(Refusal::new(403, text));
    }
    if of.flow.is_none() {
        let text = "This workflow run cannot be retried because its workflow file may be broken";
        return Err(Refusal::new(403, text));
    }
    let good = |j: &&RunJob| j.conclusion.as_deref() == Some("success");
    if only_failed && of.jobs.iter().all(|j| good(&j)) {
        return Err(Refusal::new(
            403,
            "The workflow run containing this job has no failed jobs",
        ));
    }
    let kept: BTreeMap<String, RunJob> = if only_failed {
        of.jobs
            .iter()
            .filter(good)
            .map(|j| (j.name.clone(), j.clone()))
            .collect()
    } else {
        BTreeMap::new()
    };
    of.past.push(PastAttempt {
        attempt: of.attempt,
        jobs: std::mem::take(&mut of.jobs),
        conclusion: of.conclusion.take(),
        triggering_actor: of.triggering_actor,
        started_at: of.started_at,
        updated_at: of.updated_at,
    });
    of.attempt += 1;
    of.status = "queued";
    of.triggering_actor = user;
    of.started_at = now;
    of.updated_at = now;
    of.cancelled = false;
    of.approved.clear();
    of.kept = kept;
    queue(world, repo, run);
    Ok(())
}

/// Somebody lets a run of a fork's pull request go on: the same run begins.
///
/// # Errors
/// 403 for who may not write, 404 for an unknown run, 403 for one that waits for
/// nobody.
pub fn let_go_on(world: &mut World, repo: u64, run: u64, who: &Who) -> Result<(), Refusal> {
    world.require(repo, who, Role::Write)?;
    let of = run_of(world, repo, run).ok_or_else(Refusal::not_found)?;
    if of.conclusion.as_deref() != Some(HELD) {
        let why = "This run is not from a fork pull request or is not waiting for approval";
        return Err(Refusal::new(403, why));
    }
    of.status = "queued";
    of.conclusion = None;
    queue(world, repo, run);
    Ok(())
}

/// A reviewer lets the jobs of an environment go on.
///
/// # Errors
/// 404 for an unknown run; 422 when nothing of it waits for this environment,
/// or the person is none of its reviewers.
pub fn approve(
    world: &mut World,
    repo: u64,
    run: u64,
    environment: &str,
    by: UserId,
) -> Result<(), Refusal> {
    let found = world.repos.get_mut(&repo).ok_or_else(Refusal::not_found)?;
    let reviewers = found
        .actions
        .settings
        .protected
        .get(environment)
        .cloned()
        .unwrap_or_default();
    let of = found
        .actions
        .runs
        .get_mut(&run)
        .ok_or_else(Refusal::not_found)?;
    let waits = |j: &RunJob| j.status == "waiting" && j.environment.as_deref() == Some(environment);
    if !of.jobs.iter().any(waits) || !reviewers.contains(&by) {
        return Err(Refusal::unprocessable(
            "There are no pending deployments for you to review",
        ));
    }
    of.approved.insert(environment.to_owned());
    let waiting = of
        .jobs
        .iter()
        .find(|j| waits(j))
        .map(|j| (j.key.clone(), j.name.clone()));
    let Some((flow, (key, name))) = of.flow.clone().zip(waiting) else {
        return Ok(());
    };
    let def = flow.jobs.iter().find(|d| d.id == key && d.name == name);
    let level = def.map_or(0, |d| level_of(&flow, d, 0));
    begin_jobs(world, repo, run, &flow, level);
    Ok(())
}
