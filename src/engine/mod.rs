//! Takes events in, lets the domain decide, carries out what it wishes.
//!
//! - `intake` finds the cases that a stored delivery concerns; `heard` turns it
//!   into events.
//! - `step` is the one transaction per cause: facts, journal, outbox, claims.
//! - `dispatch` hands out due effects and reports what came of them.
//! - `effects` carries one effect out: look, act.
//! - `unreadable` lets a case stand still whose facts cannot be read.
//! - `reconcile` is what happens at start and on the clock.
//! - `missed` reads in GitHub's log what could not be delivered.

pub mod dispatch;
pub mod effects;
mod heard;
pub mod intake;
pub mod missed;
mod patience;
pub mod reconcile;
pub mod step;
mod unreadable;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, Millis};
use crate::github::GitHub;
use crate::registry::CratesIo;
use crate::store::{Store, StoreError};

/// What the engine works with.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    store: Store,
    github: GitHub,
    registry: CratesIo,
    clock: Clock,
    /// The App's own actor login, `<slug>[bot]`.
    bot: String,
    pacing: dispatch::Pacing,
    patience: patience::Patience,
    /// The cases of which the log says that they cannot be read.
    named: unreadable::Named,
    /// When the log of deliveries is to be read; the farthest future while
    /// nothing runs.
    log_due: AtomicI64,
}

impl Engine {
    /// Puts the parts together; nothing runs yet.
    pub fn new(
        store: Store,
        github: GitHub,
        registry: CratesIo,
        clock: Clock,
        bot: String,
    ) -> Self {
        Engine(Arc::new(Inner {
            store,
            github,
            registry,
            clock,
            bot,
            pacing: dispatch::Pacing::default(),
            patience: patience::Patience::default(),
            named: unreadable::Named::default(),
            log_due: AtomicI64::new(Millis::MAX),
        }))
    }

    /// Takes over what an earlier process left, then runs until `shutdown`.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub async fn start(&self, shutdown: CancellationToken) -> Result<JoinSet<()>, StoreError> {
        reconcile::take_over(self).await?;
        self.set_log_due(self.clock().now());
        let mut tasks = JoinSet::new();
        tasks.spawn(missed::run(self.clone(), shutdown.clone()));
        tasks.spawn(intake::run(self.clone(), shutdown.clone()));
        tasks.spawn(dispatch::run(self.clone(), shutdown.clone()));
        tasks.spawn(reconcile::run(self.clone(), shutdown));
        Ok(tasks)
    }

    /// How much there is to do at `now`; 0: nothing stirs before
    /// [`Engine::next_due`] unless something comes in.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn busy(&self, now: Millis) -> Result<i64, StoreError> {
        let log = i64::from(self.log_due() <= now);
        Ok(self.0.store.busy(now).await? + log)
    }

    /// When something becomes due next.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn next_due(&self) -> Result<Option<Millis>, StoreError> {
        let log = Some(self.log_due()).filter(|at| *at < Millis::MAX);
        let stored = self.0.store.next_due().await?;
        Ok([log, stored].into_iter().flatten().min())
    }

    fn log_due(&self) -> Millis {
        self.0.log_due.load(Ordering::SeqCst)
    }

    fn set_log_due(&self, at: Millis) {
        self.0.log_due.store(at, Ordering::SeqCst);
    }

    fn store(&self) -> &Store {
        &self.0.store
    }

    fn clock(&self) -> &Clock {
        &self.0.clock
    }
}

/// How long a loop waits after the store failed, milliseconds of real time:
/// the database is broken, not the world.
const AFTER_STORE_ERROR: std::time::Duration = std::time::Duration::from_millis(500);

/// Says that the store failed, and waits a little.
async fn store_failed(doing: &'static str, error: &StoreError) {
    tracing::error!(%error, doing, "the store failed");
    tokio::time::sleep(AFTER_STORE_ERROR).await;
}

#[cfg(test)]
mod tests;
