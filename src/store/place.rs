//! Where the database is, by its address.

use std::path::PathBuf;

use super::error::{Result, StoreError};
use super::lock::resolve;
use super::postgres::Reach;

/// Where the database is.
pub(super) enum Place {
    Memory,
    File(PathBuf),
    Server(Box<Reach>),
}

impl Place {
    /// The message never repeats the address: it may hold a password.
    pub(super) fn parse(url: &str) -> Result<Place> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Place::Server(Box::new(Reach::parse(url)?)));
        }
        let Some(rest) = url.strip_prefix("sqlite:") else {
            return Err(StoreError::Address(
                "is wrong: expected sqlite:PATH, for example sqlite:hotfix-bot.db, or \
                 postgres://USER:PASSWORD@HOST/DATABASE"
                    .to_owned(),
            ));
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
            .map_err(|_| StoreError::Address("has a path that is not UTF-8".to_owned()))?;
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
        Place::Server(_) => Err(StoreError::Address(
            "is a PostgreSQL server's, and this works with a file alone: use PostgreSQL's own \
             tools (pg_dump)"
                .to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let file = |path: &str| Some(PathBuf::from(path));
        for (url, place) in [
            ("sqlite::memory:", None),
            ("sqlite://:memory:", None),
            ("sqlite:hotfix-bot.db", file("hotfix-bot.db")),
            ("sqlite:///var/lib/bot.db", file("/var/lib/bot.db")),
            ("sqlite:/var/a%20b.db?mode=rwc", file("/var/a b.db")),
        ] {
            let parsed = match Place::parse(url).unwrap() {
                Place::Memory => None,
                Place::File(path) => Some(path),
                Place::Server(_) => panic!("{url}"),
            };
            assert_eq!(parsed, place, "{url}");
        }
        for url in [
            "postgres://bot:hunter2@db/bot",
            "postgresql:///bot?host=/run",
        ] {
            assert!(matches!(Place::parse(url), Ok(Place::Server(_))), "{url}");
        }
    }

    #[test]
    fn a_wrong_address_is_explained_and_not_repeated() {
        let said = |url| Place::parse(url).map(drop).unwrap_err().to_string();
        assert_eq!(
            said("mysql://bot:hunter2@db/bot"),
            "DATABASE_URL is wrong: expected sqlite:PATH, for example sqlite:hotfix-bot.db, or \
             postgres://USER:PASSWORD@HOST/DATABASE"
        );
        assert!(said("hotfix.db").contains("expected sqlite:"));
        assert!(said("sqlite:").contains("names no file"));
        assert!(said("sqlite:a.db?mode=ro").contains("parameters"));
        assert!(!said("user:hunter2@host").contains("hunter2"));
        let said = file("postgres://bot:hunter2@db/bot")
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("pg_dump") && !said.contains("hunter2"),
            "{said}"
        );
    }
}
