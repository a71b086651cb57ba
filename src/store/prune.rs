//! What nobody needs any more leaves the file, a little at a time: nothing waits
//! for long behind it.

use super::error::Doing as _;
use super::query::{query, query_as, query_scalar};
use super::seen::Digest;
use super::{Result, Store};
use crate::clock::Millis;

/// Rows in one commit.
const AT_ONCE: i64 = 500;

/// Until which end of a case its effects, and its journal, are pruned.
const OUTBOX_UNTIL: &str = "outbox_pruned";
const JOURNAL_UNTIL: &str = "journal_pruned";

/// What is pruned of the cases that are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prune {
    /// Their effects that came to an end.
    Outbox,
    /// Their journal, and what they claimed.
    Journal,
}

impl Store {
    /// Forgets which deliveries came before `before`, up to a bound; how many.
    /// Keep them longer than GitHub offers to deliver again (three days): a
    /// forgotten one is no duplicate, and its body can be sent again.
    pub async fn forget_deliveries(&self, before: Millis) -> Result<u64> {
        let mut seen = self.seen().await?;
        let doing = "forgetting deliveries";
        let mut alone = self.write(doing).await?;
        let gone: Vec<(Vec<u8>, Vec<u8>, Millis)> = query_as(
            "DELETE FROM seen WHERE id IN (SELECT id FROM \
             (SELECT id, received_at FROM seen ORDER BY id LIMIT $2) AS oldest WHERE received_at < $1) \
             RETURNING key, said, received_at",
        )
        .bind(before)
        .bind(AT_ONCE)
        .fetch_all(alone.on())
        .await
        .doing(doing)?;
        alone.done().await.doing(doing)?;
        let count = gone.len();
        for (key, said, at) in gone {
            if let (Ok(key), Ok(said)) = (Digest::try_from(key), Digest::try_from(said)) {
                seen.forget(&key, &said, at);
            }
        }
        Ok(count as u64)
    }

    /// Prunes the case that was over first of those not pruned yet, if that was
    /// before `before`; whether there was one.
    pub async fn prune_case(&self, what: Prune, before: Millis) -> Result<bool> {
        let doing = "pruning what is over";
        let meta = match what {
            Prune::Outbox => OUTBOX_UNTIL,
            Prune::Journal => JOURNAL_UNTIL,
        };
        let until = self.meta_get(meta).await?;
        let until: Millis = until.and_then(|at| at.parse().ok()).unwrap_or(0);
        let next: Option<Millis> = query_scalar(
            "SELECT over_at FROM cases WHERE over_at IS NOT NULL AND over_at > $1 \
             AND over_at < $2 ORDER BY over_at LIMIT 1",
        )
        .bind(until)
        .bind(before)
        .fetch_optional(self.read().await?.on())
        .await
        .doing(doing)?;
        let Some(at) = next else {
            return Ok(false);
        };
        let cases = "(SELECT id FROM cases WHERE over_at IS NOT NULL AND over_at = $1)";
        let statements: &[String] = &match what {
            Prune::Outbox => vec![format!(
                "DELETE FROM outbox WHERE case_id IN {cases} \
                 AND state IN ('done', 'cancelled', 'failed')"
            )],
            Prune::Journal => vec![
                format!("DELETE FROM journal WHERE case_id IN {cases}"),
                format!("DELETE FROM claims WHERE freed_at IS NOT NULL AND case_id IN {cases}"),
            ],
        };
        let mut tx = self.begin().await?;
        for statement in statements {
            query(sqlx::AssertSqlSafe(statement.clone()))
                .bind(at)
                .execute(tx.conn())
                .await
                .doing(doing)?;
        }
        query(
            "INSERT INTO meta (key, value) VALUES ($1, $2) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(meta)
        .bind(at.to_string())
        .execute(tx.conn())
        .await
        .doing(doing)?;
        tx.commit_quietly().await?;
        Ok(true)
    }
}
