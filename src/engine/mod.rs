//! Takes events in, lets the domain decide, carries out what it wishes.
//!
//! - `gate` says which deliveries are kept, most of them at a `glance`; `intake` finds the cases that they
//!   concern, by the questions in `route`; `heard` turns them into events.
//! - `beginning` is the way from the first moment to where all the others run.
//! - `step` is the one transaction per cause: facts, journal, outbox, claims.
//! - `dispatch` hands out due effects: whose turn it is (`pacing`), and so many
//!   at a time (`slots`). `attempt` carries one out and reports what came of it.
//! - `effects` carries one effect out: look, act.
//! - `examine` reads what a hotfix would meet, on a quiet day.
//! - `identity` holds the repository's name against its id.
//! - `gone` ends the cases of a repository that the App was taken off.
//! - `unreadable` lets a case stand still whose facts cannot be read.
//! - `reconcile` is what happens at start and on the clock.
//! - `thrift` keeps what nobody asked for to half of GitHub's budget.
//! - `timekeeping` sees that the clock was put back.
//! - `prune` forgets what nobody needs any more.
//! - `proposed` says on pull requests whether the configuration that they bring is
//!   right.
//! - `visible` asks whether everybody may see a repository.
//! - `missed` reads in GitHub's log what could not be delivered.

mod again;
mod attempt;
mod beginning;
mod concerns;
pub mod dispatch;
pub mod effects;
pub mod examine;
pub mod gate;
mod glance;
mod gone;
mod handle;
mod heard;
pub mod identity;
pub mod intake;
mod lines;
pub mod missed;
mod named;
mod on_heap;
mod opening;
mod pacing;
mod patience;
mod proofs;
mod proposed;
mod prune;
pub mod reconcile;
mod route;
mod slots;
pub mod step;
mod tell;
mod thrift;
mod timekeeping;
mod unreadable;
pub mod visible;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use self::handle::Engine;
use self::handle::store_failed;

impl Engine {
    /// Begins to run until `shutdown`: once it is known who the App is, what an
    /// earlier process left is taken over, then everything goes on.
    pub fn start(&self, shutdown: CancellationToken) -> JoinSet<()> {
        self.begins(Some(self.clock().now()));
        let mut tasks = JoinSet::new();
        tasks.spawn(beginning::run(self.clone(), shutdown));
        tasks
    }
}

#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod together_tests;
#[cfg(test)]
mod visible_tests;
