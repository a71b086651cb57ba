//! Java: Maven's `pom.xml`, Gradle's build scripts.

mod gradle;
mod maven;
mod pom;
mod scripts;
mod words;
mod xml;

#[cfg(test)]
mod tests;

use pom::Pom;

use super::files::{Files, Wanted};
use super::learnt::{Because, Place};
use super::package::{Package, Required};
use super::registry::Question;
use super::tasks::Release;

pub use self::words::words;
pub use super::number::next;

/// The files at the root that show it, those that tell most first.
pub const ROOTS: &[&str] = &[
    "pom.xml",
    "gradle.properties",
    "build.gradle.kts",
    "build.gradle",
];

/// Whether a file shows that the repository is built by Maven or Gradle.
pub fn is_manifest(path: &str) -> bool {
    maven::is_manifest(path) || scripts::is_manifest(path)
}

fn is_pom(path: &str) -> bool {
    path.ends_with(".xml")
}

/// The package that a file names, and the version that it states.
pub fn root(path: &str, manifest: &str) -> (Option<String>, Option<String>) {
    if !is_pom(path) {
        let found = gradle::versions(path, manifest);
        return (
            None,
            found.first().map(|(version, _)| (*version).to_owned()),
        );
    }
    let Ok(pom) = Pom::read(manifest) else {
        return (None, None);
    };
    let version = pom.version().map(|written| pom.resolved(written));
    (pom.artifact().map(|it| it.name()), version)
}

/// The files of Maven's modules; where there are none, Gradle's build scripts.
pub fn wanted(files: &Files, _release: &Release<'_>) -> Option<Wanted> {
    let paths = match is_maven(files) {
        true => maven::wanted(files),
        false => scripts::wanted(files),
    };
    (!paths.is_empty()).then_some(Wanted::Files(paths))
}

fn is_maven(files: &Files) -> bool {
    let tree = files.tree().unwrap_or_default();
    let depth = |is_one: fn(&str) -> bool| {
        let all = tree.iter().filter(|path| is_one(path));
        all.map(|path| path.matches('/').count()).min()
    };
    let (maven, gradle) = (depth(maven::is_manifest), depth(scripts::is_manifest));
    maven.is_some() && gradle.is_none_or(|gradle| maven <= Some(gradle))
}

/// What is released.
///
/// # Errors
/// In words, with the tag, why no version can be raised.
pub fn project(
    files: &Files,
    release: &Release<'_>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    match is_maven(files) {
        true => maven::project(files, release),
        false => scripts::project(files, release),
    }
}

/// The versions that a file states for what is released.
pub fn read(package: &Package, path: &str, text: &str) -> Vec<String> {
    if !is_pom(path) {
        let found = gradle::versions(path, text).into_iter();
        return found.map(|(version, _)| version.to_owned()).collect();
    }
    let Ok(pom) = Pom::read(text) else {
        return Vec::new();
    };
    let own = maven::own(package);
    let properties = maven::properties(&pom, &own);
    // What is compared with an earlier release names that one.
    let base = package.members.iter().find(|it| it.released);
    let base = base.map(|it| it.version.as_str());
    let stated = pom.stated(&own, &properties, base).into_iter();
    stated.map(str::to_owned).collect()
}

/// The file with the version raised.
///
/// # Errors
/// In words, where it is not well formed.
pub fn edit(
    package: &Package,
    path: &str,
    text: &str,
    from: &str,
    to: &str,
) -> Result<String, String> {
    if !is_pom(path) {
        return Ok(gradle::edited(path, text, (from, to)));
    }
    let pom = Pom::read(text)?;
    let own = maven::own(package);
    let properties = maven::properties(&pom, &own);
    Ok(pom.edited(&own, &properties, (from, to)))
}

/// Whether a number is a release, and above the base; none where it is no such
/// number. What a snapshot becomes stays open: no release is above it.
pub fn is_above(base: &str, number: &str) -> Option<bool> {
    let above = super::number::is_above(base, number)?;
    Some(above && !base.ends_with("-SNAPSHOT"))
}

/// Whether a line that was learnt may be raised: in what lists dependencies, both
/// releases must have changed it.
pub fn may_raise(place: &Place, _text: Option<&str>, _to: &str) -> bool {
    !is_requiring(&place.path) || place.because != Because::OneRelease
}

/// Whether a file says what is required of others.
pub fn is_requiring(path: &str) -> bool {
    is_manifest(path) || path.ends_with(".versions.toml")
}

/// What a file requires otherwise than before, by name.
pub fn changed(path: &str, before: &str, after: &str) -> Vec<Required> {
    use std::collections::{BTreeMap, BTreeSet};
    let said = |text: &str| -> BTreeMap<String, String> {
        match is_pom(path) {
            true => Pom::read(text)
                .map(|pom| pom.requires())
                .unwrap_or_default(),
            false => gradle::requires(path, text).into_iter().collect(),
        }
    };
    let (before, after) = (said(before), said(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let one = |name: &String| Required {
        name: name.clone(),
        before: before.get(name).cloned(),
        after: after.get(name).cloned(),
        locked: false,
    };
    let all = names.into_iter().map(one);
    all.filter(|it| it.before != it.after).collect()
}
