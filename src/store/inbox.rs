//! Deliveries: stored before they are acknowledged, kept until they are done.
//!
//! `inbox` holds what is to be worked on. A row leaves it for `seen` in the
//! transaction of what follows from it, or for `set_aside` where that fails.

use std::fmt::{self, Write as _};

use sqlx::AssertSqlSafe;

use super::beside::Beside;
use super::dialect::Conn;
use super::error::Doing as _;
use super::index::{Gone, Opening};
use super::query::{query, query_as, query_scalar};
use super::seen::{Digest, Known, digest, key};
use super::{Result, Store, Tx};
use crate::clock::Millis;

/// A delivery that concerns somebody, as it came in.
pub struct NewDelivery {
    /// `X-GitHub-Delivery`: the same when GitHub delivers again.
    pub delivery_id: String,
    /// `X-GitHub-Event`.
    pub event: String,
    /// What it says.
    pub fact: Fact,
    /// When it came.
    pub received_at: Millis,
    /// It did not come, and was found in GitHub's log.
    pub fetched: bool,
}

/// What a delivery says, as far as somebody may ask; not its body.
#[derive(Debug)]
pub struct Fact {
    /// The repository, when it is about one.
    pub repo_id: Option<i64>,
    /// All of it, JSON.
    pub json: String,
    /// What it says, whatever its id: the signature covers the body alone, so a
    /// body that was seen once can be sent again under a new id. GitHub delivers
    /// again under the old one.
    pub said: Digest,
    /// It may begin a case.
    pub opening: Option<Opening>,
}

impl Fact {
    /// One that begins nothing, and says no more than its text.
    pub fn plain(repo_id: Option<i64>, json: impl Into<String>) -> Self {
        let json = json.into();
        Fact {
            repo_id,
            said: digest([json.as_bytes()]),
            json,
            opening: None,
        }
    }
}

/// What became of a delivery that was to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is stored, and will be worked on. Also one that had been set aside
    /// and was delivered again.
    Stored,
    /// It had been stored before, or the same was under another id.
    Duplicate,
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
    /// The issue on which it may begin a case.
    pub opens: Option<i64>,
    /// What it says, JSON.
    pub fact: String,
    /// When it came.
    pub received_at: Millis,
    /// It did not come, and was found in GitHub's log.
    pub fetched: bool,
    /// How often it failed; one that failed has left the inbox.
    pub tries: i64,
}

// Facts of private repositories do not belong into a log.
impl fmt::Debug for NewDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewDelivery")
            .field("delivery_id", &self.delivery_id)
            .field("event", &self.event)
            .field("fact_len", &self.fact.json.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("delivery_id", &self.delivery_id)
            .field("event", &self.event)
            .field("tries", &self.tries)
            .field("fact_len", &self.fact.len())
            .finish_non_exhaustive()
    }
}

impl NewDelivery {
    /// The same was said under another id.
    pub(super) fn is_replayed(&self) -> Put {
        let (delivery, event) = (&self.delivery_id, &self.event);
        tracing::warn!(delivery, event, "a replay is dropped");
        Put::Duplicate
    }
}

impl Store {
    /// Stores all of them in one commit, and answers for each in its order.
    /// After this returned, none is lost. A delivery that was set aside is taken
    /// up again when it comes again: that is how a person asks for it.
    pub async fn put_deliveries(&self, batch: &[NewDelivery]) -> Result<Vec<Put>> {
        self.holds()?;
        if self.is_shared() {
            return self.put_beside(batch).await;
        }
        // Held over the commit: nobody hears "known already" of what is not
        // durable yet.
        let mut seen = self.seen().await?;
        let mut answers = Vec::with_capacity(batch.len());
        let mut new: Vec<(Digest, &NewDelivery)> = Vec::new();
        let mut again = Vec::new();
        for it in batch {
            let key = key(&it.delivery_id);
            let known = if new.iter().any(|(other, _)| *other == key) {
                Known::Same
            } else {
                seen.known(&key, &it.fact.said, it.received_at)
            };
            answers.push(match known {
                Known::New => {
                    new.push((key, it));
                    Put::Stored
                }
                Known::Aside => {
                    again.push(key);
                    Put::Stored
                }
                Known::Same => Put::Duplicate,
                Known::Replay => it.is_replayed(),
            });
        }
        for key in &again {
            let doing = "taking a delivery up again";
            let mut alone = self.write(doing).await?;
            take_up(alone.on(), key, batch.first()).await?;
            alone.done().await.doing(doing)?;
            seen.take_up(key);
        }
        if !new.is_empty() {
            let doing = "storing deliveries";
            let mut alone = self.write(doing).await?;
            append(alone.on(), seen.next, &new).await?;
            alone.done().await.doing(doing)?;
            seen.next += i64::try_from(new.len()).unwrap_or_default();
            // They are acknowledged next: are they where a start will find them?
            self.holds()?;
            for (key, it) in &new {
                seen.add(*key, it.fact.said, it.received_at);
                if let Some(opening) = &it.fact.opening {
                    opening.keep();
                }
            }
        }
        if answers.contains(&Put::Stored) {
            self.tell_inbox();
        }
        Ok(answers)
    }

