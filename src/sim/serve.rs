//! One request from its bytes to its answer, with the world locked: who calls,
//! what is asked, whether it is allowed, what comes of it.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::auth::Actor;
use super::clock::{Millis, http_date};
use super::graphql;
use super::model::app::satisfies;
use super::model::faults::FaultWhen;
use super::model::log::CallRecord;
use super::model::mishaps::Mishap;
use super::router::{Access, Answer, Body, Call, Refusal, Reply, Route, Router};
use super::world::World;

/// The versions of the API that are known.
const VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];

/// A request as it came in.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

/// What becomes of a request.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It is answered.
    Answered(Answer),
    /// A fault struck, now or earlier: no answer, and the connection is cut
    /// once the fault is released.
    Cut,
    /// No answer comes, and the connection is cut so many milliseconds later.
    Hung(Millis),
}

/// Carries a request out.
pub(super) fn serve(world: &mut World, router: &Router, request: Request) -> Outcome {
    if world.faults.struck.is_some() {
        return Outcome::Cut;
    }
    let at = world.now();
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let path = path.strip_prefix("/api/v3").unwrap_or(path);
    let path = match path {
        "/api/graphql" => "/graphql",
        "" => "/",
        path => path,
    };
    let method = if request.method == "HEAD" {
        "GET"
    } else {
        request.method.as_str()
    };
    let body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
    // Redirects lead here: the same by the repository's id.
    let by_id = by_id(world, path);
    let path = by_id.as_deref().unwrap_or(path);
    let found = router.find(method, path);
    let mut call = Call {
        method: method.to_owned(),
        path: path.to_owned(),
        params: BTreeMap::new(),
        query: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        headers: request.headers,
        body,
        raw: request.body,
        actor: Actor::Anonymous,
        repo: 0,
    };
    if let Some((route, params)) = &found
        && route.access == Access::Open
    {
        call.params.clone_from(params);
        let reply = (route.run)(world, &call);
        return Outcome::Answered(finish(world, &call, reply, None));
    }
    if world.faults.down {
        let body = Body::Bytes("text/html", b"<html>No server is available</html>".to_vec());
        let page = Answer {
            status: 503,
            headers: Vec::new(),
            body,
        };
        return Outcome::Answered(finish(world, &call, Ok(page), None));
    }
    let actor = world.authenticate(call.headers.get("authorization").map(String::as_str));
    if let Ok(actor) = &actor {
        call.actor = actor.clone();
    }
    let is_graphql = path == "/graphql";
    let (operation, is_write) = match &found {
        _ if is_graphql => {
            let (name, mutation) = graphql::operation(&call.body);
            (Some(name), mutation)
        }
        Some((route, _)) => (Some(route.operation.to_owned()), method != "GET"),
        None => (None, method != "GET"),
    };
    let counted = is_write && matches!(call.actor, Actor::Installation { .. });
    let strike = counted
        .then(|| {
            world
                .faults
                .arrive(operation.as_deref().unwrap_or("unsupported"))
        })
        .flatten();
    let has_token = !matches!(call.actor, Actor::Anonymous);
    let mishap = (strike.is_none() && has_token)
        .then(|| {
            let name = operation.as_deref().unwrap_or("unsupported");
            let mishap = world.mishaps.meet(is_write)?;
            if let Mishap::Freeze(when) = mishap {
                world.faults.freeze(name, when);
            }
            Some(mishap)
        })
        .flatten();
    let mut record = CallRecord {
        at,
        method: method.to_owned(),
        path: request.target.clone(),
        operation,
        status: 0,
        actor: call.actor.kind(),
        is_write,
        request: call.body.clone(),
        response: Value::Null,
        message: None,
    };
    if strike == Some(FaultWhen::Before) {
        record.message = Some("cut before it was carried out".into());
        world.log.calls.push(record);
        return Outcome::Cut;
    }
    if let Some(mishap) = mishap.filter(|it| it.when() == FaultWhen::Before) {
        return went_wrong(world, &call, record, mishap);
    }
    let reply = actor
        .and_then(|_| checked(world, &call))
        .and_then(|()| {
            let broken = |name: &String| world.faults.broken.contains(name);
            match record.operation.as_ref().is_some_and(broken) {
                true => Err(Refusal::new(502, "Server Error")),
                false => Ok(()),
            }
        })
        .and_then(|()| match found {
            _ if is_graphql => graphql::serve(world, &call),
            Some((route, params)) => {
                call.params = params;
                run(world, &mut call, route)
            }
            None => {
                let what = format!("{method} {path}");
                let message = format!("The stand-in does not serve {what}");
                world.log.unsupported.push(what);
                Err(Refusal::new(501, &message))
            }
        });
    record.message = reply.as_ref().err().map(|r| r.message.clone());
    let permission = router.find(method, path).map(|(r, _)| r.permission);
    let answer = finish(world, &call, reply, permission);
    record.status = answer.status;
    if let Body::Json(body) = &answer.body {
        record.response.clone_from(body);
    }
    if let Some(mishap) = mishap {
        return went_wrong(world, &call, record, mishap);
    }
    if strike.is_some() {
        record.message = Some("carried out, the answer was lost".into());
    }
    world.log.calls.push(record);
    if strike.is_some() {
        Outcome::Cut
    } else {
        Outcome::Answered(answer)
    }
}

