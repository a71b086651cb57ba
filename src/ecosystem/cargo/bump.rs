//! Raising the version in manifests and lock file, and reading it back.

use super::lock::{Lock, LockError};
use super::manifest::{self, ManifestError};
use super::workspace::{self, Together};
use crate::ecosystem::files::Texts;
use crate::ecosystem::package::Package;
use crate::ecosystem::tasks::Raised;

/// The manifests and the lock files with the version raised, or in words why
/// not. What is written is read again: every requirement takes the new version.
pub fn raise(texts: &Texts<'_>, package: &Package, version: &str) -> Result<Raised, String> {
    if package.from_tag {
        return Ok(Raised {
            from: version.to_owned(),
            files: Vec::new(),
        });
    }
    let text = |path: &str| texts.get(path).copied().unwrap_or_default();
    let from = version_before(texts, package, version)?;
    let together = Together::of(package);
    let mut files = Vec::new();
    let mut put = |path: &str, new: String| {
        if new != text(path) {
            files.push((path.to_owned(), new));
        }
    };
    for path in package.all_manifests() {
        let wrong = |error: ManifestError| format!("{path}: {error}");
        let seen = together.at(path);
        let new = workspace::raise(text(path), seen, &from, version).map_err(wrong)?;
        let unmet = workspace::unmet(&new, seen, version).map_err(wrong)?;
        if !unmet.is_empty() {
            return Err(format!(
                "{path} requires {}, which does not take {version}, and cannot be raised without a guess: write it so that it does",
                unmet.join(", ")
            ));
        }
        put(path, new);
    }
    for path in package.all_locks() {
        let new = match package.lock.as_deref() == Some(path) {
            true => raise_lock(text(path), package, version),
            false => follow(text(path), package, &from, version),
        };
        put(path, new.map_err(|error| format!("{path}: {error}"))?);
    }
    Ok(Raised { from, files })
}

/// The lock file of the workspace.
fn raise_lock(text: &str, package: &Package, version: &str) -> Result<String, LockError> {
    let own = package.all_own();
    let mut lock = Lock::read(text)?;
    for name in own {
        let from = match lock.versions(name).as_slice() {
            // A package that nothing builds has no entry.
            [] if own.len() > 1 => continue,
            [only] if own.len() > 1 && is_another(package, name, only) => continue,
            // What stands there need not match the manifest: it will.
            [only] => (*only).to_owned(),
            _ => before(package, name).unwrap_or(version).to_owned(),
        };
        lock.set(name, &from, version)?;
    }
    for stale in package.stale.iter().filter(|s| !own.contains(&s.name)) {
        // Whoever mended it meanwhile wins.
        if matches!(lock.versions(&stale.name).as_slice(), [only] if *only == stale.found) {
            lock.set(&stale.name, &stale.found, &stale.expected)?;
        }
    }
    Ok(lock.written())
}

/// Another workspace's lock file: what has the version before is raised.
fn follow(text: &str, package: &Package, from: &str, to: &str) -> Result<String, LockError> {
    let mut lock = Lock::read(text)?;
    for name in package.all_own() {
        let from = before(package, name).unwrap_or(from);
        if lock.versions(name).contains(&from) {
            lock.set(name, from, to)?;
        }
    }
    Ok(lock.written())
}

/// Whether this version is that of another package of the name.
fn is_another(package: &Package, name: &str, version: &str) -> bool {
    let mut others = package.members.iter().filter(|member| !member.released);
    others.any(|member| member.name == name && member.version == version)
}

/// The version that a package has at the release.
fn before<'a>(package: &'a Package, name: &str) -> Option<&'a str> {
    let mut released = package.members.iter().filter(|member| member.released);
    let member = released.find(|member| member.name == name)?;
    Some(member.version.as_str())
}

