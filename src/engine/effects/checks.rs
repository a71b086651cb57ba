//! Check runs and commit statuses of the head.

use super::Context;
use crate::domain::ids::Sha;
use crate::domain::objects::{Check, CheckState, Checks};
use crate::github::Error;
use crate::github::ops::{CheckRun, Status};

/// What the checks of these names say of a commit: 1 call for each 100 check
/// runs and for each 100 statuses.
pub async fn read(context: &Context, sha: &Sha, names: &[String]) -> Result<Checks, Error> {
    let runs = context.repo.check_runs(sha.as_str()).await?;
    let statuses = context.repo.combined_status(sha.as_str()).await?.statuses;
    let all = runs.into_iter().map(of_run);
    let all = all.chain(statuses.into_iter().map(of_status));
    let asked = |check: &Check| names.iter().any(|n| n.eq_ignore_ascii_case(&check.name));
    Ok(Checks {
        sha: sha.clone(),
        checks: all.filter(asked).collect(),
    })
}

/// What passed on a commit of other Apps than GitHub Actions, and of whoever sets
/// statuses, by name: 1 call for each 100 of each; none where GitHub does not let
/// the bot look.
pub async fn of_others(context: &Context, sha: &Sha) -> Result<Vec<String>, Error> {
    let read = async {
        let runs = context.repo.check_runs(sha.as_str()).await?;
        let statuses = context.repo.combined_status(sha.as_str()).await?.statuses;
        Ok((runs, statuses))
    };
    let (runs, statuses) = match read.await {
        Ok(read) => read,
        Err(Error::Forbidden { .. } | Error::NotFound) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let runs = runs.into_iter().filter(|run| {
        let app = run.app.as_ref();
        app.is_some_and(|app| !app.slug.eq_ignore_ascii_case(ACTIONS))
    });
    let all = runs.map(of_run).chain(statuses.into_iter().map(of_status));
    let passed = all.filter(|check| check.state == CheckState::Passed);
    let mut names: Vec<String> = passed.map(|check| check.name).collect();
    names.sort();
    names.dedup();
    names.truncate(OTHERS);
    Ok(names)
}

/// The App of GitHub Actions, by its slug.
const ACTIONS: &str = "github-actions";

/// So many are told.
const OTHERS: usize = 20;

fn of_run(run: CheckRun) -> Check {
    let state = match (run.status.as_str(), run.conclusion.as_deref()) {
        ("completed", Some("success")) => CheckState::Passed,
        ("completed", Some("skipped" | "neutral")) => CheckState::Idle,
        ("completed", _) => CheckState::Failed,
        _ => CheckState::Pending,
    };
    Check {
        name: run.name,
        state,
        url: run.html_url.unwrap_or_default(),
        app: run.app.and_then(|app| u64::try_from(app.id).ok()),
    }
}

fn of_status(status: Status) -> Check {
    let state = match status.state.as_str() {
        "success" => CheckState::Passed,
        "pending" => CheckState::Pending,
        _ => CheckState::Failed,
    };
    Check {
        name: status.context,
        state,
        url: status.target_url.unwrap_or_default(),
        app: None,
    }
}
