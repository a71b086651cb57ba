//! Which packages make a workspace, as cargo finds them.

use std::collections::{BTreeMap, BTreeSet};

use glob::{MatchOptions, Pattern};

use super::manifest::{self, Manifest, ManifestError, PackageVersion};
use super::{paths, workspace};
use crate::ecosystem::files::Files;

/// A manifest of the repository.
#[derive(Debug)]
pub struct Found<'a> {
    /// Its text.
    pub text: &'a str,
    /// What it says; nothing where it cannot be read.
    pub read: Manifest,
    /// Why it cannot be read.
    pub broken: Option<ManifestError>,
    /// The manifests of what it depends on by path.
    pub linked: Vec<String>,
}

/// The manifests that were read, by path.
#[derive(Debug, Default)]
pub struct Manifests<'a>(BTreeMap<&'a str, Found<'a>>);

impl<'a> Manifests<'a> {
    /// Those among the files.
    pub fn of(files: &'a Files) -> Self {
        let is_manifest = |path: &str| path.rsplit('/').next() == Some(paths::MANIFEST);
        let found = files.iter().filter(|(path, _)| is_manifest(path));
        Manifests(found.map(|(path, text)| (path, read(path, text))).collect())
    }

    /// One of them.
    pub fn get(&self, path: &str) -> Option<&Found<'a>> {
        self.0.get(path)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &Found<'a>)> {
        self.0.iter().map(|(path, found)| (*path, found))
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The manifest of the workspace's root that a package belongs to: as it
    /// says, else the next one above that does not exclude it, else its own.
    pub fn root_of(&self, path: &str) -> String {
        let Some(found) = self.get(path) else {
            return path.to_owned();
        };
        if found.read.members.is_some() {
            return path.to_owned();
        }
        if let Some(root) = &found.read.workspace_root {
            return paths::manifest(path, root).unwrap_or_else(|| path.to_owned());
        }
        let mut folder = paths::folder(path);
        while !folder.is_empty() {
            folder = paths::folder(folder);
            let above = paths::within(folder, paths::MANIFEST);
            if let Some(root) = self.get(&above)
                && root.read.members.is_some()
                && !is_excluded(&above, &root.read, path)
            {
                return above;
            }
        }
        path.to_owned()
    }

    /// A package's version, wherever it stands.
    pub fn version(&self, path: &str) -> Option<String> {
        match &self.get(path)?.read.version {
            PackageVersion::Here(version) => Some(version.clone()),
            PackageVersion::Inherited => {
                let root = self.root_of(path);
                self.get(&root)?.read.workspace_version.clone()
            }
            PackageVersion::Absent => None,
        }
    }

    /// The manifests of a workspace, its root's own package first; of a root
    /// that is no workspace, itself. `tree` are the paths of all files.
    pub fn workspace(&self, root: &str, tree: &[String]) -> Vec<String> {
        let mut members = Vec::new();
        let Some(found) = self.get(root) else {
            return members;
        };
        let named = named(root, &found.read, tree);
        let mut waiting = vec![root.to_owned()];
        if found.read.members.is_some() {
            waiting.extend(named.iter().cloned());
            waiting.extend(found.linked.iter().cloned());
        }
        let mut seen = BTreeSet::new();
        waiting.reverse();
        while let Some(path) = waiting.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            let Some(member) = self.get(&path) else {
                continue;
            };
            let is_root = path == root;
            let apart = !is_root
                && (member.read.members.is_some()
                    || !paths::is_below(&path, paths::folder(root))
                        && !named.contains(&path)
                        && self.root_of(&path) != root
                    || is_excluded(root, &found.read, &path));
            if apart {
                continue;
            }
            if found.read.members.is_some() {
                waiting.extend(member.linked.iter().cloned());
            }
            members.push(path);
        }
        members
    }
}

fn read<'a>(path: &str, text: &'a str) -> Found<'a> {
    let (read, broken) = match manifest::read(text) {
        Ok(read) => (read, None),
        Err(error) => (Manifest::default(), Some(error)),
    };
    let linked = workspace::linked(text).unwrap_or_default();
    let linked = linked.iter().filter_map(|to| paths::manifest(path, to));
    Found {
        text,
        read,
        broken,
        linked: linked.collect(),
    }
}

/// The manifests in the tree that a workspace's `members` name.
pub fn named(root: &str, read: &Manifest, tree: &[String]) -> Vec<String> {
    let at = paths::folder(root);
    let patterns = read.members.iter().flatten();
    let patterns = patterns.filter_map(|pattern| paths::joined(at, pattern));
    // As cargo expands them; what is no pattern is a path.
    let patterns = patterns.map(|pattern| (Pattern::new(&pattern).ok(), pattern));
    let patterns: Vec<_> = patterns.collect();
    let options = MatchOptions {
        require_literal_separator: true,
        ..MatchOptions::new()
    };
    let name = format!("/{}", paths::MANIFEST);
    let manifests = tree.iter().filter(|path| path.ends_with(&name));
    let fits = |folder: &str| {
        patterns.iter().any(|(pattern, path)| {
            path == folder
                || pattern
                    .as_ref()
                    .is_some_and(|pattern| pattern.matches_with(folder, options))
        })
    };
    manifests
        .filter(|path| fits(paths::folder(path)) && !is_excluded(root, read, path))
        .cloned()
        .collect()
}

