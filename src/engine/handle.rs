//! The handle that every part of the engine works with.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::named::Named;
use super::pacing::Pacing;
use super::patience::Patience;
use super::proofs::Proofs;
use crate::clock::{Clock, Millis};
use crate::domain::facts::stored;
use crate::domain::need::Need;
use crate::domain::plan;
use crate::github::GitHub;
use crate::registry::CratesIo;
use crate::store::{Store, StoreError};

/// What the engine works with.
#[derive(Clone)]
pub struct Engine(pub(super) Arc<Inner>);

/// What the clones of an [`Engine`] share.
pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) github: GitHub,
    pub(super) registry: CratesIo,
    pub(super) clock: Clock,
    /// The App's own actor login, `<slug>[bot]`.
    pub(super) bot: String,
    pub(super) pacing: Pacing,
    pub(super) patience: Patience,
    pub(super) proofs: Proofs,
    /// The cases of which the log says that they cannot be read.
    pub(super) named: Named,
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
            pacing: Pacing::default(),
            patience: Patience::default(),
            proofs: Proofs::default(),
            named: Named::default(),
            log_due: AtomicI64::new(Millis::MAX),
        }))
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

    /// What the newest open case waits for, the most urgent first; none where no
    /// case is open, or it cannot be read.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn needs(&self) -> Result<Option<Vec<Need>>, StoreError> {
        let cases = self.0.store.open_cases().await?;
        let facts = cases
            .iter()
            .max_by_key(|case| case.id)
            .and_then(|case| stored::read(case.schema, &case.facts).ok());
        Ok(facts.map(|facts| plan::needs(&facts)))
    }

    pub(super) fn log_due(&self) -> Millis {
        self.0.log_due.load(Ordering::SeqCst)
    }

    pub(super) fn set_log_due(&self, at: Millis) {
        self.0.log_due.store(at, Ordering::SeqCst);
    }

    pub(super) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.0.clock
    }
}

/// How long a loop waits after the store failed, milliseconds of real time:
/// the database is broken, not the world.
const AFTER_STORE_ERROR: std::time::Duration = std::time::Duration::from_millis(500);

/// Says that the store failed, and waits a little.
pub(super) async fn store_failed(doing: &'static str, error: &StoreError) {
    tracing::error!(%error, doing, "the store failed");
    tokio::time::sleep(AFTER_STORE_ERROR).await;
}
