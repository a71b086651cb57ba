//! What a release must bring out, and what of it is out.

use super::branch::Branched;
use super::does;
use super::release_runs::workflows;
use super::step::Case;
use crate::domain::derive::tag::spelled_in;
use crate::domain::ids::Millis;
use crate::domain::objects::{OnRegistry, Package, RegistryKind, RegistryVersion, Release};

/// Whether something of it is on a registry.
pub fn has_registry(c: &Case<'_>, branched: &Branched) -> bool {
    !on_registries(c, branched).is_empty()
}

/// What the release must bring out on registries, beside what was raised on its own:
/// what its manifests publish, and what `verify.registries` names.
pub fn on_registries(c: &Case<'_>, branched: &Branched) -> Vec<OnRegistry> {
    let entries = &c.policy.verify.registries;
    let mut all: Vec<OnRegistry> = Vec::new();
    if entries.iter().any(|entry| entry == "none") {
        return all;
    }
    let mut add = |registry: RegistryKind, name: &str| {
        let one = OnRegistry {
            registry,
            package: name.to_owned(),
            version: branched.version.clone(),
        };
        if !all.contains(&one) {
            all.push(one);
        }
    };
    for part in branched.base.package.parts() {
        let registry = registry_of(part).filter(|it| {
            let of = |entry: &String| entry == "auto" || entry == it.prefix();
            part.on_registry && entries.iter().any(of)
        });
        if let Some(registry) = registry {
            let alone = part.published.is_empty().then_some(&part.name);
            let all = alone.into_iter().chain(&part.published);
            all.for_each(|name| add(registry, name));
        }
    }
    let named = entries.iter().filter_map(|it| RegistryKind::entry(it));
    named.for_each(|(registry, name)| add(registry, name));
    all
}

/// The registry of a part of the release.
fn registry_of(part: &Package) -> Option<RegistryKind> {
    RegistryKind::of(part.kind())
}

/// How long after the last run of the release a version may still be on its way to
/// where it is looked for, milliseconds.
pub fn shown_within(c: &Case<'_>, branched: &Branched) -> Millis {
    let all = on_registries(c, branched);
    let lags = all.iter().map(|it| match it.registry {
        // The index is read beside the API, which knows at once.
        RegistryKind::CratesIo => 5 * 60 * 1_000,
        other => other.shows_within(),
    });
    lags.max().unwrap_or_default()
}

/// Whether a GitHub release is to be expected: the base had one, or a workflow
/// makes one.
pub fn has_release(c: &Case<'_>, branched: &Branched) -> bool {
    branched.base.release.is_some()
        || workflows(c, branched)
            .iter()
            .filter(|w| w.required)
            .filter_map(|w| does::named(branched, &w.file))
            .any(|w| does::releases(branched, w))
}

/// Whether there is something that people can install and try: published on the
/// registry, as a release, or both; else the tag's workflows have passed.
pub fn is_out(c: &Case<'_>, branched: &Branched, monitored: bool) -> bool {
    match (has_registry(c, branched), has_release(c, branched)) {
        (false, false) => monitored,
        (registry, release) => {
            (!registry || published(c).is_some()) && (!release || released(c).is_some())
        }
    }
}

/// What people raised beside the release, to be published with it: name and
/// version.
pub fn raised<'a>(c: &Case<'a>) -> &'a [(String, String)] {
    let decision = c.line.locked();
    decision.map_or(&[], |decision| &decision.record.raised)
}

/// The registry's version, once cargo can see it and nobody took it back.
pub fn published<'a>(c: &Case<'a>) -> Option<&'a RegistryVersion> {
    c.line
        .seen
        .registry
        .get()?
        .as_ref()
        .filter(|v| v.indexed && !v.yanked && v.missing.is_empty())
}

/// The GitHub release, once it is published.
pub fn released<'a>(c: &Case<'a>) -> Option<&'a Release> {
    c.line.seen.release.get()?.as_ref().filter(|r| !r.draft)
}

/// What a file of the base release is called in this one.
pub fn renamed(branched: &Branched, name: &str) -> String {
    let base = &branched.base;
    let in_tag = |tag| spelled_in(&base.tag_pattern, tag);
    match in_tag(&base.tag).zip(in_tag(&branched.tag)) {
        // As the tags write it: `25.07.1`.
        Some((old, new)) if name.contains(old) => name.replace(old, new),
        _ => name.replace(&base.version, &branched.version),
    }
}
