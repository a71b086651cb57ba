//! REST: check runs, check suites, commit statuses.

use serde_json::{Value, json};

use crate::sim::actions::json::{Urls, urls};
use crate::sim::auth::Actor;
use crate::sim::checks::{CheckRun, Status, Suite, json as objects};
use crate::sim::clock::parse_iso;
use crate::sim::json as common;
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
        route("POST", at!("check-runs"), "checks/create", WRITE, create),
        route("GET", at!("check-runs/{check_run_id}"), "checks/get", READ, get),
        route("PATCH", at!("check-runs/{check_run_id}"), "checks/update", WRITE, update),
        route(
            "GET",
            at!("check-runs/{check_run_id}/annotations"),
            "checks/list-annotations",
            READ,
            annotations,
        ),
        route("GET", at!("commits/{ref*}/check-runs"), "checks/list-for-ref", READ, list_for_ref),
        route("GET", at!("commits/{ref*}/check-suites"), "checks/list-suites-for-ref", READ, list_suites),
        route("GET", at!("check-suites/{check_suite_id}"), "checks/get-suite", READ, get_suite),
        route(
            "GET",
            at!("check-suites/{check_suite_id}/check-runs"),
            "checks/list-for-suite",
            READ,
            list_for_suite,
        ),
        route("POST", at!("statuses/{sha}"), "repos/create-commit-status", "statuses=write", create_status),
        route(
            "GET",
            at!("commits/{ref*}/statuses"),
            "repos/list-commit-statuses-for-ref",
            "statuses=read",
            list_statuses,
        ),
        route(
            "GET",
            at!("commits/{ref*}/status"),
            "repos/get-combined-status-for-ref",
            "statuses=read",
            combined,
        ),
    ]
}

/// The commit of a ref in a path: a sha, a branch, a tag, `heads/x`, `tags/x`.
fn commit_of(world: &World, call: &Call, name: &str) -> Result<String, Refusal> {
    let git = &call.repo(world)?.git;
    let forms = ["refs/heads/", "refs/tags/", "refs/", ""];
    let by_ref = forms.iter().find_map(|f| git.read_ref(&format!("{f}{name}")));
    let sha = by_ref.or_else(|| {
        let hex = name.len() >= 7 && name.chars().all(|c| c.is_ascii_hexdigit());
        hex.then(|| name.to_owned())
    });
    let commit = sha.and_then(|sha| git.commit(&git.peel(&sha).unwrap_or(sha)));
    let none = || Refusal::unprocessable(&format!("No commit found for SHA: {name}"));
    commit.map(|c| c.sha).ok_or_else(none)
}

/// The App behind the call; nobody else writes check runs.
fn app_of(call: &Call) -> Result<u64, Refusal> {
    match &call.actor {
        Actor::Installation { app, .. } => Ok(*app),
        _ => Err(Refusal::new(403, "You must authenticate via a GitHub App.")),
    }
}

const CONCLUSIONS: [&str; 7] =
    ["action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"];

