//! Reviews of pull requests.

use serde_json::{Value, json};

use super::common::names;
use crate::sim::json as build;
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::{UserId, World};

pub(super) fn routes() -> Vec<Route> {
    const LIST: &str = "/repos/{owner}/{repo}/pulls/{number}/reviews";
    const ASKED: &str = "/repos/{owner}/{repo}/pulls/{number}/requested_reviewers";
    vec![
        route(
            "GET",
            LIST,
            "pulls/list-reviews",
            "pull_requests=read",
            list,
        ),
        route(
            "POST",
            LIST,
            "pulls/create-review",
            "pull_requests=write",
            create,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/pulls/{number}/reviews/{id}",
            "pulls/get-review",
            "pull_requests=read",
            get,
        ),
        route(
            "PUT",
            "/repos/{owner}/{repo}/pulls/{number}/reviews/{id}/dismissals",
            "pulls/dismiss-review",
            "pull_requests=write",
            dismiss,
        ),
        route(
            "GET",
            ASKED,
            "pulls/list-requested-reviewers",
            "pull_requests=read",
            asked,
        ),
        route(
            "POST",
            ASKED,
            "pulls/request-reviewers",
            "pull_requests=write",
            ask,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/pulls/{number}/comments",
            "pulls/list-review-comments",
            "pull_requests=read",
            comments,
        ),
    ]
}

fn list(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let (issue, pull) = repo.pull(call.number("number")?)?;
    let rows = pull
        .reviews
        .iter()
        .map(|r| build::review(world, repo, issue.number, r));
    Ok(call.paged(rows.collect()))
}

fn show(world: &World, call: &Call, id: u64) -> Reply {
    let repo = call.repo(world)?;
    let (issue, pull) = repo.pull(call.number("number")?)?;
    let review = pull
        .reviews
        .iter()
        .find(|r| r.id == id)
        .ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(build::review(world, repo, issue.number, review)))
}

fn get(world: &mut World, call: &Call) -> Reply {
    show(world, call, call.number("id")?)
}

fn create(world: &mut World, call: &Call) -> Reply {
    let state = match call.text("event") {
        Some("APPROVE") => "APPROVED",
        Some("REQUEST_CHANGES") => "CHANGES_REQUESTED",
        Some("COMMENT") => "COMMENTED",
        None => "PENDING",
        Some(_) => return Err(Refusal::invalid_request("event is not a known one.")),
    };
    let (number, body) = (call.number("number")?, call.text("body").unwrap_or(""));
    let commit = call.text("commit_id");
    let id = world.add_review(call.repo, number, state, body, commit, &call.who())?;
    show(world, call, id)
}

fn dismiss(world: &mut World, call: &Call) -> Reply {
    call.required("message")?;
    let id = call.number("id")?;
    world.dismiss_review(call.repo, call.number("number")?, id, &call.who())?;
    show(world, call, id)
}

fn asked(world: &mut World, call: &Call) -> Reply {
    let (_, pull) = call.repo(world)?.pull(call.number("number")?)?;
    let users: Vec<Value> = pull
        .requested_reviewers
        .iter()
        .map(|id| build::user(world, *id))
        .collect();
    Ok(Answer::ok(json!({ "users": users, "teams": [] })))
}

fn ask(world: &mut World, call: &Call) -> Reply {
    let number = call.number("number")?;
    let names = names(call.body.get("reviewers"));
    let known = |name: &String| world.user_by_login(name).map(|u| u.id);
    let ids: Option<Vec<UserId>> = names.iter().map(known).collect();
    let why = "Reviews may only be requested from collaborators.";
    let ids = ids
        .filter(|ids| ids.iter().all(|id| world.role(call.repo, *id).is_some()))
        .ok_or_else(|| Refusal::unprocessable(why))?;
    world.request_reviewers(call.repo, number, &ids, &call.who())?;
    let repo = call.repo(world)?;
    let (issue, pull) = repo.pull(number)?;
    Ok(Answer::created(build::pull_simple(
        world, repo, issue, pull,
    )))
}

/// Comments on lines are not played; there never are any.
fn comments(world: &mut World, call: &Call) -> Reply {
    call.repo(world)?.pull(call.number("number")?)?;
    Ok(call.paged(Vec::new()))
}
