//! Handing effects out, one at a time, and taking them back.
//!
//! Every answer to an attempt carries its [`Fence`]; `false` means that the row
//! is no longer in that attempt, and that nothing was changed.

use super::effect::outbox_columns;
use super::error::Doing as _;
use super::query::{query, query_as};
use super::{Fence, Lane, OutboxRow, Result, Store};
use crate::clock::Millis;

/// How long after an attempt began, whose end is not known, it is looked for at
/// the earliest, milliseconds: GitHub cuts calls off after 10 s, and what a
/// killed client asked for may still happen until then.
pub const LOOK_AFTER: Millis = 15_000;

/// So many of an installation's effects are offered at one time, reads and
/// others: those behind them come when these are under way.
const EACH: i64 = 64;

/// An effect that could be handed out.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Due {
    /// Its row.
    pub id: i64,
    /// Its case.
    pub case_id: i64,
    /// The installation that it calls by; 0 where there is none any more.
    pub installation: i64,
    /// Whether it only looks.
    pub reads: bool,
    /// The channel that it tells: it calls nobody but that one.
    pub channel: Option<String>,
    /// The smaller goes first.
    pub priority: i64,
}

/// The condition that row `o` waits for another write of its case's line: for
/// one whose end is open, or for a waiting one before it in order. A blocked
/// row holds nobody. (The states are repeated for the sake of the index.)
macro_rules! held {
    () => {
        "EXISTS (SELECT 1 FROM outbox AS p \
         WHERE o.lane = 'write' AND p.lane = 'write' \
         AND p.case_id = o.case_id AND p.line = o.line AND p.id <> o.id \
         AND p.state IN ('waiting', 'acting', 'unsure', 'blocked') \
         AND (p.state IN ('acting', 'unsure') OR (p.state = 'waiting' \
         AND (p.priority < o.priority OR (p.priority = o.priority AND p.id < o.id)))))"
    };
}

/// The channel that row `o` tells, by its slot `announce/<number>/<channel>`; null
/// where it calls GitHub.
macro_rules! channel {
    () => {
        "CASE WHEN o.slot LIKE 'announce/%' \
         THEN substr(o.slot, 10 + instr(substr(o.slot, 10), '/')) END"
    };
}

/// The condition that row `o` could be handed out once it is due: it waits for
/// no other, and its case does not stand still.
macro_rules! free {
    () => {
        concat!(
            "o.state IN ('waiting', 'unsure', 'blocked') AND (o.state = 'unsure' OR NOT ",
            super::dispatch::held!(),
            ") AND NOT ",
            super::unreadable::stands_still!()
        )
    };
}

pub(super) use {free, held};

/// The same, for whoever reads the sources.
#[cfg(test)]
pub(super) const CONDITIONS: [(&str, &str); 4] = [
    ("channel", channel!()),
    ("free", free!()),
    ("held", held!()),
    ("stands_still", super::unreadable::stands_still!()),
];

impl Store {
    /// The effects that could be handed out now, in their order: of each
    /// installation, of reads, of others and of each channel, the first 64, without
    /// those of the `full` cases, whose channels are told all the same.
    pub async fn due(&self, now: Millis, full: &[i64]) -> Result<Vec<Due>> {
        let full = serde_json::to_string(full).unwrap_or_else(|_| "[]".into());
        query_as(concat!(
            "SELECT id, case_id, installation, reads, channel, priority FROM (\
             SELECT o.id, o.case_id, COALESCE(r.installation_id, 0) AS installation, \
             o.lane = 'read' AS reads, ",
            channel!(),
            " AS channel, o.priority, o.due_at, ROW_NUMBER() OVER (\
             PARTITION BY COALESCE(r.installation_id, 0), o.lane = 'read', ",
            channel!(),
            " ORDER BY o.priority, o.due_at, o.id) AS place \
             FROM outbox AS o JOIN cases AS c ON c.id = o.case_id \
             JOIN repos AS r ON r.id = c.repo_id \
             WHERE o.due_at <= $1 AND (o.slot LIKE 'announce/%' \
             OR o.case_id NOT IN (SELECT value FROM json_each($2))) AND ",
            free!(),
            ") AS offered WHERE place <= $3 ORDER BY priority, due_at, id"
        ))
        .bind(now)
        .bind(full)
        .bind(EACH)
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading the effects that are due")
    }

