//! The root, limits, accounts.

use serde_json::{Value, json};

use crate::sim::auth::Actor;
use crate::sim::clock::iso;
use crate::sim::json as build;
use crate::sim::router::{Access, Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::{UserId, World};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            access: Access::Open,
            ..route("GET", "/meta", "meta/get", "", meta)
        },
        Route {
            access: Access::Open,
            ..route("GET", "/zen", "meta/get-zen", "", zen)
        },
        route("GET", "/rate_limit", "rate-limit/get", "", rate_limit),
        route("GET", "/user", "users/get-authenticated", "", me),
        route(
            "GET",
            "/users/{username}",
            "users/get-by-username",
            "",
            user,
        ),
    ]
}

fn meta(_: &mut World, _: &Call) -> Reply {
    Ok(Answer::ok(
        json!({ "verifiable_password_authentication": false, "hooks": ["127.0.0.0/8"] }),
    ))
}

fn zen(_: &mut World, _: &Call) -> Reply {
    Ok(Answer::bytes(
        "text/plain;charset=utf-8",
        b"Keep it logically awesome.".to_vec(),
    ))
}

fn rate_limit(world: &mut World, call: &Call) -> Reply {
    let hour = world.now().div_euclid(3_600_000);
    let reset = (hour + 1) * 3_600;
    let payer = call.actor.payer();
    let limit = world.limit(payer);
    let of = |resource| {
        let used = payer.map_or(0, |payer| world.budgets.used(payer, resource, hour));
        let remaining = limit.saturating_sub(used);
        json!({ "limit": limit, "used": used, "remaining": remaining, "reset": reset })
    };
    let (core, graphql) = (of("core"), of("graphql"));
    Ok(Answer::ok(json!({
        "resources": { "core": core, "search": core, "graphql": graphql },
        "rate": core,
    })))
}

fn account(world: &World, id: UserId) -> Value {
    let at = world.users.get(&id).map_or(0, |u| u.created_at);
    build::extend(
        build::user(world, id),
        json!({
            "name": null, "company": null, "blog": "", "location": null, "email": null,
            "hireable": null, "bio": null, "public_repos": 0, "public_gists": 0,
            "followers": 0, "following": 0, "created_at": iso(at), "updated_at": iso(at),
        }),
    )
}

fn me(world: &mut World, call: &Call) -> Reply {
    match call.actor {
        Actor::User { user, .. } => Ok(Answer::ok(account(world, user))),
        _ => Err(Refusal::new(403, "Resource not accessible by integration")),
    }
}

fn user(world: &mut World, call: &Call) -> Reply {
    let found = world.user_by_login(call.param("username")).map(|u| u.id);
    found
        .map(|id| Answer::ok(account(world, id)))
        .ok_or_else(Refusal::not_found)
}
