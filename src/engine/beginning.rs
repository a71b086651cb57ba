//! The start: who the App is, whether this server leads, what an earlier process left,
//! then everything runs. Deliveries are taken and kept meanwhile.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{
    Engine, dispatch, intake, missed, proposed, prune, reconcile, store_failed, timekeeping,
    visible,
};
use crate::clock::Millis;
use crate::github::Error;
use crate::store::{Leader, StoreError};
use crate::telemetry;

/// The name under which the App's own login is kept, with the App's id behind
/// it: for a start while GitHub cannot be asked.
const BOT: &str = "bot";

/// How often a server that does not lead looks whether nobody does, in real time: it is
/// the other server's end that it looks for.
const LOOKED_AT: Duration = Duration::from_secs(1);

/// The longest wait before GitHub is asked again, milliseconds.
const LONGEST: Millis = 60_000;

/// Runs until `shutdown`.
pub(super) async fn run(engine: Engine, shutdown: CancellationToken) {
    let known = shutdown.run_until_cancelled(async {
        if !engine.store().is_shared() {
            load_index(&engine).await;
        }
        learn_login(&engine).await;
        lead(&engine).await;
        if engine.store().is_shared() {
            load_index(&engine).await;
        }
    });
    if known.await.is_none() {
        return;
    }
    let taken_over = shutdown.run_until_cancelled(async {
        loop {
            match take_over(&engine).await {
                Ok(cases) => return cases,
                Err(error) => store_failed("taking over", &error).await,
            }
        }
    });
    let Some(cases) = taken_over.await else {
        return;
    };
    engine.set_log_due_in(0);
    let mut tasks = JoinSet::new();
    tasks.spawn(reconcile::tell_back(
        engine.clone(),
        cases,
        shutdown.clone(),
    ));
    tasks.spawn(missed::run(engine.clone(), shutdown.clone()));
    tasks.spawn(intake::run(engine.clone(), shutdown.clone()));
    tasks.spawn(prune::run(engine.clone(), shutdown.clone()));
    tasks.spawn(visible::run(engine.clone(), shutdown.clone()));
    tasks.spawn(proposed::run(engine.clone(), shutdown.clone()));
    tasks.spawn(dispatch::run(engine.clone(), shutdown.clone()));
    tasks.spawn(timekeeping::run(engine.clone(), shutdown.clone()));
    tasks.spawn(reconcile::run(engine, shutdown));
    while tasks.join_next().await.is_some() {}
}

async fn take_over(engine: &Engine) -> Result<Vec<reconcile::Back>, StoreError> {
    prune::tell_set_aside(engine).await?;
    reconcile::take_over(engine).await
}

/// Until then all that comes may concern somebody.
async fn load_index(engine: &Engine) {
    while let Err(error) = engine.store().load_index().await {
        store_failed("reading what concerns somebody", &error).await;
    }
}

/// Waits for the lead, as long as another server has it. Of a file this one has it.
async fn lead(engine: &Engine) {
    telemetry::leads(false);
    let mut changes = engine.store().lead();
    let mut before: Option<Leader> = None;
    let mut pause = LOOKED_AT / 64;
    loop {
        changes.mark_unchanged();
        match engine.store().try_lead().await {
            Ok(None) => break,
            Ok(Some(other)) => {
                // One that was killed a moment ago may still be taken for there.
                let lives = before.is_some_and(|before| before != other);
                if lives && !engine.stands_by() {
                    tracing::info!(
                        leader = other.name,
                        "another server leads: this one takes deliveries, and goes on for it if it \
                         ends"
                    );
                    engine.set_stands_by(true);
                }
                before = Some(other);
            }
            Err(error) => store_failed("looking who leads", &error).await,
        }
        // The sender is the store's own.
        let _ = tokio::time::timeout(pause, changes.changed()).await;
        // Of one that was killed PostgreSQL hears a moment later.
        pause = LOOKED_AT.min(pause * 2);
    }
    engine.begins(Some(engine.clock().now()));
    engine.set_stands_by(false);
    telemetry::leads(true);
}

/// Asks GitHub who the App is, as long as it takes; what was known at an earlier
/// start counts where there is no answer.
async fn learn_login(engine: &Engine) {
    let mut wait = 1_000;
    loop {
        match ask(engine).await {
            Ok(bot) => {
                engine.begins(Some(engine.clock().now()));
                engine.is_called(bot);
                return;
            }
            Err(Unknown::Store(error)) => store_failed("reading the App's login", &error).await,
            Err(Unknown::GitHub(error)) => {
                let hint = match error {
                    Error::Unauthorized => "do APP_ID and PRIVATE_KEY belong together?",
                    _ => "deliveries are kept meanwhile",
                };
                tracing::error!(%error, hint, "cannot ask GitHub who the App is");
                let now = engine.clock().now();
                wait = (wait * 2).min(LONGEST);
                let at = match error {
                    Error::RateLimited { until, .. } => until.clamp(now + wait, now + 60 * LONGEST),
                    _ => now + wait,
                };
                engine.begins(Some(at));
                engine.clock().sleep_until(at).await;
            }
        }
    }
}

/// Why the login is not known.
enum Unknown {
    GitHub(Error),
    Store(StoreError),
}

async fn ask(engine: &Engine) -> Result<String, Unknown> {
    let store = engine.store();
    let key = format!("{BOT}:{}", engine.0.github.app_id());
    match engine.0.github.app().await {
        Ok(app) => {
            let bot = app.bot_login();
            store.meta_set(&key, &bot).await.map_err(Unknown::Store)?;
            Ok(bot)
        }
        Err(error) => {
            let known = store.meta_get(&key).await.map_err(Unknown::Store)?;
            let bot = known.ok_or_else(|| Unknown::GitHub(error.clone()))?;
            tracing::warn!(%error, bot, "GitHub does not say who the App is; going on all the same");
            Ok(bot)
        }
    }
}
