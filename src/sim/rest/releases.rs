//! REST: releases.

use serde_json::{Value, json};

use crate::sim::auth::Actor;
use crate::sim::json::{Urls, release as objects, urls};
use crate::sim::ops::releases::{self, Asset, Change, Release};
use crate::sim::router::{Access, Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::{Role, World};

/// The routes of this room.
pub fn routes() -> Vec<Route> {
    const READ: &str = "contents=read";
    const WRITE: &str = "contents=write";
    macro_rules! at {
        ($path:literal) => {
            concat!("/repos/{owner}/{repo}/releases", $path)
        };
    }
    vec![
        route(
            "GET",
            "/repos/{owner}/{repo}/attestations/{subject_digest}",
            "repos/list-attestations",
            "attestations=read",
            attestations,
        ),
        route("GET", at!(""), "repos/list-releases", READ, list),
        route("POST", at!(""), "repos/create-release", WRITE, create),
        route(
            "POST",
            at!("/generate-notes"),
            "repos/generate-release-notes",
            WRITE,
            generate_notes,
        ),
        route(
            "GET",
            at!("/latest"),
            "repos/get-latest-release",
            READ,
            latest,
        ),
        route(
            "GET",
            at!("/tags/{tag*}"),
            "repos/get-release-by-tag",
            READ,
            by_tag,
        ),
        route("GET", at!("/{release_id}"), "repos/get-release", READ, get),
        route(
            "PATCH",
            at!("/{release_id}"),
            "repos/update-release",
            WRITE,
            update,
        ),
        route(
            "DELETE",
            at!("/{release_id}"),
            "repos/delete-release",
            WRITE,
            delete,
        ),
        route(
            "GET",
            at!("/assets/{asset_id}"),
            "repos/get-release-asset",
            READ,
            asset,
        ),
        Route {
            access: Access::Open,
            ..route(
                "GET",
                "/asset-files/{repo_id}/{asset_id}",
                "repos/release-asset-file",
                "",
                asset_file,
            )
        },
        route(
            "GET",
            at!("/{release_id}/assets"),
            "repos/list-release-assets",
            READ,
            assets,
        ),
        route(
            "POST",
            at!("/{release_id}/assets"),
            "repos/upload-release-asset",
            WRITE,
            upload,
        ),
    ]
}

/// Drafts are seen by who may push.
fn sees_drafts(world: &World, call: &Call) -> bool {
    match &call.actor {
        Actor::Installation { token, .. } => world
            .tokens
            .get(token)
            .and_then(|t| t.permissions.get("contents"))
            .is_some_and(|level| level == "write"),
        Actor::User { .. } => world
            .role_through(call.repo, &call.actor)
            .is_some_and(|r| r >= Role::Write),
        Actor::App { .. } | Actor::Anonymous => false,
    }
}

/// Whether a category that is named may be written to. (GitHub: 404 for an unknown one,
/// and for a token without Discussions.)
fn may_discuss(world: &World, call: &Call, change: &Change) -> Result<(), Refusal> {
    let Some(category) = &change.discussion else {
        return Ok(());
    };
    let has_right = match &call.actor {
        Actor::Installation { token, .. } => world
            .tokens
            .get(token)
            .and_then(|t| t.permissions.get("discussions"))
            .is_some_and(|level| level == "write"),
        _ => true,
    };
    let categories = &call.repo(world)?.releases.categories;
    match has_right && categories.contains(category) {
        true => Ok(()),
        false => Err(Refusal::not_found()),
    }
}

fn find<'w>(world: &'w World, call: &Call) -> Result<&'w Release, Refusal> {
    let id = call.number("release_id")?;
    let release = call.repo(world)?.releases.all.get(&id);
    let seen = |r: &&Release| !r.draft || sees_drafts(world, call);
    release.filter(seen).ok_or_else(Refusal::not_found)
}

fn answer(world: &World, call: &Call, release: Option<&Release>) -> Result<Value, Refusal> {
    let release = release.ok_or_else(Refusal::not_found)?;
    Ok(objects::release(world, call.repo, release))
}

fn list(world: &mut World, call: &Call) -> Reply {
    let drafts = sees_drafts(world, call);
    let mut all: Vec<&Release> = call
        .repo(world)?
        .releases
        .all
        .values()
        .filter(|r| drafts || !r.draft)
        .collect();
    // Drafts first, then by the date of the commit, newest first.
    all.sort_by_key(|r| std::cmp::Reverse((r.draft, r.created_at, r.id)));
    let items = all
        .into_iter()
        .map(|r| objects::release(world, call.repo, r))
        .collect();
    Ok(call.paged(items))
}

fn latest(world: &mut World, call: &Call) -> Reply {
    answer(world, call, call.repo(world)?.releases.latest()).map(Answer::ok)
}

fn by_tag(world: &mut World, call: &Call) -> Reply {
    answer(
        world,
        call,
        call.repo(world)?.releases.by_tag(call.param("tag")),
    )
    .map(Answer::ok)
}

/// What was attested of a file. GitHub answers 404 where that is nothing.
fn attestations(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let digest = call.param("subject_digest").strip_prefix("sha256:");
    let found = digest.is_some_and(|it| repo.releases.attested.contains(it));
    match found {
        true => Ok(Answer::ok(json!({ "attestations": [{
            "bundle": { "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": {}, "dsseEnvelope": {} },
            "repository_id": repo.id,
            "bundle_url": "",
            "initiator": "user",
        }] }))),
        false => Err(Refusal::not_found()),
    }
}

fn get(world: &mut World, call: &Call) -> Reply {
    let release = find(world, call)?;
    Ok(Answer::ok(objects::release(world, call.repo, release)))
}

