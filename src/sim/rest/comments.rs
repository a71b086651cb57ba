//! Comments and reactions.

use serde_json::Value;

use super::common::{ISSUE_READ, ISSUE_WRITE};
use crate::sim::clock::parse_iso;
use crate::sim::json as build;
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::{Comment, World};

pub(super) fn routes() -> Vec<Route> {
    const ON_ISSUE: &str = "/repos/{owner}/{repo}/issues/{number}/comments";
    const ONE: &str = "/repos/{owner}/{repo}/issues/comments/{id}";
    const REACTIONS: &str = "/repos/{owner}/{repo}/issues/comments/{id}/reactions";
    vec![
        route(
            "GET",
            ON_ISSUE,
            "issues/list-comments",
            ISSUE_READ,
            on_issue,
        ),
        route(
            "POST",
            ON_ISSUE,
            "issues/create-comment",
            ISSUE_WRITE,
            create,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/issues/comments",
            "issues/list-comments-for-repo",
            ISSUE_READ,
            list,
        ),
        route("GET", ONE, "issues/get-comment", ISSUE_READ, get),
        route("PATCH", ONE, "issues/update-comment", ISSUE_WRITE, update),
        route("DELETE", ONE, "issues/delete-comment", ISSUE_WRITE, delete),
        route(
            "GET",
            REACTIONS,
            "reactions/list-for-issue-comment",
            "issues=read",
            reactions,
        ),
        route(
            "POST",
            REACTIONS,
            "reactions/create-for-issue-comment",
            "issues=write",
            react,
        ),
        route(
            "DELETE",
            "/repos/{owner}/{repo}/issues/comments/{id}/reactions/{reaction}",
            "reactions/delete-for-issue-comment",
            "issues=write",
            unreact,
        ),
    ]
}

fn show(world: &World, call: &Call, id: u64) -> Result<Value, Refusal> {
    let repo = call.repo(world)?;
    let comment = repo.comments.get(&id).ok_or_else(Refusal::not_found)?;
    Ok(build::comment(world, repo, comment))
}

fn rows(world: &World, call: &Call, keep: impl Fn(&Comment) -> bool) -> Reply {
    let repo = call.repo(world)?;
    let since = call.query("since").and_then(parse_iso);
    let kept = repo.comments.values().filter(|c| keep(c));
    let kept = kept.filter(|c| since.is_none_or(|at| c.updated_at >= at));
    Ok(call.paged(kept.map(|c| build::comment(world, repo, c)).collect()))
}

fn on_issue(world: &mut World, call: &Call) -> Reply {
    let number = call.number("number")?;
    call.repo(world)?.issue(number)?;
    rows(world, call, |c| c.issue == number)
}

fn list(world: &mut World, call: &Call) -> Reply {
    rows(world, call, |_| true)
}

fn create(world: &mut World, call: &Call) -> Reply {
    let (number, body) = (call.number("number")?, call.required("body")?);
    let id = world.add_comment(call.repo, number, body, &call.who())?;
    let value = show(world, call, id)?;
    let location = value["url"].as_str().unwrap_or("").to_owned();
    Ok(Answer::created(value).header("location", location))
}

fn get(world: &mut World, call: &Call) -> Reply {
    Ok(Answer::ok(show(world, call, call.number("id")?)?))
}

fn update(world: &mut World, call: &Call) -> Reply {
    let (id, body) = (call.number("id")?, call.required("body")?);
    world.edit_comment(call.repo, id, body, &call.who())?;
    Ok(Answer::ok(show(world, call, id)?))
}

fn delete(world: &mut World, call: &Call) -> Reply {
    world.delete_comment(call.repo, call.number("id")?, &call.who())?;
    Ok(Answer::no_content())
}

fn reactions(world: &mut World, call: &Call) -> Reply {
    let id = call.number("id")?;
    let comment = call
        .repo(world)?
        .comments
        .get(&id)
        .ok_or_else(Refusal::not_found)?;
    let wanted = call.query("content");
    let kept = comment
        .reactions
        .iter()
        .filter(|r| wanted.is_none_or(|w| w == r.content));
    Ok(call.paged(kept.map(|r| build::reaction(world, r)).collect()))
}

fn react(world: &mut World, call: &Call) -> Reply {
    let (id, content) = (call.number("id")?, call.required("content")?);
    let (reaction, new) = world.react(call.repo, id, content, &call.who())?;
    let comment = call
        .repo(world)?
        .comments
        .get(&id)
        .ok_or_else(Refusal::not_found)?;
    let found = comment.reactions.iter().find(|r| r.id == reaction);
    let value = build::reaction(world, found.ok_or_else(Refusal::not_found)?);
    Ok(Answer::json(if new { 201 } else { 200 }, value))
}

fn unreact(world: &mut World, call: &Call) -> Reply {
    let (id, reaction) = (call.number("id")?, call.number("reaction")?);
    let comment = call
        .repo_mut(world)?
        .comments
        .get_mut(&id)
        .ok_or_else(Refusal::not_found)?;
    let known = comment.reactions.len();
    comment.reactions.retain(|r| r.id != reaction);
    if comment.reactions.len() == known {
        return Err(Refusal::not_found());
    }
    Ok(Answer::no_content())
}
