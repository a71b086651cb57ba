//! Workflow runs.

use std::collections::BTreeMap;

use super::{Context, Found, convert, found, refs, refused, said_no, tag};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{Chained, Run, Runs};
use crate::domain::outside::Outside;
use crate::github::Error;
use crate::github::ops::{self, RunFilter};
use crate::github::time_text;

/// The runs of a commit at their newest attempts: 1 call for each 100, and 1
/// for each failed one, to name the job. The same again for chained runs, where
/// they are asked for: these are listed by time, for they are on another commit.
pub async fn read(context: &Context, sha: &Sha, chained: Option<&Chained>) -> Result<Runs, Error> {
    let filter = RunFilter {
        head_sha: Some(sha.as_str()),
        ..RunFilter::default()
    };
    let mut runs = Vec::new();
    for told in context.repo.runs(&filter).await? {
        // A filter that a server ignores must not bring in other commits' runs.
        if !told.head_sha.eq_ignore_ascii_case(sha.as_str()) {
            continue;
        }
        runs.push(with_job(context, told).await?);
    }
    Ok(Runs {
        sha: sha.clone(),
        runs,
        chained: match chained {
            Some(wanted) => followers(context, wanted).await?,
            None => Vec::new(),
        },
    })
}

/// The runs of these files that follow other workflows.
async fn followers(context: &Context, wanted: &Chained) -> Result<Vec<Run>, Error> {
    let since = format!(">={}", time_text(wanted.since));
    let filter = RunFilter {
        event: Some("workflow_run"),
        created: Some(&since),
        ..RunFilter::default()
    };
    let mut runs = Vec::new();
    for told in context.repo.runs(&filter).await? {
        let is_wanted = wanted.files.iter().any(|file| *file == file_of(&told));
        let late = told.created_at.unwrap_or_default() >= wanted.since;
        if told.event == "workflow_run" && is_wanted && late {
            runs.push(with_job(context, told).await?);
        }
    }
    Ok(runs)
}

