//! What runs that failed, or that wait for somebody, show beside their end.

use super::{Context, convert};
use crate::domain::event::Outcome;
use crate::domain::log;
use crate::domain::objects::{FailedJob, Halt, Halted, Observation, Waiting};
use crate::github::Error;
use crate::github::ops;

/// So many jobs of a run are told, and so many logs read.
const JOBS: usize = 3;

/// For each run that failed 1 call for its jobs and 1 for the log of each of at
/// most three that failed; for each that waits 1 call for what it waits for.
pub async fn read(context: &Context, runs: &[Halt]) -> Result<Outcome, Error> {
    let mut all = Vec::new();
    for halt in runs {
        let mut halted = Halted {
            of: halt.clone(),
            ..Halted::default()
        };
        match halt.waits {
            true => halted.environments = waiting(context, halt.run).await?,
            false => halted.jobs = failed(context, halt.run).await?,
        }
        all.push(halted);
    }
    Ok(Outcome::seen(Observation::Halted(all)))
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
