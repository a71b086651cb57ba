//! Which packages are released together, and where their version stands.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{self, Manifest, ManifestError, PackageVersion, Publish};
use super::workspace::Together;
use super::{lock, workspace};
use crate::ecosystem::files::{Files, Wanted};
use crate::ecosystem::package::{Package, Stale};
use crate::ecosystem::tasks::Release;

/// The manifest's name, and its path at the root.
pub const MANIFEST: &str = "Cargo.toml";
/// The lock file at the root.
const LOCK: &str = "Cargo.lock";
/// Of so many manifests a workspace is read: each costs a call.
const MANIFESTS: usize = 100;

/// A manifest of the repository.
struct Found<'a> {
    text: &'a str,
    read: Manifest,
}

/// The manifest at the root, those of its members and of what they depend on by
/// path, and the lock file; the tree where there is a workspace. What comes
/// behind a manifest that cannot be read is not asked for.
pub fn wanted(files: &Files) -> Option<Wanted> {
    if !files.was_read(MANIFEST) {
        return Some(Wanted::Files(vec![MANIFEST.to_owned()]));
    }
    let found = manifests(files).ok()?;
    let root = &found.get(MANIFEST)?.read;
    let mut folders: BTreeSet<String> = BTreeSet::new();
    for (path, manifest) in &found {
        folders.extend(linked(path, manifest.text));
    }
    if let Some(members) = &root.members {
        let Some(tree) = files.tree() else {
            return Some(Wanted::Tree);
        };
        let folder = |path: &'_ String| path.strip_suffix("/Cargo.toml").map(str::to_owned);
        folders.extend(tree.iter().filter_map(folder).filter(|folder| {
            members.iter().any(|p| workspace::is_member(p, folder))
                && !root.exclude.iter().any(|p| is_below(folder, p))
        }));
    }
    let paths = folders
        .iter()
        .map(|folder| format!("{folder}/{MANIFEST}"))
        .filter(|path| !files.was_read(path))
        .take(MANIFESTS.saturating_sub(found.len()));
    let lock = (!files.was_read(LOCK)).then(|| LOCK.to_owned());
    let paths: Vec<String> = paths.chain(lock).collect();
    (!paths.is_empty()).then_some(Wanted::Files(paths))
}

/// The package, and the names that may be on the registry; or in words, with
/// the tag, why nothing can be raised.
pub fn project(files: &Files, release: &Release<'_>) -> Result<(Package, Vec<String>), String> {
    let tag = release.tag;
    if files.get(MANIFEST).is_none() {
        return Err(format!("{tag} has no {MANIFEST} at its root"));
    }
    let found = manifests(files);
    let found = found.map_err(|(path, error)| format!("at {tag}: {path}: {error}"))?;
    choose(release.version, release.repo, &found, files.get(LOCK))
        .map_err(|words| format!("{MANIFEST} at {tag}: {words}"))
}

/// The manifests that were read, by path.
fn manifests(files: &Files) -> Result<BTreeMap<&str, Found<'_>>, (&str, ManifestError)> {
    let is_manifest = |path: &str| path.rsplit('/').next() == Some(MANIFEST);
    files
        .iter()
        .filter(|(path, _)| is_manifest(path))
        .map(|(path, text)| match manifest::read(text) {
            Ok(read) => Ok((path, Found { text, read })),
            Err(error) => Err((path, error)),
        })
        .collect()
}

fn is_below(folder: &str, pattern: &str) -> bool {
    let pattern = pattern.trim_end_matches('/');
    folder == pattern
        || folder
            .strip_prefix(pattern)
            .is_some_and(|r| r.starts_with('/'))
}

/// The folders that a manifest's dependencies by path lead to, from the root.
fn linked(manifest: &str, text: &str) -> Vec<String> {
    let folder = manifest.strip_suffix(MANIFEST).unwrap_or_default();
    let paths = workspace::paths(text).unwrap_or_default();
    paths
        .iter()
        .filter_map(|path| joined(folder, path))
        .collect()
}

