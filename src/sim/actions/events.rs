//! The events about runs and their jobs.

use serde_json::json;

use crate::sim::json::{check, run};
use crate::sim::model::run::Run;
use crate::sim::world::World;

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
        "workflow_run": run::run(world, repo, of),
        "workflow": registered.map(|w| run::workflow(world, repo, w)),
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
    let job = run::job(world, repo, of, found);
    let check = check::of_job(world, repo, of, found);
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
    let suite = check::suite_of_run(world, repo, of);
    world.emit(
        repo,
        "check_suite",
        Some("completed"),
        json!({ "check_suite": suite }),
        sender,
    );
}
