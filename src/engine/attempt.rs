//! One attempt of an effect: look where an earlier one may have done it, act,
//! and report what came of it.

use std::sync::atomic::Ordering;

use super::effects::{self, Context, Found as Stands};
use super::identity::{self, Checked, Found, checked};
use super::step::{Cause, StepError};
use super::{Engine, store_failed};
use crate::clock::Millis;
use crate::domain::effect::{Effect, Slot};
use crate::domain::event::{Event, Outcome};
use crate::domain::ids::LineId;
use crate::domain::obstacle::Obstacle;
use crate::domain::slot_text::NoSlot;
use crate::domain::wish::Class;
use crate::github::ops::RepoInfo;
use crate::github::{Error, Limit};
use crate::store::{BESIDE, Finish, Lane, OutboxRow, StoreError};
use crate::telemetry;

/// A missing right is tried again after this, milliseconds.
const BLOCKED_FOR: Millis = 15 * 60_000;

/// Between two looks for something findable, milliseconds.
const LOOK_AGAIN: Millis = 15_000;

/// How often what must not be done twice is looked for.
const LOOKS_FOR_LONG: i64 = 7;

/// What met a repository that has moved goes on after this, milliseconds.
const MOVED: Millis = 1_000;

/// The longest wait between two attempts, milliseconds.
pub(super) const LONGEST: Millis = 5 * 60_000;

/// How an attempt ended.
enum End {
    /// With an outcome that the case must hear.
    Outcome(Outcome),
    /// It failed for now, or for good.
    Error(Error),
    /// It was looked for and not found; not often enough yet.
    LookAgain,
    /// The repository is elsewhere. Whether its name was another's.
    Moved(Box<RepoInfo>, bool),
}

/// Carries the row's effect out and reports what came of it. Whether GitHub
/// answered at all.
pub(super) async fn attempt(engine: &Engine, row: &OutboxRow) -> Result<bool, StepError> {
    let effect: Effect = match serde_json::from_str(&row.args) {
        Ok(effect) => effect,
        Err(error) => {
            let found = format!("this version cannot read the effect: {error}");
            let obstacle = Obstacle::Found(found.into());
            let outcome = Outcome::Refused { obstacle };
            finish(engine, row, Finish::Failed, outcome).await?;
            return Ok(true);
        }
    };
    let began = engine.clock().now();
    let end = try_it(engine, row, &effect).await?;
    let label = match &end {
        End::Outcome(Outcome::Refused { .. }) => "refused",
        End::Outcome(_) => "done",
        End::LookAgain => "looked",
        End::Moved(..) => "moved",
        End::Error(Error::Ambiguous(_)) => "unsure",
        End::Error(error) if error.is_temporary() => "postponed",
        End::Error(Error::Forbidden { .. } | Error::NotInstalled(_)) => "blocked",
        End::Error(_) => "refused",
    };
    telemetry::count_effect(effect.slot().kind(), label);
    let silent = matches!(&end, End::Error(Error::Transient(_) | Error::Ambiguous(_)));
    let answered = !silent;
    let now = engine.clock().now();
    let fence = row.fence();
    let store = engine.store();
    match end {
        End::Outcome(outcome) => {
            engine.0.patience.answered(row.case_id, &row.slot);
            let finish_as = match &outcome {
                Outcome::Refused { .. } => Finish::Failed,
                _ => Finish::Done,
            };
            tracing::info!(outcome = label, took = now - began, "effect");
            finish(engine, row, finish_as, outcome).await?;
        }
        End::LookAgain => {
            store.looked(fence, now + LOOK_AGAIN).await?;
        }
        End::Moved(to, another) => {
            // First, so that it is not carried out if it is wanted no more.
            store
                .postpone(fence, now + MOVED, "the repository has moved")
                .await?;
            if let Some(case) = store.case(row.case_id).await? {
                identity::moved(engine, case.repo_id, &to, another).await?;
            }
        }
        End::Error(error) => {
            tracing::warn!(%error, outcome = label, "effect");
            failed(engine, row, &effect, error, now).await?;
        }
    }
    Ok(answered)
}

