//! Hands out due effects.
//!
//! This is the one layer that repeats anything: attempts are durable, wait
//! longer each time, and obey GitHub's limits. Nothing here decides whether an
//! effect is wanted. What waits for its turn, or for a slot, is not taken from
//! the outbox: that is no attempt.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::attempt::{LONGEST, attempt};
use super::slots::{Place, Slots};
use super::{Engine, store_failed};
use crate::clock::Millis;
use crate::store::{Due, OutboxRow, StoreError};

/// An attempt without an answer that took so long hung.
const HUNG: Duration = Duration::from_secs(5);

/// What is under way when the server stops gets so long; what is cut off is
/// looked for at the next start.
const STOPS_IN: Duration = Duration::from_secs(4);

/// Carries effects out as they become due, until `shutdown`; those under way
/// are finished, if they end soon.
pub async fn run(engine: Engine, shutdown: CancellationToken) {
    let mut changes = engine.store().work_changes();
    let mut tasks: JoinSet<()> = JoinSet::new();
    let slots = Slots::default();
    while !shutdown.is_cancelled() {
        changes.mark_unchanged();
        let until = match hand_out(&engine, &slots, &mut tasks).await {
            Ok(until) => until,
            Err(error) => {
                store_failed("handing out effects", &error).await;
                if shutdown.is_cancelled() {
                    return;
                }
                continue;
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => break,
            _ = changes.changed() => {}
            Some(_) = tasks.join_next() => {}
            () = engine.clock().sleep_until(until) => {}
        }
        while tasks.try_join_next().is_some() {}
    }
    end(tasks, STOPS_IN).await;
}

/// Waits for what is under way, as long as it may take.
pub(super) async fn end(mut tasks: JoinSet<()>, within: Duration) {
    let all = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(within, all).await.is_err() {
        tracing::warn!(
            "effects under way did not end in time; they are looked for at the next start"
        );
        tasks.shutdown().await;
    }
}

/// Hands out what may be carried out now; when there may be more.
pub(super) async fn hand_out(
    engine: &Engine,
    slots: &Slots,
    tasks: &mut JoinSet<()>,
) -> Result<Millis, StoreError> {
    engine.put_back_untaken().await?;
    let now = engine.clock().now();
    if !slots.is_full() {
        // Nobody waits for a channel, and no channel for GitHub.
        let due = engine.store().due(now, &slots.full_cases()).await?;
        let _handing = engine.handing();
        for (due, place) in fairly(due, engine, slots, now) {
            let taken = engine.store().take(due.id, now).await;
            let taken = taken.inspect_err(|_| engine.may_be_untaken(due.id));
            if let Some(row) = taken? {
                let engine = engine.clone();
                tasks.spawn(async move { carry_out(engine, row, place).await });
            }
        }
    }
    let next = engine.next_effect(now).await?;
    Ok(next.filter(|at| *at > now).unwrap_or(now + LONGEST))
}

/// What is handed out of what is due, each with its place: one of each
/// installation after the other, whose turn it is.
fn fairly(due: Vec<Due>, engine: &Engine, slots: &Slots, now: Millis) -> Vec<(Due, Place)> {
    let mut queues: Vec<(i64, std::collections::VecDeque<Due>)> = Vec::new();
    for one in due {
        match queues.iter_mut().find(|(of, _)| *of == one.installation) {
            Some((_, queue)) => queue.push_back(one),
            None => queues.push((one.installation, [one].into())),
        }
    }
    let mut chosen = Vec::new();
    while !queues.is_empty() {
        queues.retain_mut(|(installation, queue)| {
            while let Some(one) = queue.pop_front() {
                if let Some(channel) = &one.channel {
                    let Some(place) = slots.tell(channel) else {
                        continue;
                    };
                    chosen.push((one, place));
                    return true;
                }
                let turn = engine.0.pacing.opens(*installation, !one.reads);
                if turn > now {
                    continue;
                }
                let Some(place) = slots.enter(*installation, one.case_id) else {
                    continue;
                };
                engine.0.pacing.take(*installation, !one.reads, now);
                chosen.push((one, place));
                return true;
            }
            false
        });
    }
    chosen
}

async fn carry_out(engine: Engine, row: OutboxRow, place: Place) {
    let span = tracing::info_span!(
        "effect",
        case = row.case_id,
        effect = %row.slot,
        attempt = row.attempts,
        repo = tracing::field::Empty,
        issue = tracing::field::Empty
    );
    async {
        // A task of its own, so that a fault in one effect stops no other. It
        // ends with this one.
        let (worker, work) = (engine.clone(), row.clone());
        let began = Instant::now();
        let mut task = JoinSet::new();
        task.spawn(async move { attempt(&worker, &work).await }.in_current_span());
        let ended = match task.join_next().await {
            Some(Ok(Ok(answered))) => {
                place.ended(answered || began.elapsed() < HUNG);
                return;
            }
            Some(Ok(Err(error))) => error.to_string(),
            Some(Err(fault)) => fault.to_string(),
            None => return,
        };
        tracing::error!(error = ended, "an attempt could not be reported");
        // Nobody knows what it did: looked for later.
        let at = engine.clock().now() + LONGEST;
        while let Err(error) = engine.store().doubt(row.fence(), at, &ended).await {
            store_failed("noting a doubt", &error).await;
            // A database that is away comes back, and nobody else knows of this attempt.
            if !matches!(error, StoreError::Database { .. }) {
                return;
            }
        }
    }
    .instrument(span)
    .await;
}
