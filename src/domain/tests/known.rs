//! Worlds that many tests begin with, and what is seen of them.

use super::sample::{ASSESS, sha};
use super::world::World;
use crate::domain::need::NeedKind;
use crate::domain::objects::{Asset, Part, RegistryVersion, Release};
use crate::domain::outlook::outlook;
use crate::domain::procedure::Case;
use crate::domain::view::{View, view};

/// Everything before the decision is given.
pub fn ready() -> World {
    ready_of(World::labelled_by("maintainer"))
}

/// The same in a world of its own.
pub fn ready_of(mut w: World) -> World {
    w.say("maintainer", ASSESS);
    w.push_fix('f');
    w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "success");
    w.approve("maintainer", &sha('f'));
    w.say("maintainer", "/hotfix check manual-test");
    w
}

/// The tag's workflows passed and everything is out.
pub fn published(w: &mut World) {
    w.registry = Some(RegistryVersion {
        yanked: false,
        checksum: "ab".repeat(32),
        indexed: true,
        ..RegistryVersion::default()
    });
    w.parts = vec![Part {
        package: "lantern".into(),
        version: "1.0.5".into(),
        there: true,
        ..Part::default()
    }];
    w.release = Some(Release {
        id: 2,
        assets: vec![Asset {
            name: "lantern-1.0.5.tar.gz".into(),
            uploaded: true,
            size: 10,
            ..Asset::default()
        }],
        ..Release::default()
    });
    w.run_ends(2, "publish.yml", "v1.0.5", &sha('f'), "success");
}

/// What is seen of the case as it stands.
pub fn seen<T>(w: &World, look: impl FnOnce(&View<'_>) -> T) -> T {
    let policy = w.facts.policy();
    let case = Case::of(&w.facts, &policy);
    look(&view(case, &outlook(&case)))
}

/// The status comment.
pub fn status(w: &World) -> String {
    seen(w, crate::domain::text::status)
}

/// What is waited for.
pub fn needs(w: &World) -> Vec<NeedKind> {
    seen(w, |view| {
        view.needs.iter().map(|n| n.kind.clone()).collect()
    })
}

/// What was written, without talk.
pub fn writes(w: &World) -> Vec<&str> {
    w.wrote
        .iter()
        .map(String::as_str)
        .filter(|s| !s.starts_with("comment/") && !s.starts_with("react/"))
        .filter(|s| !matches!(*s, "guard" | "state" | "label"))
        .collect()
}