async fn failed(
    engine: &Engine,
    row: &OutboxRow,
    effect: &Effect,
    error: Error,
    now: Millis,
) -> Result<(), StepError> {
    let store = engine.store();
    let fence = row.fence();
    let words = error.to_string();
    if !(error.is_temporary() || matches!(error, Error::Unauthorized)) {
        engine.0.patience.answered(row.case_id, &row.slot);
    }
    match error {
        Error::RateLimited { until, limit } => {
            // Whoever waits for a channel is told that it takes nothing.
            if limit == Limit::Elsewhere {
                unanswered(engine, row, words.clone(), now).await?;
                engine.0.patience.waits(row.case_id, &row.slot, until);
            }
            store
                .postpone(fence, until.max(now + 1_000), &words)
                .await?;
        }
        Error::Ambiguous(_) if effect.class() != Class::Read => {
            unanswered(engine, row, words.clone(), now).await?;
            store.doubt(fence, now + LOOK_AGAIN, &words).await?;
        }
        Error::Transient(_) | Error::Ambiguous(_) | Error::Unauthorized => {
            unanswered(engine, row, words.clone(), now).await?;
            store.postpone(fence, now + backoff(row), &words).await?;
        }
        Error::NotInstalled(installation) => {
            // Given back first, so that it ends with its case.
            store.block(fence, now + BLOCKED_FOR, &words).await?;
            engine.installation_lost(installation).await?;
        }
        Error::Forbidden { message, needs } => {
            let message = match needs {
                Some(needs) => format!("{message} (needs {needs})"),
                None => message,
            };
            let case = store.case(row.case_id).await?;
            if case.is_some_and(|case| case.over_at.is_some()) {
                // Nobody waits for it any more.
                let obstacle = Obstacle::Refused(message.as_str().into());
                let outcome = Outcome::Refused { obstacle };
                return finish(engine, row, Finish::Failed, outcome).await;
            }
            // The case hears of it first: while the row is acting, the engine is
            // not at rest, and a process that dies now is told of it again.
            if row.line != BESIDE {
                let event = ended(engine, row, Outcome::Blocked { message })?;
                engine.step(row.case_id, &Cause::News, vec![event]).await?;
            }
            store.block(fence, now + BLOCKED_FOR, &words).await?;
        }
        error @ (Error::NotFound
        | Error::OtherRepository
        | Error::Conflict(_)
        | Error::Invalid { .. }) => {
            let obstacle = obstacle(error);
            let outcome = Outcome::Refused { obstacle };
            finish(engine, row, Finish::Failed, outcome).await?;
        }
    }
    Ok(())
}

/// What is in the way where a call failed for good: GitHub's own words without
/// ours before them. A 404 has no words.
fn obstacle(error: Error) -> Obstacle {
    match error {
        Error::Conflict(words) | Error::Invalid { message: words } => {
            Obstacle::Refused(words.into())
        }
        other => Obstacle::Found(other.to_string().into()),
    }
}

/// Where an effect has failed for long the case hears of it, once. What would be
/// said in a comment is not, where it is the comment that fails.
async fn unanswered(
    engine: &Engine,
    row: &OutboxRow,
    message: String,
    now: Millis,
) -> Result<(), StepError> {
    let (case, slot) = (row.case_id, row.slot.as_str());
    let Some(since) = engine.0.patience.failed(case, slot, row.id, now) else {
        return Ok(());
    };
    tracing::warn!(
        subject = row.subject,
        generation = row.generation,
        since,
        "no answer for long; it is tried on"
    );
    // Of a channel the status comment tells.
    let elsewhere = matches!(row.slot.parse(), Ok(Slot::Announce(_)));
    if row.lane == Lane::Talk && !elsewhere {
        return Ok(());
    }
    let event = ended(engine, row, Outcome::Unanswered { message, since })?;
    engine.step(case, &Cause::News, vec![event]).await?;
    Ok(())
}

/// 2, 4, 8 ... seconds, with a spread that differs from row to row.
fn backoff(row: &OutboxRow) -> Millis {
    let doublings = u32::try_from(row.attempts.clamp(1, 9)).unwrap_or(1);
    let wait = (1_000_i64 << doublings).min(LONGEST);
    wait + (row.id * 7_919 + row.attempts * 104_729).rem_euclid(wait / 4 + 1)
}

