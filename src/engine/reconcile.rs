//! At start and on the clock: what an earlier process left, and what nobody
//! told us.

use tokio_util::sync::CancellationToken;

use super::step::{Cause, StepError};
use super::{Engine, store_failed};
use crate::clock::Millis;
use crate::domain::event::Event;
use crate::store::StoreError;
use crate::telemetry;

/// The name under which the last sign of life is kept.
const ALIVE: &str = "last_alive";

/// How often a sign of life is written, milliseconds.
const ALIVE_EVERY: Millis = 60_000;

/// Away for longer than this is worth saying, milliseconds.
const AWAY: Millis = 10 * 60_000;

/// Before anything is handed out: what older epochs were acting on is unsure,
/// and after an absence everything is looked at again.
///
/// # Errors
/// The store cannot be read or written.
pub async fn take_over(engine: &Engine) -> Result<(), StoreError> {
    let store = engine.store();
    let now = engine.clock().now();
    let unsure = store.unsure_from_older_epochs(now).await?;
    let last: Option<Millis> = store
        .meta_get(ALIVE)
        .await?
        .and_then(|text| text.parse().ok());
    store.meta_set(ALIVE, &now.to_string()).await?;
    tracing::info!(epoch = store.epoch(), unsure, "took over");
    for case in store.open_cases().await? {
        // A short restart is nobody's news, but what happened meanwhile may
        // have been told to nobody.
        let since = last.unwrap_or(now);
        let event = if now - since > AWAY {
            Event::Back { since: Some(since) }
        } else {
            Event::Back { since: None }
        };
        match engine.step(case.id, &Cause::Time, vec![event]).await {
            Ok(_) | Err(StepError::Unreadable { .. }) => {}
            Err(error) => {
                tracing::error!(case = case.id, %error, "a case could not be taken over");
            }
        }
    }
    Ok(())
}

/// Wakes the cases whose moment has come, until `shutdown`.
pub async fn run(engine: Engine, shutdown: CancellationToken) {
    let mut changes = engine.store().work_changes();
    let mut alive_at = engine.clock().now() + ALIVE_EVERY;
    loop {
        changes.mark_unchanged();
        let now = engine.clock().now();
        match wake(&engine, now).await {
            Ok(()) => {}
            Err(error) => store_failed("waking cases", &error).await,
        }
        if now >= alive_at {
            alive_at = now + ALIVE_EVERY;
            if let Err(error) = engine.store().meta_set(ALIVE, &now.to_string()).await {
                store_failed("writing a sign of life", &error).await;
            }
        }
        match engine.store().counts_by_phase().await {
            Ok(counts) => telemetry::set_cases(&counts),
            Err(error) => store_failed("counting the cases", &error).await,
        }
        let next = match engine.store().next_due().await {
            Ok(next) => next,
            Err(error) => {
                store_failed("reading what is due", &error).await;
                if shutdown.is_cancelled() {
                    return;
                }
                continue;
            }
        };
        let until = next.unwrap_or(alive_at).min(alive_at).max(now + 1);
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = changes.changed() => {}
            () = engine.clock().sleep_until(until) => {}
        }
    }
}

async fn wake(engine: &Engine, now: Millis) -> Result<(), StoreError> {
    for case in engine.store().cases_due(now).await? {
        match engine.step(case, &Cause::Time, vec![Event::Wake]).await {
            // One that cannot be read was put to sleep, and it was said.
            Ok(_) | Err(StepError::Unreadable { .. }) => {}
            Err(StepError::Store(error)) => return Err(error),
            Err(error) => {
                tracing::error!(case, %error, "a case could not be woken");
                // Not again before an hour: the others must not starve.
                engine.store().sleep_case(case, now + 3_600_000).await?;
            }
        }
    }
    Ok(())
}
