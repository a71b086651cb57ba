//! The bump: one commit that raises the version in manifest, lock file and
//! changelog.

use std::collections::BTreeMap;

use semver::Version;

use super::commit::{self, Onto};
use super::{Context, Found};
use crate::domain::event::Outcome;
use crate::domain::facts::Package;
use crate::domain::ids::Sha;
use crate::edits::cargo_lock::{self, LockError};
use crate::edits::cargo_manifest::{self, ManifestError};
use crate::edits::cargo_workspace::{self, Together};
use crate::edits::changelog::{self, NewSection};
use crate::github::Error;

/// What to raise, and to which version.
#[derive(Clone, Copy, Debug)]
pub struct Bump<'a> {
    /// Where the version stands.
    pub package: &'a Package,
    /// The new version.
    pub version: &'a str,
    /// The changelog's line.
    pub entry: &'a str,
    /// Its date.
    pub date: &'a str,
}

/// Pushes the bump on top of `parent`: 7 calls without a lock file and a
/// changelog, and 1 for each of them.
pub async fn push(
    context: &Context,
    branch: &str,
    parent: &Sha,
    wanted: &Bump<'_>,
    message: &str,
) -> Result<Outcome, Error> {
    let onto = Onto {
        branch,
        parent,
        what: "the bump",
    };
    let paths: Vec<&str> = places(wanted.package).collect();
    let pushed = commit::push(context, onto, &paths, message, |files| edit(files, wanted)).await?;
    Ok(pushed.map_or_else(|other| other, |sha| Outcome::Bumped { sha }))
}

/// Whether a commit since `parent` is this effect's: 1 or 2 calls.
pub async fn look(context: &Context, branch: &str, parent: &Sha) -> Result<Found, Error> {
    Ok(match commit::look(context, branch, parent).await? {
        Some(sha) => Found::Done(Outcome::Bumped { sha }),
        None => Found::Not,
    })
}

fn places(package: &Package) -> impl Iterator<Item = &str> {
    let others = [package.lock.as_deref(), package.changelog.as_deref()];
    let manifests = package.all_manifests().iter().map(String::as_str);
    manifests.chain(others.into_iter().flatten())
}

/// The files that change, with their new text, or in words why not.
fn edit(files: &BTreeMap<&str, &str>, wanted: &Bump<'_>) -> Result<Vec<(String, String)>, String> {
    let Bump {
        package,
        version,
        entry,
        date,
    } = *wanted;
    let mut edited = Vec::new();
    let mut put = |path: &str, old: &str, new: String| {
        if new != old {
            edited.push((path.to_owned(), new));
        }
    };
    let text = |path: &str| files.get(path).copied().unwrap_or_default();
    let own = package.all_own();
    let together = Together {
        own,
        workspace: package.workspace,
    };
    let from = version_before(files, package, version)?;
    for path in package.all_manifests() {
        let manifest = text(path);
        let new = cargo_workspace::raise(manifest, together, &from, version);
        put(
            path,
            manifest,
            new.map_err(|error| format!("`{path}`: {error}"))?,
        );
    }
    if let Some(path) = package.lock.as_deref() {
        let old = text(path);
        let mut lock = old.to_owned();
        let wrong = |error| format!("`{path}`: {error}");
        for name in own {
            match cargo_lock::version(&lock, name) {
                // A package that nothing builds has no entry.
                Err(LockError::NoEntry { .. }) if own.len() > 1 => {}
                // What stands there need not match the manifest: it will.
                found => {
                    let found = found.map_err(wrong)?;
                    lock = cargo_lock::set_version(&lock, name, &found, version).map_err(wrong)?;
                }
            }
        }
        for stale in package.stale.iter().filter(|s| !own.contains(&s.name)) {
            // Whoever mended it meanwhile wins.
            if cargo_lock::version(&lock, &stale.name).as_ref() == Ok(&stale.found) {
                lock = cargo_lock::set_version(&lock, &stale.name, &stale.found, &stale.expected)
                    .map_err(wrong)?;
            }
        }
        put(path, old, lock);
    }
    if let Some(path) = package.changelog.as_deref() {
        let log = text(path);
        if changelog::section(log, version).is_none() {
            let section = NewSection {
                version,
                base: &version_below(log, version).unwrap_or(from),
                date,
                entry,
            };
            let new = changelog::insert(log, &section);
            put(
                path,
                log,
                new.map_err(|error| format!("`{path}`: {error}"))?,
            );
        }
    }
    Ok(edited)
}

