//! The events about releases, and what a deleted tag does to them.

use serde_json::{Value, json};

use crate::sim::actions::listen::on_release;
use crate::sim::json::{extend, release::release as release_json};
use crate::sim::world::{Who, World};

/// A ref was deleted: releases of a deleted tag become drafts.
pub(in crate::sim::ops) fn on_ref_deleted(world: &mut World, repo: u64, ref_name: &str, who: &Who) {
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
pub(super) fn tell(world: &mut World, repo: u64, id: u64, action: &str, who: &Who) {
    tell_with(world, repo, id, action, json!({}), who);
}

/// The same, with what else the payload has.
pub(super) fn tell_with(
    world: &mut World,
    repo: u64,
    id: u64,
    action: &str,
    more: Value,
    who: &Who,
) {
    let Some(release) = world.repos.get(&repo).and_then(|r| r.releases.all.get(&id)) else {
        return;
    };
    let (tag, draft) = (release.tag.clone(), release.draft);
    let fields = json!({ "release": release_json(world, repo, release) });
    let fields = extend(fields, more);
    world.emit(repo, "release", Some(action), fields, who.user);
    if !draft {
        on_release(world, repo, &tag, action, who);
    }
}
