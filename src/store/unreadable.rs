//! Cases whose facts cannot be read: each stands still alone. What is delivered
//! to it waits, what it wanted done is not handed out, and what must be told is
//! an effect beside its own.

use super::dialect::Conn;
use super::effect::outbox_columns;
use super::error::Doing as _;
use super::query::{query, query_as, query_scalar};
use super::{Delivery, OutboxRow, Result, Store, Tx};
use crate::clock::Millis;

/// The line of a case's effects that its facts know nothing of. No plan wants
/// them: they are neither settled with the others nor held with them.
pub const BESIDE: &str = "!beside";

/// The condition that row `o` of the outbox belongs to a case that stands still.
macro_rules! stands_still {
    () => {
        "(o.line <> '!beside' AND EXISTS (SELECT 1 FROM cases AS u \
         WHERE u.id = o.case_id AND u.unreadable IS NOT NULL))"
    };
}
pub(super) use stands_still;

async fn beside(conn: Conn<'_>, case_id: i64, slot: &str) -> Result<Vec<OutboxRow>> {
    query_as(concat!(
        "SELECT ",
        outbox_columns!(),
        " FROM outbox WHERE case_id = $1 AND line = $2 AND slot = $3 ORDER BY id"
    ))
    .bind(case_id)
    .bind(BESIDE)
    .bind(slot)
    .fetch_all(conn)
    .await
    .doing("reading the effects beside a case")
}

/// A delivery that waited for a case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KeptDelivery {
    /// `X-GitHub-Delivery`.
    pub delivery_id: String,
    /// What it says, JSON.
    pub fact: String,
    /// It did not come, and was found in GitHub's log.
    pub fetched: bool,
}

impl Tx {
    /// The open case stands still: its facts cannot be read, and `why`. It is
    /// looked at again at `wake_at`. A [`super::CaseRow`] that is saved
    /// afterwards goes on, whenever it was read.
    pub async fn stop_case(&mut self, case_id: i64, why: &str, wake_at: Millis) -> Result<()> {
        query("UPDATE cases SET unreadable = $2, wake_at = $3 WHERE id = $1 AND over_at IS NULL")
            .bind(case_id)
            .bind(why)
            .bind(wake_at)
            .execute(self.conn())
            .await
            .doing("stopping a case")?;
        Ok(())
    }

    /// The delivery waits for the case, though it is closed for the others.
    pub async fn keep_delivery(&mut self, case_id: i64, delivery: &Delivery) -> Result<()> {
        query(
            "INSERT INTO inbox_waits (case_id, id, delivery_id, event, fact, fetched) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (case_id, id) DO NOTHING",
        )
        .bind(case_id)
        .bind(delivery.id)
        .bind(&delivery.delivery_id)
        .bind(&delivery.event)
        .bind(&delivery.fact)
        .bind(delivery.fetched)
        .execute(self.conn())
        .await
        .doing("keeping a delivery")?;
        Ok(())
    }

    /// Takes the deliveries that wait for the case, the oldest first: they are
    /// applied in this transaction, or wait on if it is dropped.
    pub async fn take_kept_deliveries(&mut self, case_id: i64) -> Result<Vec<KeptDelivery>> {
        let doing = "taking the deliveries that were kept";
        let kept = query_as(
            "SELECT delivery_id, fact, fetched FROM inbox_waits WHERE case_id = $1 ORDER BY id",
        )
        .bind(case_id)
        .fetch_all(self.conn())
        .await
        .doing(doing)?;
        query("DELETE FROM inbox_waits WHERE case_id = $1")
            .bind(case_id)
            .execute(self.conn())
            .await
            .doing(doing)?;
        Ok(kept)
    }

    /// What there ever was of this slot in the line [`BESIDE`], in order.
    pub async fn effects_beside(&mut self, case_id: i64, slot: &str) -> Result<Vec<OutboxRow>> {
        beside(self.conn(), case_id, slot).await
    }
}

impl Store {
    /// How many deliveries wait for cases whose facts cannot be read.
    pub async fn kept_deliveries(&self) -> Result<i64> {
        query_scalar("SELECT COUNT(*) FROM inbox_waits")
            .fetch_one(self.read().await?.on())
            .await
            .doing("counting the deliveries that are kept")
    }
}