    /// Hands out this effect, if it still is due and waits for no other: it is
    /// acting from now on, in a new attempt, and that is committed.
    ///
    /// When the row says [`OutboxRow::doubt`], an earlier attempt may have done
    /// it: look for it, and act only after [`Store::begin_act`]. Its `started_at`
    /// and `started_github` are still those of that attempt.
    ///
    /// Let the future run to its end: dropped halfway, the row may be acting with
    /// nobody to act, until the next start.
    pub async fn take(&self, id: i64, now: Millis) -> Result<Option<OutboxRow>> {
        let doing = "taking an effect that is due";
        // Its own transaction, for a failed commit is not told to a reader of
        // returned rows.
        let mut tx = self.begin_write(doing).await?;
        let row = query_as(concat!(
            "UPDATE outbox SET state = 'acting', attempts = attempts + 1, epoch = $3, \
             started_at = CASE WHEN doubt THEN started_at ELSE $1 END, \
             started_github = CASE WHEN doubt THEN started_github END \
             WHERE id = (SELECT o.id FROM outbox AS o WHERE o.id = $2 AND o.due_at <= $1 AND ",
            free!(),
            ") RETURNING ",
            outbox_columns!()
        ))
        .bind(now)
        .bind(id)
        .bind(self.epoch())
        .fetch_optional(tx.on())
        .await
        .doing(doing)?;
        tx.commit().await.doing(doing)?;
        if row.is_some() {
            self.tell_work();
        }
        Ok(row)
    }

