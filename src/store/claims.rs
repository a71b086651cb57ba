//! Claims: of whatever a repository has only one (a version, a branch, a tag, a
//! pull request's number), one case holds it, and the others stand behind.

use super::dialect::Conn;
use super::error::Doing as _;
use super::index::Gone;
use super::query::{query, query_as, query_scalar};
use super::{Result, Store, Tx};
use crate::clock::Millis;

/// The answer to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is the case's own, now or since before.
    Taken,
    /// This case holds it. The asker is woken when it is freed.
    Behind(i64),
}

/// Who holds a claim.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Holder {
    /// The case.
    pub case_id: i64,
    /// Its release line.
    pub line: String,
}

async fn holder(conn: Conn<'_>, repo_id: i64, kind: &str, value: &str) -> Result<Option<Holder>> {
    query_as(
        "SELECT case_id, line FROM claims \
         WHERE repo_id = $1 AND kind = $2 AND value = $3 AND freed_at IS NULL",
    )
    .bind(repo_id)
    .bind(kind)
    .bind(value)
    .fetch_optional(conn)
    .await
    .doing("reading a claim")
}

impl Store {
    /// Who holds it now.
    pub async fn holder(&self, repo_id: i64, kind: &str, value: &str) -> Result<Option<Holder>> {
        holder(self.read().await?.on(), repo_id, kind, value).await
    }
}

impl Tx {
    /// Who holds it now: how a delivery finds its case.
    pub async fn holder(
        &mut self,
        repo_id: i64,
        kind: &str,
        value: &str,
    ) -> Result<Option<Holder>> {
        holder(self.conn(), repo_id, kind, value).await
    }

    /// The case that holds it now.
    pub async fn case_by_claim(
        &mut self,
        repo_id: i64,
        kind: &str,
        value: &str,
    ) -> Result<Option<i64>> {
        Ok(self.holder(repo_id, kind, value).await?.map(|h| h.case_id))
    }

    /// The case that held it last, whether or not it still does: none of those whose
    /// claims were pruned.
    pub async fn case_that_held(
        &mut self,
        repo_id: i64,
        kind: &str,
        value: &str,
    ) -> Result<Option<i64>> {
        query_scalar(
            "SELECT case_id FROM claims WHERE repo_id = $1 AND kind = $2 AND value = $3 \
             ORDER BY id DESC LIMIT 1",
        )
        .bind(repo_id)
        .bind(kind)
        .bind(value)
        .fetch_optional(self.conn())
        .await
        .doing("reading who held a claim")
    }

    /// Takes it for the case, or stands behind the one that holds it. To take
    /// what one holds is no error.
    pub async fn claim(
        &mut self,
        repo_id: i64,
        kind: &str,
        value: &str,
        case_id: i64,
        line: &str,
        now: Millis,
    ) -> Result<Claim> {
        let doing = "claiming";
        query(
            "INSERT INTO claims (repo_id, kind, value, case_id, line, taken_at) \
             VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (repo_id, kind, value) WHERE freed_at IS NULL DO NOTHING",
        )
        .bind(repo_id)
        .bind(kind)
        .bind(value)
        .bind(case_id)
        .bind(line)
        .bind(now)
        .execute(self.conn())
        .await
        .doing(doing)?;
        match self.holder(repo_id, kind, value).await? {
            Some(other) if other.case_id != case_id => {
                query(
                    "INSERT INTO claim_waits (repo_id, kind, value, case_id) \
                     VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                )
                .bind(repo_id)
                .bind(kind)
                .bind(value)
                .bind(case_id)
                .execute(self.conn())
                .await
                .doing(doing)?;
                Ok(Claim::Behind(other.case_id))
            }
            _ => {
                query(
                    "DELETE FROM claim_waits \
                     WHERE repo_id = $1 AND kind = $2 AND value = $3 AND case_id = $4",
                )
                .bind(repo_id)
                .bind(kind)
                .bind(value)
                .bind(case_id)
                .execute(self.conn())
                .await
                .doing(doing)?;
                self.has_claim(repo_id, kind, value, case_id);
                Ok(Claim::Taken)
            }
        }
    }

    /// Frees what the case holds (of one kind, or everything), and it stands
    /// behind nobody for these any more. Whoever stood behind it is woken in
    /// this same transaction; answers them, so that the caller knows.
    pub async fn free_claims(
        &mut self,
        case_id: i64,
        kind: Option<&str>,
        now: Millis,
    ) -> Result<Vec<i64>> {
        let doing = "freeing claims";
        query("DELETE FROM claim_waits WHERE case_id = $1 AND ($2 IS NULL OR kind = $2)")
            .bind(case_id)
            .bind(kind)
            .execute(self.conn())
            .await
            .doing(doing)?;
        let behind: Vec<i64> = query_scalar(
            "SELECT DISTINCT w.case_id FROM claim_waits AS w JOIN claims AS c \
             ON c.repo_id = w.repo_id AND c.kind = w.kind AND c.value = w.value \
             WHERE c.case_id = $1 AND c.freed_at IS NULL AND ($2 IS NULL OR c.kind = $2) \
             ORDER BY w.case_id",
        )
        .bind(case_id)
        .bind(kind)
        .fetch_all(self.conn())
        .await
        .doing(doing)?;
        let freed: Vec<(i64, String, String)> = query_as(
            "UPDATE claims SET freed_at = $3 \
             WHERE case_id = $1 AND freed_at IS NULL AND ($2 IS NULL OR kind = $2) \
             RETURNING repo_id, kind, value",
        )
        .bind(case_id)
        .bind(kind)
        .bind(now)
        .fetch_all(self.conn())
        .await
        .doing(doing)?;
        for (repo, kind, value) in freed {
            self.gone(Gone::Claim {
                repo,
                kind,
                value,
                case: case_id,
            });
        }
        for case_id in &behind {
            self.wake_case(*case_id, now).await?;
        }
        Ok(behind)
    }
}
