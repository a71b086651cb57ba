//! REST: jobs and their logs.

use crate::sim::json::run as objects;
use crate::sim::model::run::{Run, RunJob, Settings};
use crate::sim::router::{Answer, Call, Refusal, Reply};
use crate::sim::world::World;

fn jobs(world: &World, call: &Call, run: &Run, jobs: &[&RunJob]) -> Answer {
    let items = jobs
        .iter()
        .map(|j| objects::job(world, call.repo, run, j))
        .collect();
    call.paged_in("jobs", items)
}

pub(super) fn run_of<'w>(world: &'w World, call: &Call) -> Result<&'w Run, Refusal> {
    let id = call.number("run_id")?;
    call.repo(world)?
        .actions
        .runs
        .get(&id)
        .ok_or_else(Refusal::not_found)
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let run = run_of(world, call)?;
    let mut found: Vec<&RunJob> = Vec::new();
    if call.query("filter") == Some("all") {
        found.extend(run.past.iter().flat_map(|p| &p.jobs));
    }
    found.extend(&run.jobs);
    Ok(jobs(world, call, run, &found))
}

pub(super) fn list_of_attempt(world: &mut World, call: &Call) -> Reply {
    let run = run_of(world, call)?;
    let number = call.number("attempt_number")?;
    let past = run
        .past
        .iter()
        .find(|p| u64::from(p.attempt) == number)
        .map(|p| &p.jobs);
    let present = (number == u64::from(run.attempt)).then_some(&run.jobs);
    let found: Vec<&RunJob> = past
        .or(present)
        .ok_or_else(Refusal::not_found)?
        .iter()
        .collect();
    Ok(jobs(world, call, run, &found))
}

/// The job of a path, whatever its attempt, with its run.
fn job_of<'w>(world: &'w World, call: &Call) -> Result<(&'w Run, &'w RunJob), Refusal> {
    let id = call.number("job_id")?;
    let runs = call.repo(world)?.actions.runs.values();
    let mut all = runs.flat_map(|r| {
        r.past
            .iter()
            .flat_map(|p| &p.jobs)
            .chain(&r.jobs)
            .map(move |j| (r, j))
    });
    all.find(|(_, j)| j.id == id).ok_or_else(Refusal::not_found)
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    let (run, job) = job_of(world, call)?;
    Ok(Answer::ok(objects::job(world, call.repo, run, job)))
}

/// A link to the log, once the job has ended.
pub(super) fn logs(world: &mut World, call: &Call) -> Reply {
    let (_, job) = job_of(world, call)?;
    if job.completed_at.is_none() {
        return Err(Refusal::not_found());
    }
    Ok(Answer::found(format!(
        "{}/job-logs/{}/{}",
        world.api_url, call.repo, job.id
    )))
}

/// The log behind the link: what the steps are called, and what was inferred.
pub(super) fn log_file(world: &mut World, call: &Call) -> Reply {
    let call = Call {
        repo: call.number("repo_id")?,
        ..call.clone()
    };
    let (run, job) = job_of(world, &call)?;
    let mut lines = vec![format!("{} / {}", run.name, job.name)];
    lines.extend(job.steps.iter().map(|step| format!("##[group]{step}")));
    let done = call.repo(world)?.actions.inferred.iter();
    let own = done.filter(|i| i.run == run.id && i.attempt == job.attempt && i.job == job.name);
    lines.extend(own.map(|i| i.what.clone()));
    lines.extend(job.against.iter().map(|it| format!("##[error]{it}")));
    let settings = &call.repo(world)?.actions.settings;
    lines.extend_from_slice(Settings::of_file(&settings.logs, &run.path));
    lines.extend(
        job.conclusion
            .iter()
            .map(|end| format!("The job ended: {end}")),
    );
    Ok(Answer::bytes("text/plain", lines.join("\n").into_bytes()))
}
