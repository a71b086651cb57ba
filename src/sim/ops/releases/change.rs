//! Creating, changing and publishing releases.

use serde_json::{Value, json};

use super::events::{tell, tell_with};
use crate::sim::json::release::release as release_json;
use crate::sim::model::release::Release;
use crate::sim::refusal::Refusal;
use crate::sim::world::{Who, World};

/// The longest text of a release, in characters.
const BODY: usize = 125_000;

/// What a release shall be; what is `None` stays, or takes its default.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The tag's name.
    pub tag: Option<String>,
    /// What a missing tag is created at.
    pub target: Option<String>,
    /// The title.
    pub name: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// Whether it is a draft.
    pub draft: Option<bool>,
    /// Whether it is a prerelease.
    pub prerelease: Option<bool>,
    /// `true`, `false` or `legacy`.
    pub make_latest: Option<String>,
    /// The category in which a discussion of it is opened.
    pub discussion: Option<String>,
}

fn invalid(field: &str, code: &str, message: Option<&str>) -> Refusal {
    Refusal::validation("Release", code, field, message)
}

impl Change {
    fn check(&self) -> Result<(), Refusal> {
        if self.body.as_ref().is_some_and(|b| b.chars().count() > BODY) {
            let text = format!("body is too long (maximum is {BODY} characters)");
            return Err(invalid("body", "custom", Some(&text)));
        }
        match self.make_latest.as_deref() {
            None | Some("true" | "false" | "legacy") => Ok(()),
            Some(_) => Err(invalid("make_latest", "invalid", None)),
        }
    }
}

/// Creates a release; gives its id.
///
/// # Errors
/// 422 without a tag, for a tag that a published release has, or an unknown
/// target.
pub fn create(world: &mut World, repo: u64, change: &Change, who: &Who) -> Result<u64, Refusal> {
    change.check()?;
    let tag = change.tag.clone().filter(|t| !t.is_empty());
    let tag = tag.ok_or_else(|| invalid("tag_name", "missing_field", None))?;
    let now = world.now();
    let id = world.next_id();
    let discussion = change.discussion.as_ref().map(|_| world.next_id());
    let created_at = world
        .repos
        .get(&repo)
        .and_then(|r| r.tag_date(&tag))
        .unwrap_or(now);
    let found = world.repos.get_mut(&repo).ok_or_else(Refusal::not_found)?;
    if found.releases.by_tag(&tag).is_some() {
        return Err(invalid("tag_name", "already_exists", None));
    }
    let draft = change.draft.unwrap_or(false);
    let prerelease = change.prerelease.unwrap_or(false);
    if prerelease && change.make_latest.as_deref() == Some("true") {
        let text = "Latest release cannot be draft or prerelease";
        return Err(invalid("make_latest", "custom", Some(text)));
    }
    let body = change.body.clone();
    let release = Release {
        id,
        target: change
            .target
            .clone()
            .unwrap_or_else(|| found.default_branch.clone()),
        name: change.name.clone(),
        bodies: body.iter().map(|b| (now, who.user, b.clone())).collect(),
        body,
        draft: true,
        prerelease,
        immutable: false,
        may_be_latest: change.make_latest.as_deref() != Some("false"),
        author: who.user,
        created_at,
        published_at: None,
        updated_at: now,
        discussion,
        assets: Vec::new(),
        tag,
    };
    found.releases.all.insert(id, release);
    if draft {
        tell(world, repo, id, "created", who);
        return Ok(id);
    }
    let done = make_public(world, repo, id, change.make_latest.as_deref(), who);
    if let Err(refusal) = done {
        if let Some(found) = world.repos.get_mut(&repo) {
            found.releases.all.remove(&id);
        }
        return Err(refusal);
    }
    tell(world, repo, id, "created", who);
    tell_published(world, repo, id, who);
    Ok(id)
}

