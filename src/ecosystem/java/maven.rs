//! Which Maven modules are released.

use std::collections::{BTreeMap, BTreeSet};

use super::pom::{Artifact, Pom};
use crate::ecosystem::files::Files;
use crate::ecosystem::kind::Kind;
use crate::ecosystem::naming;
use crate::ecosystem::package::{Member, Package};
use crate::ecosystem::paths;
use crate::ecosystem::registry::{Question, Registry};
use crate::ecosystem::tasks::Release;

/// A manifest's name.
pub const MANIFEST: &str = "pom.xml";
/// So many modules are read.
const MODULES: usize = 300;

/// Whether a path is a project's file, and not that of a sample that tests or
/// archetypes bring along.
pub fn is_manifest(path: &str) -> bool {
    path.rsplit('/').next() == Some(MANIFEST) && !is_aside(path)
}

/// Whether it stands among sources, what was built, or samples.
pub fn is_aside(path: &str) -> bool {
    let mut folders = paths::folder(path).split('/');
    folders.any(|folder| matches!(folder, "src" | "target" | "build" | "buildSrc"))
        || paths::is_aside(path)
}

/// The files that belong together and are not read yet: the one at the root, or
/// those in its folders, and their modules.
pub fn wanted(files: &Files) -> Vec<String> {
    let tree = files.tree().unwrap_or_default();
    let found = reactor(files);
    let mut wanted: BTreeSet<String> = tops(tree);
    for (path, pom) in &found {
        wanted.extend(modules(path, pom, tree));
    }
    let unread = wanted.into_iter().filter(|path| !files.was_read(path));
    unread.take(MODULES.saturating_sub(found.len())).collect()
}

/// The file at the root; without one, those that stand below no other.
fn tops(tree: &[String]) -> BTreeSet<String> {
    let all: Vec<&String> = tree.iter().filter(|path| is_manifest(path)).collect();
    let depth = |path: &str| path.matches('/').count();
    let top = all.iter().map(|path| depth(path)).min().unwrap_or_default();
    let at_top = all.into_iter().filter(|path| depth(path) == top);
    at_top.cloned().collect()
}

/// The files of a project's modules.
fn modules(path: &str, pom: &Pom<'_>, tree: &[String]) -> Vec<String> {
    let one = |module: &str| {
        let at = paths::joined(paths::folder(path), module)?;
        let file = match at.ends_with(".xml") {
            true => at,
            false => paths::within(&at, MANIFEST),
        };
        tree.contains(&file).then_some(file)
    };
    pom.modules().filter_map(one).collect()
}

/// What was read of the files that belong together, by path. One that is not well
/// formed is left out.
fn reactor(files: &Files) -> BTreeMap<&str, Pom<'_>> {
    let tree = files.tree().unwrap_or_default();
    let mut found: BTreeMap<&str, Pom<'_>> = BTreeMap::new();
    let mut next: Vec<String> = tops(tree).into_iter().collect();
    while let Some(path) = next.pop() {
        let Some((path, text)) = files.iter().find(|(other, _)| *other == path) else {
            continue;
        };
        if found.contains_key(path) {
            continue;
        }
        if let Ok(pom) = Pom::read(text) {
            next.extend(modules(path, &pom, tree));
            found.insert(path, pom);
        }
    }
    found
}

