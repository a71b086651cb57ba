//! Deliveries: stored before they are acknowledged, kept until they are done.

use std::fmt;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::error::{Doing as _, UnknownWord};
use super::{Result, Store, Tx};
use crate::clock::Millis;

/// A delivery as it came in.
#[derive(Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// `X-GitHub-Delivery`: the same when GitHub delivers again.
    pub delivery_id: String,
    /// `X-GitHub-Event`.
    pub event: String,
    /// The repository, when it is about one.
    pub repo_id: Option<i64>,
    /// The JSON body.
    pub body: String,
    /// When it came.
    pub received_at: Millis,
    /// It did not come, and was found in GitHub's log.
    pub fetched: bool,
}

/// Two events of one second may have one body (a label put on, taken off and put
/// on again): so long after the first the same is no event of its own any more,
/// milliseconds.
const TWINS: Millis = 5_000;

/// What became of a delivery that was to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is stored, and will be worked on. Also one that had been set aside
    /// and was delivered again.
    Stored,
    /// It had been stored before, or the same was under another id.
    Duplicate,
}

impl NewDelivery {
    /// What it says, whatever its id: the signature covers the body alone, so a
    /// body that was seen once can be sent again under a new id. GitHub delivers
    /// again under the old one. Told by content, not by bytes: its log may write
    /// the same body otherwise.
    fn said(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(&self.event);
        hash.update([0]);
        match serde_json::from_str::<Value>(&self.body) {
            Ok(mut body) => {
                body.sort_all_objects();
                hash.update(body.to_string());
            }
            Err(_) => hash.update(&self.body),
        }
        hex::encode(hash.finalize())
    }
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be worked on.
    Pending,
    /// Closed with its consequences.
    Done,
    /// Set aside: it could not be worked on.
    Dead,
}

impl TryFrom<String> for DeliveryState {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        match word.as_str() {
            "pending" => Ok(DeliveryState::Pending),
            "done" => Ok(DeliveryState::Done),
            "dead" => Ok(DeliveryState::Dead),
            _ => Err(UnknownWord {
                what: "state of a delivery",
                word,
            }),
        }
    }
}

/// A stored delivery.
#[derive(Clone, sqlx::FromRow)]
pub struct Delivery {
    /// The row; the order of arrival.
    pub id: i64,
    /// `X-GitHub-Delivery`.
    pub delivery_id: String,
    /// `X-GitHub-Event`.
    pub event: String,
    /// The repository, when it is about one.
    pub repo_id: Option<i64>,
    /// The JSON body.
    pub body: String,
    /// When it came.
    pub received_at: Millis,
    /// It did not come, and was found in GitHub's log.
    pub fetched: bool,
    /// How far it is.
    #[sqlx(try_from = "String")]
    pub state: DeliveryState,
    /// Not worked on before.
    pub due_at: Millis,
    /// How often it failed.
    pub tries: i64,
    /// Why it failed last.
    pub error: Option<String>,
    /// What came of it.
    pub outcome: Option<String>,
}

// Bodies are long, and of private repositories: they do not belong into a log.
impl fmt::Debug for NewDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewDelivery")
            .field("delivery_id", &self.delivery_id)
            .field("event", &self.event)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("delivery_id", &self.delivery_id)
            .field("event", &self.event)
            .field("state", &self.state)
            .field("tries", &self.tries)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

macro_rules! delivery_columns {
    () => {
        "id, delivery_id, event, repo_id, body, received_at, fetched, state, due_at, tries, error, outcome"
    };
}
pub(super) use delivery_columns;

