//! Releases that were there before the story begins.

use super::assets::{asset, built};
use crate::sim::clock::Millis;
use crate::sim::model::release::{Asset, Release};
use crate::sim::world::{UserId, World};

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
    let created_at = world
        .repos
        .get(&repo)
        .and_then(|r| r.tag_date(tag))
        .unwrap_or(published_at);
    let mut files: Vec<Asset> = Vec::new();
    for name in assets {
        let asset_id = world.next_id();
        files.push(Asset {
            data: built(name, tag, &files),
            ..asset(asset_id, name, tag, published_at, author)
        });
    }
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
        discussion: None,
        assets: files,
        bodies: vec![(published_at, author, body.to_owned())],
    };
    if let Some(found) = world.repos.get_mut(&repo) {
        found.releases.all.insert(id, release);
        found.releases.pinned = Some(id);
    }
    id
}
