//! What a Gradle build releases.

use super::{gradle, maven};
use crate::ecosystem::files::Files;
use crate::ecosystem::kind::Kind;
use crate::ecosystem::naming;
use crate::ecosystem::package::Package;
use crate::ecosystem::registry::{Question, Registry};
use crate::ecosystem::tasks::Release;

/// So many build scripts are read.
const SCRIPTS: usize = 60;
/// Plugins that take the version from the tags.
const BY_TAG: [&str; 8] = [
    "pl.allegro.tech.build.axion-release",
    "com.palantir.git-version",
    "org.ajoberstar.reckon",
    "nebula.release",
    "com.netflix.nebula.release",
    "fr.brouillard.oss.gradle.jgitver",
    "org.shipkit.shipkit-auto-version",
    "com.javiersc.semver",
];

/// Whether a path is a file of a build.
pub fn is_manifest(path: &str) -> bool {
    gradle::is_script(path) && !maven::is_aside(path)
}

/// The files that are not read yet: build scripts and properties, those at the
/// root first, and the settings, which name the build.
pub fn wanted(files: &Files) -> Vec<String> {
    let tree = files.tree().unwrap_or_default();
    let depth = |path: &str| path.matches('/').count();
    let is_settings = |path: &str| matches!(path, "settings.gradle" | "settings.gradle.kts");
    let one = |path: &&String| gradle::is_one(path) && !maven::is_aside(path) || is_settings(path);
    let mut all: Vec<&String> = tree.iter().filter(one).collect();
    all.sort_by_key(|path| depth(path));
    all.truncate(SCRIPTS);
    let unread = all.into_iter().filter(|path| !files.was_read(path));
    unread.cloned().collect()
}

/// The files that assign the release's version.
///
/// # Errors
/// In words, with the tag, where another version is assigned.
pub fn project(
    files: &Files,
    release: &Release<'_>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    let is_one = |path: &str| gradle::is_one(path) && !maven::is_aside(path);
    let ours: Vec<(&str, &str)> = files.iter().filter(|(path, _)| is_one(path)).collect();
    let assigned = |path: &str, text| {
        let found = gradle::versions(path, text).into_iter();
        found.map(|(value, _)| value).collect::<Vec<&str>>()
    };
    let mut manifests = Vec::new();
    let mut others = Vec::new();
    for (path, text) in &ours {
        let found = assigned(path, text);
        if found.contains(&release.version) {
            manifests.push((*path).to_owned());
        }
        let other = found.into_iter().find(|it| *it != release.version);
        others.extend(other.map(|other| (*path, other)));
    }
    manifests.sort_by_key(|path: &String| path.matches('/').count());
    let named = files
        .get("settings.gradle")
        .or_else(|| files.get("settings.gradle.kts"));
    let named = named.and_then(|text| gradle::root_name(text));
    let mut package = Package {
        kind: Kind::Java,
        name: named.unwrap_or(release.repo).to_owned(),
        program: Some(false),
        library: Some(true),
        registry: Registry::ByTag,
        ..Package::default()
    };
    package.own = vec![package.name.clone()];
    if let Some(first) = manifests.first() {
        package.manifest.clone_from(first);
        package.root = package.manifest.clone();
        package.manifests = manifests;
        return Ok(Some((package, Vec::new())));
    }
    let at_root = others.iter().find(|(path, _)| !path.contains('/'));
    let by_tag = ours
        .iter()
        .any(|(_, text)| BY_TAG.iter().any(|name| text.contains(name)));
    let placeholder = |(_, found): &&(&str, &str)| naming::is_left_behind(found, release.version);
    match at_root {
        Some((path, found)) if !by_tag && !at_root.as_ref().is_some_and(placeholder) => {
            Err(naming::is_another(release.tag, path, found))
        }
        _ => {
            package.from_tag = true;
            Ok(Some((package, Vec::new())))
        }
    }
}
