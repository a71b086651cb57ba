//! A case that is over goes on, by a word that concerns it still.

use super::Engine;
use super::on_heap::on_heap;
use super::step::{Cause, StepError};
use crate::clock::Millis;
use crate::domain::command::{comes_back, tells_again};
use crate::domain::event::Event;
use crate::domain::facts::stored;
use crate::store::{CaseRow, Tx};

impl Engine {
    /// A comment is heard by a case that is over. By a word that may still concern its
    /// release, or what its channels were told, it is open once more; one that released
    /// nothing, or told nothing, stays over, and so does every one by any other word:
    /// it is answered, and nothing else. In the caller's transaction.
    ///
    /// # Errors
    /// See [`StepError`].
    pub(super) async fn again(
        &self,
        tx: &mut Tx,
        row: CaseRow,
        cause: &Cause,
        (mut events, body): (Vec<Event>, &str),
        now: Millis,
    ) -> Result<(), StepError> {
        let Ok(facts) = stored::read(row.schema, &row.facts) else {
            return Ok(());
        };
        let (comes_back, tells) = (comes_back(body), tells_again(body));
        // One that the App was taken off from never ended by anybody's word: what it had
        // half done is not gone on with by a word about channels.
        let ended = facts.cancelled.is_some() && !facts.happened.is_empty();
        let concerned = comes_back && facts.has_released() || tells && ended;
        if row.over_at.is_none() || !concerned {
            return on_heap(|| self.take(tx, row, cause, events, now)).await;
        }
        events.insert(0, Event::Reopened);
        self.reopen(tx, row, cause, events, now).await
    }

    /// Takes up a case that broke off when the App was taken off, by what would have
    /// begun one. In the caller's transaction.
    ///
    /// # Errors
    /// See [`StepError`].
    pub(super) async fn resume(
        &self,
        tx: &mut Tx,
        row: CaseRow,
        cause: &Cause,
        event: Event,
        now: Millis,
    ) -> Result<(), StepError> {
        // Nobody told it of anything meanwhile.
        let events = vec![Event::Reopened, Event::Back { since: None }, event];
        self.reopen(tx, row, cause, events, now).await
    }

    async fn reopen(
        &self,
        tx: &mut Tx,
        row: CaseRow,
        cause: &Cause,
        events: Vec<Event>,
        now: Millis,
    ) -> Result<(), StepError> {
        tracing::info!(case = row.id, issue = row.issue, "a hotfix is open again");
        tx.reopen_case(&row);
        on_heap(|| self.take(tx, row, cause, events, now)).await
    }
}

/// Whether the case is over because the App was taken off, and only so.
pub(super) fn broke_off(row: &CaseRow) -> bool {
    let facts = stored::read(row.schema, &row.facts);
    row.over_at.is_some() && facts.is_ok_and(|facts| facts.broke_off())
}
