//! The registry over HTTP: the API below `/crates.io`, the sparse index below
//! `/crates-index`, and the status pages: GitHub's below `/status`, its own
//! below `/crates-status`.

use serde_json::{Map, Value, json};

use crate::sim::clock::iso_millis;
use crate::sim::json::registry as answers;
use crate::sim::model::registry::{self, Registry, Version, index_path};
use crate::sim::model::status_page::StatusPage;
use crate::sim::ops::registry::index_moves;
use crate::sim::router::{Access, Answer, Body, Call, Handler, Reply, Route};
use crate::sim::world::World;

/// The prefix of the API.
pub const API: &str = "/crates.io";
/// The prefix of the sparse index.
pub const INDEX: &str = "/crates-index";

/// The prefixes of the status pages: GitHub's, and the registry's.
pub const STATUS: [&str; 2] = ["/status", "/crates-status"];

/// What is served; all of it open, the registry checks its own tokens.
pub fn routes() -> Vec<Route> {
    let open = |method, path, operation, run: Handler| Route {
        method,
        path,
        operation,
        access: Access::Open,
        permission: "",
        run,
    };
    const VERSION: &str = "/crates.io/api/v1/crates/{name}/{version}";
    vec![
        open(
            "GET",
            "/crates.io/api/v1/crates/{name}",
            "crates/get-crate",
            get_crate,
        ),
        open("GET", VERSION, "crates/get-version", get_version),
        open("PATCH", VERSION, "crates/update-version", update_version),
        open(
            "GET",
            "/crates.io/api/v1/crates/{name}/{version}/download",
            "crates/download",
            download,
        ),
        open(
            "DELETE",
            "/crates.io/api/v1/crates/{name}/{version}/yank",
            "crates/yank",
            yank,
        ),
        open(
            "PUT",
            "/crates.io/api/v1/crates/{name}/{version}/unyank",
            "crates/unyank",
            unyank,
        ),
        open(
            "GET",
            "/crates-index/config.json",
            "crates/index-config",
            index_config,
        ),
        open(
            "GET",
            "/crates-index/{path*}",
            "crates/index-file",
            index_file,
        ),
        open(
            "GET",
            "/status/api/v2/summary.json",
            "status/summary",
            status_summary,
        ),
        open(
            "GET",
            "/crates-status/api/v2/summary.json",
            "status/summary-of-registry",
            registry_status,
        ),
        open(
            "GET",
            "/status/api/v2/status.json",
            "status/status",
            status_only,
        ),
    ]
}

/// Notes the request and asks for a `User-Agent`, without which crates.io
/// answers 403.
fn answered(world: &mut World, call: &Call, run: impl FnOnce(&mut World) -> Answer) -> Reply {
    let named = call
        .headers
        .get("user-agent")
        .is_some_and(|agent| !agent.is_empty());
    let answer = if named {
        run(world)
    } else {
        let text = "We require that all requests include a `User-Agent` header.";
        Answer {
            status: 403,
            headers: Vec::new(),
            body: Body::Bytes("text/plain", text.into()),
        }
    };
    world.registry.calls.push(registry::Call {
        at: world.now(),
        method: call.method.clone(),
        path: call.path.clone(),
        status: answer.status,
    });
    Ok(answer)
}

fn refused(status: u16, detail: impl Into<String>) -> Answer {
    Answer::json(status, answers::error(detail))
}

fn on_version(world: &World, call: &Call, run: impl FnOnce(&Version) -> Answer) -> Answer {
    let (name, num) = (call.param("name"), call.param("version"));
    match world.registry.version(name, num) {
        Some(version) => run(version),
        None => missing(&world.registry, name, num),
    }
}

fn missing(registry: &Registry, name: &str, num: &str) -> Answer {
    if registry.versions(name).is_empty() {
        refused(404, format!("crate `{name}` does not exist"))
    } else {
        refused(
            404,
            format!("crate `{name}` does not have a version `{num}`"),
        )
    }
}

fn get_crate(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let name = call.param("name");
        let link = world.registry.repository(name);
        match answers::krate(world.registry.versions(name), link) {
            Some(body) => Answer::ok(body),
            None => missing(&world.registry, name, ""),
        }
    })
}

fn get_version(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        on_version(world, call, |v| {
            Answer::ok(json!({ "version": answers::version(v) }))
        })
    })
}

