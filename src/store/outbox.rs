//! The outbox: the effects that are wanted, one row for each key.

use super::dialect::Conn;
use super::error::{Doing as _, UnknownWord};
use super::{Result, Store, Tx};
use crate::clock::Millis;

/// Which rows wait for each other: of a case's line, those of `Write` are
/// carried out one after the other; those of the other lanes never wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Changes the release.
    Write,
    /// Speaks to people.
    Talk,
    /// Only looks: an attempt that nobody knows the end of is simply repeated.
    Read,
}

impl Lane {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Lane::Write => "write",
            Lane::Talk => "talk",
            Lane::Read => "read",
        }
    }
}

impl TryFrom<String> for Lane {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        match word.as_str() {
            "write" => Ok(Lane::Write),
            "talk" => Ok(Lane::Talk),
            "read" => Ok(Lane::Read),
            _ => Err(UnknownWord { what: "lane", word }),
        }
    }
}

/// How far an effect is. The first four are live: one of a slot at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// To be carried out when it is due and its turn has come.
    Waiting,
    /// Handed out.
    Acting,
    /// An attempt's end is not known: to be looked for when it is due.
    Unsure,
    /// Not allowed at present: tried again when it is due, and holds only
    /// itself.
    Blocked,
    /// Done.
    Done,
    /// No longer wanted.
    Cancelled,
    /// Given up.
    Failed,
}

impl State {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Acting => "acting",
            State::Unsure => "unsure",
            State::Blocked => "blocked",
            State::Done => "done",
            State::Cancelled => "cancelled",
            State::Failed => "failed",
        }
    }
}

impl TryFrom<String> for State {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        match word.as_str() {
            "waiting" => Ok(State::Waiting),
            "acting" => Ok(State::Acting),
            "unsure" => Ok(State::Unsure),
            "blocked" => Ok(State::Blocked),
            "done" => Ok(State::Done),
            "cancelled" => Ok(State::Cancelled),
            "failed" => Ok(State::Failed),
            _ => Err(UnknownWord {
                what: "state of an effect",
                word,
            }),
        }
    }
}

/// What identifies an effect for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The case.
    pub case_id: i64,
    /// Its release line; empty for the case as a whole.
    pub line: String,
    /// What of a line there is only one of at a time.
    pub slot: String,
    /// What it acts on.
    pub subject: String,
    /// How many causes there were; never attempts.
    pub generation: i64,
}

/// An effect that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEffect {
    /// See [`Key`].
    pub line: String,
    /// See [`Key`].
    pub slot: String,
    /// See [`Key`].
    pub subject: String,
    /// See [`Key`].
    pub generation: i64,
    /// Everything that is needed to carry it out, JSON.
    pub args: String,
    /// Whom it waits for.
    pub lane: Lane,
    /// The caller's word for what may be done when an attempt's end is not known.
    pub class: String,
    /// The smaller goes first.
    pub priority: i64,
    /// Not before.
    pub due_at: Millis,
}

impl NewEffect {
    /// Its key in a case.
    pub fn key(&self, case_id: i64) -> Key {
        Key {
            case_id,
            line: self.line.clone(),
            slot: self.slot.clone(),
            subject: self.subject.clone(),
            generation: self.generation,
        }
    }
}

/// Names one attempt: whose answer it is. An answer that does not match its row
/// any more counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fence {
    /// The row.
    pub id: i64,
    /// The attempt, from 1; it never goes back, in no row.
    pub attempt: i64,
    /// The epoch that the attempt was made in.
    pub epoch: i64,
}

/// How an effect ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// What was wanted is so.
    Done,
    /// It is given up.
    Failed,
}

/// An effect as it stands.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OutboxRow {
    /// The row.
    pub id: i64,
    /// See [`Key`].
    pub case_id: i64,
    /// See [`Key`].
    pub line: String,
    /// See [`Key`].
    pub slot: String,
    /// See [`Key`].
    pub subject: String,
    /// See [`Key`].
    pub generation: i64,
    /// Everything that is needed to carry it out, JSON.
    pub args: String,
    /// Whom it waits for.
    #[sqlx(try_from = "String")]
    pub lane: Lane,
    /// The caller's word.
    pub class: String,
    /// The smaller goes first.
    pub priority: i64,
    /// How far it is.
    #[sqlx(try_from = "String")]
    pub state: State,
    /// Not before.
    pub due_at: Millis,
    /// How often it was handed out.
    pub attempts: i64,
    /// The epoch of the last attempt.
    pub epoch: Option<i64>,
    /// When the last act began, or the attempt, if it did not act yet.
    pub started_at: Option<Millis>,
    /// The same by GitHub's clock, as far as it was noted.
    pub started_github: Option<Millis>,
    /// That act may have happened: look before you act.
    pub doubt: bool,
    /// How often it was looked for in vain since.
    pub looks: i64,
    /// Why the last attempt did not do.
    pub error: Option<String>,
    /// What came of it, JSON.
    pub result: Option<String>,
    /// When it ended.
    pub closed_at: Option<Millis>,
}

impl OutboxRow {
    /// Its key.
    pub fn key(&self) -> Key {
        Key {
            case_id: self.case_id,
            line: self.line.clone(),
            slot: self.slot.clone(),
            subject: self.subject.clone(),
            generation: self.generation,
        }
    }

