//! Where the version of what is released stands.

use semver::Version;

use super::choose::{Chosen, Crate};
use super::lock::Lock;
use super::manifest::Publish;
use super::members::Manifests;
use super::paths;
use super::paths::LOCK;
use super::workspace::{self, Together};
use crate::ecosystem::files::Files;
use crate::ecosystem::kind::Kind;
use crate::ecosystem::package::{Package, Stale};
use crate::ecosystem::registry::{Question, Registry};
use crate::ecosystem::tasks::Release;

/// The package, and the names that may be on the registry.
///
/// # Errors
/// In words, where its version cannot be read.
pub fn package(
    files: &Files,
    found: &Manifests<'_>,
    crates: &[Crate<'_>],
    chosen: &Chosen,
    release: &Release<'_>,
) -> Result<(Package, Vec<Question>), String> {
    let product = crates.get(chosen.product).ok_or("there is no package")?;
    let released = || crates.iter().filter(|one| one.member.released);
    let version = match released().next() {
        Some(first) => first.member.version.clone(),
        None => release.version.to_owned(),
    };
    // Their own one first: it is the one that is published.
    let is_private = |one: &Crate<'_>| !one.member.publish;
    let mut package = Package {
        name: product.name().to_owned(),
        manifest: product.member.manifest.clone(),
        own: released().map(|one| one.name().to_owned()).collect(),
        workspace: released().any(|one| one.inherits),
        root: product.root.clone(),
        members: crates.iter().map(|one| one.member.clone()).collect(),
        from_tag: chosen.from_tag,
        program: Some(product.program),
        library: Some(product.library),
        registry: match product.publish {
            Publish::Only(others) if is_private(product) => Registry::Elsewhere(others.clone()),
            _ if is_private(product) => Registry::Private,
            _ => Registry::Absent,
        },
        ..Package::default()
    };
    package.own.sort();
    let asked = released().chain((chosen.from_tag).then_some(product));
    let mut asked: Vec<Question> = asked
        .filter(|one| one.member.publish)
        .map(|one| Question {
            registry: Kind::Cargo,
            name: one.name().to_owned(),
            version: match chosen.from_tag {
                true => release.version.to_owned(),
                false => one.member.version.clone(),
            },
        })
        .collect();
    asked.sort_by_key(|question| (question.name != package.name, question.name.clone()));
    if chosen.from_tag {
        return Ok((package, asked));
    }
    for (_, manifest) in found.iter() {
        let names = workspace::patched(manifest.text).unwrap_or_default();
        let names = names.into_iter().filter(|name| package.own.contains(name));
        package.patched.extend(names);
    }
    package.patched.sort();
    package.patched.dedup();
    let number = Version::parse(&version).map_err(|error| {
        format!(
            "{} at {}: {version}: {error}",
            package.manifest, release.tag
        )
    })?;
    let mut stated_in = Vec::new();
    for (path, manifest) in found.iter() {
        let seen = Together::of(&package).at(path);
        let states = workspace::versions(manifest.text, seen).is_ok_and(|v| !v.is_empty());
        let follows = workspace::follows(manifest.text, seen, &number).unwrap_or_default();
        if states || follows {
            package.manifests.push(path.to_owned());
        }
        if states {
            stated_in.push(path);
        }
    }
    // The root's first; else the product's own.
    let first = stated_in.iter().find(|path| **path == package.root);
    let first = first.or_else(|| stated_in.iter().find(|path| **path == package.manifest));
    let Some(first) = first.or_else(|| stated_in.first()) else {
        // It stands there, but not as a plain string.
        return Err(format!(
            "{} at {}: its package.version is not a plain string",
            package.manifest, release.tag
        ));
    };
    package.manifest = (*first).to_owned();
    locks(files, &mut package, crates, &version);
    Ok((package, asked))
}

/// The lock files that name what is released.
fn locks(files: &Files, package: &mut Package, crates: &[Crate<'_>], version: &str) {
    let main = paths::within(paths::folder(&package.root), LOCK);
    let holds = |lock: &Lock<'_>, version: Option<&str>| {
        package.own.iter().any(|name| {
            let found = lock.versions(name);
            let mut found = found.iter();
            found.any(|found| version.is_none_or(|version| *found == version))
        })
    };
    let mut further = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| paths::is_lock(path)) {
        let Ok(lock) = Lock::read(text) else {
            continue;
        };
        if path == main {
            package.lock = holds(&lock, None).then(|| path.to_owned());
            package.stale = stale(&lock, crates, &package.root);
        } else if holds(&lock, Some(version)) {
            // One that lags behind is not kept up to date here.
            further.push(path.to_owned());
        }
    }
    if package.lock.is_none() {
        package.stale = Vec::new();
    }
    package.locks = further;
}

/// The entries of the lock file that do not match their manifests.
fn stale(lock: &Lock<'_>, crates: &[Crate<'_>], root: &str) -> Vec<Stale> {
    let members = crates.iter().filter(|one| one.root == root);
    let stale = members.filter_map(|one| match lock.versions(one.name()).as_slice() {
        [only] if *only != one.member.version && !one.member.version.is_empty() => Some(Stale {
            name: one.name().to_owned(),
            found: (*only).to_owned(),
            expected: one.member.version.clone(),
        }),
        _ => None,
    });
    stale.collect()
}
