//! Which packages are released together, and where their version stands.

use std::collections::{BTreeMap, BTreeSet};

use super::files::{LOCK, MANIFEST, text};
use super::tag_pattern::BaseTag;
use super::{Context, convert};
use crate::domain::facts::{Package, Stale};
use crate::domain::ids::Sha;
use crate::edits::cargo_lock;
use crate::edits::cargo_manifest::{self, Manifest, PackageVersion, Publish};
use crate::edits::cargo_workspace::{self, Together};
use crate::github::Error;
use crate::registry::index_path;

/// Of so many manifests a workspace is read; each costs a call.
const MANIFESTS: usize = 100;

/// A manifest of the repository.
struct Found {
    text: String,
    read: Manifest,
}

/// The package, and which versions the registry has; or in words why nothing
/// can be raised. 2 calls for manifest and lock file; where there is a
/// workspace, 1 for the tree and 1 for each member; and 1 to the registry for
/// each package that is published.
pub async fn read(
    context: &Context,
    base: &BaseTag,
    at: &Sha,
) -> Result<Result<(Package, Vec<String>), String>, Error> {
    let Some(root) = text(context, MANIFEST, at).await? else {
        return Ok(Err(format!("{} has no `{MANIFEST}` at its root", base.tag)));
    };
    let found = match manifests(context, at, root).await? {
        Ok(found) => found,
        Err(words) => return Ok(Err(format!("at {}: {words}", base.tag))),
    };
    let lock = text(context, LOCK, at).await?;
    let chosen = choose(
        &base.version.to_string(),
        context.repo.name(),
        &found,
        lock.as_deref(),
    );
    let (mut package, publishable) = match chosen {
        Ok(chosen) => chosen,
        Err(words) => return Ok(Err(format!("`{MANIFEST}` at {}: {words}", base.tag))),
    };
    let mut taken = BTreeSet::new();
    for name in publishable {
        if index_path(&name).is_err() {
            continue;
        }
        let versions = context.registry.versions(&name).await;
        let versions = versions.map_err(convert::registry_error)?;
        if !versions.is_empty() {
            package.published.push(name);
        }
        taken.extend(versions.into_iter().map(|version| version.num));
    }
    package.on_registry = !package.published.is_empty();
    if let Some(first) = package.published.first()
        && !package.published.contains(&package.name)
    {
        package.name = first.clone();
    }
    Ok(Ok((package, taken.into_iter().collect())))
}

/// The manifests of the repository that belong together, by path.
async fn manifests(
    context: &Context,
    at: &Sha,
    root: String,
) -> Result<Result<BTreeMap<String, Found>, String>, Error> {
    let mut all = BTreeMap::new();
    let read = match cargo_manifest::read(&root) {
        Ok(read) => read,
        Err(error) => return Ok(Err(format!("`{MANIFEST}`: {error}"))),
    };
    let mut waiting = linked("", &root);
    if let Some(members) = &read.members {
        let tree = context.repo.tree(at.as_str()).await?;
        let entries = tree.ok_or(Error::NotFound)?.entries;
        waiting.extend(
            entries
                .iter()
                .filter_map(|entry| entry.path.strip_suffix("/Cargo.toml"))
                .filter(|folder| {
                    members
                        .iter()
                        .any(|p| cargo_workspace::is_member(p, folder))
                        && !read.exclude.iter().any(|p| is_below(folder, p))
                })
                .map(str::to_owned),
        );
    }
    all.insert(MANIFEST.to_owned(), Found { text: root, read });
    while let Some(folder) = waiting.pop() {
        let path = format!("{folder}/{MANIFEST}");
        if all.contains_key(&path) || all.len() >= MANIFESTS {
            continue;
        }
        let Some(text) = text(context, &path, at).await? else {
            continue;
        };
        let read = match cargo_manifest::read(&text) {
            Ok(read) => read,
            Err(error) => return Ok(Err(format!("`{path}`: {error}"))),
        };
        waiting.extend(linked(&folder, &text));
        all.insert(path, Found { text, read });
    }
    Ok(Ok(all))
}

fn is_below(folder: &str, pattern: &str) -> bool {
    let pattern = pattern.trim_end_matches('/');
    folder == pattern
        || folder
            .strip_prefix(pattern)
            .is_some_and(|r| r.starts_with('/'))
}

/// The folders that a manifest's dependencies by path lead to, from the root.
fn linked(folder: &str, text: &str) -> Vec<String> {
    let paths = cargo_workspace::paths(text).unwrap_or_default();
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
    found: &BTreeMap<String, Found>,
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
            return Err(match cargo_manifest::version(&root.text) {
                Err(error) => error.to_string(),
                Ok(_) => "its version cannot be read".to_owned(),
            });
        }
        (false, _) => tagged.to_owned(),
    };
    let members: Vec<(&String, &Manifest, String, String)> = found
        .iter()
        .filter_map(|(path, f)| {
            let (name, version) = (f.read.name.clone()?, version_of(&f.read)?);
            Some((path, &f.read, name, version))
        })
        .collect();
    let own: Vec<String> = members
        .iter()
        .filter(|(.., v)| *v == version)
        .map(|(_, _, name, _)| name.clone())
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
            .any(|(_, read, name, _)| is_own(name) && read.version == PackageVersion::Inherited);
    let publishable: Vec<String> = members
        .iter()
        .filter(|(_, read, name, _)| is_own(name) && is_published(&read.publish))
        .map(|(_, _, name, _)| name.clone())
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
        let states = cargo_workspace::versions(&f.text, together).is_ok_and(|v| !v.is_empty());
        let requires = cargo_workspace::requires(&f.text, &own, &version).unwrap_or_default();
        if states || requires {
            manifests.push(path.clone());
        }
        if states && (stated_in.is_none() || path == MANIFEST) {
            stated_in = Some(path.clone());
        }
    }
    let Some(manifest) = stated_in else {
        // It stands there, but not as a plain string.
        return Err("its package.version is not a plain string".to_owned());
    };
    let lock = lock.filter(|lock| {
        own.iter()
            .any(|name| cargo_lock::version(lock, name).is_ok())
    });
    let stale = lock.map_or_else(Vec::new, |lock| {
        members
            .iter()
            .filter_map(|(_, _, name, version)| {
                let found = cargo_lock::version(lock, name).ok()?;
                (found != *version).then(|| Stale {
                    name: name.clone(),
                    found,
                    expected: version.clone(),
                })
            })
            .collect()
    });
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

    fn of(files: &[(&str, &str)], lock: Option<&str>) -> Result<(Package, Vec<String>), String> {
        let found = files
            .iter()
            .map(|(path, text)| {
                let found = Found {
                    text: (*text).to_owned(),
                    read: cargo_manifest::read(text).unwrap(),
                };
                ((*path).to_owned(), found)
            })
            .collect();
        choose("1.0.4", "tool", &found, lock)
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
}
