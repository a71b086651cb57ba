//! What is due now, and when something will be.

use super::dialect::Conn;
use super::dispatch::free;
use super::error::Doing as _;
use super::meta::set;
use super::postgres::sql;
use super::query::{query, query_as, query_scalar};
use super::{Result, Store};
use crate::clock::Millis;

/// What is at work at `$1`, and how many effects are due.
const BUSY: &str = concat!(
    "SELECT (SELECT COUNT(*) FROM inbox WHERE received_at <= $1) \
     + (SELECT COUNT(*) FROM set_aside WHERE due_at <= $1) \
     + (SELECT COUNT(*) FROM outbox WHERE state = 'acting') \
     + (SELECT COUNT(*) FROM config_checks WHERE due_at <= $1) \
     + (SELECT COUNT(*) FROM cases WHERE over_at IS NULL AND wake_at <= $1), \
     (SELECT COUNT(*) FROM outbox AS o WHERE o.due_at <= $1 AND ",
    free!(),
    ")"
);

/// The effects that wait for one installation's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Queue {
    /// The installation; 0 where there is none any more.
    pub installation: i64,
    /// Whether they only look.
    pub reads: bool,
    /// Whether they tell channels, and call no GitHub.
    pub elsewhere: bool,
    /// How many are due.
    pub due: i64,
    /// When the first is due.
    pub first: Millis,
    /// When the next is due that is not yet.
    pub later: Option<Millis>,
}

/// What an operator watches of the queues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gauges {
    /// Deliveries that wait to be worked off.
    pub inbox: i64,
    /// How long the oldest of them has waited, milliseconds.
    pub inbox_age: Millis,
    /// Effects that are not over, by state: how many, and for how long the
    /// first of them has been due, milliseconds.
    pub outbox: Vec<(String, i64, Millis)>,
    /// The database's size, without what is not folded in yet.
    pub bytes: i64,
}

impl Store {
    /// The open cases that want to be looked at by now, the longest due first, each
    /// with its installation (0: none any more).
    pub async fn cases_due(&self, now: Millis) -> Result<Vec<(i64, i64)>> {
        query_as(
            "SELECT c.id, COALESCE(r.installation_id, 0) FROM cases AS c \
             JOIN repos AS r ON r.id = c.repo_id \
             WHERE c.over_at IS NULL AND c.wake_at <= $1 ORDER BY c.wake_at, c.id",
        )
        .bind(now)
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading the cases that are due")
    }

    /// The next moment at which a case wants to be looked at.
    pub async fn next_wake(&self) -> Result<Option<Millis>> {
        query_scalar("SELECT MIN(wake_at) FROM cases WHERE over_at IS NULL")
            .fetch_one(self.read().await?.on())
            .await
            .doing("reading when the next case wakes")
    }

    /// The next moment at which something else than an effect becomes due: a
    /// delivery, a case, a pull request to look at. It lies in the past when something is due already.
    pub async fn next_other(&self) -> Result<Option<Millis>> {
        query_scalar(
            "SELECT MIN(at) FROM (\
             SELECT (SELECT received_at FROM inbox ORDER BY id LIMIT 1) AS at \
             UNION ALL SELECT MIN(due_at) FROM set_aside WHERE due_at IS NOT NULL \
             UNION ALL SELECT MIN(due_at) FROM config_checks \
             UNION ALL SELECT MIN(wake_at) FROM cases WHERE over_at IS NULL\
             ) AS due",
        )
        .fetch_one(self.read().await?.on())
        .await
        .doing("reading what is due next")
    }

    /// The effects that wait for no other, by whose turn they wait for.
    pub async fn queues(&self, now: Millis) -> Result<Vec<Queue>> {
        query_as(concat!(
            "SELECT COALESCE(r.installation_id, 0) AS installation, o.lane = 'read' AS reads, \
             o.slot LIKE 'announce/%' AS elsewhere, COUNT(CASE WHEN o.due_at <= $1 THEN 1 END) AS due, MIN(o.due_at) AS first, \
             MIN(CASE WHEN o.due_at > $1 THEN o.due_at END) AS later \
             FROM outbox AS o JOIN cases AS c ON c.id = o.case_id \
             JOIN repos AS r ON r.id = c.repo_id WHERE ",
            free!(),
            " GROUP BY 1, 2, 3"
        ))
        .bind(now)
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading the queues of effects")
    }

