//! `Cargo.lock`: the entry of a package of the repository itself.

use std::ops::Range;

use thiserror::Error;
use toml_edit::{Document, Item, Table};

use crate::edits::splice::{StringAt, parse, splice, string_at};

/// Why a lock file cannot be read or changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LockError {
    /// Not TOML.
    #[error("the lock file is not valid TOML, line {line}: {message}")]
    NotToml {
        /// Counted from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// No entry of that name without a source.
    #[error("the lock file has no entry of the repository's own package {name}")]
    NoEntry {
        /// The package.
        name: String,
    },
    /// More than one entry of that name without a source.
    #[error("the lock file has several entries of the repository's own package {name}: {}", .found.join(", "))]
    Several {
        /// The package.
        name: String,
        /// Their versions.
        found: Vec<String>,
    },
    /// Another version than the one to be replaced.
    #[error(
        "the lock file has {name} {found}, expected {expected}: it does not agree with the manifest"
    )]
    OtherVersion {
        /// The package.
        name: String,
        /// What stands there.
        found: String,
        /// What was expected.
        expected: String,
    },
    /// The entry's version cannot be replaced in place.
    #[error("the lock file's entry of {name} has no plain version")]
    NotAString {
        /// The package.
        name: String,
    },
}

/// The version of the repository's own package of this name: the entry without
/// a source.
///
/// # Errors
/// Where there is no such entry, or more than one.
pub fn version(text: &str, name: &str) -> Result<String, LockError> {
    let document = parse(text).map_err(not_toml)?;
    own_entry(text, &document, name).map(|at| at.value)
}

/// The repository's own packages, each with its version: the entries without a
/// source. Names that stand there twice are left out.
///
/// # Errors
/// Where the text is no TOML.
pub fn own(text: &str) -> Result<Vec<(String, String)>, LockError> {
    let document = parse(text).map_err(not_toml)?;
    let string =
        |entry: &Table, key: &str| entry.get(key).and_then(Item::as_str).map(str::to_owned);
    let all: Vec<(String, String)> = packages(&document)
        .filter(|entry| !entry.contains_key("source"))
        .filter_map(|entry| Some((string(entry, "name")?, string(entry, "version")?)))
        .collect();
    let once = |name: &str| all.iter().filter(|(other, _)| other == name).count() == 1;
    Ok(all.iter().filter(|(name, _)| once(name)).cloned().collect())
}

/// The lock file with the own package's version set from `from` to `to`:
/// in its entry, and where other entries name it together with its version.
/// A text that has `to` already comes back as it is.
///
/// # Errors
/// Where there is no such entry, more than one, or another version than `from`.
pub fn set_version(text: &str, name: &str, from: &str, to: &str) -> Result<String, LockError> {
    let document = parse(text).map_err(not_toml)?;
    let at = own_entry(text, &document, name)?;
    if at.value == to {
        return Ok(text.to_owned());
    }
    if at.value != from {
        return Err(LockError::OtherVersion {
            name: name.to_owned(),
            found: at.value,
            expected: from.to_owned(),
        });
    }
    let mut edits = vec![(at.span, to)];
    edits.extend(mentions(text, &document, name, from).map(|span| (span, to)));
    Ok(splice(text, edits))
}

fn not_toml((line, message): (usize, String)) -> LockError {
    LockError::NotToml { line, message }
}

fn packages<'d>(document: &'d Document<&str>) -> impl Iterator<Item = &'d Table> {
    document
        .as_table()
        .get("package")
        .and_then(Item::as_array_of_tables)
        .into_iter()
        .flat_map(|tables| tables.iter())
}

fn own_entry(text: &str, document: &Document<&str>, name: &str) -> Result<StringAt, LockError> {
    // Packages of the repository have no source: they are found by path.
    let own: Vec<&Table> = packages(document)
        .filter(|entry| entry.get("name").and_then(Item::as_str) == Some(name))
        .filter(|entry| !entry.contains_key("source"))
        .collect();
    let owned = || name.to_owned();
    match own.as_slice() {
        [] => Err(LockError::NoEntry { name: owned() }),
        [entry] => entry
            .get("version")
            .and_then(Item::as_value)
            .and_then(|value| string_at(text, value))
            .ok_or_else(|| LockError::NotAString { name: owned() }),
        several => Err(LockError::Several {
            name: owned(),
            found: several
                .iter()
                .filter_map(|entry| entry.get("version").and_then(Item::as_str))
                .map(str::to_owned)
                .collect(),
        }),
    }
}

