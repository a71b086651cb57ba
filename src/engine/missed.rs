//! What GitHub could not deliver, and what the database no longer holds: the log
//! of deliveries is read at start and from time to time.
//!
//! GitHub tries once. What a person said is in the payload alone, so it is
//! fetched and takes the way of every delivery; all else that was missed only
//! says that something changed, and the cases look for themselves.
//!
//! That a delivery was acknowledged says that *a* database had it: a backup may
//! have been restored since, or the file lost. So the first reading of a process
//! asks the database for each one that was logged since its own last reading
//! (three days back where there was none), whatever became of it at the time.
//! From then on this process has stored what it acknowledged.

use std::collections::{BTreeMap, BTreeSet};

use tokio_util::sync::CancellationToken;

use super::gate::{self, Verdict};
use super::step::{Cause, StepError};
use super::{Engine, store_failed};
use crate::clock::Millis;
use crate::domain::event::Event;
use crate::github::ops::HookDelivery;
use crate::github::webhook::relevant;
use crate::github::{Error, GitHub};
use crate::store::{NewDelivery, Put, StoreError};

/// How often the log is read, milliseconds: so much time a lost delivery costs.
const EVERY: Millis = 10 * 60_000;

/// How soon it is read again when GitHub did not answer, milliseconds.
const AGAIN: Millis = 60_000;

/// The log's rows appear when an attempt is over, and not quite in order: so
/// far before the last reading it is read again, milliseconds.
const OVERLAP: Millis = 60_000;

/// GitHub offers a delivery again for three days; nothing older is looked for. So
/// far back goes the first reading for a new database, milliseconds.
const OLDEST: Millis = 3 * 24 * 60 * 60_000;

/// Pages of the log in one reading, 100 attempts each: a bound for the worst
/// days only.
const PAGES: usize = 1_000;

/// The name under which GitHub's time of the last reading is kept.
const READ_UNTIL: &str = "delivery_log";

/// Reads the log whenever it is due, until `shutdown`.
pub async fn run(engine: Engine, shutdown: CancellationToken) {
    let mut acknowledged = Acknowledged::ByAnybody;
    loop {
        let wait = tokio::select! {
            () = shutdown.cancelled() => return,
            read = catch_up(&engine, acknowledged) => match read {
                Ok(()) => {
                    acknowledged = Acknowledged::ByUs;
                    EVERY
                }
                Err(Missed::GitHub(error)) => {
                    tracing::warn!(%error, "the log of deliveries could not be read");
                    match error {
                        Error::RateLimited { until, .. } => (until - engine.clock().now()).max(AGAIN),
                        _ => AGAIN,
                    }
                }
                Err(Missed::Store(error)) => {
                    store_failed("catching up on deliveries", &error).await;
                    AGAIN
                }
            },
        };
        engine.set_log_due_in(wait);
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = engine.clock().sleep(wait) => {}
        }
    }
}

/// Who acknowledged what the log says was acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Acknowledged {
    /// This process, or an earlier one on whatever database.
    ByAnybody,
    /// This process, so it is stored.
    ByUs,
}

