//! Single values that outlive the process, and whether the store answers.

use super::error::Doing as _;
use super::{Result, Store};

impl Store {
    /// A value by its name. `epoch` is the store's own.
    pub async fn meta_get(&self, key: &str) -> Result<Option<String>> {
        sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
            .bind(key)
            .fetch_optional(&mut *self.read().await?)
            .await
            .doing("reading a value")
    }

    /// Sets a value; `epoch` is refused, silently left as it is.
    pub async fn meta_set(&self, key: &str, value: &str) -> Result<()> {
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ($1, $2) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE meta.key <> 'epoch'",
        )
        .bind(key)
        .bind(value)
        .execute(&mut *self.write().await?)
        .await
        .doing("setting a value")?;
        Ok(())
    }

    /// Whether the database answers, and is still of this opening.
    pub async fn is_ready(&self) -> bool {
        match self.meta_get("epoch").await {
            Ok(epoch) => epoch.and_then(|e| e.parse().ok()) == Some(self.epoch()),
            Err(_) => false,
        }
    }
}