/// Where other entries depend on `name version`, which is written only if the
/// name alone would be ambiguous.
fn mentions(
    text: &str,
    document: &Document<&str>,
    name: &str,
    version: &str,
) -> impl Iterator<Item = Range<usize>> {
    let wanted = format!("{name} {version}");
    packages(document)
        .filter_map(|entry| entry.get("dependencies").and_then(Item::as_array))
        .flat_map(|list| list.iter())
        .filter(move |value| value.as_str() == Some(wanted.as_str()))
        .filter_map(|value| string_at(text, value))
        .map(|at| {
            let start = at.span.end - version.len();
            start..at.span.end
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LOCK: &str = "# generated\nversion = 4\n\n[[package]]\nname = \"caro\"\nversion = \"1.0.4\"\ndependencies = [\n \"caro-core\",\n]\n\n[[package]]\nname = \"caro-core\"\nversion = \"1.0.4\"\nsource = \"registry+https://example.org\"\n";

    #[test]
    fn the_own_entry_alone_changes() {
        let set = set_version(LOCK, "caro", "1.0.4", "1.0.5").unwrap();
        let expected = LOCK.replacen("version = \"1.0.4\"", "version = \"1.0.5\"", 1);
        assert_eq!(set, expected);
        assert_eq!(version(&set, "caro").as_deref(), Ok("1.0.5"));
        assert_eq!(set_version(&set, "caro", "1.0.4", "1.0.5"), Ok(expected));
        let dos = LOCK.replace('\n', "\r\n");
        let set = set_version(&dos, "caro", "1.0.4", "1.0.5").unwrap();
        assert_eq!(
            set,
            dos.replacen("version = \"1.0.4\"", "version = \"1.0.5\"", 1)
        );
    }

    #[test]
    fn own_packages_are_listed() {
        let pair = |version: &str| ("caro".to_owned(), version.to_owned());
        assert_eq!(own(LOCK), Ok(vec![pair("1.0.4")]));
        let twice = format!("{LOCK}\n[[package]]\nname = \"caro\"\nversion = \"2.0.0\"\n");
        assert_eq!(own(&twice), Ok(vec![]));
        assert!(own("[").is_err());
    }

    #[test]
    fn dependants_that_name_the_version_follow() {
        let text = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"a\"\nversion = \"0.9.0\"\nsource = \"r\"\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\ndependencies = [\n \"a 0.9.0\",\n \"a 1.0.0\",\n]\n";
        let set = set_version(text, "a", "1.0.0", "1.0.1").unwrap();
        assert!(set.contains(" \"a 0.9.0\",\n \"a 1.0.1\",\n"), "{set}");
        assert!(set.contains("name = \"b\"\nversion = \"1.0.0\""), "{set}");
    }

    #[test]
    fn what_does_not_fit_is_described() {
        let says = |text: &str, name: &str| {
            set_version(text, name, "1.0.4", "1.0.5")
                .unwrap_err()
                .to_string()
        };
        assert!(
            says(LOCK, "caro-core").contains("no entry of the repository's own package caro-core")
        );
        assert!(says("", "caro").contains("no entry"));
        assert!(says("version = 4\n[[package", "caro").contains("line 2"));
        let older = LOCK.replacen("1.0.4", "1.0.3", 1);
        assert!(says(&older, "caro").contains("has caro 1.0.3, expected 1.0.4"));
        let twice = format!("{LOCK}\n[[package]]\nname = \"caro\"\nversion = \"2.0.0\"\n");
        assert!(
            says(&twice, "caro")
                .contains("several entries of the repository's own package caro: 1.0.4, 2.0.0")
        );
        assert!(says("[[package]]\nname = \"caro\"\n", "caro").contains("no plain version"));
    }

    proptest! {
        #[test]
        fn every_other_byte_stays(others in prop::collection::vec(("[a-z]{1,6}", 0_u8..9, any::<bool>()), 0..5), at in 0_usize..5, crlf in any::<bool>()) {
            let around = |version: &str| {
                let mut entries: Vec<String> = others.iter().map(|(name, minor, source)| {
                    let source = if *source { "source = \"r\"\n" } else { "" };
                    format!("[[package]]\nname = \"x{name}\"\nversion = \"1.{minor}.4\"\n{source}\n")
                }).collect();
                entries.insert(at.min(entries.len()), format!("[[package]]\nname = \"caro\"\nversion = \"{version}\"\n\n"));
                let text = entries.concat();
                if crlf { text.replace('\n', "\r\n") } else { text }
            };
            let set = set_version(&around("1.0.4"), "caro", "1.0.4", "1.0.5");
            prop_assert_eq!(set, Ok(around("1.0.5")));
        }
    }
}
