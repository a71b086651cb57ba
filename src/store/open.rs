//! Opening the database: address, locks, what stands there, tables, epoch.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::Mutex;

use super::begun::{Left, Parts, raise, take_note};
use super::copy;
use super::dialect::Pool;
use super::error::{Doing as _, Result, StoreError};
use super::found::{self, APPLICATION, Found, look};
use super::handle::{Inner, Opened, Store};
use super::held::Held;
use super::lock::{FileLock, resolve};
use super::place::Place;
use super::postgres::Ears;
use super::served::served;
use super::sqlite::{self, BEGIN, MIGRATOR};

impl Store {
    /// Opens the database at `sqlite:PATH`, created if it is not there, an own one
    /// in memory (`sqlite::memory:`), or the one of a PostgreSQL server
    /// (`postgres://…`). Brings its tables up to date and raises the epoch. A file is
    /// held by this process alone until the store is closed or dropped. Of a database
    /// of PostgreSQL there may be several, and the first has the lead, see
    /// [`Store::try_lead`].
    ///
    /// # Errors
    ///
    /// An address that is not one, a file that cannot be opened or a server that
    /// cannot be reached, a database that another process holds or that is none of
    /// ours, and one that a later version wrote. What is there is left as it is.
    pub async fn open(database_url: &str) -> Result<Store> {
        let parts = match Place::parse(database_url)? {
            Place::Memory => memory().await?,
            Place::File(path) => file(&resolve(&path)?).await?,
            Place::Server(reach) => served(&reach).await?,
        };
        let store = Store {
            inner: Arc::new(Inner {
                epoch: parts.epoch,
                writer: parts.writer,
                readers: parts.readers,
                inbox: parts.ears.inbox,
                work: parts.ears.work,
                held: parts.held,
                damage: Arc::default(),
                closing: Arc::new(AtomicBool::new(false)),
                opened: parts.opened,
                proven: Mutex::default(),
                keeper: Mutex::new(parts.keeper),
                seen: Mutex::default(),
                index: Arc::default(),
                lease: parts.lease,
                _lock: parts.lock,
            }),
        };
        store.try_lead().await?;
        Ok(store)
    }
}

async fn memory() -> Result<Parts> {
    let pool = sqlite::one_connection()
        .connect_with(sqlite::memory())
        .await
        .doing("opening one in memory")?;
    let mut conn = pool.acquire().await.doing("opening one in memory")?;
    MIGRATOR.run_direct(None, &mut *conn, false).await?;
    let (epoch, _) = begin(&mut conn).await?;
    drop(conn);
    let pool = Pool::Sqlite(pool);
    Ok(Parts {
        writer: pool.clone(),
        readers: pool,
        lease: None,
        keeper: None,
        held: None,
        lock: None,
        epoch,
        opened: Opened {
            new: true,
            older: false,
            in_order: true,
        },
        ears: Ears::new(),
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

    let mut keeper = sqlite::plain(path)
        .connect()
        .await
        .doing("opening the file")?;
    let new = take_up(&mut keeper, path).await?;
    // Not `run`, whose future no thread but this one could carry on.
    MIGRATOR.run_direct(None, &mut keeper, false).await?;
    let (epoch, left) = begin(&mut keeper).await?;
    settle(&mut keeper, left.copied_at.is_some()).await?;

    // Connections, each a thread of its own, are made when somebody needs them.
    let writer = sqlite::one_connection().connect_lazy_with(sqlite::writer_of_file(path));
    let readers = sqlite::some_connections().connect_lazy_with(sqlite::reader_of_file(path));
    let held = Held::learn(path)?;
    let opened = Opened {
        new,
        older: left.copied_at.is_some() || lock.last().is_some_and(|last| last >= epoch),
        in_order: left.in_order,
    };
    tell(path, &opened, lock.last().is_some(), had_log);
    lock.note(epoch);
    Ok(Parts {
        writer: Pool::Sqlite(writer),
        readers: Pool::Sqlite(readers),
        lease: None,
        keeper: Some(keeper),
        held: Some(held),
        lock: Some(lock),
        epoch,
        opened,
        ears: Ears::new(),
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
async fn take_up(keeper: &mut SqliteConnection, path: &Path) -> Result<bool> {
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

/// Begins an epoch.
async fn begin(conn: &mut SqliteConnection) -> Result<(i64, Left)> {
    let doing = "beginning an epoch";
    let mut tx = conn.begin_with(BEGIN).await.doing(doing)?;
    let epoch = raise((&mut *tx).into()).await?;
    let left = take_note((&mut *tx).into()).await?;
    tx.commit().await.doing(doing)?;
    Ok((epoch, left))
}

/// Brings the log into the file, so that the file itself says which opening it
/// is of. What was a copy may not be taken for one again: then the log beside it
/// would be taken for another database's.
async fn settle(keeper: &mut SqliteConnection, must: bool) -> Result<()> {
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
