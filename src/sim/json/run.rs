//! Workflows, runs and jobs.

use serde_json::{Value, json};

use super::account::user;
use super::commit::simple_commit;
use super::common::{Urls, node_id, urls};
use super::pull::minimal_pull;
use super::repository::minimal_repository;
use crate::sim::clock::iso;
use crate::sim::model::run::{PastAttempt, Registered, Run, RunJob};
use crate::sim::world::World;

/// A `workflow`.
pub fn workflow(world: &World, repo: u64, of: &Registered) -> Value {
    let Urls { api, html } = urls(world, repo);
    let branch = world
        .repos
        .get(&repo)
        .map_or("main", |r| r.default_branch.as_str());
    let file = of.path.rsplit('/').next().unwrap_or_default();
    json!({
        "id": of.id,
        "node_id": node_id("W", of.id),
        "name": of.name,
        "path": of.path,
        "state": if of.active { "active" } else { "disabled_manually" },
        "created_at": iso(of.created_at),
        "updated_at": iso(of.created_at),
        "url": format!("{api}/actions/workflows/{}", of.id),
        "html_url": format!("{html}/blob/{branch}/{}", of.path),
        "badge_url": format!("{html}/actions/workflows/{file}/badge.svg"),
    })
}

/// A `workflow-run` in its present attempt.
pub fn run(world: &World, repo: u64, of: &Run) -> Value {
    let Urls { api, html } = urls(world, repo);
    let url = format!("{api}/actions/runs/{}", of.id);
    let repository = minimal_repository(world, repo);
    let previous = (of.attempt > 1).then(|| format!("{url}/attempts/{}", of.attempt - 1));
    let pulls: Vec<Value> = of
        .pulls
        .iter()
        .map(|n| minimal_pull(world, repo, *n))
        .collect();
    json!({
        "id": of.id,
        "name": of.name,
        "node_id": node_id("WFR", of.id),
        "head_branch": of.head_branch,
        "head_sha": of.head_sha,
        "path": of.path,
        "display_title": of.display_title,
        "run_number": of.number,
        "event": of.event,
        "status": of.status,
        "conclusion": of.conclusion,
        "workflow_id": of.workflow_id,
        "check_suite_id": of.check_suite,
        "check_suite_node_id": node_id("CS", of.check_suite),
        "url": url,
        "html_url": format!("{html}/actions/runs/{}", of.id),
        "pull_requests": pulls,
        "created_at": iso(of.created_at),
        "updated_at": iso(of.updated_at),
        "actor": user(world, of.actor),
        "run_attempt": of.attempt,
        "referenced_workflows": [],
        "run_started_at": iso(of.started_at),
        "triggering_actor": user(world, of.triggering_actor),
        "jobs_url": format!("{url}/jobs"),
        "logs_url": format!("{url}/logs"),
        "check_suite_url": format!("{api}/check-suites/{}", of.check_suite),
        "artifacts_url": format!("{url}/artifacts"),
        "cancel_url": format!("{url}/cancel"),
        "rerun_url": format!("{url}/rerun"),
        "previous_attempt_url": previous,
        "workflow_url": format!("{api}/actions/workflows/{}", of.workflow_id),
        "head_commit": simple_commit(world, repo, &of.head_sha),
        "repository": repository,
        "head_repository": repository,
        "head_repository_id": repo,
    })
}

/// The run as it was in an attempt before.
pub fn past_run(world: &World, repo: u64, of: &Run, past: &PastAttempt) -> Value {
    let then = Run {
        attempt: past.attempt,
        status: "completed",
        conclusion: past.conclusion.clone(),
        triggering_actor: past.triggering_actor,
        started_at: past.started_at,
        updated_at: past.updated_at,
        ..of.clone()
    };
    run(world, repo, &then)
}

/// A `job`.
pub fn job(world: &World, repo: u64, of: &Run, job: &RunJob) -> Value {
    let Urls { api, html } = urls(world, repo);
    let run_url = format!("{api}/actions/runs/{}", of.id);
    let started = job.status == "in_progress" || job.completed_at.is_some();
    let ran = started && job.conclusion.as_deref() != Some("skipped");
    json!({
        "id": job.id,
        "run_id": of.id,
        "workflow_name": of.name,
        "head_branch": of.head_branch,
        "run_url": run_url,
        "run_attempt": job.attempt,
        "node_id": node_id("CR", job.id),
        "head_sha": of.head_sha,
        "url": format!("{api}/actions/jobs/{}", job.id),
        "html_url": format!("{html}/actions/runs/{}/job/{}", of.id, job.id),
        "status": job.status,
        "conclusion": job.conclusion,
        "created_at": iso(job.created_at),
        "started_at": iso(job.started_at),
        "completed_at": job.completed_at.map(iso),
        "name": job.name,
        "steps": steps(job, ran),
        "check_run_url": format!("{api}/check-runs/{}", job.id),
        "labels": job.labels,
        "runner_id": ran.then_some(1),
        "runner_name": ran.then_some("GitHub Actions 1"),
        "runner_group_id": ran.then_some(0),
        "runner_group_name": ran.then_some("GitHub Actions"),
    })
}

/// The steps of a job; when it failed, its last one did.
fn steps(job: &RunJob, ran: bool) -> Vec<Value> {
    if !ran {
        return Vec::new();
    }
    let last = job.steps.len();
    let names = std::iter::once("Set up job").chain(job.steps.iter().map(String::as_str));
    let step = |(number, name): (usize, &str)| {
        let conclusion = match (job.conclusion.as_deref(), number == last) {
            (None, _) => None,
            (Some(end), true) => Some(end),
            (Some(_), false) => Some("success"),
        };
        // The first step is over as soon as the job has begun.
        let conclusion = conclusion.or((number == 0).then_some("success"));
        let status = match (conclusion, number) {
            (Some(_), _) => "completed",
            (None, 1) => "in_progress",
            (None, _) => "queued",
        };
        json!({
            "name": name,
            "status": status,
            "conclusion": conclusion,
            "number": number + 1,
            "started_at": (status != "queued").then(|| iso(job.started_at)),
            "completed_at": conclusion.map(|_| iso(job.completed_at.unwrap_or(job.started_at))),
        })
    };
    names.enumerate().map(step).collect()
}