/// A path from a folder, from the root; none where it leads out of it or to it.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// What is released together: the packages with the root package's version, or
/// in a workspace without a root package those with the tag's. Gives the names
/// that may be on the registry, too.
fn choose(
    tagged: &str,
    repo: &str,
    found: &BTreeMap<&str, Found<'_>>,
    lock: Option<&str>,
) -> Result<(Package, Vec<String>), String> {
    let root = found.get(MANIFEST).ok_or("it is not there")?;
    let shared = root.read.workspace_version.as_deref();
    let version_of = |manifest: &Manifest| match &manifest.version {
        PackageVersion::Here(version) => Some(version.clone()),
        PackageVersion::Inherited => shared.map(str::to_owned),
        PackageVersion::Absent => None,
    };
    let is_package = root.read.members.is_none() || root.read.name.is_some();
    let version = match (is_package, version_of(&root.read)) {
        (true, Some(version)) => version,
        (true, None) => {
            return Err(match manifest::version(root.text) {
                Err(error) => error.to_string(),
                Ok(_) => "its version cannot be read".to_owned(),
            });
        }
        (false, _) => tagged.to_owned(),
    };
    let members: Vec<(&Manifest, String, String)> = found
        .values()
        .filter_map(|f| {
            let (name, version) = (f.read.name.clone()?, version_of(&f.read)?);
            Some((&f.read, name, version))
        })
        .collect();
    let own: Vec<String> = members
        .iter()
        .filter(|(.., v)| *v == version)
        .map(|(_, name, _)| name.clone())
        .collect();
    if own.is_empty() {
        return Err(match is_package {
            true => "it names no package".to_owned(),
            false => format!("no member of the workspace has the version {version}"),
        });
    }
    let is_own = |name: &String| own.contains(name);
    let workspace = shared == Some(version.as_str())
        && members
            .iter()
            .any(|(read, name, _)| is_own(name) && read.version == PackageVersion::Inherited);
    let publishable: Vec<String> = members
        .iter()
        .filter(|(read, name, _)| is_own(name) && is_published(&read.publish))
        .map(|(_, name, _)| name.clone())
        .collect();
    let name = match &root.read.name {
        Some(name) if is_own(name) => name.clone(),
        _ => {
            let like_the_repo = |name: &&String| name.eq_ignore_ascii_case(repo);
            let candidates = || publishable.iter().chain(&own);
            let named = candidates().find(like_the_repo);
            named
                .or_else(|| candidates().next())
                .cloned()
                .unwrap_or_default()
        }
    };
    let together = Together {
        own: &own,
        workspace,
    };
    let mut manifests = Vec::new();
    let mut stated_in = None;
    for (path, f) in found {
        let states = workspace::versions(f.text, together).is_ok_and(|v| !v.is_empty());
        let requires = workspace::requires(f.text, &own, &version).unwrap_or_default();
        if states || requires {
            manifests.push((*path).to_owned());
        }
        if states && (stated_in.is_none() || *path == MANIFEST) {
            stated_in = Some((*path).to_owned());
        }
    }
    let Some(manifest) = stated_in else {
        // It stands there, but not as a plain string.
        return Err("its package.version is not a plain string".to_owned());
    };
    let lock = lock.filter(|lock| own.iter().any(|name| lock::version(lock, name).is_ok()));
    let stale = lock.map_or_else(Vec::new, |lock| stale(lock, &members));
    let package = Package {
        name,
        manifest,
        lock: lock.map(|_| LOCK.to_owned()),
        manifests,
        own,
        workspace,
        stale,
        ..Package::default()
    };
    Ok((package, publishable))
}

/// The entries of the lock file that do not match their manifests.
fn stale(lock: &str, members: &[(&Manifest, String, String)]) -> Vec<Stale> {
    let stale = members.iter().filter_map(|(_, name, version)| {
        let found = lock::version(lock, name).ok()?;
        (found != *version).then(|| Stale {
            name: name.clone(),
            found,
            expected: version.clone(),
        })
    });
    stale.collect()
}

