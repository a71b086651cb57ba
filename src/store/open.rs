//! Opening the database: address, locks, what stands there, tables, epoch.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use tokio::sync::{Mutex, watch};

use super::copy::{self, COPIED};
use super::dialect::{self, BEGIN, Conn, MIGRATOR, Pool};
use super::error::{Doing as _, Result, StoreError};
use super::found::{self, APPLICATION, Found, look};
use super::handle::{IN_ORDER, Inner, NO, Opened, Store, YES};
use super::held::Held;
use super::lock::{FileLock, resolve};
use super::place::Place;

/// What a store is put together from.
struct Parts {
    writer: Pool,
    readers: Pool,
    keeper: Option<Conn>,
    held: Option<Held>,
    lock: Option<FileLock>,
    epoch: i64,
    opened: Opened,
}

impl Store {
    /// Opens the database at `sqlite:PATH`, created if it is not there, or an
    /// own one in memory (`sqlite::memory:`). Brings its tables up to date and
    /// raises the epoch. The file is held by this process alone until the store
    /// is dropped.
    ///
    /// # Errors
    ///
    /// An address that is not one, a file that cannot be opened, that another
    /// process holds or that is no database of ours, and a database that a later
    /// version wrote. What is there is left as it is.
    pub async fn open(database_url: &str) -> Result<Store> {
        let parts = match Place::parse(database_url)? {
            Place::Memory => memory().await?,
            Place::File(path) => file(&resolve(&path)?).await?,
        };
        Ok(Store {
            inner: Arc::new(Inner {
                epoch: parts.epoch,
                writer: parts.writer,
                readers: parts.readers,
                inbox: watch::Sender::new(0),
                work: watch::Sender::new(0),
                held: parts.held,
                damage: Arc::default(),
                closing: Arc::new(AtomicBool::new(false)),
                opened: parts.opened,
                proven: Mutex::default(),
                keeper: Mutex::new(parts.keeper),
                seen: Mutex::default(),
                index: Arc::default(),
                _lock: parts.lock,
            }),
        })
    }
}

async fn memory() -> Result<Parts> {
    let pool = dialect::one_connection()
        .connect_with(dialect::memory())
        .await
        .doing("opening one in memory")?;
    let mut conn = pool.acquire().await.doing("opening one in memory")?;
    MIGRATOR.run_direct(None, &mut *conn, false).await?;
    let begun = begin(&mut conn).await?;
    drop(conn);
    Ok(Parts {
        writer: pool.clone(),
        readers: pool,
        keeper: None,
        held: None,
        lock: None,
        epoch: begun.epoch,
        opened: Opened {
            new: true,
            older: false,
            in_order: true,
        },
    })
}

async fn file(path: &Path) -> Result<Parts> {
    if path.is_dir() {
        // Before anything is put beside it.
        look(path, false)?;
    }
    let mut lock = FileLock::take(path)?;
    let found = look(path, lock.last().is_some())?;
    let had_log = found::has_log(path);
    if had_log {
        match found {
            Found::Nothing => copy::set_log_aside(path, "its database is gone")?,
            Found::Database => copy::set_foreign_log_aside(path).await?,
        }
    }
    lock.hold(path, found == Found::Nothing)?;

    let mut keeper = dialect::plain(path)
        .connect()
        .await
        .doing("opening the file")?;
    let new = take_up(&mut keeper, path).await?;
    // Not `run`, whose future no thread but this one could carry on.
    MIGRATOR.run_direct(None, &mut keeper, false).await?;
    let begun = begin(&mut keeper).await?;
    settle(&mut keeper, begun.copied_at.is_some()).await?;

    // Connections, each a thread of its own, are made when somebody needs them.
    let writer = dialect::one_connection().connect_lazy_with(dialect::writer_of_file(path));
    let readers = dialect::some_connections().connect_lazy_with(dialect::reader_of_file(path));
    let held = Held::learn(path)?;
    let opened = Opened {
        new,
        older: begun.copied_at.is_some() || lock.last().is_some_and(|last| last >= begun.epoch),
        in_order: begun.in_order,
    };
    tell(path, &opened, lock.last().is_some(), had_log);
    lock.note(begun.epoch);
    Ok(Parts {
        writer,
        readers,
        keeper: Some(keeper),
        held: Some(held),
        lock: Some(lock),
        epoch: begun.epoch,
        opened,
    })
}