fn download(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        on_version(world, call, |v| {
            Answer::bytes("application/gzip", v.file.clone())
        })
    })
}

/// The token stands alone in `Authorization`; `Bearer` in front is accepted.
fn may_write(world: &World, call: &Call) -> bool {
    let token = call.headers.get("authorization").map_or("", String::as_str);
    let token = token.strip_prefix("Bearer ").unwrap_or(token).trim();
    let known = &world.registry.tokens;
    !token.is_empty() && (known.is_empty() || known.iter().any(|t| t == token))
}

fn set_yanked(
    world: &mut World,
    call: &Call,
    yanked: bool,
    message: Option<String>,
) -> Option<Answer> {
    if !may_write(world, call) {
        return Some(refused(403, "this action requires authentication"));
    }
    let now = world.now();
    let (name, num) = (call.param("name"), call.param("version"));
    if world.registry.version(name, num).is_none() {
        return Some(missing(&world.registry, name, num));
    }
    let visible = index_moves(world);
    world
        .registry
        .set_yanked(now, visible, name, num, yanked, message);
    None
}

fn yank(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        set_yanked(world, call, true, None).unwrap_or_else(|| Answer::ok(json!({ "ok": true })))
    })
}

fn unyank(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        set_yanked(world, call, false, None).unwrap_or_else(|| Answer::ok(json!({ "ok": true })))
    })
}

fn update_version(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let version = call.body.get("version").and_then(Value::as_object);
        let empty = Map::new();
        let version = version.unwrap_or(&empty);
        let message = version
            .get("yank_message")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let Some(yanked) = version.get("yanked").and_then(Value::as_bool) else {
            return refused(400, "expected `version.yanked`");
        };
        if message.is_some() && !yanked {
            return refused(400, "Cannot set yank message when unyanking");
        }
        set_yanked(world, call, yanked, message).unwrap_or_else(|| {
            on_version(world, call, |v| {
                Answer::ok(json!({ "version": answers::version(v) }))
            })
        })
    })
}

fn index_config(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |_| {
        let host = call.headers.get("host").map_or("", String::as_str);
        Answer::ok(json!({
            "dl": format!("http://{host}{API}/api/v1/crates"),
            "api": format!("http://{host}{API}"),
        }))
    })
}

fn index_file(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let path = call.param("path");
        let name = path.rsplit('/').next().unwrap_or_default();
        // The file stands at one place only, under its lower-case name.
        let right = path == index_path(name);
        let file = answers::index_file(world.registry.versions(name), world.now());
        let Some(text) = file.filter(|_| right) else {
            let body = Body::Bytes("text/plain", b"Not Found".to_vec());
            return Answer {
                status: 404,
                headers: Vec::new(),
                body,
            };
        };
        let tag = format!("\"{}\"", answers::etag(&text));
        let same = call.headers.get("if-none-match").is_some_and(|t| *t == tag);
        let answer = if same {
            Answer {
                status: 304,
                headers: Vec::new(),
                body: Body::Empty,
            }
        } else {
            Answer::bytes("text/plain", text.into_bytes())
        };
        answer
            .header("cache-control", "public,max-age=600")
            .header("etag", tag)
    })
}

fn summary(world: &World, page: &StatusPage, name: &str) -> Value {
    json!({
        "page": {
            "id": "kctbh9vrtdwd",
            "name": name,
            "url": "https://status.example",
            "time_zone": "Etc/UTC",
            "updated_at": iso_millis(world.now()),
        },
        "components": page.components.iter().map(|(name, status)| json!({
            "id": name.to_lowercase().replace(' ', "-"),
            "name": name,
            "status": status,
            "position": 1,
            "showcase": false,
            "group": false,
            "only_show_if_degraded": false,
        })).collect::<Vec<_>>(),
        "incidents": page.incidents,
        "scheduled_maintenances": [],
        "status": { "indicator": page.indicator, "description": page.description },
    })
}

fn status_summary(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        Answer::ok(summary(world, &world.status_page, "GitHub"))
    })
}

fn registry_status(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        Answer::ok(summary(world, &world.registry_page, "crates.io"))
    })
}

fn status_only(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let all = summary(world, &world.status_page, "GitHub");
        Answer::ok(json!({ "page": all["page"], "status": all["status"] }))
    })
}
