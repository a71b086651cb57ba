//! Raising the version in manifests and lock file, and reading it back.

use super::lock::{self, LockError};
use super::manifest::{self, ManifestError};
use super::workspace::{self, Together};
use crate::ecosystem::files::Texts;
use crate::ecosystem::package::Package;
use crate::ecosystem::tasks::Raised;

/// The manifests and the lock file with the version raised, or in words why
/// not.
pub fn raise(texts: &Texts<'_>, package: &Package, version: &str) -> Result<Raised, String> {
    let text = |path: &str| texts.get(path).copied().unwrap_or_default();
    let from = version_before(texts, package, version)?;
    let mut files = Vec::new();
    let mut put = |path: &str, new: String| {
        if new != text(path) {
            files.push((path.to_owned(), new));
        }
    };
    for path in package.all_manifests() {
        let new = workspace::raise(text(path), Together::of(package), &from, version);
        put(path, new.map_err(|error| format!("{path}: {error}"))?);
    }
    if let Some(path) = package.lock.as_deref() {
        let new = raise_lock(text(path), package, version);
        put(path, new.map_err(|error| format!("{path}: {error}"))?);
    }
    Ok(Raised { from, files })
}

fn raise_lock(text: &str, package: &Package, version: &str) -> Result<String, LockError> {
    let own = package.all_own();
    let mut lock = text.to_owned();
    for name in own {
        match lock::version(&lock, name) {
            // A package that nothing builds has no entry.
            Err(LockError::NoEntry { .. }) if own.len() > 1 => {}
            // What stands there need not match the manifest: it will.
            found => lock = lock::set_version(&lock, name, &found?, version)?,
        }
    }
    for stale in package.stale.iter().filter(|s| !own.contains(&s.name)) {
        // Whoever mended it meanwhile wins.
        if lock::version(&lock, &stale.name).as_ref() == Ok(&stale.found) {
            lock = lock::set_version(&lock, &stale.name, &stale.found, &stale.expected)?;
        }
    }
    Ok(lock)
}

/// The version that is to be raised; the new one where it stands everywhere.
fn version_before(texts: &Texts<'_>, package: &Package, version: &str) -> Result<String, String> {
    let together = Together::of(package);
    let first = std::iter::once(&package.manifest);
    for path in first.chain(package.all_manifests()) {
        let text = texts.get(path.as_str()).copied().unwrap_or_default();
        let wrong = |error: ManifestError| format!("{path}: {error}");
        let stated = workspace::versions(text, together).map_err(wrong)?;
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
    let mut held = Vec::new();
    for path in package.all_manifests() {
        let text = texts.get(path.as_str());
        let found = text.and_then(|text| workspace::versions(text, Together::of(package)).ok());
        match found {
            // It only requires the others.
            Some(none) if none.is_empty() && *path != package.manifest => {}
            found => held.push((path.clone(), found.and_then(differs))),
        }
    }
    if let Some(path) = &package.lock {
        let text = texts.get(path.as_str()).copied().unwrap_or_default();
        let own = package.all_own().iter();
        let entries = own.filter_map(|name| lock::version(text, name).ok());
        held.push((path.clone(), differs(entries.collect())));
    }
    held
}

/// The versions that a manifest states for the package.
pub fn stated(package: &Package, manifest: &str) -> Vec<String> {
    workspace::versions(manifest, Together::of(package)).unwrap_or_default()
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
