//! REST: check runs and check suites, asked for.

use serde_json::{Value, json};

use super::super::common::commit_of;
use super::{statuses, write};
use crate::sim::json::{Urls, check as objects, urls};
use crate::sim::model::checks::CheckRun;
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::World;

/// The routes of this room.
pub fn routes() -> Vec<Route> {
    const READ: &str = "checks=read";
    const WRITE: &str = "checks=write";
    macro_rules! at {
        ($path:literal) => {
            concat!("/repos/{owner}/{repo}/", $path)
        };
    }
    vec![
        route(
            "POST",
            at!("check-runs"),
            "checks/create",
            WRITE,
            write::create,
        ),
        route(
            "GET",
            at!("check-runs/{check_run_id}"),
            "checks/get",
            READ,
            get,
        ),
        route(
            "PATCH",
            at!("check-runs/{check_run_id}"),
            "checks/update",
            WRITE,
            write::update,
        ),
        route(
            "GET",
            at!("check-runs/{check_run_id}/annotations"),
            "checks/list-annotations",
            READ,
            annotations,
        ),
        route(
            "GET",
            at!("commits/{ref*}/check-runs"),
            "checks/list-for-ref",
            READ,
            list_for_ref,
        ),
        route(
            "GET",
            at!("commits/{ref*}/check-suites"),
            "checks/list-suites-for-ref",
            READ,
            list_suites,
        ),
        route(
            "GET",
            at!("check-suites/{check_suite_id}"),
            "checks/get-suite",
            READ,
            get_suite,
        ),
        route(
            "GET",
            at!("check-suites/{check_suite_id}/check-runs"),
            "checks/list-for-suite",
            READ,
            list_for_suite,
        ),
        route(
            "POST",
            at!("statuses/{sha}"),
            "repos/create-commit-status",
            "statuses=write",
            statuses::create,
        ),
        route(
            "GET",
            at!("commits/{ref*}/statuses"),
            "repos/list-commit-statuses-for-ref",
            "statuses=read",
            statuses::list,
        ),
        route(
            "GET",
            at!("commits/{ref*}/status"),
            "repos/get-combined-status-for-ref",
            "statuses=read",
            statuses::combined,
        ),
    ]
}

/// A check run of an App or a workflow's job, as JSON.
fn find(world: &World, call: &Call, id: u64) -> Result<Value, Refusal> {
    let repo = call.repo(world)?;
    if let Some(run) = repo.checks.runs.get(&id) {
        return Ok(objects::check_run(world, call.repo, run));
    }
    let mut jobs = repo
        .actions
        .runs
        .values()
        .flat_map(|r| r.jobs.iter().map(move |j| (r, j)));
    let job = jobs.find(|(_, j)| j.id == id);
    let (run, job) = job.ok_or_else(Refusal::not_found)?;
    Ok(objects::of_job(world, call.repo, run, job))
}

fn get(world: &mut World, call: &Call) -> Reply {
    find(world, call, call.number("check_run_id")?).map(Answer::ok)
}

fn annotations(world: &mut World, call: &Call) -> Reply {
    let id = call.number("check_run_id")?;
    let run = call.repo(world)?.checks.runs.get(&id);
    let items = run.map(|r| r.annotations.as_slice()).unwrap_or_default();
    let Urls { html, .. } = urls(world, call.repo);
    let sha = run.map_or("", |r| r.head_sha.as_str());
    let full = items.iter().map(|a| {
        let field = |name: &str| a.get(name).cloned().unwrap_or(Value::Null);
        json!({
            "path": field("path"),
            "start_line": field("start_line"),
            "end_line": field("end_line"),
            "start_column": field("start_column"),
            "end_column": field("end_column"),
            "annotation_level": field("annotation_level"),
            "title": field("title"),
            "message": field("message"),
            "raw_details": field("raw_details"),
            "blob_href": format!("{html}/blob/{sha}/{}", field("path").as_str().unwrap_or_default()),
        })
    });
    Ok(call.paged(full.collect()))
}

/// Check runs of a commit: of Apps, and the jobs of runs. With
/// `filter=latest`, the default, only the newest of each name and suite.
fn list_for_ref(world: &mut World, call: &Call) -> Reply {
    let sha = commit_of(world, call, call.param("ref"))?;
    let repo = call.repo(world)?;
    let mut found = of_apps(world, call, |c| c.head_sha == sha);
    for run in repo.actions.runs.values().filter(|r| r.head_sha == sha) {
        found.extend(
            run.jobs
                .iter()
                .map(|j| objects::of_job(world, call.repo, run, j)),
        );
    }
    Ok(check_runs(call, found))
}

fn of_apps(world: &World, call: &Call, fits: impl Fn(&CheckRun) -> bool) -> Vec<Value> {
    let runs = world
        .repos
        .get(&call.repo)
        .into_iter()
        .flat_map(|r| r.checks.runs.values());
    runs.filter(|c| fits(c))
        .map(|c| objects::check_run(world, call.repo, c))
        .collect()
}

fn check_runs(call: &Call, mut found: Vec<Value>) -> Answer {
    let is = |value: &Value, path: &str, query: &str| {
        let text = value.pointer(path).map(|v| match v {
            Value::String(s) => s.clone(),
            other => other.to_string(),
        });
        call.query(query).is_none_or(|q| text.as_deref() == Some(q))
    };
    found.retain(|v| {
        is(v, "/name", "check_name") && is(v, "/status", "status") && is(v, "/app/id", "app_id")
    });
    found.reverse();
    if call.query("filter") != Some("all") {
        let key = |v: &Value| {
            (
                v.get("name").cloned(),
                v.pointer("/check_suite/id").cloned(),
            )
        };
        let mut seen = Vec::new();
        found.retain(|v| {
            let key = key(v);
            let new = !seen.contains(&key);
            seen.push(key);
            new
        });
    }
    call.paged_in("check_runs", found)
}

fn list_suites(world: &mut World, call: &Call) -> Reply {
    let sha = commit_of(world, call, call.param("ref"))?;
    let repo = call.repo(world)?;
    let runs = repo.actions.runs.values().filter(|r| r.head_sha == sha);
    let own = repo.checks.suites.values().filter(|s| s.head_sha == sha);
    let items = runs
        .map(|r| objects::suite_of_run(world, call.repo, r))
        .chain(own.map(|s| objects::suite_of_app(world, call.repo, s)))
        .collect();
    Ok(call.paged_in("check_suites", items))
}

fn get_suite(world: &mut World, call: &Call) -> Reply {
    let id = call.number("check_suite_id")?;
    let repo = call.repo(world)?;
    if let Some(suite) = repo.checks.suites.get(&id) {
        return Ok(Answer::ok(objects::suite_of_app(world, call.repo, suite)));
    }
    let run = repo.actions.runs.values().find(|r| r.check_suite == id);
    let run = run.ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(objects::suite_of_run(world, call.repo, run)))
}

fn list_for_suite(world: &mut World, call: &Call) -> Reply {
    let id = call.number("check_suite_id")?;
    let repo = call.repo(world)?;
    let mut found = of_apps(world, call, |c| c.suite == id);
    for run in repo.actions.runs.values().filter(|r| r.check_suite == id) {
        found.extend(
            run.jobs
                .iter()
                .map(|j| objects::of_job(world, call.repo, run, j)),
        );
    }
    Ok(check_runs(call, found))
}
