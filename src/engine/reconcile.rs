//! At start and on the clock: what an earlier process left, and what nobody
//! told us.

use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::step::{Cause, StepError};
use super::thrift::Thrift;
use super::{Engine, store_failed, timekeeping};
use crate::clock::Millis;
use crate::domain::event::Event;
use crate::store::StoreError;
use crate::telemetry;

/// How often a sign of life is written, milliseconds.
const ALIVE_EVERY: Millis = 60_000;

/// The longest sleep, milliseconds: what is shown to an operator is no older.
const TICK: Millis = 15_000;

/// What is shown to an operator is measured no more often.
const MEASURED_EVERY: Duration = Duration::from_secs(1);

/// Away for longer than this is worth saying, milliseconds.
const AWAY: Millis = 10 * 60_000;

/// Before anything is handed out: what older epochs were acting on is unsure.
/// Who is to hear that the bot is back.
///
/// # Errors
/// The store cannot be read or written.
pub(super) async fn take_over(engine: &Engine) -> Result<Vec<Back>, StoreError> {
    let store = engine.store();
    let now = engine.clock().now();
    let unsure = store.unsure_from_older_epochs(now).await?;
    let last = timekeeping::last_alive(engine).await?;
    timekeeping::take_over(engine, last).await?;
    tracing::info!(epoch = store.epoch(), unsure, "took over");
    // A short restart is nobody's news, but what happened meanwhile may have been
    // told to nobody.
    let since = last.filter(|last| now - last > AWAY);
    Ok(store
        .open_cases()
        .await?
        .into_iter()
        .map(|case| Back {
            case: case.id,
            since,
        })
        .collect())
}

/// A case that hears that the bot is back.
pub(super) struct Back {
    case: i64,
    since: Option<Millis>,
}

/// Tells each open case that the bot is back, one after the other, beside
/// everything else: so many of them keep nobody waiting.
pub(super) async fn tell_back(engine: Engine, cases: Vec<Back>, shutdown: CancellationToken) {
    for Back { case, since } in cases {
        if shutdown.is_cancelled() {
            return;
        }
        let event = Event::Back { since };
        match engine.step(case, &Cause::Time, vec![event]).await {
            Ok(_) | Err(StepError::Unreadable { .. }) => {}
            Err(error) => {
                tracing::error!(case, %error, "a case could not be taken over");
            }
        }
    }
    engine.begins(None);
}

/// Wakes the cases whose moment has come, until `shutdown`.
pub async fn run(engine: Engine, shutdown: CancellationToken) {
    let mut changes = engine.store().work_changes();
    let (mut alive, mut measured) = (engine.clock().age(), None);
    let mut signs = timekeeping::Alive::new(&engine);
    let mut thrift = Thrift::default();
    let mut ahead = engine.ahead();
    loop {
        changes.mark_unchanged();
        if ahead != engine.ahead() {
            ahead = engine.ahead();
            thrift.forget();
        }
        let (now, age) = (engine.clock().now(), engine.clock().age());
        if let Err(error) = wake(&engine, &mut thrift, now).await {
            store_failed("waking cases", &error).await;
        }
        if age - alive >= ALIVE_EVERY {
            alive = age;
            if let Err(error) = signs.sign(&engine).await {
                store_failed("writing a sign of life", &error).await;
            }
        }
        if measured.is_none_or(|at: Instant| at.elapsed() >= MEASURED_EVERY) {
            measured = Some(Instant::now());
            if let Err(error) = measure(&engine, now).await {
                store_failed("measuring the queues", &error).await;
            }
        }
        let next = match engine.store().next_wake().await {
            Ok(next) => next,
            Err(error) => {
                store_failed("reading what is due", &error).await;
                if shutdown.is_cancelled() {
                    return;
                }
                continue;
            }
        };
        let until = next.map_or(now + TICK, |at| at.clamp(now + 1, now + TICK));
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = changes.changed() => {}
            () = engine.clock().sleep_until(until) => {}
        }
    }
}

async fn measure(engine: &Engine, now: Millis) -> Result<(), StoreError> {
    telemetry::set_cases(&engine.store().counts_by_phase().await?);
    let gauges = engine.store().gauges(now).await?;
    telemetry::set_queues(gauges.inbox, gauges.inbox_age, &gauges.outbox, gauges.bytes);
    Ok(())
}

async fn wake(engine: &Engine, thrift: &mut Thrift, now: Millis) -> Result<(), StoreError> {
    for (case, installation) in engine.store().cases_due(now).await? {
        let budget = engine.0.github.budget(installation);
        if let Some(at) = thrift.put_off(case, installation, budget, now) {
            engine.store().sleep_case(case, at).await?;
            continue;
        }
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
