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
        idle: is_idle(&job),
        id: convert::count(job.id),
        run,
        name: job.name.into(),
        labels: job.labels,
        passed: job.conclusion.as_deref() == Some("success"),
        url: job.html_url.unwrap_or_default(),
    }
}

/// Whether it did nothing: it was left out (`conclusion: skipped`), or its steps
/// were, but for GitHub's own and for actions by which it looked what to do.
fn is_idle(job: &ops::Job) -> bool {
    let skipped = |conclusion: &Option<String>| conclusion.as_deref() == Some("skipped");
    if skipped(&job.conclusion) {
        return true;
    }
    let (left_out, ran): (Vec<_>, Vec<_>) =
        job.steps.iter().partition(|step| skipped(&step.conclusion));
    // Jobs tidy up only what they did, whatever ran.
    let left_out = left_out.iter().any(|step| !is_githubs(&step.name));
    left_out
        && ran
            .iter()
            .all(|step| is_githubs(&step.name) || is_aside(&step.name))
}

/// A step that GitHub adds to every job.
fn is_githubs(name: &str) -> bool {
    let begins = ["Post ", "Pre ", "Set up ", "Initialize ", "Stop "];
    name == "Complete job" || begins.iter().any(|it| name.starts_with(it))
}

/// What actions are called that only prepare a job, or look what has changed.
const ASIDE: &[&str] = &[
    "checkout",
    "setup",
    "install",
    "cache",
    "toolchain",
    "filter",
    "changed",
    "changes",
    "skip",
    "runner",
];

/// A step without a name that uses such an action: `Run owner/name@ref`.
fn is_aside(name: &str) -> bool {
    let used = name.strip_prefix("Run ").unwrap_or_default();
    let (path, at) = used.split_once('@').unwrap_or_default();
    let parts = path.split(|c: char| !c.is_ascii_alphanumeric());
    let mut parts = parts.map(str::to_ascii_lowercase);
    let known = parts.any(|part| ASIDE.contains(&part.as_str()));
    known && path.contains('/') && !at.is_empty() && !used.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_did_something_or_was_left_out() {
        let step = |(name, conclusion): &(&str, &str)| ops::JobStep {
            name: (*name).to_owned(),
            conclusion: Some((*conclusion).to_owned()),
            ..ops::JobStep::default()
        };
        let (begin, end) = (("Set up job", "success"), ("Complete job", "success"));
        let checkout = ("Run actions/checkout@v4", "success");
        let filter = ("Run dorny/paths-filter@v3", "success");
        for (conclusion, steps, idle) in [
            ("skipped", vec![], true),
            ("success", vec![], false),
            (
                "success",
                vec![begin, checkout, ("Run cargo test", "success"), end],
                false,
            ),
            (
                "success",
                vec![begin, checkout, filter, ("Run cargo test", "skipped"), end],
                true,
            ),
            (
                "success",
                vec![
                    begin,
                    filter,
                    ("Run cargo test", "success"),
                    ("Upload", "skipped"),
                    end,
                ],
                false,
            ),
            (
                "success",
                vec![begin, checkout, ("Post Run actions/checkout@v4", "skipped")],
                false,
            ),
            (
                "success",
                vec![
                    begin,
                    checkout,
                    ("Run a/cargo@v1", "success"),
                    ("Upload", "skipped"),
                ],
                false,
            ),
            (
                "success",
                vec![begin, ("Test", "success"), ("Report", "skipped"), end],
                false,
            ),
            (
                "success",
                vec![begin, ("Run mail a@b/c", "success"), ("Report", "skipped")],
                false,
            ),
            (
                "failure",
                vec![begin, ("Run cargo test", "failure"), ("Report", "skipped")],
                false,
            ),
        ] {
            let job = ops::Job {
                conclusion: Some(conclusion.to_owned()),
                steps: steps.iter().map(step).collect(),
                ..ops::Job::default()
            };
            assert_eq!(is_idle(&job), idle, "{conclusion} {steps:?}");
        }
    }
}