/// Whether a crate may be published on crates.io: where it is not, a crate of
/// that name there is somebody else's.
fn is_published(publish: &Publish) -> bool {
    match publish {
        Publish::Anywhere | Publish::Inherited => true,
        Publish::Nowhere => false,
        Publish::Only(registries) => registries.iter().any(|r| r == "crates-io"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release() -> Release<'static> {
        Release {
            repo: "tool",
            tag: "v1.0.4",
            version: "1.0.4",
            changelog: Some(&[]),
        }
    }

    fn read(files: &[(&str, &str)], lock: Option<&str>) -> Files {
        let mut read = Files::default();
        for (path, text) in files {
            read.put((*path).to_owned(), Some((*text).to_owned()));
        }
        read.put(LOCK.to_owned(), lock.map(str::to_owned));
        read
    }

    fn of(files: &[(&str, &str)], lock: Option<&str>) -> Result<(Package, Vec<String>), String> {
        project(&read(files, lock), &release())
    }

    #[test]
    fn a_single_package_or_the_reason_why_not() {
        let (one, publishable) = of(
            &[(
                "Cargo.toml",
                "[package]\nname = \"a\"\nversion = \"1.0.3\"\n",
            )],
            None,
        )
        .unwrap();
        assert_eq!(
            (one.name.as_str(), one.manifest.as_str()),
            ("a", "Cargo.toml")
        );
        assert_eq!((one.manifests.len(), publishable.len()), (1, 1));
        for (manifest, words) in [
            ("[workspace]\n", "no member"),
            (
                "[package]\nname = \"a\"\nversion.workspace = true\n",
                "inherited",
            ),
            ("[package]\nversion = \"1.0.4\"\n", "names no package"),
            ("[package]\nname = \"a\"\n", "no version"),
            ("", "no [package]"),
        ] {
            let error = of(&[("Cargo.toml", manifest)], None).unwrap_err();
            assert!(error.contains(words), "{manifest}: {error}");
        }
    }

    #[test]
    fn a_workspace_shares_a_version_and_others_keep_theirs() {
        let files = [
            (
                "Cargo.toml",
                "[workspace]\nmembers = ['*']\n[workspace.package]\nversion = '1.0.4'\n[workspace.dependencies]\ncore = { path = 'core', version = '1.0.4' }\n",
            ),
            (
                "core/Cargo.toml",
                "[package]\nname = 'core'\nversion.workspace = true\n",
            ),
            (
                "tool/Cargo.toml",
                "[package]\nname = 'tool'\nversion = '1.0.4'\n",
            ),
            (
                "own/Cargo.toml",
                "[package]\nname = 'own'\nversion = '0.3.0'\n[dependencies]\ncore = { path = '../core', version = '1' }\n",
            ),
            (
                "x/Cargo.toml",
                "[package]\nname = 'x'\nversion.workspace = true\npublish = false\n",
            ),
        ];
        let lock = "[[package]]\nname = 'core'\nversion = '1.0.3'\n[[package]]\nname = 'own'\nversion = '0.2.0'\n[[package]]\nname = 'tool'\nversion = '1.0.4'\n";
        let (package, publishable) = of(&files, Some(lock)).unwrap();
        assert_eq!(package.name, "tool");
        assert_eq!(package.manifests, ["Cargo.toml", "tool/Cargo.toml"]);
        assert_eq!(package.own, ["core", "tool", "x"]);
        assert!(package.workspace);
        assert_eq!(publishable, ["core", "tool"]);
        let stale: Vec<_> = package.stale.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(stale, ["core", "own"]);
    }

    #[test]
    fn paths_are_taken_from_the_root() {
        assert_eq!(joined("a/b", "../c").as_deref(), Some("a/c"));
        assert_eq!(joined("", "./c/").as_deref(), Some("c"));
        assert_eq!(joined("a", "../../c"), None);
        assert_eq!(joined("a", ".."), None);
    }

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
            ("other/Cargo.toml", ""),
        ];
        let mut files = Files::default();
        let mut asked = Vec::new();
        while let Some(wanted) = wanted(&files) {
            match wanted {
                Wanted::Tree => files.put_tree(disk.map(|(path, _)| path.to_owned()).to_vec()),
                Wanted::Files(paths) => {
                    for path in paths {
                        let text = disk.iter().find(|(other, _)| *other == path);
                        files.put(path.clone(), text.map(|(_, text)| (*text).to_owned()));
                        asked.push(path);
                    }
                }
            }
        }
        let expected = ["a/Cargo.toml", "crates/c/Cargo.toml", LOCK, "b/Cargo.toml"];
        assert_eq!(asked[0], MANIFEST);
        assert_eq!(asked[1..], expected);
        // A single package needs no tree.
        let single = read(&[(MANIFEST, "[package]\n")], None);
        assert_eq!(wanted(&single), None);
        assert!(single.tree().is_none());
        let mut broken = read(&[], None);
        broken.put(MANIFEST.to_owned(), Some("[".to_owned()));
        assert_eq!(wanted(&broken), None);
        let words = project(&broken, &release()).unwrap_err();
        assert!(words.starts_with("at v1.0.4: Cargo.toml: "), "{words}");
        let words = project(&read(&[], None), &release()).unwrap_err();
        assert_eq!(words, "v1.0.4 has no Cargo.toml at its root");
    }
}