/// Changes a release; a draft that is told to be none is published.
///
/// # Errors
/// 404 for an unknown release, 422 as in [`create`].
pub fn update(
    world: &mut World,
    repo: u64,
    id: u64,
    change: &Change,
    who: &Who,
) -> Result<(), Refusal> {
    change.check()?;
    let now = world.now();
    let discussion = change.discussion.as_ref().map(|_| world.next_id());
    let found = world.repos.get_mut(&repo).ok_or_else(Refusal::not_found)?;
    let other = change
        .tag
        .as_ref()
        .and_then(|t| found.releases.by_tag(t))
        .map(|r| r.id);
    let release = found
        .releases
        .all
        .get_mut(&id)
        .ok_or_else(Refusal::not_found)?;
    if other.is_some_and(|o| o != id) {
        return Err(invalid("tag_name", "already_exists", None));
    }
    if release.immutable && change.tag.as_ref().is_some_and(|t| *t != release.tag) {
        return Err(invalid(
            "tag_name",
            "custom",
            Some("tag_name was used by an immutable release"),
        ));
    }
    let before = release.clone();
    let set = |place: &mut String, value: &Option<String>| {
        if let Some(value) = value {
            place.clone_from(value);
        }
    };
    set(&mut release.tag, &change.tag);
    set(&mut release.target, &change.target);
    release.name = change.name.clone().or(release.name.take());
    if let Some(body) = &change.body {
        release.body = Some(body.clone());
        release.bodies.push((now, who.user, body.clone()));
    }
    release.prerelease = change.prerelease.unwrap_or(release.prerelease);
    release.updated_at = now;
    // Where it has one the category is passed over.
    release.discussion = release.discussion.or(discussion);
    match change.make_latest.as_deref() {
        Some("false") => release.may_be_latest = false,
        Some(_) => release.may_be_latest = true,
        None => {}
    }
    let publishes = release.draft && change.draft == Some(false);
    if change.draft == Some(true) {
        release.draft = true;
        release.published_at = None;
    }
    if publishes {
        let latest = change.make_latest.as_deref();
        if let Err(refusal) = make_public(world, repo, id, latest, who) {
            if let Some(found) = world.repos.get_mut(&repo) {
                found.releases.all.insert(id, before);
            }
            return Err(refusal);
        }
        tell_published(world, repo, id, who);
    } else {
        if change.make_latest.as_deref() == Some("true") {
            found.releases.pinned = Some(id);
        }
        let changes = edits(&before, change);
        let more = json!({ "changes": changes });
        tell_with(world, repo, id, "edited", more, who);
    }
    Ok(())
}

/// Publishes a draft.
///
/// # Errors
/// As [`update`].
pub fn publish(world: &mut World, repo: u64, id: u64, who: &Who) -> Result<(), Refusal> {
    update(
        world,
        repo,
        id,
        &Change {
            draft: Some(false),
            ..Change::default()
        },
        who,
    )
}

/// Publishing: a missing tag is created, lightweight, at the target.
fn make_public(
    world: &mut World,
    repo: u64,
    id: u64,
    latest: Option<&str>,
    who: &Who,
) -> Result<(), Refusal> {
    let now = world.now();
    let found = world.repos.get(&repo).ok_or_else(Refusal::not_found)?;
    let release = found.releases.all.get(&id).ok_or_else(Refusal::not_found)?;
    let tag = release.tag.clone();
    let ref_name = format!("refs/tags/{tag}");
    if found.git.read_ref(&ref_name).is_none() {
        let target = &release.target;
        let branch = found.git.read_ref(&format!("refs/heads/{target}"));
        let at = branch.or_else(|| found.git.commit(target).map(|c| c.sha));
        let at = at.ok_or_else(|| invalid("target_commitish", "invalid", None))?;
        // A tag that brings other workflow files needs `workflows: write`;
        // without it the whole release is answered 404.
        world
            .create_ref(repo, &ref_name, &at, who)
            .map_err(|refusal| match refusal.status {
                403 => Refusal::not_found(),
                _ => refusal,
            })?;
    }
    let created_at = world.repos.get(&repo).and_then(|r| r.tag_date(&tag));
    let found = world.repos.get_mut(&repo).ok_or_else(Refusal::not_found)?;
    let immutable = found.releases.immutable;
    if let Some(release) = found.releases.all.get_mut(&id) {
        release.draft = false;
        release.published_at = Some(now);
        release.created_at = created_at.unwrap_or(release.created_at);
        release.immutable = immutable;
        // Unless told otherwise a newly published release becomes the latest.
        if !release.prerelease && release.may_be_latest && latest.is_none_or(|l| l == "true") {
            found.releases.pinned = Some(id);
        }
    }
    Ok(())
}

fn tell_published(world: &mut World, repo: u64, id: u64, who: &Who) {
    let release = world.repos.get(&repo).and_then(|r| r.releases.all.get(&id));
    let prerelease = release.is_some_and(|r| r.prerelease);
    tell(world, repo, id, "published", who);
    tell(
        world,
        repo,
        id,
        if prerelease {
            "prereleased"
        } else {
            "released"
        },
        who,
    );
}

/// `changes` of the payload: what the text was before.
fn edits(before: &Release, change: &Change) -> Value {
    let mut changes = json!({});
    if change.body.is_some() && change.body != before.body {
        changes["body"] = json!({ "from": before.body.clone().unwrap_or_default() });
    }
    if change.name.is_some() && change.name != before.name {
        changes["name"] = json!({ "from": before.name.clone().unwrap_or_default() });
    }
    changes
}

/// Deletes a release; its tag stays.
///
/// # Errors
/// 404 for an unknown release.
pub fn delete(world: &mut World, repo: u64, id: u64, who: &Who) -> Result<(), Refusal> {
    let found = world.repos.get(&repo).ok_or_else(Refusal::not_found)?;
    if !found.releases.all.contains_key(&id) {
        return Err(Refusal::not_found());
    }
    let release = found
        .releases
        .all
        .get(&id)
        .map(|r| release_json(world, repo, r));
    let fields = json!({ "release": release });
    world.emit(repo, "release", Some("deleted"), fields, who.user);
    if let Some(found) = world.repos.get_mut(&repo) {
        found.releases.all.remove(&id);
    }
    Ok(())
}
