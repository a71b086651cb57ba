//! How a run goes on: queued, in_progress, completed, level by level of
//! `needs`.

use std::sync::Arc;

use super::queue::{context_of, levels, queue_level, run_of};
use super::{events, start};
use crate::sim::clock::Millis;
use crate::sim::model::run::ActionsJob;
use crate::sim::workflow_file::condition::holds;
use crate::sim::workflow_file::infer;
use crate::sim::workflow_file::parts::Workflow;
use crate::sim::world::{Job, World};

/// Between two effects of a job, if the job is long enough.
const EFFECT_GAP_MS: Millis = 10_000;

/// The jobs of the level before end, those of `level` begin; after the last the
/// run ends.
pub(in crate::sim) fn advance(world: &mut World, repo: u64, run: u64, attempt: u32, level: usize) {
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
        events::emit_run(world, repo, run, "in_progress");
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
        events::emit_job(world, repo, run, job, "completed");
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
        events::emit_job(world, repo, run, job, "waiting");
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
        let about_tag = of.tag().is_some();
        let steps = def.steps.iter().filter(|s| {
            s.condition
                .as_deref()
                .is_none_or(|c| holds(c, &context).unwrap_or(about_tag))
        });
        begun.effects = steps
            .flat_map(|s| infer::effects(s, &context, elsewhere))
            .collect();
        begun.against = infer::deprecated(&def.steps);
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
    let refuses = |name: &String| !settings.takes(name, &of.ref_name);
    if begun.environment.as_ref().is_some_and(refuses) {
        // Not allowed to deploy there: nothing of it runs.
        begun.will = "failure".to_owned();
        begun.effects.clear();
    }
    if begun.against.is_some() {
        begun.will = "failure".to_owned();
        begun.effects.clear();
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
    events::emit_job(world, repo, run, job, "in_progress");
}

/// A job ends otherwise than it was to: a step of it could not do its work.
pub(in crate::sim) fn break_job(world: &mut World, repo: u64, run: u64, job: u64) {
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
    events::emit_suite_completed(world, repo, run);
    events::emit_run(world, repo, run, "completed");
    start::on_workflow_run(world, repo, run, "completed");
}
