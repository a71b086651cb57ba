//! A case whose facts cannot be read stands still alone: its deliveries are
//! kept, its effects are not handed out, and people are told on its issue. All
//! of that ends by itself once they can be read.

use super::Engine;
use crate::clock::Millis;
use crate::domain::effect::Effect;
use crate::domain::event::Outcome;
use crate::domain::facts::stored::Unreadable;
use crate::domain::objects::CommentKind;
use crate::domain::text;
use crate::store::{BESIDE, Finish, Lane, NewEffect, OutboxRow, State, StoreError, Tx};

/// How often such a case is tried again while the server runs, milliseconds:
/// only somebody's hand in the database can have helped.
const AGAIN: Millis = 60 * 60_000;

/// The subjects of the comment: what it says.
const STANDS_STILL: &str = "stands-still";
const GOES_ON: &str = "goes-on";

impl Engine {
    /// The case stands still. The log says so once while this process lives, a
    /// comment on the issue once until the case goes on.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn stop(
        &self,
        tx: &mut Tx,
        case: i64,
        why: &Unreadable,
        now: Millis,
    ) -> Result<(), StoreError> {
        let Some(row) = tx.case_by_id(case).await? else {
            return Ok(());
        };
        let words = why.to_string();
        tx.stop_case(case, &words, now + AGAIN).await?;
        tell(tx, case, Some(&words), now).await?;
        if self.0.named.change(|named| named.insert(case)) {
            let repo = tx.repo(row.repo_id).await?;
            let repo = repo.map(|repo| format!("{}/{}", repo.owner, repo.name));
            tracing::error!(
                repo,
                issue = row.issue,
                case,
                schema = row.schema,
                why = words,
                "the facts of a case cannot be read: it stands still"
            );
        }
        Ok(())
    }

    /// The case stood still and goes on.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn go_on(&self, tx: &mut Tx, case: i64, now: Millis) -> Result<(), StoreError> {
        tell(tx, case, None, now).await?;
        self.0.named.change(|named| named.remove(&case));
        tracing::info!(case, "the facts of a case can be read again: it goes on");
        Ok(())
    }

    /// Ends an attempt of what is told beside a case, of which its facts hear
    /// nothing. Answers false when the attempt counts no more.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn end_beside(
        &self,
        row: &OutboxRow,
        finish: Finish,
        result: &str,
    ) -> Result<bool, StoreError> {
        let now = self.clock().now();
        let mut tx = self.store().begin().await?;
        if !tx.complete_effect(row.fence(), finish, result, now).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        // What it is to say may have changed meanwhile.
        if let Some(case) = tx.case_by_id(row.case_id).await? {
            tell(&mut tx, case.id, case.unreadable.as_deref(), now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// Lets the comment beside the case say what is so: why it stands still, or, if
/// it said that, that it goes on.
async fn tell(tx: &mut Tx, case: i64, why: Option<&str>, now: Millis) -> Result<(), StoreError> {
    let subject = if why.is_some() { STANDS_STILL } else { GOES_ON };
    let rows = tx
        .effects_beside(case, &effect(None, case, why).slot().to_string())
        .await?;
    let mut said = None;
    for row in rows.iter().rev() {
        match row.state {
            State::Cancelled => {}
            State::Waiting | State::Blocked if row.subject != subject => {
                tx.cancel_effect(row.id, now).await?;
            }
            _ => {
                said = Some(row);
                break;
            }
        }
    }
    let id = rows.iter().rev().find_map(|row| row.result.as_deref());
    let id = id.and_then(comment);
    let open = |row: &OutboxRow| matches!(row.state, State::Acting | State::Unsure);
    if said.is_some_and(|row| row.subject == subject || open(row))
        || (why.is_none() && id.is_none())
    {
        return Ok(());
    }
    let effect = effect(id, case, why);
    let new = NewEffect {
        line: BESIDE.to_owned(),
        slot: effect.slot().to_string(),
        subject: subject.to_owned(),
        generation: rows.iter().map(|row| row.generation).max().unwrap_or(0) + 1,
        // Effects are plain data; they serialise.
        args: serde_json::to_string(&effect).unwrap_or_default(),
        lane: Lane::Talk,
        class: effect.class().as_str().to_owned(),
        priority: effect.priority(),
        due_at: now,
    };
    tx.insert_effect(case, &new).await?;
    Ok(())
}

fn effect(id: Option<u64>, case: i64, why: Option<&str>) -> Effect {
    let kind = CommentKind::Unreadable;
    Effect::Comment {
        kind,
        id,
        marker: text::marker(kind, case),
        body: match why {
            Some(why) => text::stands_still(case, why),
            None => text::goes_on(case),
        },
        shown: None,
    }
}

/// The comment that an attempt left there.
fn comment(result: &str) -> Option<u64> {
    match serde_json::from_str(result) {
        Ok(Outcome::CommentWritten { id, .. }) => Some(id),
        _ => None,
    }
}