/// The version that is to be raised; the new one where it stands everywhere.
fn version_before(texts: &Texts<'_>, package: &Package, version: &str) -> Result<String, String> {
    let together = Together::of(package);
    let first = std::iter::once(&package.manifest);
    for path in first.chain(package.all_manifests()) {
        let text = texts.get(path.as_str()).copied().unwrap_or_default();
        let wrong = |error: ManifestError| format!("{path}: {error}");
        let stated = workspace::versions(text, together.at(path)).map_err(wrong)?;
        if stated.is_empty() && *path == package.manifest {
            return Err(match manifest::version(text) {
                Err(error) => wrong(error),
                Ok(_) => format!("{path} is another package's manifest"),
            });
        }
        // Where one was raised by hand, the others tell the old one.
        if let Some(other) = stated.into_iter().find(|stated| stated != version) {
            return Ok(other);
        }
    }
    Ok(version.to_owned())
}

/// Which version stands in which place, where `version` is wanted.
pub fn held(texts: &Texts<'_>, package: &Package, version: &str) -> Vec<(String, Option<String>)> {
    // Several in one place are one answer: the first that is not as wanted.
    let differs = |mut found: Vec<String>| {
        let at = found.iter().position(|v| v != version).unwrap_or_default();
        (at < found.len()).then(|| found.swap_remove(at))
    };
    let together = Together::of(package);
    let mut held = Vec::new();
    for path in package.all_manifests() {
        let text = texts.get(path.as_str()).copied();
        let seen = together.at(path);
        let unmet = text.and_then(|text| workspace::unmet(text, seen, version).ok());
        let unmet = unmet.and_then(|unmet| unmet.into_iter().next());
        match text.and_then(|text| workspace::versions(text, seen).ok()) {
            // It only requires the others.
            Some(none) if none.is_empty() && *path != package.manifest => {
                held.extend(unmet.map(|unmet| (path.clone(), Some(unmet))));
            }
            found => held.push((path.clone(), unmet.or_else(|| found.and_then(differs)))),
        }
    }
    for path in package.all_locks() {
        let text = texts.get(path).copied().unwrap_or_default();
        let main = package.lock.as_deref() == Some(path);
        let lock = Lock::read(text).ok();
        let own = package.all_own().iter().filter_map(|name| {
            let found = lock.as_ref()?.versions(name);
            let has = |wanted: &str| found.contains(&wanted);
            match (found.as_slice(), before(package, name)) {
                (_, Some(before)) if before != version && has(before) => Some(before.to_owned()),
                _ if has(version) => Some(version.to_owned()),
                // Another package of the name, or what does not follow.
                ([only], _) if main && !is_another(package, name, only) => Some((*only).to_owned()),
                _ => None,
            }
        });
        let own: Vec<String> = own.collect();
        // One of another workspace may have lost its entries.
        if !own.is_empty() || main {
            held.push((path.to_owned(), differs(own)));
        }
    }
    held
}

