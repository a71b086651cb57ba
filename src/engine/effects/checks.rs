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
