//! What the required runs of a head show when they are through.

use super::{Context, convert};
use crate::domain::added_tests::is_seen;
use crate::domain::ids::Sha;
use crate::domain::objects::{Build, Jobs, RanJob};
use crate::domain::outside::Outside;
use crate::github::Error;
use crate::github::ops;

/// What is asked of them.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The head.
    pub sha: &'a Sha,
    /// The runs.
    pub runs: &'a [u64],
    /// The tests that are looked for in the logs.
    pub tests: &'a [Outside],
    /// Whether what they uploaded is asked for.
    pub builds: bool,
}

/// For each run 1 call for its jobs, and 1 for what it uploaded; and where tests
/// are looked for, 1 for each of at most two logs, until all of them were found.
pub async fn read(context: &Context, asked: &Asked<'_>) -> Result<Jobs, Error> {
    let mut read = Jobs {
        sha: asked.sha.clone(),
        ..Jobs::default()
    };
    for run in asked.runs {
        let id = convert::id(*run)?;
        let told = context.repo.jobs(id).await?;
        read.jobs
            .extend(told.into_iter().map(|job| job_of(*run, job)));
        if asked.builds {
            let told = context.repo.artifacts(id).await?.into_iter();
            let kept = told.filter(|it| !it.expired);
            read.builds.extend(kept.map(|it| Build {
                id: convert::count(it.id),
                run: *run,
                name: it.name.into(),
            }));
        }
    }
    for job in read.to_read() {
        if read.shown.len() >= asked.tests.len() {
            break;
        }
        let log = match context.repo.job_log(convert::id(job)?).await {
            Ok(log) => log.unwrap_or_default(),
            Err(limited @ Error::RateLimited { .. }) => return Err(limited),
            // It stands with another host, which may not answer: nothing waits
            // for what it would show.
            Err(_) => continue,
        };
        read.logs += 1;
        for test in asked.tests {
            let known = read.shown.iter().any(|(shown, _)| shown == test);
            if !known && is_seen(&log, test) {
                read.shown.push((test.clone(), job));
            }
        }
    }
    Ok(read)
}

fn job_of(run: u64, job: ops::Job) -> RanJob {
    RanJob {
        id: convert::count(job.id),
        run,
        name: job.name.into(),
        labels: job.labels,
        passed: job.conclusion.as_deref() == Some("success"),
        url: job.html_url.unwrap_or_default(),
    }
}
