//! What is SQLite's own: how a connection is made, how a transaction begins, and
//! the migrations.

use std::path::Path;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

/// Takes the right to write at once: a transaction that begins with a read and
/// then writes would fail at once when another wrote meanwhile, whatever the
/// busy timeout.
pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";

pub(super) static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");

/// How many may read at once.
const READERS: u32 = 4;
const BUSY: Duration = Duration::from_secs(5);

/// A connection that changes nothing by being made: not even how the file keeps
/// its journal. The file is never made by a connection.
pub(super) fn plain(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        // One for each number of deliveries that are stored together, and the rest.
        .statement_cache_capacity(256)
}

/// The writing connection of a file. `FULL`: a commit that was answered
/// survives a loss of power.
pub(super) fn writer_of_file(path: &Path) -> SqliteConnectOptions {
    plain(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
}

/// A reading connection of a file that has its tables.
pub(super) fn reader_of_file(path: &Path) -> SqliteConnectOptions {
    plain(path).read_only(true)
}

/// A database that lives as long as its only connection.
pub(super) fn memory() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .in_memory(true)
        .foreign_keys(true)
}

/// A commit or a rollback that fails (the disk is full) may leave the connection
/// in a transaction that is none: nothing could begin on it any more. Such a one
/// is dropped, and the next takes its place.
pub(super) fn one_connection() -> SqlitePoolOptions {
    kept().max_connections(1).before_acquire(|conn, _| {
        let free = !conn.is_in_transaction();
        Box::pin(async move { Ok(free) })
    })
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
