//! Issues.

use serde_json::Value;

use super::common::{ISSUE_READ, ISSUE_WRITE, names};
use crate::sim::clock::parse_iso;
use crate::sim::json as build;
use crate::sim::ops::StateChange;
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::{Issue, World};

pub(super) fn routes() -> Vec<Route> {
    const LIST: &str = "/repos/{owner}/{repo}/issues";
    const ONE: &str = "/repos/{owner}/{repo}/issues/{number}";
    vec![
        route("GET", LIST, "issues/list-for-repo", "issues=read", list),
        route("POST", LIST, "issues/create", "issues=write", create),
        route("GET", ONE, "issues/get", ISSUE_READ, get),
        route("PATCH", ONE, "issues/update", ISSUE_WRITE, update),
        route(
            "GET",
            "/repos/{owner}/{repo}/issues/{number}/events",
            "issues/list-events",
            ISSUE_READ,
            events,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/issues/{number}/timeline",
            "issues/list-events-for-timeline",
            ISSUE_READ,
            timeline,
        ),
        route(
            "PUT",
            "/repos/{owner}/{repo}/issues/{number}/lock",
            "issues/lock",
            ISSUE_WRITE,
            lock,
        ),
        route(
            "DELETE",
            "/repos/{owner}/{repo}/issues/{number}/lock",
            "issues/unlock",
            ISSUE_WRITE,
            unlock,
        ),
    ]
}

fn show(world: &World, call: &Call, number: u64) -> Result<Value, Refusal> {
    let repo = call.repo(world)?;
    Ok(build::issue(world, repo, repo.issue(number)?))
}

fn list(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let state = call.query("state").unwrap_or("open");
    let labels: Vec<&str> = call
        .query("labels")
        .map(|l| l.split(',').collect())
        .unwrap_or_default();
    let since = call.query("since").and_then(parse_iso);
    let creator = call
        .query("creator")
        .and_then(|c| world.user_by_login(c))
        .map(|u| u.id);
    let wanted = |issue: &&Issue| {
        (state == "all" || (state == "open") == issue.open)
            && labels
                .iter()
                .all(|l| issue.labels.iter().any(|has| has.eq_ignore_ascii_case(l)))
            && since.is_none_or(|at| issue.updated_at >= at)
            && (call.query("creator").is_none() || Some(issue.author) == creator)
    };
    let mut found: Vec<&Issue> = repo.issues.values().filter(wanted).collect();
    match call.query("sort") {
        Some("updated") => found.sort_by_key(|i| (i.updated_at, i.number)),
        _ => found.sort_by_key(|i| i.number),
    }
    if call.query("direction") != Some("asc") {
        found.reverse();
    }
    Ok(call.paged(
        found
            .into_iter()
            .map(|i| build::issue(world, repo, i))
            .collect(),
    ))
}

fn create(world: &mut World, call: &Call) -> Reply {
    let title = match call.body.get("title") {
        Some(Value::String(title)) => title.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return Err(Refusal::invalid_request("\"title\" wasn't supplied.")),
    };
    let labels = names(call.body.get("labels"));
    let number = world.open_issue(call.repo, &title, call.text("body"), &labels, &call.who())?;
    Ok(Answer::created(show(world, call, number)?))
}

fn get(world: &mut World, call: &Call) -> Reply {
    Ok(Answer::ok(show(world, call, call.number("number")?)?))
}

fn update(world: &mut World, call: &Call) -> Reply {
    let (number, who) = (call.number("number")?, call.who());
    call.repo(world)?.issue(number)?;
    let (title, body) = (call.text("title"), call.text("body"));
    if title.is_some() || body.is_some() {
        world.edit_issue(call.repo, number, title, body, &who)?;
    }
    if call.body.get("labels").is_some_and(Value::is_array) {
        super::labels::replace(world, call, number)?;
    }
    let reason = call.text("state_reason").map(str::to_owned);
    match call.text("state") {
        Some("closed") => {
            let reason = reason.filter(|r| r != "reopened");
            world.set_state(call.repo, number, &StateChange::Close(reason), &who)?;
        }
        Some("open") => world.set_state(call.repo, number, &StateChange::Reopen, &who)?,
        Some(_) => return Err(Refusal::validation("Issue", "invalid", "state", None)),
        None => {}
    }
    Ok(Answer::ok(show(world, call, number)?))
}

fn events(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let issue = repo.issue(call.number("number")?)?;
    let rows = issue
        .events
        .iter()
        .map(|e| build::issue_event(world, repo, e))
        .collect();
    Ok(call.paged(rows))
}

/// The history, and where issues and pull requests of the repository name the
/// issue. (GitHub tells of other repositories too.)
fn timeline(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let number = call.number("number")?;
    let issue = repo.issue(number)?;
    let events = issue.events.iter();
    let mut rows: Vec<_> = events
        .map(|e| (e.at, build::issue_event(world, repo, e)))
        .collect();
    let others = repo.issues.values().filter(|other| other.number != number);
    for other in others.filter(|other| mentions(other, number)) {
        let row = build::cross_reference(world, repo, other);
        rows.push((other.created_at, row));
    }
    rows.sort_by_key(|(at, _)| *at);
    Ok(call.paged(rows.into_iter().map(|(_, row)| row).collect()))
}

/// Whether its title or text names the issue of this number.
fn mentions(issue: &Issue, number: u64) -> bool {
    let named = format!("#{number}");
    let texts = [Some(&issue.title), issue.body.as_ref()];
    texts.into_iter().flatten().any(|text| {
        let mut found = text.match_indices(&named);
        found.any(|(at, _)| {
            let behind = text.get(at + named.len()..).unwrap_or_default();
            !behind.starts_with(|c: char| c.is_alphanumeric())
        })
    })
}

fn lock(world: &mut World, call: &Call) -> Reply {
    let number = call.number("number")?;
    let reason = call.text("lock_reason").unwrap_or("").to_owned();
    let issue = call
        .repo_mut(world)?
        .issues
        .get_mut(&number)
        .ok_or_else(Refusal::not_found)?;
    issue.locked = Some(reason);
    Ok(Answer::no_content())
}

fn unlock(world: &mut World, call: &Call) -> Reply {
    let number = call.number("number")?;
    let issue = call
        .repo_mut(world)?
        .issues
        .get_mut(&number)
        .ok_or_else(Refusal::not_found)?;
    issue.locked = None;
    Ok(Answer::no_content())
}
