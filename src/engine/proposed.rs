//! Says on pull requests whether the configuration that they bring is right. It belongs
//! to no case: the wish is a row of its own (`config_checks`), written with the delivery
//! that tells of a head and taken away once that was looked at, so that a process that
//! dies in between leaves it to the next. A redelivery finds the check run that stands.

use futures_util::{StreamExt as _, stream};
use tokio_util::sync::CancellationToken;

use super::effects::{Context, proposed};
use super::{Engine, store_failed};
use crate::clock::Millis;
use crate::github::Error;
use crate::store::{ConfigCheck, StoreError};

/// How soon one is tried again, milliseconds: so long, then twice as long.
const AGAIN: Millis = 60_000;

/// So often it is tried; then the head stays without a check run.
const TRIES: i64 = 8;

/// Whenever a head is told, until `shutdown`.
pub(super) async fn run(engine: Engine, shutdown: CancellationToken) {
    loop {
        let told = engine.0.proposed.notified();
        let next = match look(&engine).await {
            Ok(next) => next,
            Err(error) => {
                store_failed("looking at pull requests", &error).await;
                Some(engine.clock().now() + AGAIN)
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = told => {}
            () = engine.clock().sleep_until(next.unwrap_or(Millis::MAX)), if next.is_some() => {}
        }
    }
}

/// So many are looked at side by side: where GitHub hangs for one installation, the
/// others' go on.
const AT_ONCE: usize = 8;

/// Looks at all that are due; when the next is.
async fn look(engine: &Engine) -> Result<Option<Millis>, StoreError> {
    let store = engine.store();
    let due = store.config_checks_due(engine.clock().now()).await?;
    let looks = stream::iter(due).map(|check| async move { one(engine, &check).await });
    let mut looks = looks.buffer_unordered(AT_ONCE);
    while let Some(looked) = looks.next().await {
        looked?;
    }
    store.next_config_check().await
}

/// Looks at one. What goes wrong with it costs no other.
async fn one(engine: &Engine, check: &ConfigCheck) -> Result<(), StoreError> {
    let store = engine.store();
    let Some(context) = Context::beside(engine, check.repo_id).await? else {
        return store.config_checked(check, false).await;
    };
    let (repo, pull) = (context.full_name(), check.pull);
    let now = engine.clock().now();
    let looked = match check.pull {
        0 => match proposed::of_branch(&context, &check.head).await {
            Ok(pulls) => return store.config_branch_found(check, &pulls, now).await,
            Err(error) => Err(error),
        },
        _ => proposed::check(&context, pull, &check.head).await,
    };
    let again = match looked {
        Ok(touches) => return store.config_checked(check, touches).await,
        Err(Error::RateLimited { until, .. }) => Some(until.max(now + 1_000)),
        Err(error @ (Error::Transient(_) | Error::Ambiguous(_))) if check.tries + 1 < TRIES => {
            let tries = u32::try_from(check.tries).unwrap_or_default();
            tracing::warn!(repo, pull, %error, "a pull request could not be looked at; again");
            Some(now + AGAIN.saturating_mul(1 << tries.min(6)))
        }
        Err(error) => {
            tracing::warn!(repo, pull, %error, "a pull request gets no check run");
            None
        }
    };
    match again {
        Some(at) => store.config_check_again(check, at).await,
        None => store.config_checked(check, true).await,
    }
}
