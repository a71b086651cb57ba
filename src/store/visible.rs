//! Whether everybody may see a repository: by GitHub's own answer, where something was
//! told that may have come late.

use super::error::Doing as _;
use super::query::{query, query_as, query_scalar};
use super::{Result, Store, Tx};

/// A repository of which GitHub is to be asked whether everybody may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Unasked {
    /// GitHub's id.
    pub id: i64,
    /// The installation that would reach it.
    pub installation_id: i64,
    /// What was told up to the question.
    pub told: i64,
}

impl Store {
    /// Whether everybody may see the repository: public by the last word, which GitHub
    /// was asked about, and reached by an installation that is neither removed nor
    /// suspended.
    pub async fn is_open_to_all(&self, id: i64) -> Result<bool> {
        let found: Option<i64> = query_scalar(
            "SELECT r.id FROM repos AS r JOIN installations AS i ON i.id = r.installation_id \
             WHERE r.id = $1 AND NOT r.private AND r.asked >= r.told AND NOT i.suspended \
             AND i.removed_at IS NULL",
        )
        .bind(id)
        .fetch_optional(self.read().await?.on())
        .await
        .doing("reading who may see a repository")?;
        Ok(found.is_some())
    }

    /// The repositories of which GitHub is to be asked.
    pub async fn unasked(&self) -> Result<Vec<Unasked>> {
        query_as(
            "SELECT r.id, r.installation_id, r.told FROM repos AS r \
             JOIN installations AS i ON i.id = r.installation_id \
             WHERE r.asked < r.told AND NOT i.suspended AND i.removed_at IS NULL \
             ORDER BY r.installation_id",
        )
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading of which repositories GitHub is to be asked")
    }

    /// GitHub's answer: private or not. It counts where nothing was told since the
    /// question.
    pub async fn answered(&self, asked: Unasked, private: bool) -> Result<()> {
        self.alone(
            query(
                "UPDATE repos SET asked = told, private = $3 \
             WHERE id = $1 AND told = $2 AND installation_id = $4",
            )
            .bind(asked.id)
            .bind(asked.told)
            .bind(private)
            .bind(asked.installation_id),
            "writing who may see a repository",
        )
        .await?;
        Ok(())
    }
}

impl Tx {
    /// The installation was suspended, or goes on: then GitHub is asked what became of
    /// its repositories meanwhile.
    pub async fn suspended(&mut self, installation: i64, on: bool) -> Result<()> {
        let doing = "writing that an installation is suspended";
        query(
            "INSERT INTO installations (id, account, permissions, suspended) \
             VALUES ($1, '', '{}', $2) \
             ON CONFLICT (id) DO UPDATE SET suspended = excluded.suspended",
        )
        .bind(installation)
        .bind(on)
        .execute(self.conn())
        .await
        .doing(doing)?;
        query("UPDATE repos SET told = told + 1 WHERE installation_id = $1")
            .bind(installation)
            .execute(self.conn())
            .await
            .doing(doing)?;
        Ok(())
    }
}
