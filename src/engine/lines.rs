//! The release lines of an issue, each a case of its own: they begin, and hear of one
//! another, in the transaction of the step in which that is due.

use super::Engine;
use super::on_heap::on_heap;
use super::opening::Opening;
use super::step::{Cause, StepError};
use crate::clock::Millis;
use crate::domain::among;
use crate::domain::event::Event;
use crate::domain::facts::{Facts, LineState, stored};
use crate::domain::procedure::line_state;
use crate::store::{CaseRow, Tx};

impl Engine {
    /// A line that is to begin beside this case and is open already.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn found_line(
        &self,
        tx: &mut Tx,
        row: &CaseRow,
        facts: &Facts,
    ) -> Result<Option<Event>, StepError> {
        let Some(line) = among::opens(facts) else {
            return Ok(None);
        };
        let all = tx.latest_cases_of_lines(row.repo_id, row.issue).await?;
        let open = all
            .into_iter()
            .filter(|it| it.over_at.is_none() && it.id != row.id);
        let read = open.filter_map(|it| Some((it.id, stored::read(it.schema, &it.facts).ok()?)));
        // One that is on its way out begins anew once it is over.
        let mut its = read.filter(|(_, it)| it.is_of(line) && it.cancelled.is_none());
        Ok(its.next().map(|(case, other)| Event::Line {
            line: line.clone(),
            case,
            is: line_state::state(&other),
        }))
    }

    /// Tells the other lines of the issue how far this one is, and begins the next one
    /// that is to begin. The case is saved: what they say to it comes after that.
    ///
    /// # Errors
    /// See [`StepError`]. One that cannot be read stands still alone.
    pub(super) async fn tell_lines(
        &self,
        tx: &mut Tx,
        facts: &Facts,
        says: Option<LineState>,
        now: Millis,
    ) -> Result<(), StepError> {
        let Some(among) = facts.among.as_deref() else {
            return Ok(());
        };
        let cause = Cause::Case(facts.case);
        for other in among.others.values() {
            let Some(is) = says.clone() else {
                break;
            };
            let row = tx.case_by_id(other.case).await?;
            let Some(row) = row.filter(|row| row.over_at.is_none()) else {
                continue;
            };
            let event = Event::Line {
                line: among.line.clone(),
                case: facts.case,
                is,
            };
            match on_heap(|| self.take(tx, row, &cause, vec![event], now)).await {
                Ok(()) | Err(StepError::Unreadable { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let Some(line) = among::opens(facts) else {
            return Ok(());
        };
        let repo = facts.repo.id;
        let issue = i64::try_from(facts.number).unwrap_or_default();
        let all = tx.latest_cases_of_lines(repo, issue).await?;
        let name = line.to_string();
        let last = all.iter().find(|row| row.line == name);
        // What was told to the others may have begun it already.
        if last.is_some_and(|row| row.over_at.is_none()) {
            return Ok(());
        }
        let opening = Opening::beside(facts, line, last);
        on_heap(|| self.open(tx, opening, &cause, now)).await
    }
}