    /// The attempt that this row was handed out for; it matches nothing when the
    /// row was not handed out.
    pub fn fence(&self) -> Fence {
        Fence {
            id: self.id,
            attempt: self.attempts,
            epoch: self.epoch.unwrap_or(0),
        }
    }
}

macro_rules! outbox_columns {
    () => {
        "id, case_id, line, slot, subject, generation, args, lane, class, priority, state, \
         due_at, attempts, epoch, started_at, started_github, doubt, looks, error, result, \
         closed_at"
    };
}
pub(super) use outbox_columns;

async fn live(conn: &mut Conn, case_id: i64) -> Result<Vec<OutboxRow>> {
    sqlx::query_as(concat!(
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
        live(&mut *self.read().await?, case_id).await
    }

    /// All effects of the case that there ever were, in their order.
    pub async fn effects(&self, case_id: i64) -> Result<Vec<OutboxRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            outbox_columns!(),
            " FROM outbox WHERE case_id = $1 ORDER BY id"
        ))
        .bind(case_id)
        .fetch_all(&mut *self.read().await?)
        .await
        .doing("reading a case's effects")
    }

    /// One effect.
    pub async fn effect(&self, id: i64) -> Result<Option<OutboxRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            outbox_columns!(),
            " FROM outbox WHERE id = $1"
        ))
        .bind(id)
        .fetch_optional(&mut *self.read().await?)
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
        sqlx::query_as(concat!(
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
        sqlx::query_scalar(
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
    /// something else is no way around pacing. Answers the new row, or `None`
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
        let old: Option<(i64, String, Millis, Option<String>, i64)> = sqlx::query_as(
            "SELECT case_id, state, due_at, error, attempts FROM outbox \
             WHERE id = $1 AND state IN ('waiting', 'blocked')",
        )
        .bind(id)
        .fetch_optional(self.conn())
        .await
        .doing(doing)?;
        let Some((case_id, state, due_at, error, attempts)) = old else {
            return Ok(None);
        };
        if attempts == 0 {
            sqlx::query("DELETE FROM outbox WHERE id = $1")
                .bind(id)
                .execute(self.conn())
                .await
                .doing(doing)?;
        } else {
            self.cancel_effect(id, now).await?;
        }
        let new_id = self.insert_effect(case_id, new).await?;
        sqlx::query("UPDATE outbox SET state = $2, due_at = $3, error = $4 WHERE id = $1")
            .bind(new_id)
            .bind(state)
            .bind(due_at)
            .bind(error)
            .execute(self.conn())
            .await
            .doing(doing)?;
        Ok(Some(new_id))
    }

    /// Cancels a waiting or blocked effect. `false` when it is neither: one that
    /// was handed out, or whose end is not known, is never cancelled.
    pub async fn cancel_effect(&mut self, id: i64, now: Millis) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE outbox SET state = 'cancelled', closed_at = $2 \
             WHERE id = $1 AND state IN ('waiting', 'blocked')",
        )
        .bind(id)
        .bind(now)
        .execute(self.conn())
        .await
        .doing("cancelling an effect")?;
        Ok(done.rows_affected() == 1)
    }

    /// Lets a cancelled effect wait again, with the arguments of `new` (whose key
    /// is the same). It is due when `new` says, or when it was due before, if
    /// that is later. `false` when it is not cancelled.
    pub async fn revive_effect(&mut self, id: i64, new: &NewEffect) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE outbox SET state = 'waiting', args = $2, lane = $3, class = $4, \
             priority = $5, due_at = CASE WHEN due_at > $6 THEN due_at ELSE $6 END, \
             error = NULL, closed_at = NULL \
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
        Ok(done.rows_affected() == 1)
    }

    /// Lets the case's effects that failed for now (blocked, or waiting after an
    /// error) be due at once; how many. Limits of rate are not theirs to know:
    /// whoever carries them out still keeps those.
    pub async fn hurry_effects(&mut self, case_id: i64, now: Millis) -> Result<u64> {
        let done = sqlx::query(
            "UPDATE outbox SET due_at = $2 WHERE case_id = $1 AND due_at > $2 \
             AND (state = 'blocked' OR (state = 'waiting' AND error IS NOT NULL))",
        )
        .bind(case_id)
        .bind(now)
        .execute(self.conn())
        .await
        .doing("hurrying effects")?;
        Ok(done.rows_affected())
    }

    /// Lets all blocked effects in an installation's repositories be due at once:
    /// its permissions changed. How many.
    pub async fn hurry_blocked(&mut self, installation_id: i64, now: Millis) -> Result<u64> {
        let done = sqlx::query(
            "UPDATE outbox SET due_at = $2 WHERE state = 'blocked' AND due_at > $2 \
             AND case_id IN (SELECT c.id FROM cases AS c JOIN repos AS r ON r.id = c.repo_id \
             WHERE r.installation_id = $1)",
        )
        .bind(installation_id)
        .bind(now)
        .execute(self.conn())
        .await
        .doing("hurrying blocked effects")?;
        Ok(done.rows_affected())
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
        let done = sqlx::query(
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
        Ok(done.rows_affected() == 1)
    }
}
