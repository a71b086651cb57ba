//! A comment on an issue that has several release lines: each hears what is its own.

use super::{Group, Round};
use crate::domain::among;
use crate::domain::event::Event;
use crate::domain::facts::{Facts, stored};
use crate::engine::on_heap::on_heap;
use crate::engine::step::{Cause, StepError};
use crate::github::webhook::{Delivery, What};
use crate::store::{CaseRow, Delivery as Stored};

impl<'a> Round<'a> {
    /// Lets each line of the issue hear what of a comment is about it; false: the issue
    /// has one line, or it is no comment.
    pub(super) async fn share(
        &mut self,
        stored: &'a Stored,
        delivery: &'a Delivery,
        repo: i64,
        events: &[Event],
    ) -> Result<bool, StepError> {
        let (What::CommentCreated { issue, comment, .. }, [Event::Commented(heard)]) =
            (&delivery.what, events)
        else {
            return Ok(false);
        };
        let rows = self.tx.latest_cases_of_lines(repo, issue.number).await?;
        // On a pull request only that one's line hears, unless it is what the hotfix
        // belongs to.
        let elsewhere = |pull: u64| i64::try_from(pull) != Ok(issue.number);
        if rows.len() < 2 || heard.pull.is_some_and(elsewhere) {
            return Ok(false);
        }
        let mut known: Vec<(CaseRow, Facts)> = Vec::new();
        for row in rows {
            match stored::read(row.schema, &row.facts) {
                Ok(facts) => known.push((row, facts)),
                // Nobody can tell which of the commands are its own.
                Err(_) => {
                    tracing::warn!(case = row.id, "it cannot be read, and hears no commands");
                }
            }
        }
        let facts: Vec<Facts> = known.iter().map(|(_, facts)| facts.clone()).collect();
        let cause = Cause::Deliveries(vec![stored.id]);
        for ((row, _), heard) in known.into_iter().zip(among::share(heard, &facts)) {
            if heard.lines.is_empty() {
                continue;
            }
            let events = vec![Event::Commented(heard)];
            // What another line heard may have changed it.
            match self.tx.case_by_id(row.id).await? {
                Some(row) if row.over_at.is_some() => {
                    let told = (events, comment.body.as_str());
                    let again = self.engine.again(&mut self.tx, row, &cause, told, self.now);
                    again.await?;
                }
                Some(row) => {
                    let group = Group {
                        repo,
                        case: row.id,
                        issue: Some(issue.number),
                        parts: vec![(stored, delivery, events)],
                    };
                    on_heap(|| self.give(group)).await?;
                }
                None => {}
            }
        }
        Ok(true)
    }

    /// Lets these cases take what waits for them: what comes now comes after it.
    pub(super) async fn give_those(&mut self, cases: &[i64]) -> Result<(), StepError> {
        while let Some(at) = self.groups.iter().position(|it| cases.contains(&it.case)) {
            let group = self.groups.remove(at);
            on_heap(|| self.give(group)).await?;
        }
        Ok(())
    }
}
