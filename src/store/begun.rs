//! The beginning of an epoch, and what a store is put together from then.

use sqlx::SqliteConnection;

use super::copy::COPIED;
use super::dialect::{Conn, Pool};
use super::error::{Doing as _, Result};
use super::handle::{IN_ORDER, NO, Opened, YES};
use super::held::Held;
use super::lock::FileLock;
use super::postgres::{Ears, Lease};
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
    pub ears: Ears,
}

/// Raises the epoch, within a transaction that writes.
pub(super) async fn raise(conn: Conn<'_>) -> Result<i64> {
    query_scalar(
        "INSERT INTO meta (key, value) VALUES ('epoch', '1') \
         ON CONFLICT (key) DO UPDATE \
         SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT) \
         RETURNING CAST(value AS BIGINT)",
    )
    .fetch_one(conn)
    .await
    .doing("raising the epoch")
}

/// What the last who worked with the database left word of.
pub(super) struct Left {
    pub in_order: bool,
    /// The database was a copy, made then.
    pub copied_at: Option<String>,
}

/// Reads it.
pub(super) async fn left(mut conn: Conn<'_>) -> Result<Left> {
    let doing = "reading how the last stop was";
    let read = "SELECT value FROM meta WHERE key = $1";
    let in_order: Option<String> = query_scalar(read)
        .bind(IN_ORDER)
        .fetch_optional(conn.on())
        .await
        .doing(doing)?;
    let copied_at = query_scalar(read)
        .bind(COPIED)
        .fetch_optional(conn)
        .await
        .doing(doing)?;
    Ok(Left {
        // Earlier versions did not note it.
        in_order: in_order.is_none_or(|word| word == YES),
        copied_at,
    })
}

/// Reads it and takes it out, within the transaction in which the work begins.
pub(super) async fn take_note(mut conn: Conn<'_>) -> Result<Left> {
    let doing = "noting that the work begins";
    let left = left(conn.on()).await?;
    query(
        "INSERT INTO meta (key, value) VALUES ($1, $2) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(IN_ORDER)
    .bind(NO)
    .execute(conn.on())
    .await
    .doing(doing)?;
    query("DELETE FROM meta WHERE key = $1")
        .bind(COPIED)
        .execute(conn)
        .await
        .doing(doing)?;
    Ok(left)
}