    /// Up to `limit` deliveries that nobody worked on, the oldest first.
    pub async fn pending_deliveries(&self, limit: i64) -> Result<Vec<Delivery>> {
        query_as(
            "SELECT id, delivery_id, event, repo_id, opens, fact, received_at, fetched, \
             CAST(0 AS BIGINT) AS tries FROM inbox ORDER BY id LIMIT $1",
        )
        .bind(limit)
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading the inbox")
    }

    /// Up to `limit` of those that failed and are due again.
    pub async fn deliveries_due_again(&self, now: Millis, limit: i64) -> Result<Vec<Delivery>> {
        query_as(
            "SELECT id, delivery_id, event, repo_id, opens, fact, received_at, fetched, tries \
             FROM set_aside WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2",
        )
        .bind(now)
        .bind(limit)
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading what was set aside")
    }

    /// When the next of those is due.
    pub async fn next_due_again(&self) -> Result<Option<Millis>> {
        query_scalar("SELECT MIN(due_at) FROM set_aside WHERE due_at IS NOT NULL")
            .fetch_one(self.read().await?.on())
            .await
            .doing("reading when what was set aside is due")
    }

    /// Whether a delivery was stored, whatever became of it.
    pub async fn has_delivery(&self, delivery_id: &str) -> Result<bool> {
        if self.is_shared() {
            return self.has_delivery_beside(&key(delivery_id)).await;
        }
        let seen = self.seen().await?;
        Ok(seen.holds(&key(delivery_id)))
    }

    /// The delivery could not be worked on. It is tried again at `retry_at`, or,
    /// without one, at the next start or when somebody asks; the others go on.
    pub async fn delivery_failed(
        &self,
        delivery: &Delivery,
        error: &str,
        retry_at: Option<Millis>,
    ) -> Result<()> {
        let doing = "setting a delivery aside";
        let mut seen = self.seen().await?;
        let mut tx = self.begin().await?;
        query(
            "INSERT INTO set_aside (id, key, said, delivery_id, event, repo_id, opens, fact, \
             received_at, fetched, tries, due_at, error) \
             SELECT id, key, said, delivery_id, event, repo_id, opens, fact, received_at, \
             fetched, 0, $2, '' FROM inbox WHERE id = $1",
        )
        .bind(delivery.id)
        .bind(retry_at)
        .execute(tx.conn())
        .await
        .doing(doing)?;
        tx.close_deliveries(delivery.id, delivery.id).await?;
        query("UPDATE set_aside SET tries = tries + 1, due_at = $2, error = $3 WHERE id = $1")
            .bind(delivery.id)
            .bind(retry_at)
            .bind(error)
            .execute(tx.conn())
            .await
            .doing(doing)?;
        tx.commit().await?;
        if retry_at.is_none() {
            seen.put_aside(key(&delivery.delivery_id));
        }
        drop(seen);
        self.tell_inbox();
        Ok(())
    }

    /// Lets everything that was set aside be due at `now`; how many.
    pub async fn retry_deliveries(&self, now: Millis) -> Result<u64> {
        let mut seen = self.seen().await?;
        let doing = "trying again what was set aside";
        let mut alone = self.write(doing).await?;
        let done = retry(alone.on(), now).await?;
        alone.done().await.doing(doing)?;
        seen.take_up_all();
        drop(seen);
        self.tell_inbox();
        Ok(done)
    }