/// Whether a workspace excludes a package: paths, no patterns; what `members`
/// names outright stays in.
pub fn is_excluded(root: &str, read: &Manifest, path: &str) -> bool {
    let at = paths::folder(root);
    let is_in = |all: &[String]| {
        let mut all = all.iter().filter_map(|folder| paths::joined(at, folder));
        all.any(|folder| paths::is_below(path, &folder))
    };
    is_in(&read.exclude) && !is_in(read.members.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(folders: &[&str]) -> Vec<String> {
        folders.iter().map(|f| format!("{f}/Cargo.toml")).collect()
    }

    #[test]
    fn members_by_pattern() {
        for (pattern, folder, expected) in [
            ("crates/*", "crates/a", true),
            ("crates/*", "crates/a/b", false),
            ("crates/*", "crates/.hidden", true),
            ("crates/[ab]*", "crates/alpha", true),
            ("crates/[ab]*", "crates/core", false),
            ("crates/[!ab]*", "crates/core", true),
            ("crates/[a-c]x", "crates/bx", true),
            ("Crates/*", "crates/a", false),
            ("./a", "a", true),
            ("a/", "a", true),
            ("crates/x-*", "crates/x-1", true),
            ("crates/x-?", "crates/x-12", false),
            ("**", "a/b", true),
            ("libs/**", "libs/a/b", true),
            ("libs/**/c", "libs/a/b/c", true),
            ("*/*", "a/b", true),
            ("a[", "a[", true),
            ("a", "b", false),
        ] {
            let read = Manifest {
                members: Some(vec![pattern.to_owned()]),
                ..Manifest::default()
            };
            let found = named("Cargo.toml", &read, &tree(&[folder]));
            assert_eq!(!found.is_empty(), expected, "{pattern} {folder}");
            let below = format!("rust/{folder}");
            let found = named("rust/Cargo.toml", &read, &tree(&[&below]));
            assert_eq!(!found.is_empty(), expected, "{pattern} {below}");
        }
    }

    #[test]
    fn a_workspace_is_what_cargo_takes_for_it() {
        let mut files = Files::default();
        for (path, text) in [
            (
                "Cargo.toml",
                "[workspace]\nmembers = ['crates/*', 'vendor/kept']\nexclude = ['crates/out', 'vendor']\n[package]\nname = 'pond'\nversion = '1.0.4'\n[dependencies]\nleaf = { path = 'leaf' }\nold = { path = 'vendor/old' }\nfar = { path = '../far' }\n",
            ),
            ("crates/a/Cargo.toml", "[package]\nname = 'a'\n"),
            ("crates/out/Cargo.toml", "[package]\nname = 'out'\n"),
            (
                "crates/nest/Cargo.toml",
                "[workspace]\n[package]\nname = 'nest'\n",
            ),
            (
                "leaf/Cargo.toml",
                "[package]\nname = 'leaf'\n[dependencies]\ntwig = { path = 'twig' }\n",
            ),
            (
                "leaf/twig/Cargo.toml",
                "[package]\nname = 'twig'\nversion.workspace = true\n",
            ),
            ("vendor/old/Cargo.toml", "[package]\nname = 'old'\n"),
            ("vendor/kept/Cargo.toml", "[package]\nname = 'kept'\n"),
            ("alone/Cargo.toml", "[package]\nname = 'alone'\n"),
            (
                "far/Cargo.toml",
                "[package]\nname = 'far'\nworkspace = '..'\n",
            ),
        ] {
            files.put(path.to_owned(), Some(text.to_owned()));
        }
        let manifests = Manifests::of(&files);
        let tree: Vec<String> = manifests.iter().map(|(path, _)| path.to_owned()).collect();
        let members = manifests.workspace("Cargo.toml", &tree);
        let expected = [
            "Cargo.toml",
            "leaf/Cargo.toml",
            "leaf/twig/Cargo.toml",
            "crates/a/Cargo.toml",
            "vendor/kept/Cargo.toml",
        ];
        assert_eq!(members, expected);
        assert_eq!(
            manifests.workspace("alone/Cargo.toml", &tree),
            ["alone/Cargo.toml"]
        );
        assert_eq!(manifests.root_of("far/Cargo.toml"), "Cargo.toml");
        assert_eq!(
            manifests.root_of("crates/out/Cargo.toml"),
            "crates/out/Cargo.toml"
        );
        assert_eq!(manifests.root_of("leaf/twig/Cargo.toml"), "Cargo.toml");
    }
}