impl Store {
    /// Stores all of them in one commit, and answers for each in its order.
    /// After this returned, none is lost. A delivery that was set aside is taken
    /// up again when it comes again: that is how a person asks for it.
    pub async fn put_deliveries(&self, batch: &[NewDelivery]) -> Result<Vec<Put>> {
        let doing = "storing deliveries";
        let mut tx = self.begin_write(doing).await?;
        let mut answers = Vec::with_capacity(batch.len());
        for new in batch {
            let said = new.said();
            let replayed: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM inbox WHERE said IS NOT NULL AND said = $1 \
                 AND delivery_id <> $2 AND received_at < $3)",
            )
            .bind(&said)
            .bind(&new.delivery_id)
            .bind(new.received_at - TWINS)
            .fetch_one(&mut *tx)
            .await
            .doing(doing)?;
            if replayed {
                tracing::warn!(
                    delivery = new.delivery_id,
                    event = new.event,
                    "a replay is dropped"
                );
                answers.push(Put::Duplicate);
                continue;
            }
            let done = sqlx::query(
                "INSERT INTO inbox (delivery_id, event, repo_id, body, received_at, due_at, said, fetched) \
                 VALUES ($1, $2, $3, $4, $5, $5, $6, $7) \
                 ON CONFLICT (delivery_id) DO UPDATE \
                 SET state = 'pending', due_at = excluded.due_at, tries = 0, closed_at = NULL \
                 WHERE inbox.state = 'dead'",
            )
            .bind(&new.delivery_id)
            .bind(&new.event)
            .bind(new.repo_id)
            .bind(&new.body)
            .bind(new.received_at)
            .bind(&said)
            .bind(new.fetched)
            .execute(&mut *tx)
            .await
            .doing(doing)?;
            answers.push(match done.rows_affected() {
                0 => Put::Duplicate,
                _ => Put::Stored,
            });
        }
        tx.commit().await.doing(doing)?;
        // They are acknowledged next: are they where a start will find them?
        self.holds()?;
        if answers.contains(&Put::Stored) {
            self.tell_inbox();
        }
        Ok(answers)
    }

    /// Up to `limit` deliveries that are due, the oldest first.
    pub async fn pending_deliveries(&self, now: Millis, limit: i64) -> Result<Vec<Delivery>> {
        sqlx::query_as(concat!(
            "SELECT ",
            delivery_columns!(),
            " FROM inbox WHERE state = 'pending' AND due_at <= $1 ORDER BY id LIMIT $2"
        ))
        .bind(now)
        .bind(limit)
        .fetch_all(&mut *self.read().await?)
        .await
        .doing("reading the inbox")
    }

    /// Whether a delivery was stored, whatever became of it.
    pub async fn has_delivery(&self, delivery_id: &str) -> Result<bool> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM inbox WHERE delivery_id = $1)")
            .bind(delivery_id)
            .fetch_one(&mut *self.read().await?)
            .await
            .doing("looking for a delivery")
    }

    /// One delivery by its row.
    pub async fn delivery(&self, id: i64) -> Result<Option<Delivery>> {
        sqlx::query_as(concat!(
            "SELECT ",
            delivery_columns!(),
            " FROM inbox WHERE id = $1"
        ))
        .bind(id)
        .fetch_optional(&mut *self.read().await?)
        .await
        .doing("reading a delivery")
    }

    /// The delivery could not be worked on. It is tried again at `retry_at`, or,
    /// without one, set aside at `now`; the others go on.
    pub async fn delivery_failed(
        &self,
        id: i64,
        error: &str,
        retry_at: Option<Millis>,
        now: Millis,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE inbox SET tries = tries + 1, error = $2, \
             state = CASE WHEN $3 IS NULL THEN 'dead' ELSE 'pending' END, \
             due_at = COALESCE($3, due_at), \
             closed_at = CASE WHEN $3 IS NULL THEN $4 END \
             WHERE id = $1 AND state = 'pending'",
        )
        .bind(id)
        .bind(error)
        .bind(retry_at)
        .bind(now)
        .execute(&mut *self.write().await?)
        .await
        .doing("noting that a delivery failed")?;
        self.tell_inbox();
        Ok(())
    }

    /// Forgets deliveries that are done, for all cases, and came before `before`;
    /// how many. Keep
    /// them longer than GitHub offers to deliver again (three days), for a
    /// forgotten one is no duplicate, and its body can be sent again.
    pub async fn forget_deliveries(&self, before: Millis) -> Result<u64> {
        let done = sqlx::query(
            "DELETE FROM inbox WHERE state <> 'pending' AND state = 'done' AND received_at < $1 \
             AND NOT EXISTS (SELECT 1 FROM inbox_waits AS w WHERE w.inbox_id = inbox.id)",
        )
        .bind(before)
        .execute(&mut *self.write().await?)
        .await
        .doing("forgetting deliveries")?;
        Ok(done.rows_affected())
    }

    /// How many deliveries are pending, and how many are set aside.
    pub async fn inbox_counts(&self) -> Result<(i64, i64)> {
        sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM inbox WHERE state = 'pending'), \
             (SELECT COUNT(*) FROM inbox WHERE state <> 'pending' AND state = 'dead')",
        )
        .fetch_one(&mut *self.read().await?)
        .await
        .doing("counting deliveries")
    }
}

impl Tx {
    /// Closes the delivery with the word for what came of it. `false` when it
    /// was not pending: then it has been worked on already, and the transaction
    /// is to be dropped.
    pub async fn close_delivery(&mut self, id: i64, outcome: &str, now: Millis) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE inbox SET state = 'done', outcome = $2, closed_at = $3 \
             WHERE id = $1 AND state = 'pending'",
        )
        .bind(id)
        .bind(outcome)
        .bind(now)
        .execute(self.conn())
        .await
        .doing("closing a delivery")?;
        Ok(done.rows_affected() == 1)
    }
}
