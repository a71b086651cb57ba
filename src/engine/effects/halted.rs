//! What runs that failed, or that wait for somebody, show beside their end.

use super::runs::file_of;
use super::{Context, convert};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::log;
use crate::domain::objects::{FailedJob, Halt, Halted, Observation, Waiting};
use crate::github::Error;
use crate::github::ops;

/// So many jobs of a run are told, and so many logs read.
const JOBS: usize = 3;

/// For each run that failed 1 call for its jobs and 1 for the log of each of at
/// most three that failed; for each that waits 1 call for what it waits for. 1 call
/// for how the workflows of what failed ended `without_fix`.
pub async fn read(
    context: &Context,
    runs: &[Halt],
    without_fix: Option<&Sha>,
) -> Result<Outcome, Error> {
    let failed_before = match without_fix {
        Some(commit) if runs.iter().any(|it| !it.waits) => failed_on(context, commit).await?,
        _ => Vec::new(),
    };
    let mut all = Vec::new();
    for halt in runs {
        let mut halted = Halted {
            of: halt.clone(),
            ..Halted::default()
        };
        match halt.waits {
            true => halted.environments = waiting(context, halt.run).await?,
            false => {
                halted.jobs = failed(context, halt.run).await?;
                let same = failed_before.iter().find(|(file, _)| *file == halt.file);
                halted.without_fix = same.map(|(_, page)| page.clone());
            }
        }
        all.push(halted);
    }
    Ok(Outcome::seen(Observation::Halted(all)))
}

/// The files whose newest run by one of their events failed on a commit, each with
/// that run's page. A run for the pull request tests another tree than one for the
/// push does.
async fn failed_on(context: &Context, commit: &Sha) -> Result<Vec<(String, String)>, Error> {
    let filter = ops::RunFilter {
        head_sha: Some(commit.as_str()),
        status: Some("completed"),
        ..ops::RunFilter::default()
    };
    let mut newest: Vec<(String, ops::Run)> = Vec::new();
    for run in context.repo.runs(&filter).await? {
        let file = file_of(&run);
        let is_same = |(of, it): &(String, ops::Run)| *of == file && it.event == run.event;
        if !newest.iter().any(is_same) {
            newest.push((file, run));
        }
    }
    let bad = newest
        .into_iter()
        .filter(|(_, run)| is_bad(&run.conclusion));
    Ok(bad.map(|(file, run)| (file, run.html_url)).collect())
}

async fn failed(context: &Context, run: u64) -> Result<Vec<FailedJob>, Error> {
    let told = context.repo.jobs(convert::id(run)?).await?;
    let mut jobs = Vec::new();
    for job in told.iter().filter(|job| is_bad(&job.conclusion)).take(JOBS) {
        let step = job.steps.iter().find(|step| is_bad(&step.conclusion));
        let log = match context.repo.job_log(job.id).await {
            // Of a log that is longer than what is read the end is not there.
            Ok(log) => log.filter(|log| log.len() < ops::LOG).unwrap_or_default(),
            Err(limited @ Error::RateLimited { .. }) => return Err(limited),
            // It stands with another host, which may not answer: what failed is
            // told all the same.
            Err(_) => String::new(),
        };
        jobs.push(FailedJob {
            name: job.name.as_str().into(),
            url: job.html_url.clone().unwrap_or_default(),
            step: step.map(|step| step.name.as_str().into()),
            log: log::tail(&log),
        });
    }
    Ok(jobs)
}

fn is_bad(conclusion: &Option<String>) -> bool {
    let bad = ["failure", "timed_out", "startup_failure"];
    conclusion.as_deref().is_some_and(|it| bad.contains(&it))
}

async fn waiting(context: &Context, run: u64) -> Result<Vec<Waiting>, Error> {
    let told = match context.repo.pending_deployments(convert::id(run)?).await {
        Ok(told) => told,
        // Who may approve is not for everybody to see.
        Err(Error::Forbidden { .. } | Error::NotFound) => Vec::new(),
        Err(error) => return Err(error),
    };
    let told = told.into_iter();
    Ok(told.map(environment).collect())
}

fn environment(told: ops::PendingDeployment) -> Waiting {
    let minutes = told.wait_timer.unwrap_or_default().max(0);
    let since = told.wait_timer_started_at.filter(|_| minutes > 0);
    let names = told.reviewers.into_iter();
    let names = names.filter_map(|it| it.reviewer.login.or(it.reviewer.name).or(it.reviewer.slug));
    Waiting {
        name: told.environment.name.unwrap_or_default().into(),
        reviewers: names.map(Into::into).collect(),
        until: since.map(|at| at.saturating_add(minutes.saturating_mul(60_000))),
    }
}
