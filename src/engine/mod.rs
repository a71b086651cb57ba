//! Takes events in, lets the domain decide, carries out what it wishes.
//!
//! - `gate` says which deliveries are kept; `intake` finds the cases that they
//!   concern, by the questions in `route`; `heard` turns them into events.
//! - `step` is the one transaction per cause: facts, journal, outbox, claims.
//! - `dispatch` hands out due effects and reports what came of them.
//! - `effects` carries one effect out: look, act.
//! - `identity` holds the repository's name against its id.
//! - `unreadable` lets a case stand still whose facts cannot be read.
//! - `reconcile` is what happens at start and on the clock.
//! - `prune` forgets what nobody needs any more.
//! - `missed` reads in GitHub's log what could not be delivered.

pub mod dispatch;
pub mod effects;
pub mod gate;
mod handle;
mod heard;
pub mod identity;
pub mod intake;
pub mod missed;
mod named;
mod opening;
mod pacing;
mod patience;
mod proofs;
mod prune;
pub mod reconcile;
mod route;
pub mod step;
mod unreadable;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use self::handle::Engine;
use self::handle::store_failed;
use crate::store::StoreError;

impl Engine {
    /// Takes over what an earlier process left, then runs until `shutdown`.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub async fn start(&self, shutdown: CancellationToken) -> Result<JoinSet<()>, StoreError> {
        let store = self.store();
        store.load_index().await?;
        prune::tell_set_aside(self).await?;
        reconcile::take_over(self).await?;
        self.set_log_due(self.clock().now());
        let mut tasks = JoinSet::new();
        tasks.spawn(missed::run(self.clone(), shutdown.clone()));
        tasks.spawn(intake::run(self.clone(), shutdown.clone()));
        tasks.spawn(prune::run(self.clone(), shutdown.clone()));
        tasks.spawn(dispatch::run(self.clone(), shutdown.clone()));
        tasks.spawn(reconcile::run(self.clone(), shutdown));
        Ok(tasks)
    }
}

#[cfg(test)]
mod tests;
