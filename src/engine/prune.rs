//! Forgets what nobody needs any more, and says what was set aside.

use tokio_util::sync::CancellationToken;

use super::{Engine, store_failed};
use crate::clock::Millis;
use crate::store::{Prune, StoreError};
use crate::telemetry;

const HOUR: Millis = 60 * 60_000;
const DAY: Millis = 24 * HOUR;

/// How long it is known which deliveries came: much longer than GitHub offers
/// one again, so that nobody else can send its body again either.
const DELIVERIES: Millis = 30 * DAY;

/// How long after a case is over its effects are kept.
const OUTBOX: Millis = 30 * DAY;

/// And its journal.
const JOURNAL: Millis = 365 * DAY;

/// Each hour, until `shutdown`.
pub async fn run(engine: Engine, shutdown: CancellationToken) {
    loop {
        if let Err(error) = prune(&engine).await {
            store_failed("pruning", &error).await;
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = engine.clock().sleep(HOUR) => {}
        }
    }
}

/// A little at a time: between two commits others have their turn.
pub(super) async fn prune(engine: &Engine) -> Result<(), StoreError> {
    let store = engine.store();
    let now = engine.clock().now();
    while store.forget_deliveries(now - DELIVERIES).await? > 0 {}
    while store.prune_case(Prune::Outbox, now - OUTBOX).await? {}
    while store.prune_case(Prune::Journal, now - JOURNAL).await? {}
    let (_, aside) = store.inbox_counts().await?;
    telemetry::set_set_aside(aside);
    Ok(())
}

/// At start: what was set aside is tried again, for this may be the version that
/// can take it.
pub(super) async fn tell_set_aside(engine: &Engine) -> Result<(), StoreError> {
    let store = engine.store();
    let tried_again = store.retry_deliveries(engine.clock().now()).await?;
    if tried_again > 0 {
        tracing::warn!(
            deliveries = tried_again,
            "deliveries had been set aside and are tried again"
        );
    }
    Ok(())
}
