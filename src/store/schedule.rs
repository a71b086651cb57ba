//! What is due now, and when something will be.

use super::dispatch::free;
use super::error::Doing as _;
use super::{Result, Store};
use crate::clock::Millis;

impl Store {
    /// The open cases that want to be looked at by now, the longest due first.
    pub async fn cases_due(&self, now: Millis) -> Result<Vec<i64>> {
        sqlx::query_scalar(
            "SELECT id FROM cases WHERE over_at IS NULL AND wake_at <= $1 ORDER BY wake_at, id",
        )
        .bind(now)
        .fetch_all(&mut *self.read().await?)
        .await
        .doing("reading the cases that are due")
    }

    /// The next moment at which something becomes due: a delivery, an effect that
    /// waits for no other, a case. It lies in the past when something is due
    /// already. `None`: nothing until something happens.
    pub async fn next_due(&self) -> Result<Option<Millis>> {
        sqlx::query_scalar(concat!(
            "SELECT MIN(at) FROM (\
             SELECT (SELECT received_at FROM inbox ORDER BY id LIMIT 1) AS at \
             UNION ALL SELECT MIN(due_at) FROM set_aside WHERE due_at IS NOT NULL \
             UNION ALL SELECT MIN(o.due_at) FROM outbox AS o WHERE ",
            free!(),
            " UNION ALL SELECT MIN(wake_at) FROM cases WHERE over_at IS NULL\
             ) AS due"
        ))
        .fetch_one(&mut *self.read().await?)
        .await
        .doing("reading what is due next")
    }

    /// How much there is to do at this moment: deliveries, effects and cases that
    /// are due, and effects that are being carried out. What is due but waits for
    /// another that is not counts nothing: only time helps it. One consistent
    /// look; 0 means that nothing stirs before [`Store::next_due`] unless
    /// somebody outside does something.
    pub async fn busy(&self, now: Millis) -> Result<i64> {
        sqlx::query_scalar(concat!(
            "SELECT (SELECT COUNT(*) FROM inbox WHERE received_at <= $1) \
             + (SELECT COUNT(*) FROM set_aside WHERE due_at <= $1) \
             + (SELECT COUNT(*) FROM outbox WHERE state = 'acting') \
             + (SELECT COUNT(*) FROM outbox AS o WHERE o.due_at <= $1 AND ",
            free!(),
            ") + (SELECT COUNT(*) FROM cases WHERE over_at IS NULL AND wake_at <= $1)"
        ))
        .bind(now)
        .fetch_one(&mut *self.read().await?)
        .await
        .doing("reading how much there is to do")
    }

    /// How many effects are in each state, by its word.
    pub async fn outbox_counts(&self) -> Result<Vec<(String, i64)>> {
        sqlx::query_as("SELECT state, COUNT(*) FROM outbox GROUP BY state ORDER BY state")
            .fetch_all(&mut *self.read().await?)
            .await
            .doing("counting the effects")
    }
}
