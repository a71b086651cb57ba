//! The bump: what changes where a release's version is raised.

use semver::Version;

use super::by_kind;
use super::files::Texts;
use super::learnt;
use super::package::Package;
use super::tasks::{Bump, Raised};
use crate::edits::changelog::{self, NewSection};

/// What the package's places hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// By path the version that stands there, one that is not as wanted first;
    /// `None` where there is none.
    pub versions: Vec<(String, Option<String>)>,
    /// Whether each changelog has one section for the wanted version.
    pub changelog: bool,
}

/// The files that change, with their new text. `texts` are those of
/// [`Package::places`].
///
/// # Errors
/// In words, with the path, why a place cannot be raised.
pub fn bump(texts: &Texts<'_>, wanted: &Bump<'_>) -> Result<Vec<(String, String)>, String> {
    let Bump {
        package, version, ..
    } = *wanted;
    let Raised { from, mut files } = raise(texts, package, version)?;
    learnt::raise(texts, package, wanted, &mut files)?;
    for path in package.logs() {
        let there = texts.get(path).copied().unwrap_or_default();
        let renamed = wanted.was.and_then(|was| renamed(there, was, version));
        let log = renamed.as_deref().unwrap_or(there);
        let section = NewSection {
            version,
            base: &version_below(log, version).unwrap_or_else(|| from.clone()),
            date: wanted.date,
            entry: wanted.entry,
        };
        let new = match stood(package, path) {
            _ if is_settled(package, path, log, version) => Ok(log.to_owned()),
            Some(stood) => {
                let filled = filled(package, path);
                changelog::settle(log, &section, stood, &filled)
            }
            None => changelog::insert(log, &section),
        };
        let new = new.map_err(|error| format!("{path}: {error}"))?;
        if new != there {
            files.push((path.to_owned(), new));
        }
    }
    Ok(files)
}

/// The log with the section of one number as that of another, with all that people
/// wrote in it.
fn renamed(log: &str, was: &str, version: &str) -> Option<String> {
    let (rest, mut taken) = changelog::take(log, was, log)?;
    taken.section = taken.section.replace(was, version);
    taken.link = taken.link.map(|link| link.replace(was, version));
    changelog::put(&rest, version, &taken).ok()
}

/// The kinds' own files with the version raised.
///
/// # Errors
/// In words, with the path, why a place cannot be raised.
pub fn raise(texts: &Texts<'_>, package: &Package, version: &str) -> Result<Raised, String> {
    let mut all = by_kind::raise(texts, package, version)?;
    for part in &package.beside {
        let raised = by_kind::raise(texts, part, version)?;
        // The tag of the one that leads may be the version.
        if all.from == version {
            all.from = raised.from;
        }
        all.files.extend(raised.files);
    }
    Ok(all)
}

/// What the places hold, where `version` is wanted: the proof of a bump.
pub fn held(texts: &Texts<'_>, package: &Package, version: &str) -> Held {
    let parts = package.parts();
    let mut versions: Vec<_> = parts
        .flat_map(|part| by_kind::held(texts, part, version))
        .collect();
    versions.extend(learnt::held(texts, package, version));
    let mut logs = package.logs();
    let holds = |path: &str| {
        let log = texts.get(path);
        log.is_some_and(|log| is_settled(package, path, log, version))
    };
    Held {
        versions,
        changelog: package.changelog.is_some() && logs.all(holds),
    }
}

/// What was unreleased in a changelog at the base; none where that was not
/// noted.
fn stood<'p>(package: &'p Package, path: &str) -> Option<&'p [String]> {
    let log = package.changelogs.iter().find(|log| log.path == path)?;
    Some(&log.open)
}

/// Of what was unreleased there, what had words.
fn filled(package: &Package, path: &str) -> Vec<String> {
    let log = package.changelogs.iter().find(|log| log.path == path);
    let open = log.iter().flat_map(|log| &log.open);
    let is_empty = |title: &&String| log.is_some_and(|log| log.empty.contains(title));
    open.filter(|title| !is_empty(title)).cloned().collect()
}

/// Whether a changelog has what the release needs.
fn is_settled(package: &Package, path: &str, log: &str, version: &str) -> bool {
    match stood(package, path) {
        Some(stood) => changelog::settled(log, version, stood),
        None => changelog::section(log, version).is_some(),
    }
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
    #[test]
    fn another_number_takes_the_section_over() {
        let log = "# Changelog\n\n## [1.0.5] - 2026-02-02\n\n### Fixed\n\n- by hand\n\n## [1.0.4] - 2026-01-01\n\n- a\n";
        let texts = [
            ("Cargo.toml", MANIFEST.replace("1.0.4", "1.0.5")),
            ("Cargo.lock", LOCK.replace("1.0.4", "1.0.5")),
            ("CHANGELOG.md", log.to_owned()),
        ];
        let texts: Texts<'_> = texts.iter().map(|(p, t)| (*p, t.as_str())).collect();
        let package = package();
        let wanted = Bump {
            package: &package,
            version: "1.0.7",
            entry: "b",
            date: "2026-02-02",
            was: Some("1.0.5"),
        };
        let files = bump(&texts, &wanted).unwrap();
        let of = |path: &str| &files.iter().find(|(it, _)| it == path).expect(path).1;
        assert!(of("Cargo.toml").contains("version = \"1.0.7\""));
        let log = of("CHANGELOG.md");
        assert!(
            log.contains("## [1.0.7] - 2026-02-02") && log.contains("- by hand"),
            "{log}"
        );
        assert!(
            !log.contains("1.0.5") && log.contains("## [1.0.4]"),
            "{log}"
        );
    }

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
            was: None,
        };
        bump(&texts(manifest, lock, log), &wanted)
    }

    fn texts<'a>(manifest: &'a str, lock: &'a str, log: &'a str) -> Texts<'a> {
        Texts::from([
            ("Cargo.toml", manifest),
            ("Cargo.lock", lock),
            ("CHANGELOG.md", log),
        ])
    }

    #[test]
    fn each_place_is_raised_and_holds_it_then() {
        let edited = bumped(MANIFEST, LOCK, LOG).unwrap();
        let paths: Vec<_> = edited.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, package().places().collect::<Vec<_>>());
        assert!(edited[2].1.contains("## [1.0.5] - 2026-01-02"));
        let held = |texts: &Texts<'_>| {
            let held = held(texts, &package(), "1.0.5");
            let versions = held.versions.into_iter().map(|(_, version)| version);
            (versions.collect::<Vec<_>>(), held.changelog)
        };
        let old = Some("1.0.4".to_owned());
        let before = texts(MANIFEST, LOCK, LOG);
        assert_eq!(held(&before), (vec![old.clone(), old], false));
        let new = Some("1.0.5".to_owned());
        let after = texts(&edited[0].1, &edited[1].1, &edited[2].1);
        assert_eq!(held(&after), (vec![new.clone(), new], true));
        assert_eq!(held(&Texts::new()), (vec![None, None], false));
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
        assert!(words.starts_with("Cargo.lock: "), "{words}");
        let words = bumped("[workspace]\n", LOCK, LOG).unwrap_err();
        assert!(words.starts_with("Cargo.toml: "), "{words}");
    }

    #[test]
    fn an_entry_that_did_not_match_its_manifest_is_corrected() {
        let other = LOCK.replace("1.0.4", "1.0.3");
        let edited = bumped(MANIFEST, &other, LOG).unwrap();
        assert!(edited[1].1.contains("1.0.5"), "{}", edited[1].1);
    }
}
