//! REST: workflows and runs.

use serde_json::{Map, Value, json};

use super::jobs::{self, run_of};
use crate::sim::actions::dispatch::dispatch as start_by_hand;
use crate::sim::actions::{control, files};
use crate::sim::clock::iso;
use crate::sim::json::{self as common, run as objects};
use crate::sim::model::run::{Registered, Run, Settings};
use crate::sim::router::{Access, Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::World;

/// The routes of this room.
pub fn routes() -> Vec<Route> {
    const READ: &str = "actions=read";
    const WRITE: &str = "actions=write";
    macro_rules! at {
        ($path:literal) => {
            concat!("/repos/{owner}/{repo}/actions/", $path)
        };
    }
    vec![
        route(
            "GET",
            at!("workflows"),
            "actions/list-repo-workflows",
            READ,
            list_workflows,
        ),
        route(
            "GET",
            at!("workflows/{workflow_id}"),
            "actions/get-workflow",
            READ,
            get_workflow,
        ),
        route(
            "POST",
            at!("workflows/{workflow_id}/dispatches"),
            "actions/create-workflow-dispatch",
            WRITE,
            dispatch,
        ),
        route(
            "GET",
            at!("workflows/{workflow_id}/runs"),
            "actions/list-workflow-runs",
            READ,
            list_runs_of_workflow,
        ),
        route(
            "GET",
            at!("runs"),
            "actions/list-workflow-runs-for-repo",
            READ,
            list_runs,
        ),
        route(
            "GET",
            at!("runs/{run_id}"),
            "actions/get-workflow-run",
            READ,
            get_run,
        ),
        route(
            "GET",
            at!("runs/{run_id}/attempts/{attempt_number}"),
            "actions/get-workflow-run-attempt",
            READ,
            get_attempt,
        ),
        route(
            "GET",
            at!("runs/{run_id}/jobs"),
            "actions/list-jobs-for-workflow-run",
            READ,
            jobs::list,
        ),
        route(
            "GET",
            at!("runs/{run_id}/attempts/{attempt_number}/jobs"),
            "actions/list-jobs-for-workflow-run-attempt",
            READ,
            jobs::list_of_attempt,
        ),
        route(
            "GET",
            at!("jobs/{job_id}/logs"),
            "actions/download-job-logs-for-workflow-run",
            READ,
            jobs::logs,
        ),
        Route {
            access: Access::Open,
            ..route(
                "GET",
                "/job-logs/{repo_id}/{job_id}",
                "actions/job-log-file",
                "",
                jobs::log_file,
            )
        },
        route(
            "GET",
            at!("jobs/{job_id}"),
            "actions/get-job-for-workflow-run",
            READ,
            jobs::get,
        ),
        route(
            "GET",
            at!("runs/{run_id}/artifacts"),
            "actions/list-workflow-run-artifacts",
            READ,
            list_artifacts,
        ),
        route(
            "POST",
            at!("runs/{run_id}/rerun"),
            "actions/re-run-workflow",
            WRITE,
            rerun,
        ),
        route(
            "POST",
            at!("runs/{run_id}/rerun-failed-jobs"),
            "actions/re-run-workflow-failed-jobs",
            WRITE,
            rerun_failed,
        ),
        route(
            "POST",
            at!("runs/{run_id}/cancel"),
            "actions/cancel-workflow-run",
            WRITE,
            cancel,
        ),
        route(
            "GET",
            at!("runs/{run_id}/pending_deployments"),
            "actions/get-pending-deployments-for-run",
            READ,
            pending_deployments,
        ),
    ]
}

fn list_workflows(world: &mut World, call: &Call) -> Reply {
    files::register_default(world, call.repo);
    let all = &call.repo(world)?.actions.workflows;
    let items = all
        .values()
        .map(|w| objects::workflow(world, call.repo, w))
        .collect();
    Ok(call.paged_in("workflows", items))
}

/// The workflow of a path parameter: an id, or the file's name.
fn workflow_of(world: &mut World, call: &Call) -> Result<Registered, Refusal> {
    files::register_default(world, call.repo);
    let named = call.param("workflow_id");
    let all = &call.repo(world)?.actions.workflows;
    let fits = |w: &&Registered| match named.parse::<u64>() {
        Ok(id) => w.id == id,
        Err(_) => w.path.rsplit('/').next() == Some(named),
    };
    all.values()
        .find(fits)
        .cloned()
        .ok_or_else(Refusal::not_found)
}

fn get_workflow(world: &mut World, call: &Call) -> Reply {
    let workflow = workflow_of(world, call)?;
    Ok(Answer::ok(objects::workflow(world, call.repo, &workflow)))
}

fn dispatch(world: &mut World, call: &Call) -> Reply {
    let workflow = workflow_of(world, call)?;
    let ref_name = call.required("ref")?;
    if !workflow.active {
        return Err(Refusal::unprocessable(
            "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
        ));
    }
    let empty = Map::new();
    let inputs = match call.body.get("inputs") {
        None | Some(Value::Null) => &empty,
        Some(Value::Object(inputs)) => inputs,
        Some(_) => return Err(Refusal::invalid_request("\"inputs\" is not an object.")),
    };
    let run = start_by_hand(
        world,
        call.repo,
        &workflow.path,
        ref_name,
        inputs,
        &call.who(),
    )?;
    if !call.flag("return_run_details").unwrap_or(false) {
        return Ok(Answer::no_content());
    }
    let common::Urls { api, html } = common::urls(world, call.repo);
    Ok(Answer::ok(json!({
        "workflow_run_id": run,
        "run_url": format!("{api}/actions/runs/{run}"),
        "html_url": format!("{html}/actions/runs/{run}"),
    })))
}

fn list_runs(world: &mut World, call: &Call) -> Reply {
    runs(world, call, |_| true)
}

fn list_runs_of_workflow(world: &mut World, call: &Call) -> Reply {
    let workflow = workflow_of(world, call)?;
    runs(world, call, |run| run.workflow_id == workflow.id)
}

/// Runs, newest first, by the filters of the query.
fn runs(world: &World, call: &Call, also: impl Fn(&Run) -> bool) -> Reply {
    let is = |name: &str, value: &str| call.query(name).is_none_or(|q| q == value);
    let status = |run: &Run| {
        call.query("status")
            .is_none_or(|q| q == run.status || run.conclusion.as_deref() == Some(q))
    };
    let actor = |run: &Run| {
        let login = world.users.get(&run.actor).map_or("", |u| u.login.as_str());
        call.query("actor")
            .is_none_or(|q| q.eq_ignore_ascii_case(login))
    };
    let fits = |run: &&Run| {
        is("event", &run.event)
            && is("branch", &run.head_branch)
            && is("head_sha", &run.head_sha)
            && is("check_suite_id", &run.check_suite.to_string())
            && status(run)
            && actor(run)
            && call
                .query("created")
                .is_none_or(|q| created_fits(q, &iso(run.created_at)))
            && also(run)
    };
    let found = call.repo(world)?.actions.runs.values().rev().filter(fits);
    let items = found
        .map(|run| objects::run(world, call.repo, run))
        .collect();
    Ok(call.paged_in("workflow_runs", items))
}

/// GitHub's search syntax for dates: `>=X`, `>X`, `<=X`, `<X`, `X..Y`, `X`; a
/// bound may be a day alone. `at` is in ISO 8601, so texts compare as times do.
fn created_fits(query: &str, at: &str) -> bool {
    let cut = |bound: &str| at.get(..bound.len()).unwrap_or(at).to_owned();
    let bound = |text: &str| text.trim().trim_end_matches("+00:00").to_owned();
    if let Some((from, to)) = query.split_once("..") {
        let (from, to) = (bound(from), bound(to));
        return (from == "*" || cut(&from) >= from) && (to == "*" || cut(&to) <= to);
    }
    for (sign, test) in [
        (">=", (|a, b| a >= b) as fn(&str, &str) -> bool),
        ("<=", |a, b| a <= b),
        (">", |a, b| a > b),
        ("<", |a, b| a < b),
    ] {
        if let Some(rest) = query.strip_prefix(sign) {
            let rest = bound(rest);
            return test(&cut(&rest), &rest);
        }
    }
    let query = bound(query);
    cut(&query) == query
}

fn get_run(world: &mut World, call: &Call) -> Reply {
    let run = run_of(world, call)?;
    Ok(Answer::ok(objects::run(world, call.repo, run)))
}

fn get_attempt(world: &mut World, call: &Call) -> Reply {
    let run = run_of(world, call)?;
    let number = call.number("attempt_number")?;
    if number == u64::from(run.attempt) {
        return Ok(Answer::ok(objects::run(world, call.repo, run)));
    }
    let past = run.past.iter().find(|p| u64::from(p.attempt) == number);
    let past = past.ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(objects::past_run(world, call.repo, run, past)))
}

