//! The outbox: the effects that are wanted, one row for each key.

use super::dialect::Conn;
use super::effect::outbox_columns;
use super::error::Doing as _;
use super::query::{query, query_as, query_scalar};
use super::{Fence, Finish, Key, NewEffect, OutboxRow, Result, State, Store, Tx};
use crate::clock::Millis;

async fn live(conn: Conn<'_>, case_id: i64) -> Result<Vec<OutboxRow>> {
    query_as(concat!(
        "SELECT ",
        outbox_columns!(),
        " FROM outbox WHERE case_id = $1 \
         AND state IN ('waiting', 'acting', 'unsure', 'blocked') ORDER BY id"
    ))
    .bind(case_id)
    .fetch_all(conn)
    .await
    .doing("reading a case's live effects")
}

impl Store {
    /// The case's live effects, in their order.
    pub async fn live_effects(&self, case_id: i64) -> Result<Vec<OutboxRow>> {
        live(self.read().await?.on(), case_id).await
    }

    /// All effects of the case that there ever were, in their order.
    pub async fn effects(&self, case_id: i64) -> Result<Vec<OutboxRow>> {
        query_as(concat!(
            "SELECT ",
            outbox_columns!(),
            " FROM outbox WHERE case_id = $1 ORDER BY id"
        ))
        .bind(case_id)
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading a case's effects")
    }

    /// One effect.
    pub async fn effect(&self, id: i64) -> Result<Option<OutboxRow>> {
        query_as(concat!(
            "SELECT ",
            outbox_columns!(),
            " FROM outbox WHERE id = $1"
        ))
        .bind(id)
        .fetch_optional(self.read().await?.on())
        .await
        .doing("reading an effect")
    }
}

impl Tx {
    /// The case's live effects, in their order.
    pub async fn live_effects(&mut self, case_id: i64) -> Result<Vec<OutboxRow>> {
        live(self.conn(), case_id).await
    }

    /// The effect of this key, in whatever state.
    pub async fn effect_by_key(&mut self, key: &Key) -> Result<Option<OutboxRow>> {
        query_as(concat!(
            "SELECT ",
            outbox_columns!(),
            " FROM outbox WHERE case_id = $1 AND line = $2 AND slot = $3 AND subject = $4 \
             AND generation = $5"
        ))
        .bind(key.case_id)
        .bind(&key.line)
        .bind(&key.slot)
        .bind(&key.subject)
        .bind(key.generation)
        .fetch_optional(self.conn())
        .await
        .doing("reading an effect by its key")
    }

    /// Puts a waiting effect into the outbox, and answers its row.
    ///
    /// # Errors
    ///
    /// A database error when its key was there before, or its slot is in use.
    pub async fn insert_effect(&mut self, case_id: i64, new: &NewEffect) -> Result<i64> {
        query_scalar(
            "INSERT INTO outbox (case_id, line, slot, subject, generation, args, lane, class, \
             priority, state, due_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10) RETURNING id",
        )
        .bind(case_id)
        .bind(&new.line)
        .bind(&new.slot)
        .bind(&new.subject)
        .bind(new.generation)
        .bind(&new.args)
        .bind(new.lane.as_str())
        .bind(&new.class)
        .bind(new.priority)
        .bind(new.due_at)
        .fetch_one(self.conn())
        .await
        .doing("putting an effect into the outbox")
    }

    /// Puts an effect of another key into the place of a waiting or blocked one:
    /// no attempts, but the old one's state, time and error, so that wanting
    /// something else is no way around pacing. One that only let others go first, by
    /// its priority, hands its wait to none of them. Answers the new row, or `None`
    /// when the old one is neither waiting nor blocked.
    ///
    /// It is a new row, so that no late answer to the old one fits it. The old
    /// one stays as cancelled if it was ever handed out.
    pub async fn replace_effect(
        &mut self,
        id: i64,
        new: &NewEffect,
        now: Millis,
    ) -> Result<Option<i64>> {
        let doing = "replacing an effect";
        let old: Option<(i64, String, Millis, Option<String>, i64, i64)> = query_as(
            "SELECT case_id, state, due_at, error, attempts, priority FROM outbox \
             WHERE id = $1 AND state IN ('waiting', 'blocked')",
        )
        .bind(id)
        .fetch_optional(self.conn())
        .await
        .doing(doing)?;
        let Some((case_id, state, due_at, error, attempts, priority)) = old else {
            return Ok(None);
        };
        let fresh = attempts == 0 && error.is_none() && state == "waiting";
        let due_at = match fresh && new.priority < priority {
            true => due_at.min(new.due_at),
            false => due_at,
        };
        if attempts == 0 {
            query("DELETE FROM outbox WHERE id = $1")
                .bind(id)
                .execute(self.conn())
                .await
                .doing(doing)?;
        } else {
            self.cancel_effect(id, now).await?;
        }
        let new_id = self.insert_effect(case_id, new).await?;
        query("UPDATE outbox SET state = $2, due_at = $3, error = $4 WHERE id = $1")
            .bind(new_id)
            .bind(state)
            .bind(due_at)
            .bind(error)
            .execute(self.conn())
            .await
            .doing(doing)?;
        Ok(Some(new_id))
    }

