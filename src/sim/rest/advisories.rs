//! REST: security advisories of a repository.

use serde_json::Value;

use crate::sim::auth::Actor;
use crate::sim::json as build;
use crate::sim::model::advisory::Vulnerability;
use crate::sim::ops::AdvisoryChange;
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::{Role, World};

const ONE: &str = "/repos/{owner}/{repo}/security-advisories/{ghsa_id}";
const WRITE: &str = "repository_advisories=write";

pub(super) fn routes() -> Vec<Route> {
    vec![
        // Everybody may see a published one of a public repository.
        route(
            "GET",
            ONE,
            "security-advisories/get-repository-advisory",
            "",
            get,
        ),
        route(
            "PATCH",
            ONE,
            "security-advisories/update-repository-advisory",
            WRITE,
            update,
        ),
    ]
}

/// Whether unpublished ones are seen: by administrators, and with the right.
fn sees_drafts(world: &World, call: &Call) -> bool {
    match &call.actor {
        Actor::Installation { token, .. } => world
            .tokens
            .get(token)
            .is_some_and(|token| token.permissions.contains_key("repository_advisories")),
        Actor::User { .. } => world
            .role_through(call.repo, &call.actor)
            .is_some_and(|role| role >= Role::Admin),
        Actor::App { .. } | Actor::Anonymous => false,
    }
}

fn get(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let advisory = repo.advisories.get(call.param("ghsa_id"));
    let open = |state: &str| state == "published" && !repo.private;
    let advisory = advisory
        .filter(|it| open(&it.state) || sees_drafts(world, call))
        .ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(build::advisory(world, call.repo, advisory)))
}

fn update(world: &mut World, call: &Call) -> Reply {
    let state = call.text("state").map(str::to_owned);
    let known = |it: &String| matches!(it.as_str(), "published" | "closed" | "draft");
    if state.as_ref().is_some_and(|it| !known(it)) {
        return Err(Refusal::invalid_request("\"state\" is none of the states."));
    }
    let all = call.body.get("vulnerabilities").and_then(Value::as_array);
    let vulnerabilities = all
        .map(|all| all.iter().map(vulnerability).collect::<Result<Vec<_>, _>>())
        .transpose()?;
    let id = call.param("ghsa_id");
    let change = AdvisoryChange {
        state,
        vulnerabilities,
    };
    world.change_advisory(call.repo, id, change, &call.who())?;
    get(world, call)
}

fn vulnerability(of: &Value) -> Result<Vulnerability, Refusal> {
    let text = |at: &str| of.pointer(at).and_then(Value::as_str).map(str::to_owned);
    let functions = of.get("vulnerable_functions").and_then(Value::as_array);
    let functions = functions.into_iter().flatten().filter_map(Value::as_str);
    let ecosystem = text("/package/ecosystem");
    Ok(Vulnerability {
        ecosystem: ecosystem
            .ok_or_else(|| Refusal::invalid_request("\"ecosystem\" wasn't supplied."))?,
        package: text("/package/name").unwrap_or_default(),
        range: text("/vulnerable_version_range"),
        patched: text("/patched_versions"),
        functions: functions.map(str::to_owned).collect(),
    })
}
