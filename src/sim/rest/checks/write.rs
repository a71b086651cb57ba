//! REST: Apps write their check runs.

use serde_json::{Value, json};

use super::super::common::commit_of;
use crate::sim::auth::Actor;
use crate::sim::clock::parse_iso;
use crate::sim::json::check as objects;
use crate::sim::model::checks::{CheckRun, Suite};
use crate::sim::router::{Answer, Call, Refusal, Reply};
use crate::sim::world::World;

/// The App behind the call; nobody else writes check runs.
fn app_of(call: &Call) -> Result<u64, Refusal> {
    match &call.actor {
        Actor::Installation { app, .. } => Ok(*app),
        _ => Err(Refusal::new(403, "You must authenticate via a GitHub App.")),
    }
}

const CONCLUSIONS: [&str; 7] = [
    "action_required",
    "cancelled",
    "failure",
    "neutral",
    "success",
    "skipped",
    "timed_out",
];

/// Takes over what the body says; GitHub's limits are checked.
fn apply(run: &mut CheckRun, call: &Call, now: i64) -> Result<(), Refusal> {
    let invalid = |text: &str| Refusal::invalid_request(text);
    if let Some(conclusion) = call.text("conclusion") {
        if !CONCLUSIONS.contains(&conclusion) {
            return Err(invalid(&format!(
                "{conclusion} is not a member of the conclusions."
            )));
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
            _ => {
                return Err(invalid(&format!(
                    "{status} is not a member of the statuses."
                )));
            }
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
    run.details_url = call
        .text("details_url")
        .map(str::to_owned)
        .or(run.details_url.take());
    if let Some(output) = call.body.get("output").filter(|o| !o.is_null()) {
        let text = |name: &str| output.get(name).and_then(Value::as_str).map(str::to_owned);
        if text("summary").is_none() {
            return Err(invalid("\"summary\" wasn't supplied."));
        }
        for name in ["summary", "text"] {
            if text(name).is_some_and(|t| t.chars().count() > 65_535) {
                return Err(invalid(&format!(
                    "{name} exceeds a maximum of 65535 characters."
                )));
            }
        }
        let [title, _, _] = &run.output;
        let title = text("title").or_else(|| title.clone());
        if title.is_none() {
            return Err(invalid("\"title\" wasn't supplied."));
        }
        run.output = [title, text("summary"), text("text")];
        let more = output
            .get("annotations")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        if more.len() > 50 {
            return Err(invalid("No more than 50 annotations are permitted."));
        }
        run.annotations.extend(more);
    }
    if let Some(actions) = call.body.get("actions").and_then(Value::as_array) {
        let long = |a: &Value, name: &str, most: usize| {
            a.get(name)
                .and_then(Value::as_str)
                .is_none_or(|t| t.chars().count() > most)
        };
        let wrong = |a: &Value| {
            long(a, "label", 20) || long(a, "description", 40) || long(a, "identifier", 20)
        };
        if actions.len() > 3 || actions.iter().any(wrong) {
            return Err(invalid(
                "\"actions\" are at most 3, with labels of 20 characters.",
            ));
        }
        run.actions = actions.clone();
    }
    run.history
        .push((now, run.status.clone(), run.conclusion.clone()));
    Ok(())
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
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
    let known = checks
        .suites
        .values()
        .find(|s| s.app == app && s.head_sha == head_sha);
    run.suite = known.map_or(new_suite, |s| s.id);
    checks.suites.entry(run.suite).or_insert(Suite {
        id: new_suite,
        app,
        head_sha,
        created_at: now,
    });
    checks.runs.insert(id, run);
    tell(world, call, id, "created");
    let run = call
        .repo(world)?
        .checks
        .runs
        .get(&id)
        .ok_or_else(Refusal::not_found)?;
    let completed = run.status == "completed";
    let answer = Answer::created(objects::check_run(world, call.repo, run));
    if completed {
        tell(world, call, id, "completed");
    }
    Ok(answer)
}

fn tell(world: &mut World, call: &Call, id: u64, action: &str) {
    let run = world
        .repos
        .get(&call.repo)
        .and_then(|r| r.checks.runs.get(&id));
    if let Some(run) = run {
        let fields = json!({ "check_run": objects::check_run(world, call.repo, run) });
        world.emit(
            call.repo,
            "check_run",
            Some(action),
            fields,
            call.who().user,
        );
    }
}

pub(super) fn update(world: &mut World, call: &Call) -> Reply {
    let app = app_of(call)?;
    let id = call.number("check_run_id")?;
    let now = world.now();
    let run = call
        .repo_mut(world)?
        .checks
        .runs
        .get_mut(&id)
        .ok_or_else(Refusal::not_found)?;
    if run.app != app {
        return Err(Refusal::new(
            403,
            "Invalid app_id. You can only modify your own check runs.",
        ));
    }
    let before = run.status.clone();
    let mut changed = run.clone();
    apply(&mut changed, call, now)?;
    *run = changed;
    let completes = before != "completed" && run.status == "completed";
    if completes {
        tell(world, call, id, "completed");
    }
    let run = call
        .repo(world)?
        .checks
        .runs
        .get(&id)
        .ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(objects::check_run(world, call.repo, run)))
}
