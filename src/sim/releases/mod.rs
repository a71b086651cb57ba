//! Releases and their assets.

mod change;
pub mod json;

use std::collections::BTreeMap;

pub use change::{Change, content, create, delete, publish, update, upload};

use serde_json::Value;

use super::actions;
use super::clock::{Millis, parse_iso};
use super::json as objects;
use super::world::{UserId, Who, World};

/// A repository's releases.
#[derive(Debug, Default)]
pub struct RepoReleases {
    /// By id.
    pub all: BTreeMap<u64, Release>,
    /// The one that was explicitly made the latest.
    pub pinned: Option<u64>,
    /// Whether releases become immutable when they are published.
    pub immutable: bool,
}

/// A release.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its id.
    pub id: u64,
    /// Its tag's name.
    pub tag: String,
    /// What a missing tag is created at.
    pub target: String,
    /// Its title.
    pub name: Option<String>,
    /// Its text.
    pub body: Option<String>,
    /// Whether it is not published yet.
    pub draft: bool,
    /// Whether it is marked as not for production.
    pub prerelease: bool,
    /// Whether tag and assets are fixed.
    pub immutable: bool,
    /// Whether it may be the latest (`make_latest` is not `false`).
    pub may_be_latest: bool,
    /// Who made it.
    pub author: UserId,
    /// The date of the tag's commit; while there is none, when it was made.
    pub created_at: Millis,
    /// When it was published.
    pub published_at: Option<Millis>,
    /// When it last changed.
    pub updated_at: Millis,
    /// Its assets, in the order of upload.
    pub assets: Vec<Asset>,
    /// Every text it had: (when, by whom, text).
    pub bodies: Vec<(Millis, UserId, String)>,
}

/// A file of a release.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// `uploaded`, or `open` for one that did not arrive whole.
    pub state: &'static str,
    /// Its MIME type.
    pub content_type: String,
    /// Its bytes.
    pub data: Vec<u8>,
    /// When it came.
    pub created_at: Millis,
    /// Who uploaded it.
    pub uploader: UserId,
}

impl RepoReleases {
    /// The published release of a tag.
    pub fn by_tag(&self, tag: &str) -> Option<&Release> {
        self.all.values().find(|r| !r.draft && r.tag == tag)
    }

    /// The release of a tag, drafts included; a published one first.
    pub fn any_by_tag(&self, tag: &str) -> Option<&Release> {
        self.by_tag(tag)
            .or_else(|| self.all.values().rev().find(|r| r.tag == tag))
    }

    /// The latest release: the one made so, else the newest published one by
    /// the date of its commit, then by version.
    pub fn latest(&self) -> Option<&Release> {
        let fits = |r: &&Release| !r.draft && !r.prerelease && r.may_be_latest;
        let pinned = self.pinned.and_then(|id| self.all.get(&id)).filter(fits);
        pinned.or_else(|| {
            let version = |r: &Release| semver::Version::parse(r.tag.trim_start_matches('v')).ok();
            self.all
                .values()
                .filter(fits)
                .max_by_key(|r| (r.created_at, version(r), r.id))
        })
    }

    /// The published release that came before, by the time of publication.
    pub fn previous(&self, than: u64) -> Option<&Release> {
        let others = self
            .all
            .values()
            .filter(|r| !r.draft && !r.prerelease && r.id != than);
        others.max_by_key(|r| (r.published_at, r.id))
    }
}

/// Sets up a published release that has long been there, without events; the
/// tag must exist. Gives its id.
pub fn seed(
    world: &mut World,
    repo: u64,
    tag: &str,
    author: UserId,
    body: &str,
    published_at: Millis,
    assets: &[&str],
) -> u64 {
    let id = world.next_id();
    let created_at = commit_date(world, repo, tag).unwrap_or(published_at);
    let files = assets
        .iter()
        .map(|name| {
            let asset_id = world.next_id();
            change::asset(asset_id, name, tag, published_at, author)
        })
        .collect();
    let release = Release {
        id,
        tag: tag.to_owned(),
        target: world
            .repos
            .get(&repo)
            .map_or_else(String::new, |r| r.default_branch.clone()),
        name: Some(tag.to_owned()),
        body: Some(body.to_owned()),
        draft: false,
        prerelease: false,
        immutable: false,
        may_be_latest: true,
        author,
        created_at,
        published_at: Some(published_at),
        updated_at: published_at,
        assets: files,
        bodies: vec![(published_at, author, body.to_owned())],
    };
    if let Some(found) = world.repos.get_mut(&repo) {
        found.releases.all.insert(id, release);
        found.releases.pinned = Some(id);
    }
    id
}

/// When the commit of a tag was made.
fn commit_date(world: &World, repo: u64, tag: &str) -> Option<Millis> {
    let git = &world.repos.get(&repo)?.git;
    let target = git.read_ref(&format!("refs/tags/{tag}"))?;
    let commit = git.peel(&target)?;
    let commit = super::json::simple_commit(world, repo, &commit);
    parse_iso(commit.get("timestamp")?.as_str()?)
}

/// A ref was deleted: releases of a deleted tag become drafts.
pub(super) fn on_ref_deleted(world: &mut World, repo: u64, ref_name: &str, who: &Who) {
    let Some(tag) = ref_name.strip_prefix("refs/tags/") else {
        return;
    };
    let now = world.now();
    let Some(found) = world.repos.get_mut(&repo) else {
        return;
    };
    let mut changed = Vec::new();
    for release in found.releases.all.values_mut() {
        if release.tag == tag && !release.draft && !release.immutable {
            release.draft = true;
            release.published_at = None;
            release.updated_at = now;
            changed.push(release.id);
        }
    }
    for id in changed {
        tell(world, repo, id, "unpublished", who);
    }
}

/// Emits `release` and starts what listens to it. Drafts start nothing.
fn tell(world: &mut World, repo: u64, id: u64, action: &str, who: &Who) {
    tell_with(world, repo, id, action, serde_json::json!({}), who);
}

/// The same, with what else the payload has.
fn tell_with(world: &mut World, repo: u64, id: u64, action: &str, more: Value, who: &Who) {
    let Some(release) = world.repos.get(&repo).and_then(|r| r.releases.all.get(&id)) else {
        return;
    };
    let (tag, draft) = (release.tag.clone(), release.draft);
    let fields = serde_json::json!({ "release": json::release(world, repo, release) });
    let fields = objects::extend(fields, more);
    world.emit(repo, "release", Some(action), fields, who.user);
    if !draft {
        actions::start::on_release(world, repo, &tag, action, who);
    }
}