fn ended(engine: &Engine, row: &OutboxRow, outcome: Outcome) -> Result<Event, StepError> {
    let slot = row.slot.parse().map_err(|why: NoSlot| StepError::Fault {
        case: row.case_id,
        why: why.to_string(),
    })?;
    Ok(Event::Ended {
        line: LineId::new(row.line.as_str()),
        slot,
        subject: row.subject.clone(),
        generation: u64::try_from(row.generation).unwrap_or_default(),
        began: row.started_at.unwrap_or_else(|| engine.clock().now()),
        outcome,
    })
}

pub(super) async fn finish(
    engine: &Engine,
    row: &OutboxRow,
    finish: Finish,
    outcome: Outcome,
) -> Result<(), StepError> {
    let result = serde_json::to_string(&outcome).unwrap_or_default();
    let event = ended(engine, row, outcome)?;
    let cause = Cause::Effect {
        fence: row.fence(),
        finish,
        result: result.clone(),
    };
    loop {
        let reported = if row.line == BESIDE {
            engine
                .end_beside(row, finish, &result)
                .await
                .map_err(StepError::from)
        } else {
            engine.step(row.case_id, &cause, vec![event.clone()]).await
        };
        match reported {
            Ok(true) => return Ok(()),
            Ok(false) => {
                tracing::warn!("the outcome of an attempt that counts no more");
                return Ok(());
            }
            // What was done must not be forgotten for a hiccup of the disk.
            Err(StepError::Store(error @ StoreError::Database { .. })) => {
                store_failed("reporting an outcome", &error).await;
            }
            Err(error) => {
                // The case cannot take it. What was done is looked for later,
                // never done again: at once when the case can be read again, or
                // in an hour, when a mended build may be there.
                let wait = match &error {
                    StepError::Unreadable { .. } => LOOK_AGAIN,
                    _ => 3_600_000,
                };
                let (at, words) = (engine.clock().now() + wait, error.to_string());
                match row.lane {
                    Lane::Read => engine.store().postpone(row.fence(), at, &words).await?,
                    _ => engine.store().doubt(row.fence(), at, &words).await?,
                };
                return Err(error);
            }
        }
    }
}

async fn try_it(engine: &Engine, row: &OutboxRow, effect: &Effect) -> Result<End, StepError> {
    let context = match Context::of(engine, row).await? {
        Ok(context) => context,
        Err(outcome) => return Ok(End::Outcome(outcome)),
    };
    let began = engine.clock().now();
    let end = carried_out(engine, &context, row, effect).await?;
    if context.proven.load(Ordering::Relaxed) {
        let (proofs, name) = (&engine.0.proofs, context.full_name());
        proofs.note(context.repo_id, name, began).await;
    }
    let end = match end {
        End::Outcome(outcome) if identity::says_gone(&outcome) => {
            let proven = proven(engine, &context, Checked::Lately).await;
            proven.unwrap_or(End::Outcome(outcome))
        }
        end => end,
    };
    let end = match end {
        End::Error(error) => whose(&context, effect, error).await,
        end => end,
    };
    if let End::Error(Error::RateLimited { until, limit }) = &end {
        let now = engine.clock().now();
        let pacing = &engine.0.pacing;
        pacing.limited(context.installation(), *until, *limit, now);
    }
    Ok(end)
}

/// How an attempt ends whose repository is not proven; none: it is.
async fn proven(engine: &Engine, context: &Context, wanted: Checked) -> Option<End> {
    match identity::prove(engine, context, wanted).await {
        Ok(None) => None,
        Ok(Some(to)) => Some(End::Moved(Box::new(to), false)),
        Err(error) => Some(End::Error(error)),
    }
}

/// What is missing may be missing because the name is another repository's.
async fn whose(context: &Context, effect: &Effect, error: Error) -> End {
    let refused = matches!(error, Error::Forbidden { .. }) && effect.class() != Class::Read;
    let another = matches!(error, Error::OtherRepository);
    if !refused && !another && !matches!(error, Error::NotFound) {
        return End::Error(error);
    }
    match identity::find(context).await {
        Ok(Found::Moved(to)) => {
            let other_name = to.full_name != context.full_name();
            End::Moved(to, other_name)
        }
        // Between two calls: the next attempt sees what it is.
        Ok(Found::Same) if another => End::Error(Error::Transient(error.to_string())),
        Ok(Found::Same) => End::Error(error),
        Ok(Found::Gone) => End::Error(Error::Forbidden {
            message: format!(
                "the App does not reach the repository {} any more: it was deleted, moved or taken away",
                context.repo_id
            ),
            needs: None,
        }),
        Err(why) if another => End::Error(why),
        Err(_) => End::Error(error),
    }
}

