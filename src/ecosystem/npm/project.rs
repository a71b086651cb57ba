//! What is to be read to find out what is released, and what that is.

use super::choose::{self, Chosen, One};
use super::manifest::{BESIDE, MANIFEST};
use super::members::{LERNA, MANIFESTS, Manifests, PNPM, manifests, members, tops};
use super::{locked, places};
use crate::ecosystem::files::{Files, Wanted};
use crate::ecosystem::kind::Kind;
use crate::ecosystem::package::{Member, Package};
use crate::ecosystem::paths;
use crate::ecosystem::registry::{Question, Registry};
use crate::ecosystem::tasks::Release;

/// The manifests at the root and of the members, what names them, what holds the
/// version beside them, and the lock files.
pub fn wanted(files: &Files, release: &Release<'_>) -> Option<Wanted> {
    let tree = files.tree()?;
    let has = |path: &String| tree.contains(path);
    let mut wanted: Vec<String> = tops(tree);
    wanted.extend([PNPM, LERNA].map(str::to_owned));
    wanted.extend(members(files, tree));
    let read = wanted.iter().all(|path| files.was_read(path) || !has(path));
    if read && let Ok(Some((chosen, _))) = chosen(files, tree, release) {
        // Only where a version stands in files is there one beside it.
        for one in chosen.released() {
            let folder = paths::folder(&one.manifest);
            wanted.extend(BESIDE.map(|name| paths::within(folder, name)));
            wanted.extend(locked::LOCKS.map(|name| paths::within(folder, name)));
        }
        if !chosen.from_tag {
            wanted.extend(locked::LOCKS.map(str::to_owned));
        }
    }
    let unread = |path: &String| !files.was_read(path) && has(path);
    let mut unread: Vec<String> = wanted.into_iter().filter(unread).collect();
    unread.sort();
    unread.dedup();
    (!unread.is_empty()).then_some(Wanted::Files(unread))
}

/// What is chosen of what was read; none where all of it are tools.
fn chosen(
    files: &Files,
    tree: &[String],
    release: &Release<'_>,
) -> Result<Option<(Chosen, Manifests)>, String> {
    let found = manifests(files);
    let tops = tops(tree);
    let members = members(files, tree);
    if members.len() >= MANIFESTS {
        return Err(format!(
            "{} has {MANIFESTS} manifests or more: name those that are released in [version] packages",
            release.tag
        ));
    }
    for path in &tops {
        if let Some(Err(why)) = found.get(path) {
            return Err(format!("at {}: {path}: {why}", release.tag));
        }
    }
    let chosen = choose::choose(&found, &tops, &members, release)?;
    Ok(chosen.map(|chosen| (chosen, found)))
}

/// The package, and the names that may be on the registry.
pub fn project(
    files: &Files,
    release: &Release<'_>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    let tree = files.tree().unwrap_or_default();
    let Some((chosen, _)) = chosen(files, tree, release)? else {
        return Ok(None);
    };
    let product = chosen.product();
    let mut package = Package {
        kind: Kind::Npm,
        name: product.name.clone(),
        manifest: product.manifest.clone(),
        own: chosen.released().map(|one| one.name.clone()).collect(),
        root: MANIFEST.to_owned(),
        members: chosen.all.iter().map(One::member).collect(),
        from_tag: chosen.from_tag,
        program: Some(product.read.program),
        library: Some(product.read.library),
        dist_tag: product.read.dist_tag.clone(),
        registry: match (&product.read.elsewhere, product.read.is_published()) {
            (Some(other), false) if !product.read.private => {
                Registry::Elsewhere(vec![other.clone()])
            }
            (_, false) => Registry::Private,
            (_, true) => Registry::Absent,
        },
        ..Package::default()
    };
    package.own.sort();
    let asked = chosen.released().chain(chosen.from_tag.then_some(product));
    let mut asked: Vec<Question> = asked
        .filter(|one| one.read.is_published() || may_be_built(one, product))
        .map(|one| Question {
            registry: Kind::Npm,
            name: one.name.clone(),
            version: match chosen.from_tag {
                true => release.version.to_owned(),
                false => one.version().to_owned(),
            },
        })
        .collect();
    asked.sort_by_key(|question| (question.name != package.name, question.name.clone()));
    if chosen.from_tag {
        return Ok(Some((package, asked)));
    }
    package.manifests = stated_in(files, &package);
    // It stands there, but not as a plain string.
    if !package.manifests.contains(&package.manifest) {
        return Err(format!(
            "{} at {}: its version is not a plain string",
            package.manifest, release.tag
        ));
    }
    let mut locks = locked::found(files, &package).into_iter();
    package.lock = locks.next();
    package.locks = locks.collect();
    Ok(Some((package, asked)))
}

/// Whether what a build makes of it may be published under its name, although its own
/// manifest is private: a folder with a manifest made from this one
/// (formkit/auto-animate, `dist`). The registry knows.
fn may_be_built(one: &One, product: &One) -> bool {
    one.manifest == product.manifest && one.read.private && one.read.elsewhere.is_none()
}

/// The manifests that state a version of what is released, or require exactly it;
/// and what holds it beside them.
fn stated_in(files: &Files, package: &Package) -> Vec<String> {
    let version = package.members.iter().find(|member| member.released);
    let Some(version) = version.map(|member: &Member| member.version.as_str()) else {
        return Vec::new();
    };
    let states = |path: &str, text: &str| {
        let read = places::read(package, path, text);
        !locked::is_lock(path) && read.iter().any(|found| found == version)
    };
    let all = files.iter().filter(|(path, text)| states(path, text));
    all.map(|(path, _)| path.to_owned()).collect()
}
