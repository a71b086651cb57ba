//! A case begins: by a label on an issue that has none, or by what the one
//! before it left behind.

use super::Engine;
use super::step::{Cause, StepError};
use crate::clock::Millis;
use crate::domain::event::Event;
use crate::domain::facts::{Facts, LabelChange, SCHEMA, stored};
use crate::domain::objects::{Issue, Repo};
use crate::store::{CaseRow, NewCase, Tx};

/// How long before the label that opens a case others may have been put on with
/// it, of which nobody heard.
const TOGETHER: Millis = 60 * 60_000;

/// What a case is opened with.
pub(super) struct Opening {
    /// The repository.
    pub repo: Repo,
    /// The issue's number.
    pub number: u64,
    /// Labels that were put on before this belong to an earlier time (GitHub's
    /// time).
    pub since: Millis,
    /// What happened.
    pub events: Vec<Event>,
}

impl Opening {
    /// A label was put on an issue whose last case is over, or which had none.
    pub(super) fn by_label(
        repo: Repo,
        issue: i64,
        label: Event,
        changed: Millis,
        last: Option<&CaseRow>,
    ) -> Self {
        // What was on the issue when the last case ended was that one's.
        let facts = last.and_then(|row| stored::read(row.schema, &row.facts).ok());
        let seen = facts
            .and_then(|facts| facts.issue.value)
            .unwrap_or_default();
        Opening {
            repo,
            number: u64::try_from(issue).unwrap_or_default(),
            since: (changed - TOGETHER).max(seen.updated_at + 1),
            events: vec![label],
        }
    }

    /// Labels came when the case before was on its way out.
    pub(super) fn after(ended: &Facts, left: &[LabelChange]) -> Self {
        let issue = ended.issue.value.clone().unwrap_or_default();
        let label = |it: &LabelChange| Event::Labeled {
            label: it.label.clone(),
            by: it.by.clone(),
            issue: Issue {
                labels: vec![it.label.clone()],
                ..issue.clone()
            },
            changed: it.changed,
        };
        Opening {
            repo: ended.repo.clone(),
            number: ended.number,
            since: left.iter().map(|it| it.changed).min().unwrap_or_default(),
            events: left.iter().map(label).collect(),
        }
    }
}

impl Engine {
    /// Opens a case and takes what happened, in the caller's transaction.
    pub(super) async fn open(
        &self,
        tx: &mut Tx,
        opening: Opening,
        cause: &Cause,
        now: Millis,
    ) -> Result<(), StepError> {
        let Opening {
            repo,
            number,
            since,
            events,
        } = opening;
        let mut row = tx
            .open_case(&NewCase {
                repo_id: repo.id,
                issue: i64::try_from(number).unwrap_or_default(),
                facts: "{}".to_owned(),
                schema: i64::from(SCHEMA),
                policy_src: None,
                policy: None,
                phase: "assess".to_owned(),
                wake_at: None,
                opened_at: now,
            })
            .await?;
        tracing::info!(
            repo = %format!("{}/{}", repo.owner, repo.name),
            issue = number,
            case = row.id,
            "a hotfix begins"
        );
        let facts = Facts {
            schema: SCHEMA,
            case: row.id,
            repo,
            bot: self.0.bot.clone(),
            number,
            labels_since: since,
            now,
            ..Facts::default()
        };
        row.facts = serde_json::to_string(&facts).map_err(|e| StepError::Fault {
            case: row.id,
            why: e.to_string(),
        })?;
        // A step may open the next case, whose first step this is.
        Box::pin(self.take(tx, row, cause, events, now)).await
    }
}
