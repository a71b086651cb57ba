//! What is held in memory, read from the file: which deliveries came, and what
//! concerns somebody.

use std::sync::Arc;

use tokio::sync::MutexGuard;

use super::error::Doing as _;
use super::index::{Held, Index};
use super::postgres::sql;
use super::query::{query_as, query_scalar};
use super::seen::{Row, Seen};
use super::{Result, Store};

impl Store {
    /// Which deliveries came; read from the file at the first use. Where other servers
    /// take some, too, it stays empty.
    pub(super) async fn seen(&self) -> Result<MutexGuard<'_, Seen>> {
        let mut seen = self.inner.seen.lock().await;
        if seen.is_loaded() || self.is_shared() {
            return Ok(seen);
        }
        let doing = "reading which deliveries were seen";
        let mut conn = self.read().await?;
        let rows: Vec<Row> = query_as(
            "SELECT id, key, said, received_at FROM seen \
             UNION ALL SELECT id, key, said, received_at FROM inbox \
             UNION ALL SELECT id, key, said, received_at FROM set_aside WHERE due_at IS NOT NULL",
        )
        .fetch_all(conn.on())
        .await
        .doing(doing)?;
        let aside: Vec<Row> =
            query_as("SELECT id, key, said, received_at FROM set_aside WHERE due_at IS NULL")
                .fetch_all(conn.on())
                .await
                .doing(doing)?;
        seen.fill(rows, aside);
        Ok(seen)
    }

    /// What concerns somebody.
    pub fn index(&self) -> &Arc<Index> {
        &self.inner.index
    }

    /// Reads the index from the file; before that everything may concern
    /// somebody. To be called before anything is worked off.
    pub async fn load_index(&self) -> Result<()> {
        let doing = "reading what concerns somebody";
        let seen = self.seen().await?;
        let mut conn = self.read().await?;
        // One row each, for thousands of rows are dear to fetch one by one.
        let cases = conn.on().either(
            "SELECT json_group_array(json_array(repo_id, issue, id)) FROM cases \
             WHERE over_at IS NULL",
            sql::OPEN_CASES,
        );
        let cases: String = query_scalar(cases)
            .fetch_one(conn.on())
            .await
            .doing(doing)?;
        let claims = conn.on().either(
            "SELECT json_group_array(json_array(repo_id, kind, value, case_id)) FROM claims \
             WHERE freed_at IS NULL",
            sql::CLAIMS,
        );
        let claims: String = query_scalar(claims)
            .fetch_one(conn.on())
            .await
            .doing(doing)?;
        let labels =
            query_as("SELECT id, trigger_labels FROM repos WHERE trigger_labels IS NOT NULL")
                .fetch_all(conn.on())
                .await
                .doing(doing)?;
        // Rows of this process have their mark already.
        let opening = query_as(
            "SELECT repo_id, opens FROM inbox WHERE opens IS NOT NULL AND repo_id IS NOT NULL \
             AND id < $1 UNION ALL \
             SELECT repo_id, opens FROM set_aside WHERE opens IS NOT NULL \
             AND repo_id IS NOT NULL AND id < $1",
        )
        .bind(if self.is_shared() {
            i64::MAX
        } else {
            seen.first()
        })
        .fetch_all(conn.on())
        .await
        .doing(doing)?;
        let proposals = query_as("SELECT repo_id, pull FROM config_checks WHERE pull <> 0")
            .fetch_all(conn.on())
            .await
            .doing(doing)?;
        let odd = |e: serde_json::Error| sqlx::Error::Decode(e.into());
        self.index().fill(Held {
            cases: serde_json::from_str(&cases).map_err(odd).doing(doing)?,
            claims: serde_json::from_str(&claims).map_err(odd).doing(doing)?,
            labels,
            opening,
            proposals,
        });
        Ok(())
    }
}
