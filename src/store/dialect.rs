//! What is SQLite's own: the types, the way a connection is made, how a
//! transaction begins, and the migrations. The SQL elsewhere is plain enough
//! for other databases too.

use std::path::Path;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

pub(super) type Db = sqlx::Sqlite;
pub(super) type Conn = sqlx::SqliteConnection;
pub(super) type Alone = sqlx::SqliteConnection;
pub(super) type Pool = sqlx::SqlitePool;
pub(super) type PoolConn = sqlx::pool::PoolConnection<Db>;

/// Takes the right to write at once: a transaction that begins with a read and
/// then writes would fail at once when another wrote meanwhile, whatever the
/// busy timeout.
pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";

pub(super) static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");

/// How many may read at once.
const READERS: u32 = 4;
const BUSY: Duration = Duration::from_secs(5);

/// The writing connection of a file. `FULL`: a commit that was answered
/// survives a loss of power.
pub(super) fn writer_of_file(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        // One for each number of deliveries that are stored together, and the rest.
        .statement_cache_capacity(256)
}

/// A connection of a file whose server may be running.
pub(super) async fn beside(path: &Path) -> sqlx::Result<Alone> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(BUSY);
    Alone::connect_with(&options).await
}

/// A reading connection of a file that has its tables.
pub(super) fn reader_of_file(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .foreign_keys(true)
        .busy_timeout(BUSY)
}

/// A database that lives as long as its only connection.
pub(super) fn memory() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .in_memory(true)
        .foreign_keys(true)
}

pub(super) fn one_connection() -> SqlitePoolOptions {
    kept().max_connections(1)
}

pub(super) fn some_connections() -> SqlitePoolOptions {
    kept().max_connections(READERS)
}

/// A connection to a local file does not grow old.
fn kept() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}