/// The version that is to be raised; the new one where it stands everywhere.
fn version_before(
    files: &BTreeMap<&str, &str>,
    package: &Package,
    version: &str,
) -> Result<String, String> {
    let together = Together {
        own: package.all_own(),
        workspace: package.workspace,
    };
    let first = std::iter::once(&package.manifest);
    for path in first.chain(package.all_manifests()) {
        let text = files.get(path.as_str()).copied().unwrap_or_default();
        let wrong = |error: ManifestError| format!("`{path}`: {error}");
        let stated = cargo_workspace::versions(text, together).map_err(wrong)?;
        if stated.is_empty() && *path == package.manifest {
            return Err(match cargo_manifest::version(text) {
                Err(error) => wrong(error),
                Ok(_) => format!("`{path}` is another package's manifest"),
            });
        }
        // Where one was raised by hand, the others tell the old one.
        if let Some(other) = stated.into_iter().find(|stated| stated != version) {
            return Ok(other);
        }
    }
    Ok(version.to_owned())
}

/// The version that the new section follows: the highest below it.
fn version_below(log: &str, version: &str) -> Option<String> {
    let version = Version::parse(version).ok()?;
    changelog::releases(log)
        .iter()
        .filter_map(|found| Version::parse(found).ok())
        .filter(|found| *found < version)
        .max()
        .map(|found| found.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[package]\nname = \"tool\"\nversion = \"1.0.4\"\n";
    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"tool\"\nversion = \"1.0.4\"\n";
    const LOG: &str = "# Changelog\n\n## [1.0.4] - 2026-01-01\n\n### Fixed\n\n- a\n";

    fn package() -> Package {
        Package {
            name: "tool".into(),
            manifest: "Cargo.toml".into(),
            lock: Some("Cargo.lock".into()),
            changelog: Some("CHANGELOG.md".into()),
            on_registry: true,
            ..Package::default()
        }
    }

    fn bumped(manifest: &str, lock: &str, log: &str) -> Result<Vec<(String, String)>, String> {
        let package = package();
        let wanted = Bump {
            package: &package,
            version: "1.0.5",
            entry: "Critical: it hangs (#7)",
            date: "2026-01-02",
        };
        let files = [
            ("Cargo.toml", manifest),
            ("Cargo.lock", lock),
            ("CHANGELOG.md", log),
        ];
        edit(&files.into_iter().collect(), &wanted)
    }

    #[test]
    fn each_place_is_raised() {
        let edited = bumped(MANIFEST, LOCK, LOG).unwrap();
        let paths: Vec<_> = edited.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["Cargo.toml", "Cargo.lock", "CHANGELOG.md"]);
        assert!(edited[0].1.contains("1.0.5") && edited[1].1.contains("1.0.5"));
        assert!(edited[2].1.contains("## [1.0.5] - 2026-01-02"));
        let again = bumped(&edited[0].1, &edited[1].1, &edited[2].1).unwrap();
        assert!(again.is_empty(), "what is done is not done again");
    }

    #[test]
    fn what_was_raised_by_hand_stays() {
        let edited = bumped(&MANIFEST.replace("1.0.4", "1.0.5"), LOCK, LOG).unwrap();
        let paths: Vec<_> = edited.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["Cargo.lock", "CHANGELOG.md"]);
    }

    #[test]
    fn a_place_that_cannot_be_raised_is_named() {
        let words = bumped(MANIFEST, "version = 4\n", LOG).unwrap_err();
        assert!(words.starts_with("`Cargo.lock`: "), "{words}");
        let words = bumped("[workspace]\n", LOCK, LOG).unwrap_err();
        assert!(words.starts_with("`Cargo.toml`: "), "{words}");
    }

    #[test]
    fn an_entry_that_did_not_match_its_manifest_is_corrected() {
        let other = LOCK.replace("1.0.4", "1.0.3");
        let edited = bumped(MANIFEST, &other, LOG).unwrap();
        assert!(edited[1].1.contains("1.0.5"), "{}", edited[1].1);
    }
}
