//! Single values that outlive the process, and whether the store answers.

use std::time::{Duration, Instant};

use rand::RngCore as _;

use super::dialect::Conn;
use super::error::Doing as _;
use super::query::{query, query_scalar};
use super::{Result, Store, StoreError};

/// How long a proven write counts.
const PROOF: Duration = Duration::from_secs(1);
/// How much is written, bytes.
const PROBE: usize = 16_384;
/// How long a proof may wait for those who write.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sets a value, in whatever transaction there is.
pub(super) async fn set(conn: Conn<'_>, key: &str, value: &str) -> Result<()> {
    query(
        "INSERT INTO meta (key, value) VALUES ($1, $2) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE meta.key <> 'epoch'",
    )
    .bind(key)
    .bind(value)
    .execute(conn)
    .await
    .doing("setting a value")?;
    Ok(())
}

impl Store {
    /// A value by its name. `epoch` is the store's own.
    pub async fn meta_get(&self, key: &str) -> Result<Option<String>> {
        query_scalar("SELECT value FROM meta WHERE key = $1")
            .bind(key)
            .fetch_optional(self.read().await?.on())
            .await
            .doing("reading a value")
    }

    /// Sets a value; `epoch` is refused, silently left as it is.
    pub async fn meta_set(&self, key: &str, value: &str) -> Result<()> {
        let doing = "setting a value";
        let mut alone = self.write_beside(doing).await?;
        set(alone.on(), key, value).await?;
        alone.done().await.doing(doing)
    }

    /// Proves that a delivery could be written down: writes, and finds the
    /// database still of this opening. A proof counts for a second, so that
    /// nobody makes the disk busy by asking.
    ///
    /// # Errors
    /// Why nothing can be written.
    pub async fn ready(&self) -> Result<()> {
        self.holds()?;
        let mut proven = self.inner.proven.lock().await;
        if proven.is_some_and(|at| at.elapsed() < PROOF) {
            return Ok(());
        }
        *proven = None;
        let doing = "proving a write";
        // Another value each time: SQLite does not write what is there already.
        // As large as a delivery: a nearly full disk has room for a few bytes.
        let mut probe = vec![0; PROBE];
        rand::rng().fill_bytes(&mut probe);
        let query = query(
            "INSERT INTO meta (key, value) SELECT 'probe', $2 \
             WHERE $3 OR EXISTS (SELECT 1 FROM meta WHERE key = 'epoch' AND value = $1) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(self.epoch().to_string())
        .bind(hex::encode(probe))
        .bind(self.is_shared());
        let write = async {
            let mut alone = self.write_beside(doing).await?;
            let done = query.execute(alone.on()).await.doing(doing)?;
            alone.done().await.doing(doing)?;
            Ok(done)
        };
        let done = tokio::time::timeout(PATIENCE, write)
            .await
            .unwrap_or(Err(sqlx::Error::PoolTimedOut).doing(doing))?;
        if done == 0 {
            return Err(StoreError::TakenOver);
        }
        // And that the work goes on: this reads where the queues begin.
        self.next_due().await?;
        self.holds()?;
        *proven = Some(Instant::now());
        Ok(())
    }
}
