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
    /// Another package of the name has the new version.
    #[error("the lock file has another package {name} with the version {version}")]
    Taken {
        /// The package.
        name: String,
        /// Its version.
        version: String,
    },
    /// The entry's version cannot be replaced in place.
    #[error("the lock file's entry of {name} has no plain version")]
    NotAString {
        /// The package.
        name: String,
    },
}

/// A lock file, read once: with many packages in it that takes its time. What is
/// set stands in what is `written`.
#[derive(Debug)]
pub struct Lock<'t> {
    text: &'t str,
    document: Document<&'t str>,
    edits: Vec<(Range<usize>, String)>,
}

impl<'t> Lock<'t> {
    /// Reads it.
    ///
    /// # Errors
    /// Where the text is no TOML.
    pub fn read(text: &'t str) -> Result<Self, LockError> {
        Ok(Lock {
            text,
            document: parse(text).map_err(not_toml)?,
            edits: Vec::new(),
        })
    }

    /// The versions of the repository's own packages of this name, as they were
    /// read: those of the entries without a source.
    pub fn versions(&self, name: &str) -> Vec<&str> {
        let own = own_entries(&self.document, name).into_iter();
        let versions = own.filter_map(|entry| entry.get("version").and_then(Item::as_str));
        versions.collect()
    }

    /// The repository's own packages, each with its version: the entries without
    /// a source. Names that stand there twice are left out.
    pub fn own(&self) -> Vec<(String, String)> {
        let string =
            |entry: &Table, key: &str| entry.get(key).and_then(Item::as_str).map(str::to_owned);
        let all: Vec<(String, String)> = packages(&self.document)
            .filter(|entry| !entry.contains_key("source"))
            .filter_map(|entry| Some((string(entry, "name")?, string(entry, "version")?)))
            .collect();
        let once = |name: &str| all.iter().filter(|(other, _)| other == name).count() == 1;
        all.iter().filter(|(name, _)| once(name)).cloned().collect()
    }

    /// Sets the own package's version from `from` to `to`: in its entry, and
    /// where other entries name it together with its version. Of several packages
    /// of the name it is the one with that version. One that has `to` already
    /// stays as it is. Each name is set once.
    ///
    /// # Errors
    /// Where there is no such entry, another version than `from`, or another
    /// package of this name that has `to`.
    pub fn set(&mut self, name: &str, from: &str, to: &str) -> Result<(), LockError> {
        let at = own_entry(self.text, &self.document, name, [from, to])?;
        if at.value == to {
            return Ok(());
        }
        let taken = packages(&self.document).any(|entry| {
            let is =
                |key: &str, wanted: &str| entry.get(key).and_then(Item::as_str) == Some(wanted);
            is("name", name) && is("version", to)
        });
        if taken {
            return Err(LockError::Taken {
                name: name.to_owned(),
                version: to.to_owned(),
            });
        }
        if at.value != from {
            return Err(LockError::OtherVersion {
                name: name.to_owned(),
                found: at.value,
                expected: from.to_owned(),
            });
        }
        let mentions = mentions(self.text, &self.document, name, from);
        let spans = std::iter::once(at.span).chain(mentions);
        self.edits.extend(spans.map(|span| (span, to.to_owned())));
        Ok(())
    }

    /// The text with all that was set.
    pub fn written(&self) -> String {
        let edits = self.edits.iter();
        let edits = edits.map(|(span, to)| (span.clone(), to.as_str()));
        splice(self.text, edits.collect())
    }
}

fn not_toml((line, message): (usize, String)) -> LockError {
    LockError::NotToml { line, message }
}

/// All entries: of packages, of patches that nothing uses, and of the root, which
/// the first lock files kept apart.
fn packages<'d>(document: &'d Document<&str>) -> impl Iterator<Item = &'d Table> {
    let file = document.as_table();
    let patch = file.get("patch").and_then(Item::as_table);
    let unused = patch.and_then(|patch| patch.get("unused"));
    let lists = [file.get("package"), unused];
    let lists = lists.into_iter().flatten();
    let listed = lists
        .filter_map(Item::as_array_of_tables)
        .flat_map(|tables| tables.iter());
    let root = file.get("root").and_then(Item::as_table);
    root.into_iter().chain(listed)
}

