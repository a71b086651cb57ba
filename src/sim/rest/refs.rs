//! Refs and annotated tags of the Git database.

use serde_json::json;

use crate::sim::clock::parse_iso;
use crate::sim::git::{Ident, Kind, TagObject};
use crate::sim::json as build;
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::World;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route(
            "GET",
            "/repos/{owner}/{repo}/git/ref/{ref*}",
            "git/get-ref",
            "contents=read",
            get,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/git/matching-refs/{ref*}",
            "git/list-matching-refs",
            "contents=read",
            matching,
        ),
        route(
            "POST",
            "/repos/{owner}/{repo}/git/refs",
            "git/create-ref",
            "contents=write",
            create,
        ),
        route(
            "PATCH",
            "/repos/{owner}/{repo}/git/refs/{ref*}",
            "git/update-ref",
            "contents=write",
            update,
        ),
        route(
            "DELETE",
            "/repos/{owner}/{repo}/git/refs/{ref*}",
            "git/delete-ref",
            "contents=write",
            delete,
        ),
        route(
            "POST",
            "/repos/{owner}/{repo}/git/tags",
            "git/create-tag",
            "contents=write",
            create_tag,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/git/tags/{sha}",
            "git/get-tag",
            "contents=read",
            get_tag,
        ),
    ]
}

/// In paths a ref is written without `refs/`; with it, it is taken as well.
fn full(name: &str) -> String {
    format!("refs/{}", name.strip_prefix("refs/").unwrap_or(name))
}

fn show(world: &World, call: &Call, name: &str) -> Result<serde_json::Value, Refusal> {
    let repo = call.repo(world)?;
    let sha = repo.git.read_ref(name).ok_or_else(Refusal::not_found)?;
    Ok(build::git_ref(world, repo, name, &sha))
}

fn get(world: &mut World, call: &Call) -> Reply {
    Ok(Answer::ok(show(world, call, &full(call.param("ref")))?))
}

/// Everything that begins with the asked name: `tags/v1.2.1` finds `v1.2.10`.
fn matching(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let refs = repo.git.list_refs(&full(call.param("ref")));
    let rows = refs
        .iter()
        .map(|(name, sha)| build::git_ref(world, repo, name, sha));
    Ok(call.paged(rows.collect()))
}

fn create(world: &mut World, call: &Call) -> Reply {
    let (name, sha) = (call.required("ref")?, call.required("sha")?);
    if !name.starts_with("refs/") || name.split('/').count() < 3 {
        let why = format!(
            "{name} is not a valid ref name. Reference name must start with \
             'refs/' and have at least two slashes"
        );
        return Err(Refusal::unprocessable(&why));
    }
    world.create_ref(call.repo, name, sha, &call.who())?;
    let value = show(world, call, name)?;
    let location = value["url"].as_str().unwrap_or("").to_owned();
    Ok(Answer::created(value).header("location", location))
}

fn update(world: &mut World, call: &Call) -> Reply {
    let (name, sha) = (full(call.param("ref")), call.required("sha")?);
    let force = call.flag("force").unwrap_or(false);
    world.update_ref(call.repo, &name, sha, force, &call.who())?;
    Ok(Answer::ok(show(world, call, &name)?))
}

fn delete(world: &mut World, call: &Call) -> Reply {
    world.delete_ref(call.repo, &full(call.param("ref")), &call.who())?;
    Ok(Answer::no_content())
}

/// Who and when as given in the body, else the caller now; the flag tells
/// whether it was given.
pub(super) fn ident(world: &World, call: &Call, key: &str) -> (Ident, bool) {
    let own = world.ident(call.who().user);
    let Some(given) = call.body.get(key).filter(|v| v.is_object()) else {
        return (own, false);
    };
    let text = |name: &str| given.get(name).and_then(|v| v.as_str());
    let at = text("date").and_then(parse_iso).unwrap_or(own.at);
    let name = text("name").map_or(own.name, str::to_owned);
    let email = text("email").map_or(own.email, str::to_owned);
    (Ident { name, email, at }, true)
}

/// Makes the object only; the ref is another call.
fn create_tag(world: &mut World, call: &Call) -> Reply {
    let (tag, message) = (call.required("tag")?, call.required("message")?);
    let (object, kind) = (call.required("object")?, call.required("type")?);
    let tagger = ident(world, call, "tagger").0;
    let repo = call.repo(world)?;
    let Some(found) = repo.git.kind(object) else {
        return Err(Refusal::validation("Tag", "missing", "object", None));
    };
    if Kind::from_name(kind) != Some(found) {
        let why = json!(format!("Object is a {}, not a {kind}", found.name()));
        let mut refusal = Refusal::validation("Tag", "invalid", "type", None);
        refusal.errors.push(why);
        return Err(refusal);
    }
    let tag = TagObject {
        sha: String::new(),
        object: object.to_owned(),
        kind: found,
        tag: tag.to_owned(),
        tagger,
        message: message.to_owned(),
    };
    let sha = repo.git.write_tag(&tag)?;
    let tag = repo.git.tag(&sha).ok_or_else(Refusal::not_found)?;
    Ok(Answer::created(build::git_tag(world, repo, &tag)))
}

fn get_tag(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let tag = repo
        .git
        .tag(call.param("sha"))
        .ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(build::git_tag(world, repo, &tag)))
}
