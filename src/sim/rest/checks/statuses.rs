//! REST: commit statuses.

use serde_json::{Value, json};

use super::super::common::commit_of;
use crate::sim::json::{Urls, check as objects, minimal_repository, urls};
use crate::sim::model::checks::Status;
use crate::sim::router::{Answer, Call, Refusal, Reply};
use crate::sim::world::World;

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let sha = commit_of(world, call, call.param("sha"))?;
    let state = call.required("state")?.to_owned();
    if !["error", "failure", "pending", "success"].contains(&state.as_str()) {
        return Err(Refusal::validation(
            "Status",
            "custom",
            "state",
            Some("state is not included in the list"),
        ));
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

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let sha = commit_of(world, call, call.param("ref"))?;
    let all = call
        .repo(world)?
        .checks
        .statuses
        .iter()
        .rev()
        .filter(|s| s.sha == sha);
    let items = all
        .map(|s| objects::status(world, call.repo, s, false))
        .collect();
    Ok(call.paged(items))
}

pub(super) fn combined(world: &mut World, call: &Call) -> Reply {
    let sha = commit_of(world, call, call.param("ref"))?;
    let checks = &call.repo(world)?.checks;
    let latest = checks.latest_statuses(&sha);
    let Urls { api, .. } = urls(world, call.repo);
    let statuses: Vec<Value> = latest
        .iter()
        .map(|s| objects::status(world, call.repo, s, true))
        .collect();
    Ok(Answer::ok(json!({
        "state": checks.combined(&sha),
        "statuses": statuses,
        "sha": sha,
        "total_count": statuses.len(),
        "repository": minimal_repository(world, call.repo),
        "commit_url": format!("{api}/commits/{sha}"),
        "url": format!("{api}/commits/{sha}/status"),
    })))
}