    /// How many deliveries are pending, and how many are set aside until somebody
    /// asks for them.
    pub async fn inbox_counts(&self) -> Result<(i64, i64)> {
        query_as(
            "SELECT (SELECT COUNT(*) FROM inbox) \
             + (SELECT COUNT(*) FROM set_aside WHERE due_at IS NOT NULL), \
             (SELECT COUNT(*) FROM set_aside WHERE due_at IS NULL)",
        )
        .fetch_one(self.read().await?.on())
        .await
        .doing("counting deliveries")
    }
}

/// How many values a delivery has in the inbox.
const COLUMNS: usize = 10;

/// One statement, and so one commit.
pub(super) async fn append(
    conn: Conn<'_>,
    first: i64,
    new: &[(Digest, &NewDelivery)],
) -> Result<()> {
    let mut sql = String::from(
        "INSERT INTO inbox (id, key, said, delivery_id, event, repo_id, opens, fact, \
         received_at, fetched) VALUES ",
    );
    for row in 0..new.len() {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=COLUMNS {
            let comma = if column == 1 { "" } else { ", " };
            // To a String this cannot fail.
            let _ = write!(sql, "{comma}${}", row * COLUMNS + column);
        }
        sql.push(')');
    }
    // One text for each number of rows, and nothing of what they hold is in it.
    let mut insert = query(AssertSqlSafe(sql));
    for (id, (key, it)) in (first..).zip(new) {
        insert = insert
            .bind(id)
            .bind(key.as_slice())
            .bind(it.fact.said.as_slice())
            .bind(&it.delivery_id)
            .bind(&it.event)
            .bind(it.fact.repo_id)
            .bind(it.fact.opening.as_ref().map(Opening::issue))
            .bind(&it.fact.json)
            .bind(it.received_at)
            .bind(it.fetched);
    }
    insert.execute(conn).await.doing("storing deliveries")?;
    Ok(())
}

pub(super) async fn take_up(conn: Conn<'_>, key: &Digest, new: Option<&NewDelivery>) -> Result<()> {
    query("UPDATE set_aside SET due_at = $2, tries = 0 WHERE due_at IS NULL AND key = $1")
        .bind(key.as_slice())
        .bind(new.map_or(0, |new| new.received_at))
        .execute(conn)
        .await
        .doing("taking a delivery up again")?;
    Ok(())
}

pub(super) async fn retry(conn: Conn<'_>, now: Millis) -> Result<u64> {
    let done = query("UPDATE set_aside SET due_at = $1, tries = 0")
        .bind(now)
        .execute(conn)
        .await
        .doing("trying again what was set aside")?;
    Ok(done)
}

/// Counts what is set aside and lets it be due, in the database of a server that may
/// be running: it looks every half minute.
pub async fn retry_set_aside(database_url: &str, now: Millis) -> Result<u64> {
    let mut beside = Beside::writing(database_url).await?;
    let done = retry(beside.on(), now).await?;
    beside.close().await?;
    Ok(done)
}

impl Tx {
    /// The deliveries from row `first` to row `last` leave the inbox: what
    /// follows from them is in this transaction. Answers how many there were;
    /// where one was gone already, the transaction is to be dropped.
    pub async fn close_deliveries(&mut self, first: i64, last: i64) -> Result<u64> {
        let doing = "closing deliveries";
        query(
            "INSERT INTO seen (id, key, said, received_at) \
             SELECT id, key, said, received_at FROM inbox WHERE id BETWEEN $1 AND $2",
        )
        .bind(first)
        .bind(last)
        .execute(self.conn())
        .await
        .doing(doing)?;
        let done = query("DELETE FROM inbox WHERE id BETWEEN $1 AND $2")
            .bind(first)
            .bind(last)
            .execute(self.conn())
            .await
            .doing(doing)?;
        Ok(done)
    }

    /// The delivery, which was set aside, is done after all.
    pub async fn close_set_aside(&mut self, id: i64) -> Result<()> {
        query("DELETE FROM set_aside WHERE id = $1")
            .bind(id)
            .execute(self.conn())
            .await
            .doing("closing what was set aside")?;
        Ok(())
    }

    /// Once this is committed, the delivery begins no case any more that is not
    /// there.
    pub fn worked_off(&mut self, delivery: &Delivery) {
        if let (Some(repo), Some(issue)) = (delivery.repo_id, delivery.opens) {
            self.gone(Gone::Opened { repo, issue });
        }
    }
}
