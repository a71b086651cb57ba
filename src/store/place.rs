//! Where the database is, by its address.

use std::path::PathBuf;

use super::error::{Result, StoreError};
use super::lock::resolve;

/// Where the database is.
#[derive(Debug, PartialEq)]
pub(super) enum Place {
    Memory,
    File(PathBuf),
}

impl Place {
    /// The message never repeats the address: another database's would hold a
    /// password.
    pub(super) fn parse(url: &str) -> Result<Place> {
        let Some(rest) = url.strip_prefix("sqlite:") else {
            let found = match url.split_once("://") {
                Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphanumeric()) => {
                    format!("found {scheme}:, and only SQLite is supported")
                }
                _ => "does not begin with sqlite:".to_owned(),
            };
            return Err(StoreError::Address(found));
        };
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, query),
            None => (rest, ""),
        };
        if !matches!(query, "" | "mode=rwc") {
            return Err(StoreError::Address(
                "has parameters that are not supported".to_owned(),
            ));
        }
        if path == ":memory:" {
            return Ok(Place::Memory);
        }
        let path = percent_encoding::percent_decode_str(path)
            .decode_utf8()
            .map_err(|_| StoreError::Address("the path is not UTF-8".to_owned()))?;
        if path.is_empty() {
            return Err(StoreError::Address("names no file".to_owned()));
        }
        Ok(Place::File(PathBuf::from(path.as_ref())))
    }
}

/// The path of the file at an address, with its links followed.
pub(super) fn file(url: &str) -> Result<PathBuf> {
    match Place::parse(url)? {
        Place::File(path) => resolve(&path),
        Place::Memory => Err(StoreError::Address("names no file".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let file = |path: &str| Place::File(PathBuf::from(path));
        for (url, place) in [
            ("sqlite::memory:", Place::Memory),
            ("sqlite://:memory:", Place::Memory),
            ("sqlite:hotfix-bot.db", file("hotfix-bot.db")),
            ("sqlite:///var/lib/bot.db", file("/var/lib/bot.db")),
            ("sqlite:/var/a%20b.db?mode=rwc", file("/var/a b.db")),
        ] {
            assert_eq!(Place::parse(url).unwrap(), place, "{url}");
        }
    }

    #[test]
    fn a_wrong_address_is_explained_and_not_repeated() {
        let said = |url| Place::parse(url).unwrap_err().to_string();
        assert_eq!(
            said("postgres://bot:hunter2@db/bot"),
            "DATABASE_URL: found postgres:, and only SQLite is supported; \
             expected sqlite:PATH, for example sqlite:hotfix-bot.db"
        );
        assert!(said("hotfix.db").contains("does not begin with sqlite:"));
        assert!(said("sqlite:").contains("names no file"));
        assert!(said("sqlite:a.db?mode=ro").contains("parameters"));
        assert!(!said("user:hunter2@host").contains("hunter2"));
    }
}