/// Takes over what the body says; GitHub's limits are checked.
fn apply(run: &mut CheckRun, call: &Call, now: i64) -> Result<(), Refusal> {
    let invalid = |text: &str| Refusal::invalid_request(text);
    if let Some(conclusion) = call.text("conclusion") {
        if !CONCLUSIONS.contains(&conclusion) {
            return Err(invalid(&format!("{conclusion} is not a member of the conclusions.")));
        }
        run.conclusion = Some(conclusion.to_owned());
        run.status = "completed".to_owned();
        run.completed_at = Some(now);
    } else if let Some(status) = call.text("status") {
        match status {
            "queued" | "in_progress" => run.conclusion = None,
            "completed" => {
                return Err(invalid("A completed check run needs a \"conclusion\"."));
            }
            _ => return Err(invalid(&format!("{status} is not a member of the statuses."))),
        }
        run.status = status.to_owned();
        run.completed_at = None;
    }
    let time = |name: &str| call.text(name).and_then(parse_iso);
    run.started_at = time("started_at").or(run.started_at).or(Some(now));
    run.completed_at = time("completed_at").or(run.completed_at);
    let set = |place: &mut String, name: &str| {
        if let Some(text) = call.text(name) {
            *place = text.to_owned();
        }
    };
    set(&mut run.name, "name");
    set(&mut run.external_id, "external_id");
    run.details_url = call.text("details_url").map(str::to_owned).or(run.details_url.take());
    if let Some(output) = call.body.get("output").filter(|o| !o.is_null()) {
        let text = |name: &str| output.get(name).and_then(Value::as_str).map(str::to_owned);
        if text("summary").is_none() {
            return Err(invalid("\"summary\" wasn't supplied."));
        }
        for name in ["summary", "text"] {
            if text(name).is_some_and(|t| t.chars().count() > 65_535) {
                return Err(invalid(&format!("{name} exceeds a maximum of 65535 characters.")));
            }
        }
        let [title, _, _] = &run.output;
        let title = text("title").or_else(|| title.clone());
        if title.is_none() {
            return Err(invalid("\"title\" wasn't supplied."));
        }
        run.output = [title, text("summary"), text("text")];
        let more = output.get("annotations").and_then(Value::as_array).cloned().unwrap_or_default();
        if more.len() > 50 {
            return Err(invalid("No more than 50 annotations are permitted."));
        }
        run.annotations.extend(more);
    }
    if let Some(actions) = call.body.get("actions").and_then(Value::as_array) {
        let long = |a: &Value, name: &str, most: usize| {
            a.get(name).and_then(Value::as_str).is_none_or(|t| t.chars().count() > most)
        };
        let wrong = |a: &Value| {
            long(a, "label", 20) || long(a, "description", 40) || long(a, "identifier", 20)
        };
        if actions.len() > 3 || actions.iter().any(wrong) {
            return Err(invalid("\"actions\" are at most 3, with labels of 20 characters."));
        }
        run.actions = actions.clone();
    }
    run.history.push((now, run.status.clone(), run.conclusion.clone()));
    Ok(())
}

fn create(world: &mut World, call: &Call) -> Reply {
    let app = app_of(call)?;
    let name = call.required("name")?.to_owned();
    let head_sha = commit_of(world, call, call.required("head_sha")?)?;
    let (id, new_suite, now) = (world.next_id(), world.next_id(), world.now());
    let mut run = CheckRun {
        id,
        app,
        suite: new_suite,
        head_sha: head_sha.clone(),
        name,
        status: "queued".to_owned(),
        conclusion: None,
        external_id: String::new(),
        details_url: None,
        started_at: None,
        completed_at: None,
        output: [None, None, None],
        annotations: Vec::new(),
        actions: Vec::new(),
        history: Vec::new(),
    };
    apply(&mut run, call, now)?;
    let checks = &mut call.repo_mut(world)?.checks;
    let known = checks.suites.values().find(|s| s.app == app && s.head_sha == head_sha);
    run.suite = known.map_or(new_suite, |s| s.id);
    checks.suites.entry(run.suite).or_insert(Suite { id: new_suite, app, head_sha, created_at: now });
    checks.runs.insert(id, run);
    tell(world, call, id, "created");
    let run = call.repo(world)?.checks.runs.get(&id).ok_or_else(Refusal::not_found)?;
    let completed = run.status == "completed";
    let answer = Answer::created(objects::check_run(world, call.repo, run));
    if completed {
        tell(world, call, id, "completed");
    }
    Ok(answer)
}

fn tell(world: &mut World, call: &Call, id: u64, action: &str) {
    let run = world.repos.get(&call.repo).and_then(|r| r.checks.runs.get(&id));
    if let Some(run) = run {
        let fields = json!({ "check_run": objects::check_run(world, call.repo, run) });
        world.emit(call.repo, "check_run", Some(action), fields, call.who().user);
    }
}

fn update(world: &mut World, call: &Call) -> Reply {
    let app = app_of(call)?;
    let id = call.number("check_run_id")?;
    let now = world.now();
    let run = call.repo_mut(world)?.checks.runs.get_mut(&id).ok_or_else(Refusal::not_found)?;
    if run.app != app {
        return Err(Refusal::new(403, "Invalid app_id. You can only modify your own check runs."));
    }
    let before = run.status.clone();
    let mut changed = run.clone();
    apply(&mut changed, call, now)?;
    *run = changed;
    let completes = before != "completed" && run.status == "completed";
    if completes {
        tell(world, call, id, "completed");
    }
    let run = call.repo(world)?.checks.runs.get(&id).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(objects::check_run(world, call.repo, run)))
}