/// Packages of the repository have no source: they are found by path.
fn own_entries<'d>(document: &'d Document<&str>, name: &str) -> Vec<&'d Table> {
    packages(document)
        .filter(|entry| entry.get("name").and_then(Item::as_str) == Some(name))
        .filter(|entry| !entry.contains_key("source"))
        .collect()
}

/// The entry of the own package; of several of its name the one that has the
/// first of these versions, else the one that has the second.
fn own_entry(
    text: &str,
    document: &Document<&str>,
    name: &str,
    versions: [&str; 2],
) -> Result<StringAt, LockError> {
    let own = own_entries(document, name);
    let version = |entry: &&Table| {
        let value = entry.get("version").and_then(Item::as_value)?;
        string_at(text, value)
    };
    let owned = || name.to_owned();
    let by = |wanted: &str| {
        let mut found = own.iter().filter_map(version);
        found.find(|at| at.value == wanted)
    };
    match own.as_slice() {
        [] => Err(LockError::NoEntry { name: owned() }),
        [entry] => version(entry).ok_or_else(|| LockError::NotAString { name: owned() }),
        _ if let Some(at) = by(versions[0]).or_else(|| by(versions[1])) => Ok(at),
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
        .filter_map(|value| string_at(text, value))
        .filter_map(move |at| {
            let rest = at.value.strip_prefix(&wanted)?;
            let ours = rest.is_empty() || rest.starts_with(" (path+");
            let end = at.span.end - rest.len();
            ours.then(|| end - version.len()..end)
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn versions(text: &str, name: &str) -> Vec<String> {
        let lock = Lock::read(text).unwrap();
        lock.versions(name).into_iter().map(str::to_owned).collect()
    }

    fn own(text: &str) -> Result<Vec<(String, String)>, LockError> {
        Lock::read(text).map(|lock| lock.own())
    }

    fn set_version(text: &str, name: &str, from: &str, to: &str) -> Result<String, LockError> {
        let mut lock = Lock::read(text)?;
        lock.set(name, from, to)?;
        Ok(lock.written())
    }

    const LOCK: &str = "# generated\nversion = 4\n\n[[package]]\nname = \"caro\"\nversion = \"1.0.4\"\ndependencies = [\n \"caro-core\",\n]\n\n[[package]]\nname = \"caro-core\"\nversion = \"1.0.4\"\nsource = \"registry+https://example.org\"\n";

    #[test]
    fn the_own_entry_alone_changes() {
        let set = set_version(LOCK, "caro", "1.0.4", "1.0.5").unwrap();
        let expected = LOCK.replacen("version = \"1.0.4\"", "version = \"1.0.5\"", 1);
        assert_eq!(set, expected);
        assert_eq!(versions(&set, "caro"), ["1.0.5"]);
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
    fn of_several_packages_of_a_name_the_releases_own_is_raised() {
        let text = "[root]\nname = \"tool\"\nversion = \"1.0.4\"\ndependencies = [\n \"pond 0.9.0\",\n \"pond 1.0.4\",\n \"pond 1.0.4 (path+file:///w/pond)\",\n \"pond 1.0.4 (registry+x)\",\n]\n\n[[package]]\nname = \"pond\"\nversion = \"0.9.0\"\n\n[[package]]\nname = \"pond\"\nversion = \"1.0.4\"\n\n[[patch.unused]]\nname = \"stream\"\nversion = \"1.0.4\"\n";
        let mut set = text.to_owned();
        for name in ["pond", "tool", "stream"] {
            set = set_version(&set, name, "1.0.4", "1.0.5").unwrap();
        }
        let stays = "pond 1.0.4 (registry+x)";
        let expected = text
            .replace("1.0.4", "1.0.5")
            .replace("pond 1.0.5 (registry+x)", stays);
        assert_eq!(set, expected);
        assert_eq!(versions(&set, "pond"), ["0.9.0", "1.0.5"]);
        let mut once = Lock::read(text).unwrap();
        for name in ["stream", "pond", "tool", "pond"] {
            once.set(name, "1.0.4", "1.0.5").unwrap();
        }
        assert_eq!(once.written(), expected, "all at once");
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
        let others = twice.replacen("1.0.4", "1.0.3", 1);
        assert!(
            says(&others, "caro")
                .contains("several entries of the repository's own package caro: 1.0.3, 2.0.0")
        );
        let taken = twice.replace("2.0.0", "1.0.5");
        assert!(says(&taken, "caro").contains("another package caro with the version 1.0.5"));
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
