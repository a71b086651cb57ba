//! Labels: their definitions, and those on an issue.

use serde_json::Value;

use super::common::{ISSUE_READ, ISSUE_WRITE, names};
use crate::sim::json as build;
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::World;

pub(super) fn routes() -> Vec<Route> {
    const DEFINED: &str = "/repos/{owner}/{repo}/labels";
    const ON_ISSUE: &str = "/repos/{owner}/{repo}/issues/{number}/labels";
    vec![
        route(
            "GET",
            DEFINED,
            "issues/list-labels-for-repo",
            ISSUE_READ,
            list,
        ),
        route("POST", DEFINED, "issues/create-label", ISSUE_WRITE, define),
        route(
            "GET",
            "/repos/{owner}/{repo}/labels/{name}",
            "issues/get-label",
            ISSUE_READ,
            get,
        ),
        route(
            "GET",
            ON_ISSUE,
            "issues/list-labels-on-issue",
            ISSUE_READ,
            on_issue,
        ),
        route("POST", ON_ISSUE, "issues/add-labels", ISSUE_WRITE, add),
        route("PUT", ON_ISSUE, "issues/set-labels", ISSUE_WRITE, set),
        route(
            "DELETE",
            ON_ISSUE,
            "issues/remove-all-labels",
            ISSUE_WRITE,
            clear,
        ),
        route(
            "DELETE",
            "/repos/{owner}/{repo}/issues/{number}/labels/{name}",
            "issues/remove-label",
            ISSUE_WRITE,
            remove,
        ),
    ]
}

fn list(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    Ok(call.paged(
        repo.labels
            .values()
            .map(|l| build::label(world, repo, l))
            .collect(),
    ))
}

fn one(world: &World, call: &Call, name: &str) -> Result<Value, Refusal> {
    let repo = call.repo(world)?;
    let label = repo
        .labels
        .get(&name.to_lowercase())
        .ok_or_else(Refusal::not_found)?;
    Ok(build::label(world, repo, label))
}

fn get(world: &mut World, call: &Call) -> Reply {
    Ok(Answer::ok(one(world, call, call.param("name"))?))
}

fn define(world: &mut World, call: &Call) -> Reply {
    let name = call.required("name")?;
    let color = call.text("color").unwrap_or("ededed");
    world.define_label(call.repo, name, color, call.text("description"))?;
    Ok(Answer::created(one(world, call, name)?))
}

/// The labels on an issue now, as most of these operations answer.
fn shown(world: &World, call: &Call) -> Result<Vec<Value>, Refusal> {
    let repo = call.repo(world)?;
    let issue = repo.issue(call.number("number")?)?;
    let defined = issue
        .labels
        .iter()
        .filter_map(|name| repo.labels.get(&name.to_lowercase()));
    Ok(defined.map(|l| build::label(world, repo, l)).collect())
}

fn on_issue(world: &mut World, call: &Call) -> Reply {
    Ok(call.paged(shown(world, call)?))
}

/// `{"labels": [...]}`, or the list itself.
fn asked(call: &Call) -> Vec<String> {
    names(call.body.get("labels").or(Some(&call.body)))
}

fn add(world: &mut World, call: &Call) -> Reply {
    world.add_labels(call.repo, call.number("number")?, &asked(call), &call.who())?;
    Ok(Answer::ok(shown(world, call)?.into()))
}

/// Makes the labels of an issue those of the body.
pub(super) fn replace(world: &mut World, call: &Call, number: u64) -> Result<(), Refusal> {
    let wanted = asked(call);
    let present = call.repo(world)?.issue(number)?.labels.clone();
    for name in present {
        if !wanted.iter().any(|w| w.eq_ignore_ascii_case(&name)) {
            world.remove_label(call.repo, number, &name, &call.who())?;
        }
    }
    world.add_labels(call.repo, number, &wanted, &call.who())
}

fn set(world: &mut World, call: &Call) -> Reply {
    replace(world, call, call.number("number")?)?;
    Ok(Answer::ok(shown(world, call)?.into()))
}

fn clear(world: &mut World, call: &Call) -> Reply {
    let number = call.number("number")?;
    let present = call.repo(world)?.issue(number)?.labels.clone();
    for name in present {
        world.remove_label(call.repo, number, &name, &call.who())?;
    }
    Ok(Answer::no_content())
}

fn remove(world: &mut World, call: &Call) -> Reply {
    let number = call.number("number")?;
    world.remove_label(call.repo, number, call.param("name"), &call.who())?;
    Ok(Answer::ok(shown(world, call)?.into()))
}
