//! What a case says to another one of its repository: given and answered within the
//! transaction of the step in which it is due.

use super::Engine;
use super::on_heap::on_heap;
use super::step::{Cause, StepError};
use crate::clock::Millis;
use crate::domain::event::Event;
use crate::domain::facts::stored;
use crate::domain::facts::{Answer, Facts, JoinWord};
use crate::domain::joining::{Tell, answer};
use crate::domain::refused::NoJoin;
use crate::store::{CaseRow, Tx};

impl Engine {
    /// Gives a word of the case in `row`, whose facts are these; what came of it.
    ///
    /// # Errors
    /// See [`StepError`].
    pub(super) async fn tell(
        &self,
        tx: &mut Tx,
        row: &CaseRow,
        facts: &Facts,
        tell: Tell,
        now: Millis,
    ) -> Result<Event, StepError> {
        let Tell { to, case, word } = tell;
        let answered = |case, answer, word| Event::Answered {
            to,
            case,
            word,
            answer,
        };
        let no = |why| Answer::No { why };
        let issue = i64::try_from(to).unwrap_or_default();
        let case = match case {
            Some(case) => Some(case),
            None => tx.open_case_of(row.repo_id, issue).await?,
        };
        let other = match case {
            Some(case) if case == row.id => Some(row.clone()),
            Some(case) => tx.case_by_id(case).await?,
            None => None,
        };
        let Some(other) = other else {
            return Ok(answered(0, no(NoJoin::NoHotfix), word));
        };
        let case = other.id;
        let asked = match case == row.id {
            true => Ok(facts.clone()),
            false => stored::read(other.schema, &other.facts),
        };
        let Ok(asked) = asked else {
            return Ok(answered(case, no(NoJoin::Unreadable), word));
        };
        let reply = answer(facts, &asked, &word);
        let said = match &reply {
            Answer::Yes => word.clone(),
            Answer::Turned(guest) => JoinWord::Come {
                by: guest.by.clone(),
            },
            Answer::No { .. } => return Ok(answered(case, reply, word)),
        };
        let mut events = vec![Event::Told {
            from: facts.number,
            case: row.id,
            word: said,
        }];
        if other.over_at.is_some() {
            let newest = tx.latest_cases_of_lines(row.repo_id, other.issue).await?;
            let newest = newest
                .iter()
                .any(|it| it.id == other.id && it.over_at.is_some());
            // Where another is under way, or nothing is to be mended, nobody is left to
            // be told.
            if !newest || !matches!(word, JoinWord::Back { .. }) {
                return Ok(answered(case, no(NoJoin::NoHotfix), word));
            }
            events.insert(0, Event::Reopened);
            tx.reopen_case(&other);
        }
        let cause = Cause::Case(row.id);
        // One that cannot be read stands still alone.
        match on_heap(|| self.take(tx, other, &cause, events, now)).await {
            Ok(()) => Ok(answered(case, reply, word)),
            Err(StepError::Unreadable { .. }) => Ok(answered(case, no(NoJoin::Unreadable), word)),
            Err(error) => Err(error),
        }
    }
}
