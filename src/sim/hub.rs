//! What the handles on a stand-in, its connections and its timers share.

use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::clock::SimClock;
use super::due::run_due;
use super::model::faults::Strike;
use super::router::Router;
use super::slow::Slow;
use super::world::World;

/// The one stand-in behind all handles.
#[derive(Debug)]
pub(super) struct Hub {
    pub(super) world: Mutex<World>,
    pub(super) router: Router,
    pub(super) clock: SimClock,
    pub(super) api_url: String,
    pub(super) webhook: watch::Sender<Option<String>>,
    pub(super) fault: watch::Sender<Option<Strike>>,
    pub(super) requests: AtomicUsize,
    pub(super) activity: AtomicU64,
    pub(super) slow: Slow,
}

impl Hub {
    /// The state, whatever became of who held it before.
    pub(super) fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows who waits for it what has struck; under the lock, so that a
    /// release is never overtaken by an old strike.
    pub(super) fn tell_fault(&self) {
        let world = self.lock();
        self.fault.send_replace(world.faults.struck.clone());
    }

    /// Carries out everything that is due at the clock's present moment.
    pub(super) fn tick(&self) {
        run_due(&mut self.lock());
        self.slow.moved(self.clock.now());
    }
}
