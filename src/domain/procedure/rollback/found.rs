//! What of the release is out, and the token that stands for it.

use crate::domain::facts::{Out, Rollback};
use crate::domain::ids::{Millis, fingerprint};
use crate::domain::objects::{Object, OnRegistry, RegistryKind};
use crate::domain::procedure::branch::Branched;
use crate::domain::procedure::out::{on_registries, raised};
use crate::domain::procedure::step::Case;
use crate::domain::read::Read;

/// So long a registry that does not answer is waited for, milliseconds.
pub const PATIENCE: Millis = 10 * 60 * 1_000;

/// What must be seen before anything is taken back.
pub const LOOKED_AT: [Object; 8] = [
    Object::Issue,
    Object::Tag,
    Object::Release,
    Object::Parts,
    Object::Runs,
    Object::Pull,
    Object::Port,
    Object::Known,
];

/// The packages that the release has on the registry, each with its version.
pub fn packages(c: &Case<'_>, branched: &Branched) -> Vec<OnRegistry> {
    let mut all = on_registries(c, branched);
    let own = RegistryKind::of(branched.base.package.kind()).unwrap_or_default();
    all.extend(raised(c).iter().map(|(package, version)| OnRegistry {
        registry: own,
        package: package.clone(),
        version: version.clone(),
    }));
    all
}

/// What is looked at of them.
pub fn parts_read(packages: &[OnRegistry]) -> Read {
    let others = packages.iter().any(|it| !it.registry.is_first());
    Read::Parts {
        packages: packages
            .iter()
            .map(|it| (it.package.clone(), it.version.clone()))
            .collect(),
        registries: match others {
            true => packages.iter().map(|it| it.registry).collect(),
            false => Vec::new(),
        },
    }
}

/// What is out, once all of it was looked at since then.
pub fn out(c: &Case<'_>, branched: &Branched, since: Millis) -> Option<Out> {
    let seen = &c.line.seen;
    let late = c.facts.now >= since.saturating_add(PATIENCE);
    let parts = match seen.parts.since(since) {
        _ if packages(c, branched).is_empty() => Some(Vec::new()),
        Some(parts) => Some(parts.clone()),
        None if late => None,
        None => return None,
    };
    Some(Out {
        parts,
        release: seen.release.since(since)?.clone(),
        tag: seen.tag.since(since)?.clone(),
    })
}

/// What a person names who decides on exactly this: another state of what is out,
/// another reason or another way of doing it has another.
pub fn token(c: &Case<'_>, rollback: &Rollback, out: &Out) -> String {
    let parts = out.parts.as_deref();
    let parts = parts.map(|all| {
        let part = |it: &crate::domain::objects::Part| {
            format!("{} {} {} {}", it.package, it.version, it.there, it.yanked)
        };
        all.iter().map(part).collect::<Vec<_>>()
    });
    let release = out.release.as_ref();
    let release = release.map(|it| (it.id, it.draft, it.immutable, it.latest, it.withdrawn));
    let tag = out.tag.as_ref().map(|tag| tag.object.as_str());
    let policy = &c.policy.rollback;
    let view = format!(
        "{} {} {parts:?} {release:?} {tag:?} {:?} {}",
        c.facts.case, rollback.by.at, policy.yank, policy.delete_tag
    );
    fingerprint(&view).chars().take(8).collect()
}