/// What comes in place of the answer. The record keeps the status of what was
/// carried out.
fn went_wrong(world: &mut World, call: &Call, mut record: CallRecord, mishap: Mishap) -> Outcome {
    record.message = Some(format!("went wrong: {mishap:?}"));
    world.log.calls.push(record);
    match (mishap, mishap.answer(world.now())) {
        (_, Some(answer)) => Outcome::Answered(finish(world, call, Ok(answer), None)),
        (Mishap::Hang(millis, _), None) => Outcome::Hung(millis),
        (_, None) => Outcome::Cut,
    }
}

/// What GitHub checks before it looks at the operation.
fn checked(world: &mut World, call: &Call) -> Result<(), Refusal> {
    if call
        .headers
        .get("user-agent")
        .is_none_or(|agent| agent.is_empty())
    {
        return Err(Refusal::new(
            403,
            "Request forbidden by administrative rules. Please make sure your request has a \
             User-Agent header.",
        ));
    }
    if let Some(version) = call.headers.get("x-github-api-version")
        && !VERSIONS.contains(&version.as_str())
    {
        return Err(Refusal::new(
            400,
            &format!("API version {version} is not supported"),
        ));
    }
    if !call.raw.is_empty() && call.body.is_null() && call.method != "GET" {
        let json = call
            .headers
            .get("content-type")
            .is_none_or(|t| t.contains("json"));
        if json && call.raw.as_slice() != b"null" {
            return Err(Refusal::new(400, "Problems parsing JSON"));
        }
    }
    let hour = world.now().div_euclid(3_600_000);
    if let Some(payer) = call.actor.payer() {
        let limit = world.limit(Some(payer));
        if !world.budgets.spend(payer, resource(call), hour, limit) {
            let why = "API rate limit exceeded for installation.";
            return Err(Refusal::new(403, why));
        }
    }
    Ok(())
}

/// Which of its budgets.
fn resource(call: &Call) -> &'static str {
    match call.path.as_str() {
        "/graphql" => "graphql",
        _ => "core",
    }
}

/// The path of something below `/repositories/{id}`, by the present name.
fn by_id(world: &World, path: &str) -> Option<String> {
    let (id, rest) = path.strip_prefix("/repositories/")?.split_once('/')?;
    let repo = world.repos.get(&id.parse().ok()?)?;
    Some(format!("/repos/{}/{rest}", repo.full_name()))
}

/// Where a repository is that has another name by now.
fn moved(world: &World, call: &Call) -> Option<Refusal> {
    let (owner, name) = (call.params.get("owner")?, call.params.get("repo")?);
    if world.repo_by_name(owner, name).is_some() {
        return None;
    }
    let former = format!("{owner}/{name}").to_lowercase();
    let id = world.former_names.get(&former)?;
    let below: Vec<&str> = call.path.splitn(5, '/').skip(4).collect();
    let mut to = format!("{}/repositories/{id}", world.api_url);
    for rest in below {
        to.push('/');
        to.push_str(rest);
    }
    if !call.query.is_empty() {
        let pairs = call.query.iter();
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        to.push('?');
        to.push_str(&query);
    }
    let mut refusal = Refusal::new(301, "Moved Permanently");
    refusal.headers.push(("location".into(), to));
    Some(refusal)
}

