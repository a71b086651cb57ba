//! How a transaction begins that writes.

use sqlx::{PgConnection, PgPool, Postgres, Transaction};

/// The one lock of those that write, within one database. Any number that no other
/// application is likely to have taken: "HFBX".
const WRITING: i64 = 0x4846_4258;

/// Begins a transaction once no other is open that writes, as SQLite does. With that
/// every law of the queues holds as it does there: two that read several rows and then
/// write never pass each other.
///
/// The lock is a statement of its own: each one sees what was committed when it
/// began, so what follows sees all that the last holder wrote. It is let go with the
/// end of the transaction, however that ends.
pub(in crate::store) async fn begin(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    let mut tx = pool.begin().await?;
    alone(&mut tx).await?;
    Ok(tx)
}

/// Waits until nobody else writes, within a transaction that has just begun.
pub(in crate::store) async fn alone(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(WRITING)
        .execute(conn)
        .await?;
    Ok(())
}
