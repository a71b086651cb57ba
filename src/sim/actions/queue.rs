//! The jobs of a run, level by level of `needs`: made and queued.

use std::sync::Arc;

use super::events;
use crate::sim::model::run::{ActionsJob, Run, RunJob};
use crate::sim::workflow_file::condition::{Context, holds};
use crate::sim::workflow_file::parts::{JobDef, Workflow};
use crate::sim::world::{Job, World};

/// How many levels of `needs` lie before a job.
pub(super) fn level_of(flow: &Workflow, job: &JobDef, depth: usize) -> usize {
    if depth > flow.jobs.len() {
        return 0;
    }
    let before = flow.jobs.iter().filter(|j| job.needs.contains(&j.id));
    before
        .map(|j| level_of(flow, j, depth + 1) + 1)
        .max()
        .unwrap_or(0)
}

/// How many levels of `needs` a workflow has.
pub(super) fn levels(flow: &Workflow) -> usize {
    flow.jobs
        .iter()
        .map(|j| level_of(flow, j, 0) + 1)
        .max()
        .unwrap_or(0)
}

pub(super) fn run_of(world: &mut World, repo: u64, run: u64) -> Option<&mut Run> {
    world.repos.get_mut(&repo)?.actions.runs.get_mut(&run)
}

/// What the conditions of a job see.
pub(super) fn context_of(run: &Run, job: &JobDef) -> Context {
    let mut context = Context {
        values: run.values.clone(),
        failed: false,
        cancelled: run.cancelled,
    };
    context.values.extend(job.matrix.clone());
    for need in &job.needs {
        let results = run.jobs.iter().filter(|j| j.key == *need);
        let results: Vec<&str> = results.filter_map(|j| j.conclusion.as_deref()).collect();
        let bad = results.iter().find(|r| **r != "success").copied();
        context.failed |= bad.is_some();
        let result = bad.unwrap_or("success").to_owned();
        context
            .values
            .insert(format!("needs.{need}.result"), result);
    }
    context
}

/// Makes the jobs of one level: queued, or skipped by their `if`, or taken over
/// from the attempt before.
pub(super) fn queue_level(world: &mut World, repo: u64, run: u64, flow: &Workflow, level: usize) {
    let now = world.now();
    for def in flow.jobs.iter().filter(|j| level_of(flow, j, 0) == level) {
        let id = world.next_id();
        let Some(of) = run_of(world, repo, run) else {
            return;
        };
        if let Some(kept) = of.kept.get(&def.name) {
            let job = RunJob {
                id,
                attempt: of.attempt,
                ..kept.clone()
            };
            of.jobs.push(job);
            continue;
        }
        let context = context_of(of, def);
        // Without a condition, success() is meant; an unknown one counts as true.
        let condition = def.condition.as_deref().unwrap_or("success()");
        let runs = holds(condition, &context).unwrap_or(true);
        of.jobs.push(RunJob {
            id,
            key: def.id.clone(),
            name: def.name.clone(),
            attempt: of.attempt,
            status: if runs { "queued" } else { "completed" },
            conclusion: (!runs).then(|| "skipped".to_owned()),
            created_at: now,
            started_at: now,
            completed_at: (!runs).then_some(now),
            labels: def.runs_on.clone(),
            steps: def
                .steps
                .iter()
                // What an action of the repository does is one step.
                .filter(|s| !s.name.is_empty())
                .map(|s| s.name.clone())
                .collect(),
            environment: def.environment.clone(),
            effects: Vec::new(),
            will: "success".to_owned(),
            against: None,
        });
        events::emit_job(
            world,
            repo,
            run,
            id,
            if runs { "queued" } else { "completed" },
        );
    }
}

/// Queues the first jobs of an attempt and schedules its beginning.
pub(super) fn queue(world: &mut World, repo: u64, run: u64) {
    let now = world.now();
    let Some(found) = world.repos.get(&repo) else {
        return;
    };
    let Some(of) = found.actions.runs.get(&run) else {
        return;
    };
    let attempt = of.attempt;
    let begins = now + found.actions.settings.pace_of(&of.path).queue_ms;
    let flow: Option<Arc<Workflow>> = of.flow.clone();
    if let Some(flow) = flow {
        queue_level(world, repo, run, &flow, 0);
    }
    let job = ActionsJob::Advance {
        repo,
        run,
        attempt,
        level: 0,
    };
    world.schedule(begins, Job::Actions(job));
}
