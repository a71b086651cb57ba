//! A GitHub stand-in on loopback, on real git. Imports nothing of ours.
//!
//! [`Sim`] serves the REST API, GraphQL and a crates.io over HTTP on
//! 127.0.0.1, sends signed deliveries to a webhook, and plays workflow runs.
//! [`World`] is its state; [`Person`] acts as a human would. Time is
//! [`SimClock`]; nothing is random.

pub mod actions;
pub mod auth;
pub mod checks;
pub mod clock;
pub mod deliveries;
pub mod faults;
pub mod git;
pub mod json;
pub mod log;
pub mod ops;
pub mod people;
pub mod registry;
pub mod releases;
pub mod rest;
pub mod router;
pub mod setup;
pub mod status_page;
pub mod world;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

pub use actions::PushInfo;
pub use clock::{Millis, SimClock};
pub use deliveries::DeliveryOrder;
pub use faults::{FaultPlan, FaultWhen};
pub use people::{Person, Verdict};
pub use setup::{NewApp, Seed, TEST_APP_KEY};
pub use world::{Job, Repo, Role, Who, World};

/// How a stand-in is started.
#[derive(Clone, Debug)]
pub struct SimOptions {
    /// Where the git repositories live; made if missing.
    pub dir: PathBuf,
    /// GitHub's clock.
    pub clock: SimClock,
    /// How long a published version stays invisible in the sparse index.
    pub index_lag_ms: Millis,
    /// How often a fresh installation token is answered 401.
    pub fresh_token_refusals: u32,
}

/// A running stand-in; clones are handles on the same one.
#[derive(Clone, Debug)]
pub struct Sim {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    world: Mutex<World>,
    clock: SimClock,
    api_url: String,
    webhook: watch::Sender<Option<String>>,
    requests: AtomicUsize,
    activity: AtomicU64,
}

impl Sim {
    /// Binds 127.0.0.1 on a free port and serves until [`Sim::stop`] or until
    /// the last handle is dropped.
    ///
    /// # Errors
    /// When the port cannot be bound or `dir` cannot be made.
    pub async fn start(options: SimOptions) -> io::Result<Sim> {
        let _ = options;
        Err(io::Error::other("not built yet"))
    }

    /// Stops serving and sending.
    pub fn stop(&self) {}

    /// Where the REST API is, without a trailing slash; GraphQL is below it at
    /// `/graphql`.
    pub fn api_url(&self) -> String {
        self.inner.api_url.clone()
    }

    /// Where the registry's API is (crates.io's origin).
    pub fn crates_url(&self) -> String {
        format!("{}/crates.io", self.inner.api_url)
    }

    /// Where the registry's sparse index is.
    pub fn crates_index_url(&self) -> String {
        format!("{}/index.crates.io", self.inner.api_url)
    }

    /// GitHub's clock.
    pub fn clock(&self) -> &SimClock {
        &self.inner.clock
    }

    /// The state. Never hold it across an `.await`.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.inner.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A person in a repository (`owner`, `name`); both must exist.
    pub fn person(&self, login: &str, repo: u64) -> Person {
        let user = self.world().add_user(login);
        Person { sim: self.clone(), user, repo }
    }

    /// Where deliveries go from now on; `None`: the receiver is down, and
    /// deliveries fail.
    pub fn set_webhook(&self, url: Option<String>) {
        self.inner.webhook.send_replace(url);
    }

    /// Whether nothing is under way: no request being answered, no delivery
    /// waiting or being sent.
    pub fn is_quiet(&self) -> bool {
        let world = self.world();
        self.inner.requests.load(Ordering::SeqCst) == 0
            && world.deliveries.queue.is_empty()
            && world.deliveries.in_flight == 0
    }

    /// A counter that every request and every delivery raises.
    pub fn activity(&self) -> u64 {
        self.inner.activity.load(Ordering::SeqCst)
    }

    /// The earliest moment at which something becomes due.
    pub fn next_due(&self) -> Option<Millis> {
        self.world().schedule.keys().next().map(|(at, _)| *at)
    }

    /// Carries out everything that is due at the clock's present moment.
    pub fn tick(&self) {
        let mut world = self.world();
        let now = world.now();
        while let Some(entry) = world.schedule.first_entry() {
            if entry.key().0 > now {
                break;
            }
            match entry.remove() {
                job @ Job::Actions(_) => actions::run_job(&mut world, job),
                Job::Registry(job) => registry::run_job(&mut world, job),
                Job::Deliver(index) => world.release_delivery(index),
            }
        }
    }
}