fn list_artifacts(world: &mut World, call: &Call) -> Reply {
    let run = run_of(world, call)?;
    let settings = &call.repo(world)?.actions.settings;
    let names = match run.status {
        "completed" => Settings::of_file(&settings.artifacts, &run.path),
        _ => &[],
    };
    let common::Urls { api, .. } = common::urls(world, call.repo);
    let one = |(at, name): (usize, &String)| {
        let id = run.id * 100 + at as u64;
        let url = format!("{api}/actions/artifacts/{id}");
        json!({
            "id": id,
            "node_id": common::node_id("AR", id),
            "name": name,
            "size_in_bytes": 4_096,
            "url": url,
            "archive_download_url": format!("{url}/zip"),
            "expired": false,
            "created_at": iso(run.updated_at),
            "updated_at": iso(run.updated_at),
            "expires_at": iso(run.updated_at + 90 * 24 * 3_600_000),
        })
    };
    let items = names.iter().enumerate().map(one).collect();
    Ok(call.paged_in("artifacts", items))
}

fn rerun(world: &mut World, call: &Call) -> Reply {
    control::rerun(world, call.repo, call.number("run_id")?, false, &call.who())?;
    Ok(Answer::created(json!({})))
}

fn rerun_failed(world: &mut World, call: &Call) -> Reply {
    control::rerun(world, call.repo, call.number("run_id")?, true, &call.who())?;
    Ok(Answer::created(json!({})))
}

