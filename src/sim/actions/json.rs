//! Workflows, runs and jobs as JSON, and the events about them.

use serde_json::{Value, json};

use super::model::{PastAttempt, Registered, Run, RunJob};
use crate::sim::checks;
use crate::sim::clock::iso;
use crate::sim::json as objects;
use crate::sim::world::World;

/// Where a repository stands: its API's and its pages' addresses.
pub(in crate::sim) struct Urls {
    /// `.../repos/o/r`
    pub api: String,
    /// `.../o/r`
    pub html: String,
}

/// The addresses of a repository; empty for an unknown one.
pub(in crate::sim) fn urls(world: &World, repo: u64) -> Urls {
    let of = |repo| Urls {
        api: objects::repo_url(world, repo),
        html: format!("{}/{}", objects::HTML, repo.full_name()),
    };
    let none = || Urls {
        api: String::new(),
        html: String::new(),
    };
    world.repos.get(&repo).map_or_else(none, of)
}

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
        "node_id": objects::node_id("W", of.id),
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
    let repository = objects::minimal_repository(world, repo);
    let previous = (of.attempt > 1).then(|| format!("{url}/attempts/{}", of.attempt - 1));
    let pulls: Vec<Value> = of
        .pulls
        .iter()
        .map(|n| objects::minimal_pull(world, repo, *n))
        .collect();
    json!({
        "id": of.id,
        "name": of.name,
        "node_id": objects::node_id("WFR", of.id),
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
        "check_suite_node_id": objects::node_id("CS", of.check_suite),
        "url": url,
        "html_url": format!("{html}/actions/runs/{}", of.id),
        "pull_requests": pulls,
        "created_at": iso(of.created_at),
        "updated_at": iso(of.updated_at),
        "actor": objects::user(world, of.actor),
        "run_attempt": of.attempt,
        "referenced_workflows": [],
        "run_started_at": iso(of.started_at),
        "triggering_actor": objects::user(world, of.triggering_actor),
        "jobs_url": format!("{url}/jobs"),
        "logs_url": format!("{url}/logs"),
        "check_suite_url": format!("{api}/check-suites/{}", of.check_suite),
        "artifacts_url": format!("{url}/artifacts"),
        "cancel_url": format!("{url}/cancel"),
        "rerun_url": format!("{url}/rerun"),
        "previous_attempt_url": previous,
        "workflow_url": format!("{api}/actions/workflows/{}", of.workflow_id),
        "head_commit": objects::simple_commit(world, repo, &of.head_sha),
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
        "node_id": objects::node_id("CR", job.id),
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

fn find(world: &World, repo: u64, id: u64) -> Option<&Run> {
    world.repos.get(&repo)?.actions.runs.get(&id)
}

/// `workflow_run`.
pub(super) fn emit_run(world: &mut World, repo: u64, id: u64, action: &str) {
    let Some(of) = find(world, repo, id) else {
        return;
    };
    let sender = of.triggering_actor;
    let registered = world
        .repos
        .get(&repo)
        .and_then(|r| r.actions.workflows.get(&of.path));
    let fields = json!({
        "workflow_run": run(world, repo, of),
        "workflow": registered.map(|w| workflow(world, repo, w)),
    });
    world.emit(repo, "workflow_run", Some(action), fields, sender);
}

/// `workflow_job`, and `check_run` for the same thing where it has one.
pub(super) fn emit_job(world: &mut World, repo: u64, id: u64, job_id: u64, action: &str) {
    let Some(of) = find(world, repo, id) else {
        return;
    };
    let Some(found) = of.jobs.iter().find(|j| j.id == job_id) else {
        return;
    };
    let sender = of.triggering_actor;
    let job = job(world, repo, of, found);
    let check = checks::json::of_job(world, repo, of, found);
    world.emit(
        repo,
        "workflow_job",
        Some(action),
        json!({ "workflow_job": job }),
        sender,
    );
    let check_action = match action {
        "queued" => "created",
        "completed" => "completed",
        _ => return,
    };
    world.emit(
        repo,
        "check_run",
        Some(check_action),
        json!({ "check_run": check }),
        sender,
    );
}

/// `check_suite` `completed` for a run's suite.
pub(super) fn emit_suite_completed(world: &mut World, repo: u64, id: u64) {
    let Some(of) = find(world, repo, id) else {
        return;
    };
    let sender = of.triggering_actor;
    let suite = checks::json::suite_of_run(world, repo, of);
    world.emit(
        repo,
        "check_suite",
        Some("completed"),
        json!({ "check_suite": suite }),
        sender,
    );
}