/// A check run of an App or a workflow's job, as JSON.
fn find(world: &World, call: &Call, id: u64) -> Result<Value, Refusal> {
    let repo = call.repo(world)?;
    if let Some(run) = repo.checks.runs.get(&id) {
        return Ok(objects::check_run(world, call.repo, run));
    }
    let mut jobs = repo.actions.runs.values().flat_map(|r| r.jobs.iter().map(move |j| (r, j)));
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
        found.extend(run.jobs.iter().map(|j| objects::of_job(world, call.repo, run, j)));
    }
    Ok(check_runs(call, found))
}

fn of_apps(world: &World, call: &Call, fits: impl Fn(&CheckRun) -> bool) -> Vec<Value> {
    let runs = world.repos.get(&call.repo).into_iter().flat_map(|r| r.checks.runs.values());
    runs.filter(|c| fits(c)).map(|c| objects::check_run(world, call.repo, c)).collect()
}

fn check_runs(call: &Call, mut found: Vec<Value>) -> Answer {
    let is = |value: &Value, path: &str, query: &str| {
        let text = value.pointer(path).map(|v| match v {
            Value::String(s) => s.clone(),
            other => other.to_string(),
        });
        call.query(query).is_none_or(|q| text.as_deref() == Some(q))
    };
    found.retain(|v| is(v, "/name", "check_name") && is(v, "/status", "status") && is(v, "/app/id", "app_id"));
    found.reverse();
    if call.query("filter") != Some("all") {
        let key = |v: &Value| (v.get("name").cloned(), v.pointer("/check_suite/id").cloned());
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
        found.extend(run.jobs.iter().map(|j| objects::of_job(world, call.repo, run, j)));
    }
    Ok(check_runs(call, found))
}

fn create_status(world: &mut World, call: &Call) -> Reply {
    let sha = commit_of(world, call, call.param("sha"))?;
    let state = call.required("state")?.to_owned();
    if !["error", "failure", "pending", "success"].contains(&state.as_str()) {
        return Err(Refusal::validation("Status", "custom", "state", Some("state is not included in the list")));
    }
    let text = |name: &str| call.text(name).map(str::to_owned);
    let status = Status {
        id: world.next_id(),
        sha: sha.clone(),
        state,
        context: text("context").unwrap_or_else(|| "default".to_owned()),
        description: text("description"),
        target_url: text("target_url"),
        creator: call.who().user,
        created_at: world.now(),
    };
    let answer = objects::status(world, call.repo, &status, false);
    let fields = json!({
        "id": status.id,
        "sha": sha,
        "name": call.repo(world)?.full_name(),
        "target_url": status.target_url,
        "avatar_url": answer.get("avatar_url"),
        "context": status.context,
        "description": status.description,
        "state": status.state,
        "commit": { "sha": sha },
        "branches": [],
        "created_at": answer.get("created_at"),
        "updated_at": answer.get("updated_at"),
    });
    call.repo_mut(world)?.checks.statuses.push(status);
    world.emit(call.repo, "status", None, fields, call.who().user);
    Ok(Answer::created(answer))
}

fn list_statuses(world: &mut World, call: &Call) -> Reply {
    let sha = commit_of(world, call, call.param("ref"))?;
    let all = call.repo(world)?.checks.statuses.iter().rev().filter(|s| s.sha == sha);
    let items = all.map(|s| objects::status(world, call.repo, s, false)).collect();
    Ok(call.paged(items))
}

fn combined(world: &mut World, call: &Call) -> Reply {
    let sha = commit_of(world, call, call.param("ref"))?;
    let checks = &call.repo(world)?.checks;
    let latest = checks.latest_statuses(&sha);
    let Urls { api, .. } = urls(world, call.repo);
    let statuses: Vec<Value> =
        latest.iter().map(|s| objects::status(world, call.repo, s, true)).collect();
    Ok(Answer::ok(json!({
        "state": checks.combined(&sha),
        "statuses": statuses,
        "sha": sha,
        "total_count": statuses.len(),
        "repository": common::minimal_repository(world, call.repo),
        "commit_url": format!("{api}/commits/{sha}"),
        "url": format!("{api}/commits/{sha}/status"),
    })))
}
