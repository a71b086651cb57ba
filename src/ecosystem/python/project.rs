//! What is to be read to find out what is released, and what that is.

use std::collections::BTreeSet;

use super::choose::{Dist, MANIFESTS, choose};
use super::root::is_manifest;
use super::{format, lock, number};
use crate::ecosystem::files::{Files, Wanted};
use crate::ecosystem::kind::Kind;
use crate::ecosystem::package::Package;
use crate::ecosystem::paths::within;
use crate::ecosystem::registry::{Question, Registry};
use crate::ecosystem::tasks::Release;

/// So many folders are looked into: each costs calls.
const FOLDERS: usize = 40;

/// The folders with manifests, the root first.
fn folders(tree: &[String]) -> Vec<String> {
    let manifests = tree.iter().filter(|path| is_manifest(path));
    let folders = manifests.map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder));
    let mut all: Vec<String> = folders.map(str::to_owned).collect();
    all.sort_by_key(|folder| {
        (
            folder.matches('/').count(),
            !folder.is_empty(),
            folder.clone(),
        )
    });
    all.dedup();
    all.truncate(FOLDERS);
    all
}

/// The manifests, the files in which the version may stand, and the
/// lock files.
pub fn wanted(files: &Files, _release: &Release<'_>) -> Option<Wanted> {
    let tree = files.tree()?;
    let mut paths: BTreeSet<String> = BTreeSet::new();
    for folder in folders(tree) {
        paths.extend(MANIFESTS.iter().map(|name| within(&folder, name)));
        paths.insert(within(&folder, lock::LOCK));
        if let Ok(Some(dist)) = Dist::read(files, &folder) {
            paths.extend(dist.places);
        }
    }
    paths.retain(|path| tree.contains(path) && !files.was_read(path));
    (!paths.is_empty()).then(|| Wanted::Files(paths.into_iter().collect()))
}

/// The package, and the names that may be on the index; none where the manifests
/// hold settings alone.
///
/// # Errors
/// In words, with the tag, why nothing can be raised.
pub fn project(
    files: &Files,
    release: &Release<'_>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    let folders = folders(files.tree().unwrap_or_default());
    let Some(chosen) = choose(files, &folders, release)? else {
        return Ok(None);
    };
    let product = chosen
        .dists
        .get(chosen.product)
        .ok_or("there is no package")?;
    let own = || chosen.own.iter().filter_map(|at| chosen.dists.get(*at));
    let members = chosen.dists.iter().enumerate();
    let members = members.map(|(at, dist)| dist.member(chosen.own.contains(&at)));
    let mut package = Package {
        kind: Kind::Python,
        name: product.name.clone(),
        manifest: product.manifest.clone(),
        own: own().map(|dist| dist.name.clone()).collect(),
        members: members.collect(),
        from_tag: chosen.from_tag,
        program: Some(product.program),
        library: Some(true),
        registry: match product.private {
            true => Registry::Private,
            false => Registry::Absent,
        },
        ..Package::default()
    };
    // The product's version is the one that is raised.
    let name = product.name.clone();
    package.members.sort_by_key(|member| member.name != name);
    if !chosen.from_tag {
        let first = std::iter::once(product);
        let others = own().filter(|dist| dist.folder != product.folder);
        let mut all = first.chain(others).flat_map(|dist| dist.places.clone());
        package.manifests = Vec::new();
        all.by_ref().for_each(|path| {
            if !package.manifests.contains(&path) {
                package.manifests.push(path);
            }
        });
        if !package.manifests.contains(&package.manifest) {
            package.manifest = package.manifests.first().cloned().unwrap_or_default();
        }
        locks(files, &mut package, &product.version);
    }
    let asked = match chosen.from_tag {
        true => vec![product],
        false => own().collect(),
    };
    let spelled = in_tag(release);
    let mut questions: Vec<Question> = asked
        .into_iter()
        .filter(|dist| !dist.private)
        .map(|dist| {
            let version = if chosen.from_tag {
                &spelled
            } else {
                &dist.version
            };
            Question {
                registry: Kind::Python,
                name: dist.name.clone(),
                version: number::normal(version).unwrap_or_else(|| version.clone()),
            }
        })
        .collect();
    questions.sort_by_key(|question| question.name != package.name);
    Ok(Some((package, questions)))
}

/// The lock files that hold the version, the root's first.
fn locks(files: &Files, package: &mut Package, version: &str) {
    let own = package.all_own().to_vec();
    let holds = |text: &str| {
        let spots = lock::spots(text, &own).unwrap_or_default();
        let mut spots = spots.iter();
        spots.any(|spot| format::FORMAT.same(&spot.value, version))
    };
    let is_lock = |path: &str| path.rsplit('/').next() == Some(lock::LOCK);
    let found = files
        .iter()
        .filter(|(path, text)| is_lock(path) && holds(text));
    let mut found: Vec<String> = found.map(|(path, _)| path.to_owned()).collect();
    found.sort_by_key(|path| path.matches('/').count());
    let mut found = found.into_iter();
    package.lock = found.next();
    package.locks = found.collect();
}

/// The version as the tag writes it.
fn in_tag(release: &Release<'_>) -> String {
    let Release { tag, version, .. } = *release;
    let starts = tag.char_indices().filter(|(_, c)| c.is_ascii_digit());
    let mut ends = starts.filter_map(|(at, _)| tag.get(at..));
    let found = ends.find(|end| format::FORMAT.same(end, version));
    found.unwrap_or(version).to_owned()
}
