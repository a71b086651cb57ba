//! What is to be read to find out what is released.

use std::collections::BTreeSet;

use super::members::{Manifests, is_excluded, named};
use super::paths::MANIFEST;
use super::{choose, gather, paths};
use crate::ecosystem::files::{Files, Wanted};
use crate::ecosystem::package::Package;
use crate::ecosystem::registry::Question;
use crate::ecosystem::tasks::Release;

/// Of so many manifests a workspace is read: each costs a call.
const MANIFESTS: usize = 300;
/// So many manifests that belong to no workspace of the release are read.
const OTHERS: usize = 20;

/// The manifests at the root, of the members, and of what they depend
/// on by path, those of other workspaces, and the lock files. What comes behind
/// a manifest that cannot be read is not asked for.
pub fn wanted(files: &Files, _release: &Release<'_>) -> Option<Wanted> {
    let tree = files.tree()?;
    let found = Manifests::of(files);
    let mut paths: BTreeSet<String> = tops(tree).into_iter().collect();
    for (path, manifest) in found.iter() {
        paths.extend(manifest.linked.iter().cloned());
        let root = manifest.read.workspace_root.as_deref();
        paths.extend(root.and_then(|root| paths::manifest(path, root)));
        paths.extend(named(path, &manifest.read, tree));
    }
    let locks: Vec<&String> = tree.iter().filter(|path| is_lock(path)).collect();
    let beside = locks.iter().take(OTHERS);
    paths.extend(beside.map(|lock| paths::within(paths::folder(lock), MANIFEST)));
    paths.extend(others(tree, &found));
    let unread = |path: &String| !files.was_read(path) && tree.contains(path);
    let room = MANIFESTS.saturating_sub(found.len());
    let paths = paths.into_iter().filter(unread).take(room);
    let locks = locks.into_iter().take(OTHERS).cloned();
    let paths: Vec<String> = paths
        .chain(locks.filter(|lock| !files.was_read(lock)))
        .collect();
    (!paths.is_empty()).then_some(Wanted::Files(paths))
}

/// The package, and the names that may be on the registry; or in words, with
/// the tag, why nothing can be raised.
pub fn project(
    files: &Files,
    release: &Release<'_>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    let tag = release.tag;
    let tree = files.tree().unwrap_or_default();
    let tops = tops(tree);
    let found = Manifests::of(files);
    if found.len() >= MANIFESTS {
        return Err(format!(
            "{tag} has {MANIFESTS} manifests or more: name those that are released in [version] packages"
        ));
    }
    let broken = tops.iter().chain(
        // Samples of broken manifests are no members.
        found.iter().flat_map(|(_, found)| &found.linked),
    );
    for path in broken {
        if let Some(error) = found.get(path).and_then(|found| found.broken.as_ref()) {
            return Err(format!("at {tag}: {path}: {error}"));
        }
    }
    let (crates, chosen) = choose::choose(tree, &found, &tops, release)?;
    gather::package(files, &found, &crates, &chosen, release).map(Some)
}

/// The manifest at the root; without one, those that stand below no other.
fn tops(tree: &[String]) -> Vec<String> {
    if tree.iter().any(|path| path == MANIFEST) {
        return vec![MANIFEST.to_owned()];
    }
    let name = format!("/{MANIFEST}");
    let all: Vec<&String> = tree
        .iter()
        .filter(|path| path.ends_with(&name) && !paths::is_aside(path))
        .collect();
    let below = |path: &str, above: &str| {
        path != above && paths::is_below(paths::folder(path), paths::folder(above))
    };
    all.iter()
        .filter(|path| !all.iter().any(|above| below(path, above)))
        .map(|path| (*path).clone())
        .collect()
}

fn is_lock(path: &str) -> bool {
    paths::is_lock(path) && !paths::is_aside(path)
}

/// Manifests of no workspace that was found: where they are few, they may
/// require what is raised.
fn others(tree: &[String], found: &Manifests<'_>) -> Vec<String> {
    let excluded = |path: &str| {
        let mut roots = found.iter();
        roots.any(|(root, at)| is_excluded(root, &at.read, path))
    };
    let name = format!("/{MANIFEST}");
    let is_other = |path: &&String| {
        path.ends_with(&name) && !paths::is_aside(path) && found.get(path).is_none()
    };
    let others: Vec<&String> = tree.iter().filter(is_other).collect();
    let few = others.len() <= OTHERS;
    let wanted = others.into_iter().filter(|path| few || excluded(path));
    wanted.take(OTHERS).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_manifests_that_belong_together_are_wanted() {
        let disk = [
            (
                MANIFEST,
                "[workspace]\nmembers = ['a', 'crates/*']\nexclude = ['crates/out']\n",
            ),
            ("a/Cargo.toml", "[dependencies]\nb = { path = '../b' }\n"),
            ("b/Cargo.toml", "[package]\nname = 'b'\n"),
            ("crates/c/Cargo.toml", ""),
            ("crates/out/Cargo.toml", ""),
            ("fuzz/Cargo.toml", "[workspace]\n"),
            ("fuzz/Cargo.lock", "version = 4\n"),
            ("tests/fixtures/x/Cargo.toml", "["),
            ("tests/fixtures/x/Cargo.lock", ""),
            ("src/lib.rs", ""),
        ];
        let mut files = Files::default();
        files.put_tree(disk.map(|(path, _)| path.to_owned()).to_vec());
        let mut asked = Vec::new();
        while let Some(wanted) = wanted(&files, &Release::default()) {
            match wanted {
                Wanted::Tree => unreachable!("it is there"),
                Wanted::Files(paths) => {
                    for path in paths {
                        let text = disk.iter().find(|(other, _)| *other == path);
                        files.put(path.clone(), text.map(|(_, text)| (*text).to_owned()));
                        asked.push(path);
                    }
                }
            }
        }
        asked.sort();
        let expected = [
            MANIFEST,
            "a/Cargo.toml",
            "b/Cargo.toml",
            "crates/c/Cargo.toml",
            "crates/out/Cargo.toml",
            "fuzz/Cargo.lock",
            "fuzz/Cargo.toml",
        ];
        assert_eq!(asked, expected);
    }

    #[test]
    fn without_a_manifest_at_the_root_those_on_top_are_taken() {
        let tree = |paths: &[&str]| -> Vec<String> {
            paths.iter().map(|path| (*path).to_owned()).collect()
        };
        let found = tops(&tree(&[
            "rust/Cargo.toml",
            "rust/a/Cargo.toml",
            "b/Cargo.toml",
            "vendor/x/Cargo.toml",
        ]));
        assert_eq!(found, ["rust/Cargo.toml", "b/Cargo.toml"]);
        assert_eq!(tops(&tree(&["b/Cargo.toml", MANIFEST])), [MANIFEST]);
        assert!(tops(&tree(&["package.json"])).is_empty());
    }
}