fn run(world: &mut World, call: &mut Call, route: &Route) -> Reply {
    if let Some(moved) = moved(world, call) {
        return Err(moved);
    }
    let named = |name: &str| call.params.get(name).cloned();
    let repo = named("owner").zip(named("repo"));
    let repo = repo.map(|(owner, name)| world.repo_by_name(&owner, &name).map(|r| r.id));
    let there = repo.flatten().and_then(|id| world.repos.get(&id));
    if call.method != "GET" && there.is_some_and(|it| it.archived) {
        let why = "Repository was archived so is read-only.";
        return Err(Refusal::new(403, why));
    }
    match (&call.actor, route.access) {
        (_, Access::Open) | (Actor::App { .. }, Access::App) => {}
        (_, Access::App) => {
            return Err(Refusal::new(401, "A JSON web token could not be decoded"));
        }
        (Actor::Anonymous, _) => return Err(Refusal::new(401, "Requires authentication")),
        (Actor::App { .. }, _) => {
            return Err(Refusal::new(403, "Resource not accessible by integration"));
        }
        (Actor::Installation { token, .. }, _) => {
            let token = world.tokens.get(token).ok_or_else(Refusal::not_found)?;
            let mut foreign = false;
            if let Some(repo) = repo
                && !repo.is_some_and(|id| token.repos.contains(&id))
            {
                // What is public everybody may read, and nobody else write.
                let there = repo.and_then(|id| world.repos.get(&id));
                match there.filter(|there| !there.private) {
                    None => return Err(Refusal::not_found()),
                    Some(_) if call.method != "GET" => {
                        return Err(Refusal::forbidden(&accepted(route.permission)));
                    }
                    Some(_) => foreign = true,
                }
            }
            if !foreign && !satisfies(&token.permissions, route.permission) {
                return Err(Refusal::forbidden(&accepted(route.permission)));
            }
        }
        (Actor::User { .. }, _) => {
            let role = |id| world.role_through(id, &call.actor);
            if let Some(repo) = repo
                && repo.and_then(role).is_none()
            {
                return Err(Refusal::not_found());
            }
        }
    }
    call.repo = match repo {
        Some(Some(id)) => id,
        Some(None) => return Err(Refusal::not_found()),
        None => 0,
    };
    (route.run)(world, call)
}

fn accepted(permission: &str) -> String {
    permission.replace(';', "; ")
}

/// Headers that every answer has, and 304 for what the caller knows.
fn finish(world: &mut World, call: &Call, reply: Reply, permission: Option<&str>) -> Answer {
    let mut answer = reply.unwrap_or_else(Answer::from);
    let now = world.now();
    answer = answer
        .header("date", http_date(now))
        .header("x-github-media-type", "github.v3; format=json")
        .header(
            "x-github-request-id",
            format!("SIM:{:06X}", world.log.calls.len()),
        )
        .header("x-github-api-version-selected", VERSIONS[0]);
    if let Some(permission) = permission
        && answer.status != 403
        && !permission.is_empty()
    {
        answer = answer.header("x-accepted-github-permissions", accepted(permission));
    }
    let etag = match &answer.body {
        Body::Json(value) if call.method == "GET" && answer.status == 200 => {
            let sum = hex::encode(Sha256::digest(value.to_string()));
            Some(format!("W/\"{sum}\""))
        }
        _ => None,
    };
    if let Some(etag) = etag {
        let known = call.headers.get("if-none-match");
        let same = known.is_some_and(|k| k.split(',').any(|k| k.trim() == etag));
        answer = answer.header("etag", etag);
        if same {
            answer.status = 304;
            answer.body = Body::Empty;
            // What has not changed costs nothing.
            if let Some(payer) = call.actor.payer() {
                world.budgets.give_back(payer, resource(call));
            }
        }
    }
    let reset = (now.div_euclid(3_600_000) + 1) * 3_600;
    let (resource, hour) = (resource(call), now.div_euclid(3_600_000));
    let payer = call.actor.payer();
    let limit = world.limit(payer);
    let used = payer.map_or(0, |payer| world.budgets.used(payer, resource, hour));
    answer
        .header("x-ratelimit-limit", limit.to_string())
        .header(
            "x-ratelimit-remaining",
            limit.saturating_sub(used).to_string(),
        )
        .header("x-ratelimit-used", used.to_string())
        .header("x-ratelimit-reset", reset.to_string())
        .header("x-ratelimit-resource", resource)
}