    /// The next moment at which something becomes due: as [`Store::next_other`],
    /// or an effect that waits for no other.
    pub async fn next_due(&self) -> Result<Option<Millis>> {
        let queues = self.queues(0).await?;
        let first = queues.iter().map(|queue| queue.first);
        Ok(first.chain(self.next_other().await?).min())
    }

    /// How much there is to do at this moment: deliveries, effects and cases that
    /// are due, and effects that are being carried out. What is due but waits for
    /// another that is not counts nothing: only time helps it. One consistent
    /// look; 0 means that nothing stirs before [`Store::next_due`] unless
    /// somebody outside does something.
    pub async fn busy(&self, now: Millis) -> Result<i64> {
        let (other, due): (i64, i64) = query_as(BUSY)
            .bind(now)
            .fetch_one(self.read().await?.on())
            .await
            .doing("reading how much there is to do")?;
        Ok(other + due)
    }

    /// The same without the effects that are due, beside how many those are.
    pub async fn at_work(&self, now: Millis) -> Result<(i64, i64)> {
        query_as(BUSY)
            .bind(now)
            .fetch_one(self.read().await?.on())
            .await
            .doing("reading how much there is to do")
    }

    /// All times that lie ahead are moved: the clock was put back by so much. These
    /// values of `meta` say so from then on: who reads them finds it done.
    pub async fn put_back(&self, by: Millis, values: &[(&str, String)]) -> Result<()> {
        let doing = "moving what is due with the clock";
        let mut tx = self.begin_write(doing).await?;
        moved(
            tx.on(),
            by,
            "UPDATE set_aside SET due_at = due_at - $1 WHERE due_at IS NOT NULL",
        )
        .await?;
        moved(tx.on(), by, "UPDATE config_checks SET due_at = due_at - $1").await?;
        moved(tx.on(), by, "UPDATE checkups SET due_at = due_at - $1").await?;
        moved(tx.on(), by, "UPDATE outbox SET due_at = due_at - $1 WHERE state IN ('waiting', 'unsure', 'blocked', 'cancelled')").await?;
        moved(
            tx.on(),
            by,
            "UPDATE outbox SET started_at = started_at - $1 WHERE state IN ('acting', 'unsure')",
        )
        .await?;
        moved(
            tx.on(),
            by,
            "UPDATE cases SET wake_at = wake_at - $1 WHERE over_at IS NULL",
        )
        .await?;
        for (key, value) in values {
            set(tx.on(), key, value).await?;
        }
        tx.commit().await.doing(doing)?;
        self.tell_inbox();
        self.tell_work();
        Ok(())
    }

    /// What an operator watches of the queues.
    pub async fn gauges(&self, now: Millis) -> Result<Gauges> {
        let doing = "measuring the queues";
        let mut conn = self.read().await?;
        let (inbox, inbox_since): (i64, Option<Millis>) =
            query_as("SELECT COUNT(*), MIN(received_at) FROM inbox")
                .fetch_one(conn.on())
                .await
                .doing(doing)?;
        let outbox = query_as(
            "SELECT state, COUNT(*), MAX(CASE WHEN due_at < $1 THEN $1 - due_at ELSE 0 END) FROM outbox \
             WHERE state IN ('waiting', 'acting', 'unsure', 'blocked') GROUP BY state",
        )
        .bind(now)
        .fetch_all(conn.on())
        .await
        .doing(doing)?;
        let size = conn.on().either(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
            sql::SIZE,
        );
        let bytes = query_scalar(size).fetch_one(conn.on()).await.doing(doing)?;
        Ok(Gauges {
            inbox,
            inbox_age: inbox_since.map_or(0, |since| (now - since).max(0)),
            outbox,
            bytes,
        })
    }

    /// How many effects are in each state, by its word.
    pub async fn outbox_counts(&self) -> Result<Vec<(String, i64)>> {
        query_as("SELECT state, COUNT(*) FROM outbox GROUP BY state ORDER BY state")
            .fetch_all(self.read().await?.on())
            .await
            .doing("counting the effects")
    }
}

/// Carries out one of the statements of [`Store::put_back`].
async fn moved(conn: Conn<'_>, by: Millis, statement: &'static str) -> Result<()> {
    query(statement)
        .bind(by)
        .execute(conn)
        .await
        .doing("moving what is due with the clock")?;
    Ok(())
}
