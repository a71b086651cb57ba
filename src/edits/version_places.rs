//! Where a repository's files say which version it is.

use serde::{Deserialize, Serialize};

use super::cargo_manifest::PackageVersion;
use super::{cargo_lock, cargo_manifest, changelog};

/// How a file holds the version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// `package.version`.
    CargoManifest,
    /// The entry of this package.
    CargoLock {
        /// The package.
        package: String,
    },
    /// A section for the version that is looked for.
    Changelog,
    /// The text around `{version}`.
    Pattern {
        /// As in the configuration's `version.files`.
        pattern: String,
    },
}

/// What a file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// These versions, in the order of the file; never empty.
    Versions(Vec<String>),
    /// No version, or none of its own, and why in words.
    Nothing(String),
    /// The file itself is not there.
    NoFile,
}

/// One place and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// From the repository's root.
    pub path: String,
    /// How the file holds the version.
    pub holder: Holder,
    /// What it says.
    pub found: Found,
}

impl Place {
    /// Whether the place says this version. A changelog says it by having a
    /// section; every other place must say nothing else.
    pub fn says(&self, version: &str) -> bool {
        match (&self.holder, &self.found) {
            (Holder::Changelog, Found::Versions(all)) => all.iter().any(|v| v == version),
            (_, Found::Versions(all)) => all.iter().all(|v| v == version),
            _ => false,
        }
    }
}

/// Reads one place; `text` is `None` where the file is not there.
pub fn look(path: &str, holder: Holder, text: Option<&str>) -> Place {
    let found = match text {
        None => Found::NoFile,
        Some(text) => found(&holder, text),
    };
    Place {
        path: path.to_owned(),
        holder,
        found,
    }
}

/// The places that do not say this version.
pub fn not_at<'p>(places: &'p [Place], version: &str) -> Vec<&'p Place> {
    places.iter().filter(|place| !place.says(version)).collect()
}

fn found(holder: &Holder, text: &str) -> Found {
    match holder {
        Holder::CargoManifest => match cargo_manifest::read(text) {
            Ok(manifest) => match manifest.version {
                PackageVersion::Here(version) => Found::Versions(vec![version]),
                PackageVersion::Inherited | PackageVersion::Absent => {
                    one(cargo_manifest::version(text))
                }
            },
            Err(error) => Found::Nothing(error.to_string()),
        },
        Holder::CargoLock { package } => one(cargo_lock::version(text, package)),
        Holder::Changelog => match changelog::releases(text) {
            all if all.is_empty() => {
                Found::Nothing("the changelog has no section for any version".to_owned())
            }
            all => Found::Versions(all),
        },
        Holder::Pattern { pattern } => match by_pattern(text, pattern) {
            all if all.is_empty() => Found::Nothing(format!("nothing matches {pattern:?}")),
            all => Found::Versions(all),
        },
    }
}

fn one<E: std::fmt::Display>(version: Result<String, E>) -> Found {
    match version {
        Ok(version) => Found::Versions(vec![version]),
        Err(error) => Found::Nothing(error.to_string()),
    }
}

/// Every version that stands between the two sides of the pattern.
fn by_pattern(text: &str, pattern: &str) -> Vec<String> {
    let Some((before, after)) = pattern.split_once("{version}") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(before).filter(|_| !rest.is_empty()) {
        let candidate = rest.get(at + before.len()..).unwrap_or_default();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
        let version = candidate.split(|c| !is_part(c)).next().unwrap_or_default();
        let behind = candidate.get(version.len()..).unwrap_or_default();
        if behind.starts_with(after) && semver::Version::parse(version).is_ok() {
            found.push(version.to_owned());
        }
        // On by what was read, and by one character at least.
        let step = at + before.len() + version.len();
        let next = rest
            .char_indices()
            .map(|(i, _)| i)
            .find(|i| *i > at && *i >= step);
        rest = next.and_then(|i| rest.get(i..)).unwrap_or_default();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_says_what_it_holds() {
        let lock = Holder::CargoLock {
            package: "caro".to_owned(),
        };
        let pattern = |p: &str| Holder::Pattern {
            pattern: p.to_owned(),
        };
        let versions =
            |all: &[&str]| Found::Versions(all.iter().map(|v| (*v).to_owned()).collect());
        for (holder, text, expected) in [
            (
                Holder::CargoManifest,
                "[package]\nversion = \"1.0.5\"\n",
                versions(&["1.0.5"]),
            ),
            (
                lock.clone(),
                "[[package]]\nname = \"caro\"\nversion = \"1.0.4\"\n",
                versions(&["1.0.4"]),
            ),
            (
                Holder::Changelog,
                "# Changelog\n\n## [1.0.5]\n\n## [1.0.4]\n",
                versions(&["1.0.5", "1.0.4"]),
            ),
            (
                pattern("VERSION = \"{version}\""),
                "A\nVERSION = \"1.0.5\"\nVERSION = \"x\"\n",
                versions(&["1.0.5"]),
            ),
            (pattern("{version}"), "1.0.5\n", versions(&["1.0.5"])),
            (
                pattern("v{version};"),
                "v1.0.5; v1.0.4; v1.0.3",
                versions(&["1.0.5", "1.0.4"]),
            ),
        ] {
            assert_eq!(look("file", holder, Some(text)).found, expected, "{text}");
        }
        for (holder, text, says) in [
            (
                Holder::CargoManifest,
                "[package]\nversion.workspace = true\n",
                "inherited",
            ),
            (Holder::CargoManifest, "[workspace]\n", "no [package]"),
            (Holder::CargoManifest, "[", "not valid TOML"),
            (lock, "", "no entry"),
            (Holder::Changelog, "", "no section"),
            (pattern("x{version}"), "1.0.5", "nothing matches"),
        ] {
            let Found::Nothing(words) = look("file", holder, Some(text)).found else {
                panic!("{text}");
            };
            assert!(words.contains(says), "{words}");
        }
    }

    #[test]
    fn places_that_differ_are_named() {
        let places = [
            look(
                "Cargo.toml",
                Holder::CargoManifest,
                Some("[package]\nversion = \"1.0.5\""),
            ),
            look(
                "CHANGELOG.md",
                Holder::Changelog,
                Some("## 1.0.4\n## 1.0.3\n"),
            ),
            look(
                "Cargo.lock",
                Holder::CargoLock {
                    package: "caro".to_owned(),
                },
                None,
            ),
        ];
        let named: Vec<_> = not_at(&places, "1.0.5")
            .iter()
            .map(|p| p.path.as_str())
            .collect();
        assert_eq!(named, ["CHANGELOG.md", "Cargo.lock"]);
        assert!(places[1].says("1.0.4") && places[1].says("1.0.3"));
    }
}