/// The name of its file, without folders.
pub(super) fn file_of(run: &ops::Run) -> String {
    let path = run.path.split('@').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The run, and where it failed: 1 call for a failed one.
async fn with_job(context: &Context, told: ops::Run) -> Result<Run, Error> {
    let id = told.id;
    let mut run = run_of(told);
    if run.failed() {
        run.failed_job = failed_job(&context.repo.jobs(id).await?);
    }
    Ok(run)
}

fn run_of(run: ops::Run) -> Run {
    let started_at = run.run_started_at.or(run.created_at).unwrap_or_default();
    Run {
        id: convert::count(run.id),
        attempt: convert::count(run.run_attempt).max(1),
        path: run.path,
        name: run.name,
        event: run.event,
        ref_name: run.head_branch.unwrap_or_default(),
        sha: Sha::new(run.head_sha),
        status: run.status,
        conclusion: run.conclusion,
        url: run.html_url,
        created_at: run.created_at.unwrap_or(started_at),
        started_at,
        ended_at: None,
        updated_at: run.updated_at.unwrap_or(started_at),
        failed_job: None,
    }
}

/// The first job that failed, else the first that did not succeed: name, page.
fn failed_job(jobs: &[ops::Job]) -> Option<(Outside, String)> {
    let concluded = |job: &&ops::Job, words: &[&str]| {
        job.conclusion
            .as_deref()
            .is_some_and(|c| words.contains(&c))
    };
    jobs.iter()
        .find(|job| concluded(job, &["failure", "timed_out", "startup_failure"]))
        .or_else(|| {
            jobs.iter()
                .find(|job| concluded(job, &["cancelled", "action_required", "stale"]))
        })
        .map(|job| {
            let page = job.html_url.clone().unwrap_or_default();
            (job.name.as_str().into(), page)
        })
}

/// Starts a workflow on a branch: 1 call for the head, 1 for the dispatch. On
/// another head than the wanted one it would test something else.
pub async fn dispatch(
    context: &Context,
    file: &str,
    branch: &str,
    head: &Sha,
    trial: Option<&BTreeMap<String, String>>,
    after: Option<u64>,
) -> Result<Outcome, Error> {
    let now = refs::head(context, branch).await?;
    if now.as_ref() != Some(head) {
        return Ok(refused(format!(
            "{branch} is not at {} any more",
            head.short()
        )));
    }
    let inputs = match trial {
        Some(inputs) if !inputs.is_empty() => serde_json::json!(inputs),
        _ => serde_json::Value::Null,
    };
    context
        .repo
        .dispatch_workflow(file, branch, &inputs)
        .await?;
    Ok(dispatched(file, head, trial.is_some(), after))
}

fn dispatched(file: &str, head: &Sha, is_trial: bool, after: Option<u64>) -> Outcome {
    Outcome::Dispatched {
        file: file.to_owned(),
        head: head.clone(),
        trial: is_trial.then(|| after.unwrap_or_default()),
    }
}

/// Whether there is a newer dispatched run of the file on the head than
/// `after`: 1 call.
pub async fn look_dispatched(
    context: &Context,
    file: &str,
    head: &Sha,
    is_trial: bool,
    after: Option<u64>,
) -> Result<Found, Error> {
    let run = newer(context, file, head, None, after).await?;
    Ok(match run {
        Some(_) => Found::Done(dispatched(file, head, is_trial, after)),
        None => Found::Not,
    })
}

/// The dispatched run of the file on the commit, and on the ref of this name,
/// that is newer than `after`.
async fn newer(
    context: &Context,
    file: &str,
    head: &Sha,
    at: Option<&str>,
    after: Option<u64>,
) -> Result<Option<ops::Run>, Error> {
    let filter = RunFilter {
        event: Some("workflow_dispatch"),
        head_sha: Some(head.as_str()),
        ..RunFilter::default()
    };
    let runs = context.repo.runs(&filter).await?;
    let is_newer = |run: &ops::Run| {
        run.event == "workflow_dispatch"
            && run.head_sha.eq_ignore_ascii_case(head.as_str())
            && file_of(run) == file
            && at.is_none_or(|at| run.head_branch.as_deref() == Some(at))
            && after.is_none_or(|after| convert::count(run.id) > after)
    };
    Ok(runs.into_iter().find(is_newer))
}

/// Starts a workflow of the release on a branch or tag: 3 calls for what
/// the name leads to, and 1 for the dispatch. On another commit than the decided one it
/// would release something else.
pub async fn launch(
    context: &Context,
    file: &str,
    at: &str,
    commit: &Sha,
    inputs: &BTreeMap<String, String>,
    after: Option<u64>,
) -> Result<Outcome, Error> {
    let all = [
        refs::head(context, at).await?,
        tag::commit(context, at).await?,
    ];
    // Of a branch and a tag of one name nobody knows which GitHub takes.
    if all.iter().flatten().any(|it| it != commit) || all.iter().all(Option::is_none) {
        return Ok(refused(format!(
            "{at} is not at {}: start {file} by hand, where the release is",
            commit.short()
        )));
    }
    let inputs = serde_json::json!(inputs);
    let run = context.repo.dispatch_workflow(file, at, &inputs).await?;
    Ok(launched(file, at, after, run))
}

fn launched(file: &str, at: &str, after: Option<u64>, run: Option<i64>) -> Outcome {
    Outcome::Launched {
        file: file.to_owned(),
        at: at.to_owned(),
        after,
        run: run.map(convert::count),
    }
}

/// Whether it was started since: 1 call.
pub async fn look_launched(
    context: &Context,
    file: &str,
    at: &str,
    commit: &Sha,
    after: Option<u64>,
) -> Result<Found, Error> {
    let run = newer(context, file, commit, Some(at), after).await?;
    Ok(match run {
        Some(run) => Found::Done(launched(file, at, after, Some(run.id))),
        None => Found::Not,
    })
}

/// Runs the failed jobs again, or all of them: 1 call, and 1 more where GitHub
/// says that the run is going already.
pub async fn rerun(
    context: &Context,
    run: u64,
    attempt: u64,
    whole: bool,
) -> Result<Outcome, Error> {
    match context.repo.rerun(convert::id(run)?, whole).await {
        Ok(()) => Ok(Outcome::Done),
        Err(Error::Conflict(message)) => {
            let look = look_rerun(context, run, attempt).await?;
            Ok(found(look, || said_no(message)))
        }
        // These come as 403, and no right would help.
        Err(Error::Forbidden { message, .. }) if is_final(&message) => Ok(said_no(message)),
        Err(error) => Err(error),
    }
}

/// Whether GitHub says that there is nothing to run again, or not any more.
fn is_final(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.contains("no failed jobs") || message.contains("over a month ago")
}

/// Whether the run has reached that attempt: 1 call.
pub async fn look_rerun(context: &Context, run: u64, attempt: u64) -> Result<Found, Error> {
    Ok(match context.repo.run(convert::id(run)?).await? {
        Some(now) if convert::count(now.run_attempt) >= attempt => Found::Done(Outcome::Done),
        Some(_) => Found::Not,
        None => Found::Other("the run is gone".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_job_that_failed_goes_before_those_it_took_along() {
        let job = |name: &str, conclusion: Option<&str>| ops::Job {
            name: name.into(),
            conclusion: conclusion.map(str::to_owned),
            ..ops::Job::default()
        };
        let jobs = [
            job("fmt", Some("success")),
            job("linux", Some("cancelled")),
            job("macos", Some("failure")),
            job("later", None),
        ];
        let name = |jobs: &[ops::Job]| failed_job(jobs).map(|(name, _)| name);
        assert_eq!(name(&jobs), Some("macos".into()));
        assert_eq!(name(&jobs[..2]), Some("linux".into()));
        assert_eq!(name(&jobs[..1]), None);
    }
}
