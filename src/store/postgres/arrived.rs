//! Which deliveries came, asked of the database under the lock of those that write: no
//! server has seen all of them.

use std::collections::{HashMap, HashSet};

use sqlx::PgConnection;

use crate::clock::Millis;
use crate::store::error::{Doing as _, Result};
use crate::store::seen::Digest;

/// What the database holds of some deliveries.
#[derive(Default)]
pub(in crate::store) struct Arrived {
    /// Those that came.
    pub keys: HashSet<Digest>,
    /// Of those, the ones that nobody tries again by themselves.
    pub aside: HashSet<Digest>,
    /// When it was said first, whatever the id.
    pub said: HashMap<Digest, Millis>,
}

/// A row's key, what it says, when it came, and whether it is set aside.
type Row = (Vec<u8>, Vec<u8>, Millis, bool);

/// What is known of these, by key or by what they say.
pub(in crate::store) async fn arrived(
    conn: &mut PgConnection,
    keys: &[Digest],
    said: &[Digest],
) -> Result<Arrived> {
    let bytes = |all: &[Digest]| all.iter().map(|it| it.to_vec()).collect::<Vec<_>>();
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT key, said, received_at, FALSE FROM seen WHERE key = ANY($1) OR said = ANY($2) \
         UNION ALL SELECT key, said, received_at, FALSE FROM inbox \
         WHERE key = ANY($1) OR said = ANY($2) \
         UNION ALL SELECT key, said, received_at, due_at IS NULL FROM set_aside \
         WHERE key = ANY($1) OR said = ANY($2)",
    )
    .bind(bytes(keys))
    .bind(bytes(said))
    .fetch_all(conn)
    .await
    .doing("reading which deliveries came")?;
    let mut found = Arrived::default();
    for (key, said, at, aside) in rows {
        let (Ok(key), Ok(said)) = (Digest::try_from(key), Digest::try_from(said)) else {
            continue;
        };
        found.keys.insert(key);
        if aside {
            found.aside.insert(key);
        }
        let first = found.said.entry(said).or_insert(at);
        *first = at.min(*first);
    }
    Ok(found)
}

/// The row of the next delivery: its number is the order of arrival, and under the lock
/// that of the commits.
pub(in crate::store) async fn next_row(conn: &mut PgConnection) -> Result<i64> {
    sqlx::query_scalar(
        "SELECT COALESCE(GREATEST((SELECT MAX(id) FROM inbox), (SELECT MAX(id) FROM seen), \
         (SELECT MAX(id) FROM set_aside)), 0) + 1",
    )
    .fetch_one(conn)
    .await
    .doing("reading which delivery came last")
}