fn change_of(call: &Call) -> Change {
    let text = |name: &str| call.text(name).map(str::to_owned);
    Change {
        tag: text("tag_name"),
        target: text("target_commitish"),
        name: text("name"),
        body: text("body"),
        draft: call.flag("draft"),
        prerelease: call.flag("prerelease"),
        make_latest: text("make_latest"),
        discussion: text("discussion_category_name"),
    }
}

fn create(world: &mut World, call: &Call) -> Reply {
    let mut change = change_of(call);
    let tag = call.required("tag_name")?.to_owned();
    if call.flag("generate_release_notes").unwrap_or(false) {
        let (name, body) = notes(world, call, &tag, None)?;
        change.name = change.name.or(Some(name));
        let own = change.body.take();
        change.body = Some(own.map_or(body.clone(), |own| format!("{own}\n\n{body}")));
    }
    may_discuss(world, call, &change)?;
    let id = releases::create(world, call.repo, &change, &call.who())?;
    let release = call.repo(world)?.releases.all.get(&id);
    answer(world, call, release).map(Answer::created)
}

fn update(world: &mut World, call: &Call) -> Reply {
    let id = find(world, call)?.id;
    let change = change_of(call);
    may_discuss(world, call, &change)?;
    releases::update(world, call.repo, id, &change, &call.who())?;
    let release = call.repo(world)?.releases.all.get(&id);
    answer(world, call, release).map(Answer::ok)
}

fn delete(world: &mut World, call: &Call) -> Reply {
    let id = find(world, call)?.id;
    releases::delete(world, call.repo, id, &call.who())?;
    Ok(Answer::no_content())
}

fn assets(world: &mut World, call: &Call) -> Reply {
    let release = find(world, call)?;
    let items = release
        .assets
        .iter()
        .map(|a| objects::asset(world, call.repo, release, a));
    Ok(call.paged(items.collect()))
}

/// The asset of a path, with its release.
fn asset_of<'w>(world: &'w World, call: &Call) -> Result<(&'w Release, &'w Asset), Refusal> {
    let id = call.number("asset_id")?;
    let releases = call.repo(world)?.releases.all.values();
    let mut all = releases.flat_map(|r| r.assets.iter().map(move |a| (r, a)));
    all.find(|(_, a)| a.id == id).ok_or_else(Refusal::not_found)
}

/// What it is; where its bytes are asked for, a link to them.
fn asset(world: &mut World, call: &Call) -> Reply {
    let (release, asset) = asset_of(world, call)?;
    let raw = call.headers.get("accept").map(String::as_str) == Some("application/octet-stream");
    Ok(match raw {
        true => Answer::found(format!(
            "{}/asset-files/{}/{}",
            world.api_url, call.repo, asset.id
        )),
        false => Answer::ok(objects::asset(world, call.repo, release, asset)),
    })
}

/// The bytes behind the link.
fn asset_file(world: &mut World, call: &Call) -> Reply {
    let call = Call {
        repo: call.number("repo_id")?,
        ..call.clone()
    };
    let (_, asset) = asset_of(world, &call)?;
    Ok(Answer::bytes(
        "application/octet-stream",
        asset.data.clone(),
    ))
}

fn upload(world: &mut World, call: &Call) -> Reply {
    let id = find(world, call)?.id;
    let name = call.query("name").unwrap_or_default().to_owned();
    if name.is_empty() {
        return Err(Refusal::validation(
            "ReleaseAsset",
            "missing_field",
            "name",
            None,
        ));
    }
    let asset = releases::upload(world, call.repo, id, &name, call.raw.clone(), &call.who())?;
    let release = call
        .repo(world)?
        .releases
        .all
        .get(&id)
        .ok_or_else(Refusal::not_found)?;
    let asset = release
        .assets
        .iter()
        .find(|a| a.id == asset)
        .ok_or_else(Refusal::not_found)?;
    Ok(Answer::created(objects::asset(
        world, call.repo, release, asset,
    )))
}

fn generate_notes(world: &mut World, call: &Call) -> Reply {
    let tag = call.required("tag_name")?.to_owned();
    let (name, body) = notes(world, call, &tag, call.text("previous_tag_name"))?;
    Ok(Answer::ok(json!({ "name": name, "body": body })))
}

/// The merged pull requests since the previous tag, and the comparison's page.
fn notes(
    world: &World,
    call: &Call,
    tag: &str,
    previous: Option<&str>,
) -> Result<(String, String), Refusal> {
    let repo = call.repo(world)?;
    let before = previous
        .map(str::to_owned)
        .or_else(|| repo.releases.latest().map(|r| r.tag.clone()));
    let since = before
        .as_ref()
        .and_then(|t| repo.releases.by_tag(t))
        .and_then(|r| r.published_at);
    let mut lines = Vec::new();
    for issue in repo.issues.values() {
        let merged = issue.pull.as_ref().and_then(|p| p.merged.as_ref());
        if merged.is_some_and(|m| since.is_none_or(|s| m.at > s)) {
            let login = world
                .users
                .get(&issue.author)
                .map_or("", |u| u.login.as_str());
            lines.push(format!(
                "* {} by @{login} in #{}",
                issue.title, issue.number
            ));
        }
    }
    let Urls { html, .. } = urls(world, call.repo);
    let range = match before {
        Some(before) => format!("compare/{before}...{tag}"),
        None => format!("commits/{tag}"),
    };
    let mut body = String::new();
    if !lines.is_empty() {
        body = format!("## What's Changed\n{}\n\n\n", lines.join("\n"));
    }
    body.push_str(&format!("**Full Changelog**: {html}/{range}"));
    Ok((tag.to_owned(), body))
}
