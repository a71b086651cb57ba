//! What the last releases changed in manifests, beyond what must be raised.

use super::paths::LOCK;
use super::{manifest, paths};
use crate::ecosystem::files::Files;
use crate::ecosystem::kind::Kind;
use crate::ecosystem::learnt::{Because, Place};
use crate::ecosystem::package::{Member, Package};

/// Whether a line that was learnt is the own version of a crate that is no member of
/// the workspace (a binding, say), stands at the release's, and was raised by both
/// releases. Its lock file must be one that follows.
pub fn goes_along(package: &Package, files: &Files, place: &Place) -> bool {
    let mut crates = package.members.iter().filter(|it| !it.released);
    let is = |it: &Member| it.manifest == place.path && it.version == place.version;
    if package.kind != Kind::Cargo || package.from_tag || place.because == Because::OneRelease {
        return false;
    }
    let Some(member) = crates.find(|it| is(it)) else {
        return false;
    };
    let mut at_base = package.members.iter().filter(|it| it.released);
    let lock = paths::within(paths::folder(&place.path), LOCK);
    let is_there = |tree: &[String]| tree.contains(&lock);
    let follows = package.locks.contains(&lock) || files.tree().is_some_and(|it| !is_there(it));
    let text = files.get(&place.path);
    let own = text.is_some_and(|text| manifest::version(text).is_ok_and(|it| it == place.version));
    // Another crate of that name would be raised in the lock files, too.
    let alone = at_base.all(|it| it.name != member.name);
    own && follows && alone
}

/// Whether a line that was learnt may be raised. In a manifest the key says
/// little: `version` is a requirement as well. So both releases must have changed
/// it; and a package's own version is never one, for the lock file would not
/// follow.
pub fn may_raise(place: &Place, text: Option<&str>, to: &str) -> bool {
    if place.path.rsplit('/').next() != Some(paths::MANIFEST) {
        return true;
    }
    let own = |text: &str| manifest::version(text).ok();
    place.because != Because::OneRelease
        && text.is_some_and(|text| {
            let raised = place.edit(text, &place.version, to, "");
            raised.is_ok_and(|raised| own(&raised) == own(text))
        })
}
