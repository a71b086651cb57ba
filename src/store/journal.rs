//! The journal: one entry for each revision of a case, evidence for its facts.

use super::error::Doing as _;
use super::query::{query, query_as};
use super::{Result, Store, Tx};
use crate::clock::Millis;

/// An entry to be written.
#[derive(Clone, Debug)]
pub struct NewJournal {
    /// The case.
    pub case_id: i64,
    /// The revision that the event led to.
    pub rev: i64,
    /// When it was applied, by the case's own time.
    pub at: Millis,
    /// What brought it: a delivery, an effect, a wake.
    pub cause: String,
    /// The events, JSON; at revision 0 the facts that the case began with.
    pub event: String,
    /// The hash of the facts after it.
    pub facts_hash: String,
    /// The build that applied it.
    pub build: String,
}

/// An entry as it stands.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct JournalRow {
    /// The row.
    pub id: i64,
    /// The case.
    pub case_id: i64,
    /// The revision that the event led to.
    pub rev: i64,
    /// When it was applied.
    pub at: Millis,
    /// What brought it.
    pub cause: String,
    /// The event, JSON.
    pub event: String,
    /// The hash of the facts after it.
    pub facts_hash: String,
    /// The build that applied it.
    pub build: String,
}

impl Store {
    /// The entries of a case, in their order.
    pub async fn journal(&self, case_id: i64) -> Result<Vec<JournalRow>> {
        query_as(
            "SELECT id, case_id, rev, at, cause, event, facts_hash, build \
             FROM journal WHERE case_id = $1 ORDER BY rev",
        )
        .bind(case_id)
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading the journal")
    }
}

impl Tx {
    /// Writes an entry.
    ///
    /// # Errors
    ///
    /// A database error when the case has an entry of this revision.
    pub async fn append_journal(&mut self, new: &NewJournal) -> Result<()> {
        query(
            "INSERT INTO journal (case_id, rev, at, cause, event, facts_hash, build) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(new.case_id)
        .bind(new.rev)
        .bind(new.at)
        .bind(&new.cause)
        .bind(&new.event)
        .bind(&new.facts_hash)
        .bind(&new.build)
        .execute(self.conn())
        .await
        .doing("writing the journal")?;
        Ok(())
    }
}