/// What has to be known by whoever restored something, or lost it.
fn tell(path: &Path, opened: &Opened, was_here: bool, had_log: bool) {
    let path = path.display();
    if opened.new && was_here {
        tracing::warn!(%path, "the database is new, and another one was here before: what that one \
            knew is looked for in GitHub's log of deliveries, three days back");
    } else if opened.new {
        tracing::info!(%path, "the database is new");
    } else if opened.older {
        tracing::warn!(%path, "the database is older than the one that was here last: what came \
            since is looked for in GitHub's log of deliveries, three days back");
    }
    if !opened.in_order {
        // Whoever closes the file takes its log away; a crash leaves it.
        tracing::warn!(%path, log = had_log, "the last stop was not in order: the database is \
            looked through; without a write-ahead log (`log`) it may lack what came last, which is \
            looked for in GitHub's log of deliveries");
    }
}

/// Makes the file a database of ours, or finds that it is one; whether it is new.
async fn take_up(keeper: &mut Conn, path: &Path) -> Result<bool> {
    let doing = "looking at the tables";
    let unusable = |why: &str| StoreError::Unusable {
        path: path.to_owned(),
        why: why.to_owned(),
    };
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .fetch_all(&mut *keeper)
            .await
            .doing(doing)?;
    let has = |name: &str| tables.iter().any(|table| table == name);
    if tables.iter().any(|name| name != "_sqlx_migrations") && !(has("cases") && has("meta")) {
        return Err(unusable(
            "is the database of another application; it is left as it is",
        ));
    }
    let id: i64 = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(&mut *keeper)
        .await
        .doing(doing)?;
    if id != APPLICATION {
        sqlx::query(AssertSqlSafe(format!(
            "PRAGMA application_id = {APPLICATION}"
        )))
        .execute(&mut *keeper)
        .await
        .doing("marking the file")?;
    }
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode = WAL")
        .fetch_one(&mut *keeper)
        .await
        .doing("beginning a write-ahead log")?;
    if journal != "wal" {
        return Err(unusable(
            "lies where SQLite cannot keep a write-ahead log; put it on a local disk, not on a \
             network's",
        ));
    }
    Ok(!has("cases"))
}

/// A connection to the file of a server that may be running, for a statement
/// that harms nobody.
pub(super) async fn beside(database_url: &str) -> Result<dialect::Conn> {
    let Place::File(path) = Place::parse(database_url)? else {
        return Err(StoreError::Address("names no file".to_owned()));
    };
    dialect::plain(&path)
        .connect()
        .await
        .doing("opening the file")
}

/// What the beginning of an epoch found.
struct Begun {
    epoch: i64,
    in_order: bool,
    /// The file was a copy, made then.
    copied_at: Option<String>,
}

/// Raises the epoch, and takes the notes of the last stop and of a copy out.
async fn begin(conn: &mut Conn) -> Result<Begun> {
    let doing = "raising the epoch";
    let mut tx = conn.begin_with(BEGIN).await.doing(doing)?;
    let epoch = sqlx::query_scalar(
        "INSERT INTO meta (key, value) VALUES ('epoch', '1') \
         ON CONFLICT (key) DO UPDATE \
         SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT) \
         RETURNING CAST(value AS BIGINT)",
    )
    .fetch_one(&mut *tx)
    .await
    .doing(doing)?;
    let in_order: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
        .bind(IN_ORDER)
        .fetch_optional(&mut *tx)
        .await
        .doing(doing)?;
    sqlx::query(
        "INSERT INTO meta (key, value) VALUES ($1, $2) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(IN_ORDER)
    .bind(NO)
    .execute(&mut *tx)
    .await
    .doing(doing)?;
    let copied_at = sqlx::query_scalar("DELETE FROM meta WHERE key = $1 RETURNING value")
        .bind(COPIED)
        .fetch_optional(&mut *tx)
        .await
        .doing(doing)?;
    tx.commit().await.doing(doing)?;
    Ok(Begun {
        epoch,
        // Earlier versions did not note it.
        in_order: in_order.is_none_or(|word| word == YES),
        copied_at,
    })
}

/// Brings the log into the file, so that the file itself says which opening it
/// is of. What was a copy may not be taken for one again: then the log beside it
/// would be taken for another database's.
async fn settle(keeper: &mut Conn, must: bool) -> Result<()> {
    let doing = "bringing the log into the file";
    let (busy, log, done): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(FULL)")
        .fetch_one(keeper)
        .await
        .doing(doing)?;
    if must && (busy != 0 || log != done) {
        return Err(sqlx::Error::Protocol(
            "a restored backup is read by another process; start again when that has ended".into(),
        ))
        .doing(doing);
    }
    Ok(())
}