    /// Gives a waiting or blocked effect its newest arguments: other words, or
    /// the shape in which this version writes them.
    pub async fn refresh_effect(&mut self, id: i64, new: &NewEffect) -> Result<()> {
        query("UPDATE outbox SET args = $2 WHERE id = $1 AND state IN ('waiting', 'blocked')")
            .bind(id)
            .bind(&new.args)
            .execute(self.conn())
            .await
            .doing("refreshing an effect")?;
        Ok(())
    }

    /// Cancels a waiting or blocked effect. `false` when it is neither: one that
    /// was handed out, or whose end is not known, is never cancelled.
    pub async fn cancel_effect(&mut self, id: i64, now: Millis) -> Result<bool> {
        let done = query(
            "UPDATE outbox SET state = 'cancelled', closed_at = $2 \
             WHERE id = $1 AND state IN ('waiting', 'blocked')",
        )
        .bind(id)
        .bind(now)
        .execute(self.conn())
        .await
        .doing("cancelling an effect")?;
        Ok(done == 1)
    }

    /// Lets a cancelled effect wait again, with the arguments of `new` (whose key
    /// is the same). It is due when `new` says, or when it was due before, if
    /// that is later; what had failed for now still has then, and is blocked: it
    /// holds nobody up, and may be hurried. `false` when it is not cancelled.
    pub async fn revive_effect(&mut self, id: i64, new: &NewEffect) -> Result<bool> {
        let done = query(
            "UPDATE outbox SET state = CASE WHEN due_at > $6 AND error IS NOT NULL \
             THEN 'blocked' ELSE 'waiting' END, args = $2, lane = $3, class = $4, \
             priority = $5, due_at = CASE WHEN due_at > $6 THEN due_at ELSE $6 END, \
             error = CASE WHEN due_at > $6 THEN error END, closed_at = NULL \
             WHERE id = $1 AND state = 'cancelled'",
        )
        .bind(id)
        .bind(&new.args)
        .bind(new.lane.as_str())
        .bind(&new.class)
        .bind(new.priority)
        .bind(new.due_at)
        .execute(self.conn())
        .await
        .doing("reviving an effect")?;
        Ok(done == 1)
    }

    /// Lets the case's effects that failed for now (blocked, or waiting after an
    /// error) be due at once; how many. Limits of rate are not theirs to know:
    /// whoever carries them out still keeps those.
    pub async fn hurry_effects(&mut self, case_id: i64, now: Millis) -> Result<u64> {
        let done = query(
            "UPDATE outbox SET due_at = $2 WHERE case_id = $1 AND due_at > $2 \
             AND (state = 'blocked' OR (state = 'waiting' AND error IS NOT NULL))",
        )
        .bind(case_id)
        .bind(now)
        .execute(self.conn())
        .await
        .doing("hurrying effects")?;
        Ok(done)
    }

    /// Lets all blocked effects in an installation's repositories be due at once:
    /// its permissions changed. How many.
    pub async fn hurry_blocked(&mut self, installation_id: i64, now: Millis) -> Result<u64> {
        let done = query(
            "UPDATE outbox SET due_at = $2 WHERE state = 'blocked' AND due_at > $2 \
             AND case_id IN (SELECT c.id FROM cases AS c JOIN repos AS r ON r.id = c.repo_id \
             WHERE r.installation_id = $1)",
        )
        .bind(installation_id)
        .bind(now)
        .execute(self.conn())
        .await
        .doing("hurrying blocked effects")?;
        Ok(done)
    }

    /// Ends an attempt. `false` when the row is not acting in exactly this
    /// attempt of this epoch: then the answer counts for nothing, and the
    /// transaction is to be dropped.
    pub async fn complete_effect(
        &mut self,
        fence: Fence,
        finish: Finish,
        result: &str,
        now: Millis,
    ) -> Result<bool> {
        let state = match finish {
            Finish::Done => State::Done,
            Finish::Failed => State::Failed,
        };
        let done = query(
            "UPDATE outbox SET state = $4, result = $5, closed_at = $6, doubt = FALSE \
             WHERE id = $1 AND attempts = $2 AND epoch = $3 AND state = 'acting'",
        )
        .bind(fence.id)
        .bind(fence.attempt)
        .bind(fence.epoch)
        .bind(state.as_str())
        .bind(result)
        .bind(now)
        .execute(self.conn())
        .await
        .doing("completing an effect")?;
        Ok(done == 1)
    }
}