fn cancel(world: &mut World, call: &Call) -> Reply {
    control::cancel(world, call.repo, call.number("run_id")?)?;
    Ok(Answer::json(202, json!({})))
}

fn pending_deployments(world: &mut World, call: &Call) -> Reply {
    let run = run_of(world, call)?;
    let settings = &call.repo(world)?.actions.settings;
    let common::Urls { api, html } = common::urls(world, call.repo);
    let mut names: Vec<&String> = Vec::new();
    for name in run
        .jobs
        .iter()
        .filter(|j| j.status == "waiting")
        .filter_map(|j| j.environment.as_ref())
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let pending = names.iter().enumerate().map(|(index, name)| {
        let reviewers = settings.protected.get(*name).into_iter().flatten();
        json!({
            "environment": {
                "id": index + 1,
                "node_id": common::node_id("EN", index as u64 + 1),
                "name": name,
                "url": format!("{api}/environments/{name}"),
                "html_url": format!("{html}/deployments/activity_log?environments_filter={name}"),
            },
            "wait_timer": 0,
            "wait_timer_started_at": null,
            "current_user_can_approve": false,
            "reviewers": reviewers.map(|user| json!({
                "type": "User",
                "reviewer": common::user(world, *user),
            })).collect::<Vec<_>>(),
        })
    });
    Ok(Answer::ok(Value::Array(pending.collect())))
}

#[cfg(test)]
mod tests {
    use super::created_fits;

    #[test]
    fn runs_are_filtered_by_date() {
        let at = "2026-01-31T09:00:00Z";
        for (query, expected) in [
            (">=2026-01-31T09:00:00Z", true),
            (">2026-01-31T09:00:00Z", false),
            (">=2026-01-31", true),
            ("<2026-01-31", false),
            ("2026-01-30..2026-02-01", true),
            ("2026-02-01..*", false),
            ("2026-01-31", true),
        ] {
            assert_eq!(created_fits(query, at), expected, "{query}");
        }
    }
}