    /// Hands out the first effect that is due (of one lane, if it is named),
    /// whoever's it is. `None` when nothing is due or all that is due waits for
    /// another.
    pub async fn take_due(&self, now: Millis, lane: Option<Lane>) -> Result<Option<OutboxRow>> {
        for due in self.due(now, &[]).await? {
            let fits = lane.is_none_or(|lane| due.reads == (lane == Lane::Read));
            if fits && let Some(row) = self.take(due.id, now).await? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Commits that the act itself begins now, and GitHub's time as last heard:
    /// to be called before every call that changes something. An earlier doubt
    /// is settled with it; a new one counts from here.
    pub async fn begin_act(
        &self,
        fence: Fence,
        now: Millis,
        github: Option<Millis>,
    ) -> Result<bool> {
        let done = self.alone(query(
            "UPDATE outbox SET started_at = $4, started_github = $5, doubt = FALSE, looks = 0 \
             WHERE id = $1 AND attempts = $2 AND epoch = $3 AND state = 'acting'",
        )
        .bind(fence.id)
        .bind(fence.attempt)
        .bind(fence.epoch)
        .bind(now)
        .bind(github), "noting that an act begins").await?;
        Ok(done == 1)
    }

    /// The attempt certainly did nothing: tried again at `due_at`. If an earlier
    /// one is in doubt, the row is unsure again, otherwise it waits.
    pub async fn postpone(&self, fence: Fence, due_at: Millis, error: &str) -> Result<bool> {
        let done = self
            .alone(
                query(
                    "UPDATE outbox SET state = CASE WHEN doubt THEN 'unsure' ELSE 'waiting' END, \
             due_at = $4, error = $5 \
             WHERE id = $1 AND attempts = $2 AND epoch = $3 AND state = 'acting'",
                )
                .bind(fence.id)
                .bind(fence.attempt)
                .bind(fence.epoch)
                .bind(due_at)
                .bind(error),
                "postponing an effect",
            )
            .await?;
        self.given_back(done)
    }

    /// Nobody knows whether the attempt did something: it is looked for at
    /// `due_at`, not before [`LOOK_AFTER`] has passed since the act began.
    pub async fn doubt(&self, fence: Fence, due_at: Millis, error: &str) -> Result<bool> {
        let done = self
            .alone(
                query(
                    "UPDATE outbox SET state = 'unsure', doubt = TRUE, error = $5, \
             due_at = CASE WHEN $4 > started_at + $6 THEN $4 ELSE started_at + $6 END \
             WHERE id = $1 AND attempts = $2 AND epoch = $3 AND state = 'acting'",
                )
                .bind(fence.id)
                .bind(fence.attempt)
                .bind(fence.epoch)
                .bind(due_at)
                .bind(error)
                .bind(LOOK_AFTER),
                "noting a doubt",
            )
            .await?;
        self.given_back(done)
    }

    /// It was looked for and not found, and that is not enough yet: looked for
    /// once more at `due_at`. [`OutboxRow::looks`] counts these.
    pub async fn looked(&self, fence: Fence, due_at: Millis) -> Result<bool> {
        let done = self.alone(query(
            "UPDATE outbox SET state = 'unsure', doubt = TRUE, looks = looks + 1, due_at = $4 \
             WHERE id = $1 AND attempts = $2 AND epoch = $3 AND state = 'acting'",
        )
        .bind(fence.id)
        .bind(fence.attempt)
        .bind(fence.epoch)
        .bind(due_at), "noting a look").await?;
        self.given_back(done)
    }

    /// It is not allowed: blocked, and tried again at `due_at`. If an earlier
    /// attempt is in doubt, the row is unsure instead: it must not be forgotten.
    pub async fn block(&self, fence: Fence, due_at: Millis, error: &str) -> Result<bool> {
        let done = self
            .alone(
                query(
                    "UPDATE outbox SET state = CASE WHEN doubt THEN 'unsure' ELSE 'blocked' END, \
             due_at = $4, error = $5 \
             WHERE id = $1 AND attempts = $2 AND epoch = $3 AND state = 'acting'",
                )
                .bind(fence.id)
                .bind(fence.attempt)
                .bind(fence.epoch)
                .bind(due_at)
                .bind(error),
                "blocking an effect",
            )
            .await?;
        self.given_back(done)
    }

    /// At start, before anything is handed out: what older epochs were acting on
    /// is unsure, and looked for no sooner than [`LOOK_AFTER`] after it began.
    /// Reads simply wait again. How many rows there were.
    ///
    /// Where another server led, its clock is not ours, and it may have called until
    /// just now: there it is counted from `now`.
    pub async fn unsure_from_older_epochs(&self, now: Millis) -> Result<u64> {
        let done = self
            .alone(
                query(
                    "UPDATE outbox SET \
             state = CASE WHEN lane = 'read' THEN 'waiting' ELSE 'unsure' END, \
             doubt = lane <> 'read', \
             due_at = CASE WHEN lane = 'read' THEN $1 WHEN $4 THEN $1 + $3 \
             WHEN COALESCE(started_at, 0) + $3 < $1 THEN $1 ELSE started_at + $3 END \
             WHERE state = 'acting' AND epoch <> $2",
                )
                .bind(now)
                .bind(self.epoch())
                .bind(LOOK_AFTER)
                .bind(self.is_shared()),
                "doubting what older epochs did",
            )
            .await?;
        self.tell_work();
        Ok(done)
    }

    /// The row is put back that [`Store::take`] may have handed out though it failed: the
    /// commit was made, and its answer was lost. Nobody carries it out.
    pub async fn put_back_untaken(&self, id: i64) -> Result<()> {
        let done = self
            .alone(
                query(
                    "UPDATE outbox SET state = CASE WHEN doubt THEN 'unsure' ELSE 'waiting' END \
             WHERE id = $1 AND epoch = $2 AND state = 'acting'",
                )
                .bind(id)
                .bind(self.epoch()),
                "putting an effect back that nobody took",
            )
            .await?;
        self.given_back(done)?;
        Ok(())
    }

    fn given_back(&self, rows: u64) -> Result<bool> {
        if rows > 0 {
            self.tell_work();
        }
        Ok(rows == 1)
    }
}