/// Why a reading did not come to its end.
#[derive(Debug, thiserror::Error)]
enum Missed {
    #[error(transparent)]
    GitHub(#[from] Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

async fn catch_up(engine: &Engine, acknowledged: Acknowledged) -> Result<(), Missed> {
    let store = engine.store();
    let last: Option<Millis> = store
        .meta_get(READ_UNTIL)
        .await?
        .and_then(|text| text.parse().ok());
    let (all, until) = attempts(&engine.0.github, last).await?;
    let (mut missed, mut fetched, mut lost) = (0_usize, 0_usize, 0_usize);
    let mut changed = BTreeSet::new();
    for logged in logged(all).values() {
        let delivery = &logged.attempt;
        if logged.acknowledged && acknowledged == Acknowledged::ByUs {
            continue;
        }
        missed += usize::from(!logged.acknowledged);
        if !is_word(&delivery.event, delivery.action.as_deref()) {
            // After a start everything is looked at anyway.
            changed.extend(delivery.repository_id.filter(|_| !logged.acknowledged));
        } else if !store.has_delivery(&delivery.guid).await? {
            let new = fetch(engine, delivery).await?;
            fetched += usize::from(new);
            lost += usize::from(new && logged.acknowledged);
        }
    }
    look_again(engine, &changed).await?;
    store.meta_set(READ_UNTIL, &until.to_string()).await?;
    if lost > 0 {
        tracing::warn!(
            lost,
            "deliveries that had been acknowledged were not in the database and were fetched: it is \
             new, or older than GitHub's log"
        );
    }
    if missed > 0 {
        tracing::info!(missed, fetched, "caught up on deliveries");
    }
    Ok(())
}

/// The attempts since the last reading, newest first, and until when this one is, by
/// GitHub's time.
async fn attempts(
    github: &GitHub,
    last: Option<Millis>,
) -> Result<(Vec<HookDelivery>, Millis), Error> {
    let began = github.now();
    let mut all = Vec::new();
    let mut page = github.hook_deliveries(None).await?;
    // Where our clock was put forward, the answer's date tells by how much: a later
    // time would hide what is logged until then from the next reading.
    let until = began.min(github.now());
    let oldest = until - OLDEST;
    let since = last.map_or(oldest, |at| (at - OVERLAP).max(oldest));
    let is_new = |d: &HookDelivery| d.delivered_at.is_none_or(|at| at >= since);
    for _ in 0..PAGES {
        let last = !page.items.last().is_some_and(is_new);
        all.extend(page.items.into_iter().filter(is_new));
        let Some(cursor) = page.next.filter(|_| !last) else {
            return Ok((all, until));
        };
        page = github.hook_deliveries(Some(&cursor)).await?;
    }
    tracing::warn!(
        attempts = all.len(),
        "the log of deliveries is too long: its older part is not read"
    );
    Ok((all, until))
}

/// An event in the log.
struct Logged {
    /// The last attempt to deliver it.
    attempt: HookDelivery,
    /// Whether any attempt was acknowledged.
    acknowledged: bool,
}

/// The events that are of use, by their last attempt, oldest first.
fn logged(attempts: Vec<HookDelivery>) -> BTreeMap<i64, Logged> {
    let taken: BTreeSet<String> = attempts
        .iter()
        .filter(|d| d.is_ok())
        .map(|d| d.guid.clone())
        .collect();
    let mut seen = BTreeSet::new();
    attempts
        .into_iter()
        .filter(|d| relevant(&d.event) && seen.insert(d.guid.clone()))
        .map(|attempt| {
            let acknowledged = taken.contains(&attempt.guid);
            (
                attempt.id,
                Logged {
                    attempt,
                    acknowledged,
                },
            )
        })
        .collect()
}

/// Whether the payload itself is believed: what somebody said, decided or pushed,
/// which cannot be seen afterwards.
fn is_word(event: &str, action: Option<&str>) -> bool {
    match event {
        "issues" | "issue_comment" | "push" | "installation" | "installation_repositories" => true,
        // Who looks at pages must not see what became private. What became public is
        // believed only as it comes: it may be private again by now.
        "repository" => action != Some("publicized"),
        _ => false,
    }
}

/// Puts the delivery into the inbox as if it had come; whether it was new.
async fn fetch(engine: &Engine, missed: &HookDelivery) -> Result<bool, Missed> {
    let Some(whole) = engine.0.github.hook_delivery(missed.id).await? else {
        return Ok(false);
    };
    let Some(request) = whole.request else {
        return Ok(false);
    };
    let body = request.payload.to_string();
    let verdict = gate::asked(engine.store(), &missed.event, &body).await?;
    let Ok(Verdict::Keep(fact)) = verdict else {
        return Ok(false);
    };
    let new = NewDelivery {
        delivery_id: missed.guid.clone(),
        event: missed.event.clone(),
        fact,
        received_at: engine.clock().now(),
        fetched: true,
    };
    let put = engine.store().put_deliveries(&[new]).await?;
    tracing::info!(delivery = missed.guid, event = missed.event, "fetched");
    Ok(put.contains(&Put::Stored))
}

/// The open cases of these repositories look at everything.
async fn look_again(engine: &Engine, repos: &BTreeSet<i64>) -> Result<(), StoreError> {
    if repos.is_empty() {
        return Ok(());
    }
    for case in engine.store().open_cases().await? {
        if !repos.contains(&case.repo_id) {
            continue;
        }
        let back = vec![Event::Back { since: None }];
        match engine.step(case.id, &Cause::Time, back).await {
            Ok(_) | Err(StepError::Unreadable { .. }) => {}
            Err(error) => tracing::error!(case = case.id, %error, "a case could not look again"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(id: i64, guid: &str, event: &str, status_code: i64) -> HookDelivery {
        HookDelivery {
            id,
            guid: guid.into(),
            event: event.into(),
            status_code,
            ..HookDelivery::default()
        }
    }

    #[test]
    fn an_event_is_acknowledged_by_any_of_its_attempts() {
        let log = vec![
            attempt(6, "a", "issues", 202),
            attempt(5, "b", "issue_comment", 503),
            attempt(4, "c", "push", 0),
            attempt(3, "b", "issue_comment", 0),
            attempt(2, "a", "issues", 0),
            attempt(1, "d", "star", 0),
        ];
        let events: Vec<(i64, String, bool)> = logged(log)
            .into_iter()
            .map(|(id, event)| (id, event.attempt.guid, event.acknowledged))
            .collect();
        assert_eq!(
            events,
            [
                (4, "c".into(), false),
                (5, "b".into(), false),
                (6, "a".into(), true)
            ]
        );
    }

    #[test]
    fn what_cannot_be_seen_afterwards_is_fetched() {
        for (event, action, is) in [
            ("issues", Some("labeled"), true),
            ("issue_comment", Some("created"), true),
            ("push", None, true),
            ("installation", Some("suspend"), true),
            ("installation_repositories", Some("removed"), true),
            ("repository", Some("privatized"), true),
            ("repository", Some("renamed"), true),
            ("repository", Some("publicized"), false),
            ("check_run", Some("completed"), false),
            ("workflow_run", Some("completed"), false),
            ("pull_request", Some("closed"), false),
        ] {
            assert_eq!(is_word(event, action), is, "{event} {action:?}");
        }
    }
}
