//! The App, its installations and their tokens.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::sim::auth::Actor;
use crate::sim::clock::iso;
use crate::sim::json as build;
use crate::sim::model::app::grants;
use crate::sim::router::{Access, Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::World;

const fn app(
    method: &'static str,
    path: &'static str,
    operation: &'static str,
    run: crate::sim::router::Handler,
) -> Route {
    Route {
        method,
        path,
        operation,
        access: Access::App,
        permission: "",
        run,
    }
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        app("GET", "/app", "apps/get-authenticated", get_app),
        app("GET", "/app/installations", "apps/list-installations", list),
        app(
            "GET",
            "/app/installations/{id}",
            "apps/get-installation",
            get,
        ),
        app(
            "POST",
            "/app/installations/{id}/access_tokens",
            "apps/create-installation-access-token",
            create_token,
        ),
        app(
            "GET",
            "/repos/{owner}/{repo}/installation",
            "apps/get-repo-installation",
            of_repo,
        ),
        app(
            "GET",
            "/orgs/{org}/installation",
            "apps/get-org-installation",
            of_account,
        ),
        app(
            "GET",
            "/users/{org}/installation",
            "apps/get-user-installation",
            of_account,
        ),
        route("GET", "/apps/{slug}", "apps/get-by-slug", "", by_slug),
        route(
            "GET",
            "/installation/repositories",
            "apps/list-repos-accessible-to-installation",
            "",
            repositories,
        ),
        route(
            "DELETE",
            "/installation/token",
            "apps/revoke-installation-access-token",
            "",
            revoke,
        ),
    ]
}

pub(super) fn app_of(call: &Call) -> Result<u64, Refusal> {
    match call.actor {
        Actor::App { app, .. } => Ok(app),
        _ => Err(Refusal::new(401, "A JSON web token could not be decoded")),
    }
}

fn get_app(world: &mut World, call: &Call) -> Reply {
    let id = app_of(call)?;
    let count = world.installations.values().filter(|i| i.app == id).count();
    let more = json!({ "installations_count": count });
    Ok(Answer::ok(build::extend(build::app(world, id), more)))
}

fn by_slug(world: &mut World, call: &Call) -> Reply {
    let found = world
        .apps
        .values()
        .find(|a| a.slug == call.param("slug"))
        .map(|a| a.id);
    found
        .map(|id| Answer::ok(build::app(world, id)))
        .ok_or_else(Refusal::not_found)
}

fn list(world: &mut World, call: &Call) -> Reply {
    let app = app_of(call)?;
    let mine = world.installations.values().filter(|i| i.app == app);
    let rows = mine.map(|i| build::installation(world, i.id)).collect();
    Ok(call.paged(rows))
}

fn found(world: &World, call: &Call, find: impl Fn(&u64) -> bool) -> Reply {
    let app = app_of(call)?;
    let ids = world
        .installations
        .values()
        .filter(|i| i.app == app)
        .map(|i| i.id);
    let id = ids.into_iter().find(find).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(build::installation(world, id)))
}

fn get(world: &mut World, call: &Call) -> Reply {
    let wanted = call.number("id")?;
    found(world, call, |id| *id == wanted)
}

fn of_repo(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo;
    found(world, call, |id| {
        world
            .installations
            .get(id)
            .is_some_and(|i| i.repos.contains(&repo))
    })
}

fn of_account(world: &mut World, call: &Call) -> Reply {
    let account = world.user_by_login(call.param("org")).map(|u| u.id);
    found(world, call, |id| {
        world
            .installations
            .get(id)
            .is_some_and(|i| Some(i.account) == account)
    })
}

fn create_token(world: &mut World, call: &Call) -> Reply {
    let (app, id) = (app_of(call)?, call.number("id")?);
    let of = world.installations.get(&id).filter(|i| i.app == app);
    let of = of.ok_or_else(Refusal::not_found)?;
    if of.suspended_at.is_some() {
        return Err(Refusal::new(403, "This installation has been suspended"));
    }
    let mut permissions: BTreeMap<String, String> = of.permissions.clone();
    if let Some(asked) = call.body.get("permissions").and_then(Value::as_object) {
        permissions.clear();
        for (permission, level) in asked {
            let level = level.as_str().unwrap_or("");
            if !grants(&of.permissions, permission, level) {
                return Err(Refusal::unprocessable(
                    "The permissions requested are not granted to this installation.",
                ));
            }
            permissions.insert(permission.clone(), level.to_owned());
        }
        permissions
            .entry("metadata".into())
            .or_insert_with(|| "read".into());
    }
    let list = |key: &str| call.body.get(key).and_then(Value::as_array);
    let mut repos = of.repos.clone();
    let narrowed = list("repositories").is_some() || list("repository_ids").is_some();
    if narrowed {
        let names = list("repositories").into_iter().flatten().map(|name| {
            let name = name.as_str().unwrap_or("");
            of.repos
                .iter()
                .find(|id| {
                    world
                        .repos
                        .get(id)
                        .is_some_and(|r| r.name.eq_ignore_ascii_case(name))
                })
                .copied()
        });
        let ids = list("repository_ids")
            .into_iter()
            .flatten()
            .map(|id| id.as_u64().filter(|id| of.repos.contains(id)));
        repos = names
            .chain(ids)
            .collect::<Option<BTreeSet<u64>>>()
            .ok_or_else(|| {
                Refusal::unprocessable(
                    "There is at least one repository that does not exist or is not accessible to \
                 the parent installation.",
                )
            })?;
    }
    let token = world.new_installation_token(id, permissions.clone(), repos.clone());
    let ends = world.tokens.get(&token).map_or(0, |t| t.expires_at);
    let mut body = json!({
        "token": token,
        "expires_at": iso(ends),
        "permissions": permissions,
        "repository_selection": "selected",
    });
    if narrowed {
        let rows: Vec<_> = repos
            .iter()
            .map(|id| build::repository(world, *id))
            .collect();
        body["repositories"] = rows.into();
    }
    Ok(Answer::created(body))
}

fn repositories(world: &mut World, call: &Call) -> Reply {
    let Actor::Installation { token, .. } = &call.actor else {
        return Err(Refusal::new(403, "Resource not accessible by integration"));
    };
    let repos = world
        .tokens
        .get(token)
        .map(|t| t.repos.clone())
        .unwrap_or_default();
    let rows = repos
        .iter()
        .map(|id| build::repository(world, *id))
        .collect();
    Ok(call.paged_in("repositories", rows))
}

fn revoke(world: &mut World, call: &Call) -> Reply {
    if let Actor::Installation { token, .. } = &call.actor {
        world.tokens.remove(token);
    }
    Ok(Answer::no_content())
}
