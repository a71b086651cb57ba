//! Opening the database: address, lock, connections, tables, epoch.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{Mutex, watch};

use super::dialect::{self, BEGIN, MIGRATOR, Pool};
use super::error::{Doing as _, Result, StoreError};
use super::handle::{Inner, Store};
use super::lock::{FileLock, private};

impl Store {
    /// Opens the database at `sqlite:PATH`, created if it is not there, or an
    /// own one in memory (`sqlite::memory:`). Brings its tables up to date and
    /// raises the epoch. The file is held by this process alone until the store
    /// is dropped.
    ///
    /// # Errors
    ///
    /// An address that is not one, a file that cannot be opened or that another
    /// process holds, and a database that a later version wrote.
    pub async fn open(database_url: &str) -> Result<Store> {
        let (writer, readers, lock) = match Place::parse(database_url)? {
            Place::Memory => {
                let pool = dialect::one_connection()
                    .connect_with(dialect::memory())
                    .await
                    .doing("opening one in memory")?;
                MIGRATOR.run(&pool).await?;
                (pool.clone(), pool, None)
            }
            Place::File(path) => {
                let (path, lock) = FileLock::take(&path)?;
                create_private(&path)?;
                let writer = dialect::one_connection()
                    .connect_with(dialect::writer_of_file(&path))
                    .await
                    .doing("opening the file")?;
                MIGRATOR.run(&writer).await?;
                let readers = dialect::some_connections()
                    .connect_with(dialect::reader_of_file(&path))
                    .await
                    .doing("opening the file for reading")?;
                (writer, readers, Some(lock))
            }
        };
        let epoch = raise_epoch(&writer).await?;
        Ok(Store {
            inner: Arc::new(Inner {
                epoch,
                writer,
                readers,
                inbox: watch::Sender::new(0),
                work: watch::Sender::new(0),
                seen: Mutex::default(),
                index: Arc::default(),
                _lock: lock,
            }),
        })
    }
}

/// A connection to the file of a server that may be running, for a statement
/// that harms nobody.
pub(super) async fn beside(database_url: &str) -> Result<dialect::Alone> {
    let Place::File(path) = Place::parse(database_url)? else {
        return Err(StoreError::Address("names no file".to_owned()));
    };
    dialect::beside(&path).await.doing("opening the file")
}

async fn raise_epoch(writer: &Pool) -> Result<i64> {
    let doing = "raising the epoch";
    let mut tx = writer.begin_with(BEGIN).await.doing(doing)?;
    let epoch = sqlx::query_scalar(
        "INSERT INTO meta (key, value) VALUES ('epoch', '1') \
         ON CONFLICT (key) DO UPDATE \
         SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT) \
         RETURNING CAST(value AS BIGINT)",
    )
    .fetch_one(&mut *tx)
    .await
    .doing(doing)?;
    tx.commit().await.doing(doing)?;
    Ok(epoch)
}

/// Where the database is.
#[derive(Debug, PartialEq)]
enum Place {
    Memory,
    File(PathBuf),
}

impl Place {
    /// The message never repeats the address: another database's would hold a
    /// password.
    fn parse(url: &str) -> Result<Place> {
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

/// Only the server's own user reads what private repositories told it; SQLite
/// gives the files beside it the same mode.
fn create_private(path: &Path) -> Result<()> {
    private()
        .open(path)
        .map(drop)
        .map_err(|source| StoreError::File {
            path: path.to_owned(),
            source,
        })
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
