//! How a run goes on: queued, in_progress, completed, level by level of
//! `needs`.

use std::sync::Arc;

use super::condition::{Context, holds};
use super::infer;
use super::model::{Run, RunJob};
use super::workflow::{JobDef, Workflow};
use super::{ActionsJob, effects, json, start};
use crate::sim::clock::Millis;
use crate::sim::world::{Job, World};

/// Between two effects of a job, if the job is long enough.
const EFFECT_GAP_MS: Millis = 10_000;

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

fn levels(flow: &Workflow) -> usize {
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
            steps: def.steps.iter().map(|s| s.name.clone()).collect(),
            environment: def.environment.clone(),
            effects: Vec::new(),
            will: "success".to_owned(),
        });
        json::emit_job(
            world,
            repo,
            run,
            id,
            if runs { "queued" } else { "completed" },
        );
    }
}

/// The jobs of the level before end, those of `level` begin; after the last the
/// run ends.
pub(super) fn advance(world: &mut World, repo: u64, run: u64, attempt: u32, level: usize) {
    let now = world.now();
    let Some(of) = run_of(world, repo, run) else {
        return;
    };
    if of.attempt != attempt || of.status == "completed" {
        return;
    }
    let Some(flow) = of.flow.clone() else {
        return;
    };
    of.updated_at = now;
    if level == 0 {
        of.status = "in_progress";
        json::emit_run(world, repo, run, "in_progress");
        start::on_workflow_run(world, repo, run, "in_progress");
    } else {
        finish_jobs(world, repo, run);
        if level < levels(&flow) {
            queue_level(world, repo, run, &flow, level);
        }
    }
    if level >= levels(&flow) {
        complete(world, repo, run);
    } else {
        begin_jobs(world, repo, run, &flow, level);
    }
}

fn finish_jobs(world: &mut World, repo: u64, run: u64) {
    let now = world.now();
    let mut ended = Vec::new();
    let Some(of) = run_of(world, repo, run) else {
        return;
    };
    for job in of.jobs.iter_mut().filter(|j| j.status == "in_progress") {
        job.status = "completed";
        job.conclusion = Some(job.will.clone());
        job.completed_at = Some(now);
        ended.push(job.id);
    }
    for job in ended {
        json::emit_job(world, repo, run, job, "completed");
    }
}

/// Starts queued jobs; those of protected environments wait.
pub(super) fn begin_jobs(
    world: &mut World,
    repo: u64,
    run: u64,
    flow: &Arc<Workflow>,
    level: usize,
) {
    let Some(found) = world.repos.get_mut(&repo) else {
        return;
    };
    let settings = &found.actions.settings;
    let Some(of) = found.actions.runs.get_mut(&run) else {
        return;
    };
    let mut waiting = Vec::new();
    let mut begun = Vec::new();
    let mut busy = false;
    for job in &mut of.jobs {
        let guarded = job
            .environment
            .as_ref()
            .is_some_and(|e| settings.protected.contains_key(e) && !of.approved.contains(e));
        match (job.status, guarded) {
            ("queued", true) => {
                job.status = "waiting";
                waiting.push(job.id);
            }
            ("queued" | "waiting", false) => begun.push(job.id),
            ("in_progress", _) => busy = true,
            _ => {}
        }
    }
    let waits = of
        .jobs
        .iter()
        .any(|j| j.status == "waiting" && !begun.contains(&j.id));
    of.status = if waits { "waiting" } else { "in_progress" };
    let attempt = of.attempt;
    let level_ms = settings.pace_of(&of.path).run_ms / levels(flow).max(1) as Millis;
    for job in waiting {
        json::emit_job(world, repo, run, job, "waiting");
    }
    for job in &begun {
        begin_job(world, repo, run, *job, flow, level_ms);
    }
    if !waits {
        let after = if begun.is_empty() && !busy {
            0
        } else {
            level_ms
        };
        let job = ActionsJob::Advance {
            repo,
            run,
            attempt,
            level: level + 1,
        };
        world.schedule(world.now() + after, Job::Actions(job));
    }
}

fn begin_job(world: &mut World, repo: u64, run: u64, job: u64, flow: &Workflow, level_ms: Millis) {
    let now = world.now();
    let Some(found) = world.repos.get_mut(&repo) else {
        return;
    };
    let settings = &found.actions.settings;
    let Some(of) = found.actions.runs.get(&run) else {
        return;
    };
    let Some(mut begun) = of.jobs.iter().find(|j| j.id == job).cloned() else {
        return;
    };
    begun.status = "in_progress";
    begun.started_at = now;
    if let Some(def) = flow
        .jobs
        .iter()
        .find(|d| d.name == begun.name && d.id == begun.key)
    {
        let context = context_of(of, def);
        let elsewhere = flow.jobs.iter().flat_map(|j| &j.steps).any(infer::uploads);
        // Steps that release are guarded by what others found out, which cannot
        // be known here: where the run is about no tag they are taken to stay out.
        let about_tag = effects::is_about_tag(of);
        let steps = def.steps.iter().filter(|s| {
            s.condition
                .as_deref()
                .is_none_or(|c| holds(c, &context).unwrap_or(about_tag))
        });
        begun.effects = steps
            .flat_map(|s| infer::effects(s, &context, elsewhere))
            .collect();
    }
    if let Some(failure) = settings.failure_of(of, &begun) {
        // Without a job's name the failure meets the first one only.
        let taken = of
            .jobs
            .iter()
            .any(|j| j.will == failure.conclusion && j.id != job);
        if failure.job.is_some() || !taken {
            begun.will = failure.conclusion.clone();
            begun.effects.truncate(failure.after_effects);
        }
    }
    let count = begun.effects.len() as Millis;
    let gap = EFFECT_GAP_MS.min(level_ms / (count + 1));
    let Some(of) = found.actions.runs.get_mut(&run) else {
        return;
    };
    if let Some(place) = of.jobs.iter_mut().find(|j| j.id == job) {
        *place = begun;
    }
    for index in 0..count {
        let due = now + level_ms - (count - index) * gap;
        let effect = ActionsJob::Effect {
            repo,
            run,
            job,
            index: index as usize,
        };
        world.schedule(due, Job::Actions(effect));
    }
    json::emit_job(world, repo, run, job, "in_progress");
}

/// A job ends otherwise than it was to: a step of it could not do its work.
pub(super) fn break_job(world: &mut World, repo: u64, run: u64, job: u64) {
    let of = run_of(world, repo, run);
    if let Some(job) = of.and_then(|r| r.jobs.iter_mut().find(|j| j.id == job)) {
        job.will = "failure".to_owned();
        job.effects.clear();
    }
}

pub(super) fn complete(world: &mut World, repo: u64, run: u64) {
    let now = world.now();
    let Some(of) = run_of(world, repo, run) else {
        return;
    };
    let ends = || of.jobs.iter().filter_map(|j| j.conclusion.as_deref());
    let has = |c: &str| ends().any(|end| end == c);
    let odd = ends().find(|c| !["success", "skipped"].contains(c));
    let conclusion = if has("failure") || has("timed_out") {
        "failure"
    } else {
        odd.unwrap_or(if has("success") { "success" } else { "skipped" })
    };
    let conclusion = if of.cancelled {
        "cancelled"
    } else {
        conclusion
    };
    let conclusion = conclusion.to_owned();
    of.status = "completed";
    of.conclusion = Some(conclusion);
    of.updated_at = now;
    json::emit_suite_completed(world, repo, run);
    json::emit_run(world, repo, run, "completed");
    start::on_workflow_run(world, repo, run, "completed");
}