/// The versions that a manifest states for the package.
pub fn stated(package: &Package, manifest: &str) -> Vec<String> {
    let seen = Together::of(package).at(&package.manifest);
    workspace::versions(manifest, seen).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Manifest before, manifest after: what `cargo set-version 1.0.5` leaves.
    const CASES: &[(&str, &str)] = &[
        (
            "[package]\nname = \"caro\"\nversion = \"1.0.4\"\n",
            "[package]\nname = \"caro\"\nversion = \"1.0.5\"\n",
        ),
        (
            "# top\r\n[package]   # here\r\nversion   =   '1.0.4' # keep\r\nname = 'caro'\r\n",
            "# top\r\n[package]   # here\r\nversion   =   '1.0.5' # keep\r\nname = 'caro'\r\n",
        ),
        (
            "package = { name = \"caro\", version = \"1.0.4\", edition = \"2024\" }",
            "package = { name = \"caro\", version = \"1.0.5\", edition = \"2024\" }",
        ),
        (
            "package.version = \"1.0.4\"\npackage.name = \"caro\"\n[dependencies]\nx = { version = \"1.0.4\" }\n",
            "package.version = \"1.0.5\"\npackage.name = \"caro\"\n[dependencies]\nx = { version = \"1.0.4\" }\n",
        ),
        (
            "\u{feff}[dependencies.caro-core]\nversion = \"1.0.4\"\n[package]\nname = \"caro\"\nversion = \"1.0.4-rc.1+b\"",
            "\u{feff}[dependencies.caro-core]\nversion = \"1.0.4\"\n[package]\nname = \"caro\"\nversion = \"1.0.5\"",
        ),
        (
            "[workspace.package]\nversion = \"1.0.4\"\n[package]\nname = \"caro\"\n\"version\" = \"\"\"1.0.4\"\"\"\n",
            "[workspace.package]\nversion = \"1.0.4\"\n[package]\nname = \"caro\"\n\"version\" = \"\"\"1.0.5\"\"\"\n",
        ),
    ];

    /// The manifest of the package `caro` as the bump leaves it.
    fn raised(manifest: &str, version: &str) -> Result<String, String> {
        let package = Package {
            name: "caro".to_owned(),
            manifest: "Cargo.toml".to_owned(),
            ..Package::default()
        };
        let texts = Texts::from([("Cargo.toml", manifest)]);
        let raised = raise(&texts, &package, version)?;
        let changed = raised.files.into_iter().next();
        Ok(changed.map_or_else(|| manifest.to_owned(), |(_, new)| new))
    }

    #[test]
    fn the_version_alone_changes() {
        for (before, after) in CASES {
            assert_eq!(raised(before, "1.0.5").as_deref(), Ok(*after));
            assert_eq!(manifest::version(after).as_deref(), Ok("1.0.5"));
        }
    }

    #[test]
    fn what_cannot_be_raised_says_why() {
        for (text, words) in [
            ("[workspace]\n", "no [package] section"),
            ("[package]\nname = 'caro'\n", "no version"),
            (
                "[package]\nname = 'caro'\nversion.workspace = true\n",
                "inherited",
            ),
            (
                "[package]\nname = 'caro'\nversion = \"\\u0031.0.4\"\n",
                "not a plain string",
            ),
            (
                "[package]\nname = 'other'\nversion = '1.0.4'\n",
                "another package's manifest",
            ),
        ] {
            let error = raised(text, "1.0.5").unwrap_err();
            assert!(error.starts_with("Cargo.toml"), "{error}");
            assert!(error.contains(words), "{error}");
        }
        let error = raised(CASES[0].0, "v1.0.5").unwrap_err();
        let words = "Cargo.toml: \"v1.0.5\" is not a version such as 1.0.5";
        assert_eq!(error, words);
    }

    proptest! {
        #[test]
        fn only_the_versions_bytes_change(
            before in "(# [ -~]{0,20}\r?\n|\r?\n){0,4}",
            space in "[ \t]{0,3}",
            quote in "[\"']",
            patch in 0_u64..1000,
            after in "( *# [ -~é]{0,20})?(\r?\nedition = \"2024\")?(\r?\n)?",
        ) {
            let around = |version: &str| {
                format!("{before}[package]\nname = 'caro'\nversion{space}={space}{quote}{version}{quote}{after}")
            };
            let raised = raised(&around("1.0.4"), &format!("1.0.{patch}"));
            prop_assert_eq!(raised, Ok(around(&format!("1.0.{patch}"))));
        }

        #[test]
        fn any_text_is_survived(text in "(\\[package\\]\n|name = 'caro'\n|version|name| = |\"|'|1.0.4|\n|\\.workspace|true|\\PC){0,20}") {
            let _ = manifest::read(&text);
            if let Ok(raised) = raised(&text, "9.9.9") {
                prop_assert_eq!(manifest::version(&raised), Ok("9.9.9".to_owned()));
            }
        }
    }
}