async fn carried_out(
    engine: &Engine,
    context: &Context,
    row: &OutboxRow,
    effect: &Effect,
) -> Result<End, StepError> {
    tracing::Span::current()
        .record("repo", context.full_name())
        .record("issue", context.issue);
    let reads = effect.class() == Class::Read;
    if let Some(end) = proven(engine, context, checked(&effect.slot())).await {
        return Ok(end);
    }
    // Look first when an earlier attempt may have done it.
    if !reads && row.doubt {
        match effects::look(context, effect).await {
            Ok(Stands::Done(outcome)) => return Ok(End::Outcome(outcome)),
            Ok(Stands::Other(found)) => {
                let obstacle = Obstacle::Found(found.into());
                return Ok(End::Outcome(Outcome::Refused { obstacle }));
            }
            Ok(Stands::In(obstacle)) => return Ok(End::Outcome(Outcome::Refused { obstacle })),
            Ok(Stands::Not) => {
                if let Some(end) = not_found(effect.class(), row.looks) {
                    return Ok(end);
                }
            }
            Err(Error::Ambiguous(words)) => return Ok(End::Error(Error::Transient(words))),
            Err(error) => return Ok(End::Error(error)),
        }
    }
    if !reads {
        let now = engine.clock().now();
        let github = engine.0.github.now();
        if !engine
            .store()
            .begin_act(row.fence(), now, Some(github))
            .await?
        {
            return Ok(End::Error(Error::Transient(
                "another attempt took over".into(),
            )));
        }
        if !engine.store().may_call() {
            return Ok(End::Error(Error::Transient(
                "another server may lead by now".into(),
            )));
        }
    }
    Ok(match effects::act(context, effect).await {
        Ok(outcome) => End::Outcome(outcome),
        Err(error) => {
            if matches!(error, Error::Forbidden { .. }) {
                let installation = context.installation();
                engine.0.github.forget_token(installation).await;
            }
            End::Error(error)
        }
    })
}

/// What becomes of a write that may have been carried out, and that was looked
/// for so often and not found; none: it is carried out.
fn not_found(class: Class, looks: i64) -> Option<End> {
    let often = match class {
        Class::Findable => 1,
        Class::Once => LOOKS_FOR_LONG,
        Class::Read | Class::Unique => 0,
    };
    match class {
        _ if looks < often => Some(End::LookAgain),
        Class::Once => {
            let obstacle = Obstacle::Unknown;
            Some(End::Outcome(Outcome::Refused { obstacle }))
        }
        Class::Read | Class::Unique | Class::Findable => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_be_done_twice_is_left_to_a_person_in_the_end() {
        let ends = |class, looks| match not_found(class, looks) {
            None => "done again",
            Some(End::LookAgain) => "looked for again",
            Some(_) => "left",
        };
        assert_eq!(ends(Class::Unique, 0), "done again");
        assert_eq!(ends(Class::Findable, 0), "looked for again");
        assert_eq!(ends(Class::Findable, 1), "done again");
        for looks in 0..20 {
            let left = ends(Class::Once, looks);
            assert_eq!(left == "left", looks >= LOOKS_FOR_LONG, "{looks}");
            assert_ne!(left, "done again");
        }
    }

    #[test]
    fn only_what_github_said_is_given_as_its_words() {
        let said = "Reference update failed".to_owned();
        for error in [Error::Conflict(said.clone()), Error::invalid(said.clone())] {
            assert_eq!(obstacle(error), Obstacle::Refused(said.as_str().into()));
        }
        let Obstacle::Found(words) = obstacle(Error::NotFound) else {
            panic!("a 404 says nothing");
        };
        assert!(words.contains("may not see it"), "{words:?}");
    }
}