/// The modules that have the release's version, and the names that may be on the
/// registry.
///
/// # Errors
/// In words, with the tag, why no version can be raised.
pub fn project(
    files: &Files,
    release: &Release<'_>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    let tag = release.tag;
    let found = reactor(files);
    let broken = tops(files.tree().unwrap_or_default());
    for path in broken {
        if let Some(Err(words)) = files.get(&path).map(Pom::read) {
            return Err(format!("at {tag}: {path}: {words}"));
        }
    }
    let version = |pom: &Pom<'_>| pom.version().map(|written| resolved(pom, written, &found));
    let is_at = |pom: &Pom<'_>| version(pom).as_deref() == Some(release.version);
    let ours: BTreeSet<Artifact> = found
        .values()
        .filter(|pom| is_at(pom))
        .filter_map(Pom::artifact)
        .collect();
    let tops = found.iter().filter(|(path, _)| is_top(path, &found));
    let tops: Vec<(&&str, &Pom<'_>)> = tops.collect();
    if ours.is_empty() {
        return not_held(&tops, release, |pom| version(pom));
    }
    let members = found.iter().filter_map(|(path, pom)| {
        Some(Member {
            name: pom.artifact()?.name(),
            manifest: (*path).to_owned(),
            version: version(pom).unwrap_or_default(),
            released: is_at(pom),
            publish: !pom.is_kept(),
        })
    });
    let members: Vec<Member> = members.collect();
    let states = |pom: &Pom<'_>| {
        let properties = properties(pom, &ours);
        let stated = pom.stated(&ours, &properties, Some(release.version));
        stated.contains(&release.version)
    };
    let manifests = found.iter().filter(|(_, pom)| states(pom));
    let manifests: Vec<String> = manifests.map(|(path, _)| (*path).to_owned()).collect();
    let released: Vec<(&&str, &Pom<'_>)> = found.iter().filter(|(_, pom)| is_at(pom)).collect();
    let product = product(&released, release);
    let Some((path, pom)) = product else {
        return Err(format!("at {tag}: {MANIFEST} names no artifact"));
    };
    let first = manifests.iter().find(|it| it.as_str() == **path);
    let Some(first) = first.or_else(|| manifests.first()) else {
        return Err(format!(
            "at {tag}: {path}: the version is not written as plain text"
        ));
    };
    let name = pom.artifact().map(|it| it.name()).unwrap_or_default();
    let mut package = Package {
        kind: Kind::Java,
        name: name.clone(),
        manifest: first.clone(),
        own: ours.iter().map(Artifact::name).collect(),
        root: tops
            .first()
            .map(|(path, _)| (**path).to_owned())
            .unwrap_or_default(),
        program: Some(false),
        library: Some(true),
        registry: match pom.is_kept() {
            true => Registry::Private,
            false => Registry::Unasked,
        },
        ..Package::default()
    };
    let asked = members.iter().filter(|it| it.released && it.publish);
    let mut asked: Vec<Question> = asked
        .map(|member| Question {
            registry: Kind::Java,
            name: member.name.clone(),
            version: release.version.to_owned(),
        })
        .collect();
    asked.sort_by_key(|question| (question.name != name, question.name.clone()));
    package.manifests = manifests;
    package.members = members;
    Ok(Some((package, asked)))
}

/// Where none holds the version: what the build puts there makes the tag the
/// version, anything else is not understood.
fn not_held(
    tops: &[(&&str, &Pom<'_>)],
    release: &Release<'_>,
    version: impl Fn(&Pom<'_>) -> Option<String>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    let Some((path, pom)) = tops.first() else {
        return Ok(None);
    };
    let found = version(pom).unwrap_or_default();
    let by_build = found.is_empty() || found.contains("${");
    if by_build || naming::is_left_behind(&found, release.version) {
        // The workflow of the release puts the number in.
        let package = Package {
            kind: Kind::Java,
            name: pom.artifact().map(|it| it.name()).unwrap_or_default(),
            manifest: (**path).to_owned(),
            from_tag: true,
            program: Some(false),
            library: Some(true),
            registry: Registry::Unasked,
            ..Package::default()
        };
        let asked = vec![Question {
            registry: Kind::Java,
            name: package.name.clone(),
            version: release.version.to_owned(),
        }];
        return Ok(Some((package, asked)));
    }
    Err(naming::is_another(release.tag, path, &found))
}

/// Whether no other of these has it as a module or stands above it.
fn is_top(path: &str, found: &BTreeMap<&str, Pom<'_>>) -> bool {
    let folder = paths::folder(path);
    let above = |other: &str| other != path && paths::is_below(folder, paths::folder(other));
    !found.keys().any(|other| above(other))
}

/// The one that the tag names, or the repository; else the one at the top.
fn product<'p, 'f>(
    released: &'p [(&'p &'f str, &'p Pom<'f>)],
    release: &Release<'_>,
) -> Option<&'p (&'p &'f str, &'p Pom<'f>)> {
    let artifact = |pom: &Pom<'_>| pom.artifact().map(|it| it.artifact);
    let named = released
        .iter()
        .find(|(_, pom)| artifact(pom).is_some_and(|name| naming::is_named(release, &name)));
    let same = || {
        released.iter().find(|(_, pom)| {
            let name = artifact(pom).map(|name| naming::plain(&name));
            name == Some(naming::plain(release.repo)) && pom.packaging() != "pom"
        })
    };
    let top = || {
        released
            .iter()
            .min_by_key(|(path, _)| path.matches('/').count())
    };
    let only = || {
        let mut built = released.iter().filter(|(_, pom)| pom.packaging() != "pom");
        built.next().filter(|_| built.next().is_none())
    };
    named.or_else(same).or_else(only).or_else(top)
}

/// A version with the properties of its own file, or of one above, put in.
fn resolved(pom: &Pom<'_>, written: &str, found: &BTreeMap<&str, Pom<'_>>) -> String {
    let mut version = pom.resolved(written);
    for other in found.values() {
        if version.contains("${") {
            version = other.resolved(&version);
        }
    }
    version
}

/// The properties of a file that its own version is written with.
pub fn properties(pom: &Pom<'_>, own: &BTreeSet<Artifact>) -> Vec<String> {
    match pom.artifact() {
        Some(artifact) if own.contains(&artifact) => {
            pom.by_properties().into_iter().map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// Those of a package, by their names.
pub fn own(package: &Package) -> BTreeSet<Artifact> {
    let pair = |name: &String| {
        let (group, artifact) = name.split_once(':')?;
        Some(Artifact {
            group: group.to_owned(),
            artifact: artifact.to_owned(),
        })
    };
    package.all_own().iter().filter_map(pair).collect()
}
