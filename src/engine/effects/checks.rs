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
    match read.await {
        Ok((runs, statuses)) => Ok(passed(runs, statuses)),
        Err(Error::Forbidden { .. } | Error::NotFound) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// The names of those that passed and are not GitHub Actions', each once.
fn passed(runs: Vec<CheckRun>, statuses: Vec<Status>) -> Vec<String> {
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
    names
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(name: &str, app: &str, status: &str, conclusion: &str) -> CheckRun {
        let run = json!({
            "id": 1, "name": name, "head_sha": "a", "status": status,
            "conclusion": (!conclusion.is_empty()).then_some(conclusion),
            "app": (!app.is_empty()).then(|| json!({ "id": 7, "slug": app })),
        });
        serde_json::from_value(run).unwrap()
    }

    fn status(context: &str, state: &str) -> Status {
        let status = json!({ "context": context, "state": state });
        serde_json::from_value(status).unwrap()
    }

    /// Only what passed is told, and only of systems that no workflow file stands for.
    #[test]
    fn what_others_said_of_a_commit() {
        for (app, told) in [
            ("cirrus-ci", true),
            ("github-actions", false),
            ("GitHub-Actions", false),
            // Whose it is nobody knows.
            ("", false),
        ] {
            let of = |status: &str, conclusion: &str| {
                passed(vec![run("linux", app, status, conclusion)], Vec::new())
            };
            let expected: &[&str] = if told { &["linux"] } else { &[] };
            assert_eq!(of("completed", "success"), expected, "{app}");
            for (status, conclusion) in [
                ("completed", "failure"),
                ("completed", "skipped"),
                ("completed", "neutral"),
                ("completed", "cancelled"),
                ("in_progress", ""),
            ] {
                assert!(of(status, conclusion).is_empty(), "{app} {conclusion}");
            }
        }
        for (state, told) in [
            ("success", true),
            ("pending", false),
            ("failure", false),
            ("error", false),
        ] {
            let found = passed(Vec::new(), vec![status("ci/build", state)]);
            assert_eq!(!found.is_empty(), told, "{state}");
        }
        // Each once, in order, and no more than are shown.
        let many = (0..30).map(|n| status(&format!("s{n:02}"), "success"));
        let both = many.chain([status("s00", "success")]).collect();
        let runs = vec![run("a", "buildkite", "completed", "success")];
        let found = passed(runs, both);
        assert_eq!(found.len(), OTHERS);
        assert_eq!(found.first().map(String::as_str), Some("a"));
        assert_eq!(found.last().map(String::as_str), Some("s18"));
    }
}
