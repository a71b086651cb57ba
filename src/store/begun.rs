//! The beginning of an epoch, and what a store is put together from then.

use sqlx::SqliteConnection;

use super::copy::COPIED;
use super::dialect::{Conn, Pool};
use super::error::{Doing as _, Result};
use super::handle::{IN_ORDER, NO, Opened, YES};
use super::held::Held;
use super::lock::FileLock;
use super::postgres::Lease;
use super::query::{query, query_scalar};

/// What a store is put together from.
pub(super) struct Parts {
    pub writer: Pool,
    pub readers: Pool,
    pub keeper: Option<SqliteConnection>,
    pub held: Option<Held>,
    pub lock: Option<FileLock>,
    pub lease: Option<Lease>,
    pub epoch: i64,
    pub opened: Opened,
}

/// What the beginning of an epoch found.
pub(super) struct Begun {
    pub epoch: i64,
    pub in_order: bool,
    /// The database was a copy, made then.
    pub copied_at: Option<String>,
}

/// Raises the epoch, and takes the notes of the last stop and of a copy out. To be
/// called within a transaction that writes.
pub(super) async fn raise(mut conn: Conn<'_>) -> Result<Begun> {
    let doing = "raising the epoch";
    let epoch = query_scalar(
        "INSERT INTO meta (key, value) VALUES ('epoch', '1') \
         ON CONFLICT (key) DO UPDATE \
         SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT) \
         RETURNING CAST(value AS BIGINT)",
    )
    .fetch_one(conn.on())
    .await
    .doing(doing)?;
    let in_order: Option<String> = query_scalar("SELECT value FROM meta WHERE key = $1")
        .bind(IN_ORDER)
        .fetch_optional(conn.on())
        .await
        .doing(doing)?;
    query(
        "INSERT INTO meta (key, value) VALUES ($1, $2) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(IN_ORDER)
    .bind(NO)
    .execute(conn.on())
    .await
    .doing(doing)?;
    let copied_at = query_scalar("DELETE FROM meta WHERE key = $1 RETURNING value")
        .bind(COPIED)
        .fetch_optional(conn.on())
        .await
        .doing(doing)?;
    Ok(Begun {
        epoch,
        // Earlier versions did not note it.
        in_order: in_order.is_none_or(|word| word == YES),
        copied_at,
    })
}
