//! A GitHub stand-in on loopback, on real git. Imports nothing of ours.
//!
//! [`Sim`] serves the REST API, GraphQL and a crates.io over HTTP on
//! 127.0.0.1, sends signed deliveries to a webhook, and plays workflow runs.
//! [`World`] is its state; [`Person`] acts as a human would. Time is
//! [`SimClock`]; nothing is random.

pub mod actions;
mod adopt;
mod answer;
pub mod auth;
pub mod checks;
pub mod clock;
pub mod deliveries;
pub mod faults;
pub mod git;
mod graphql;
mod http;
pub mod json;
pub mod log;
mod model;
pub mod ops;
pub mod people;
pub mod registry;
pub mod releases;
pub mod rest;
pub mod router;
mod serve;
pub mod setup;
pub mod status_page;
pub mod world;

use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::watch;

pub use actions::PushInfo;
pub use clock::{Millis, SimClock};
pub use deliveries::DeliveryOrder;
pub use faults::{FaultPlan, FaultWhen, Strike};
pub use people::{Person, Verdict};
pub use setup::{NewApp, Seed, TEST_APP_KEY};
pub use world::{Job, Repo, Role, Who, World};

use router::Router;

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

/// A running stand-in; clones are handles on the same one. It stops when the
/// last handle is dropped.
#[derive(Clone, Debug)]
pub struct Sim {
    inner: Arc<Inner>,
    _life: Arc<Life>,
}

/// Tells the background tasks to end when the last handle goes.
#[derive(Debug)]
struct Life(watch::Sender<bool>);

impl Drop for Life {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}

#[derive(Debug)]
struct Inner {
    world: Mutex<World>,
    router: Router,
    clock: SimClock,
    api_url: String,
    webhook: watch::Sender<Option<String>>,
    fault: watch::Sender<Option<Strike>>,
    requests: AtomicUsize,
    activity: AtomicU64,
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows who waits for it what has struck; under the lock, so that a
    /// release is never overtaken by an old strike.
    fn tell_fault(&self) {
        let world = self.lock();
        self.fault.send_replace(world.faults.struck.clone());
    }

    fn tick(&self) {
        let mut world = self.lock();
        let now = world.now();
        while let Some(entry) = world.schedule.first_entry() {
            if entry.key().0 > now {
                break;
            }
            match entry.remove() {
                Job::Registry(job) => registry::run_job(&mut world, job),
                Job::Deliver(index) => world.release_delivery(index),
                job @ Job::Actions(_) => actions::run_job(&mut world, job),
            }
        }
    }
}

impl Sim {
    /// Binds 127.0.0.1 on a free port and serves until [`Sim::stop`] or until
    /// the last handle is dropped. It lives on the runtime that calls this.
    ///
    /// # Errors
    /// When the port cannot be bound or `dir` cannot be made.
    pub async fn start(options: SimOptions) -> io::Result<Sim> {
        // Deliveries go out by plain HTTP, but the client wants one anyway.
        let _ = rustls::crypto::ring::default_provider().install_default();
        std::fs::create_dir_all(&options.dir)?;
        let dir = options.dir.canonicalize()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let api_url = format!("http://{}", listener.local_addr()?);
        let world = World::new(&options, dir, api_url.clone());
        let inner = Arc::new(Inner {
            world: Mutex::new(world),
            router: Router::new(rest::routes()),
            clock: options.clock.clone(),
            api_url,
            webhook: watch::Sender::new(None),
            fault: watch::Sender::new(None),
            requests: AtomicUsize::new(0),
            activity: AtomicU64::new(0),
        });
        let stop = watch::Sender::new(false);
        tokio::spawn(http::listen(inner.clone(), listener, stop.subscribe()));
        tokio::spawn(http::deliver(inner.clone(), stop.subscribe()));
        if options.clock.is_system() {
            tokio::spawn(http::tick_along(Arc::downgrade(&inner), stop.subscribe()));
        }
        Ok(Sim {
            inner,
            _life: Arc::new(Life(stop)),
        })
    }

    /// Stops serving and sending. The world stays readable.
    pub fn stop(&self) {
        self._life.0.send_replace(true);
    }

    /// Where the REST API is, without a trailing slash; GraphQL is below it at
    /// `/graphql`.
    pub fn api_url(&self) -> String {
        self.inner.api_url.clone()
    }

    /// Where the registry's API is (crates.io's origin).
    pub fn crates_url(&self) -> String {
        format!("{}{}", self.inner.api_url, registry::API)
    }

    /// Where the registry's sparse index is.
    pub fn crates_index_url(&self) -> String {
        format!("{}{}", self.inner.api_url, registry::INDEX)
    }

    /// GitHub's clock.
    pub fn clock(&self) -> &SimClock {
        &self.inner.clock
    }

    /// The state. Never hold it across an `.await`.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.inner.lock()
    }

    /// A person in a repository; made when there is none of that login.
    pub fn person(&self, login: &str, repo: u64) -> Person {
        let user = self.world().add_user(login);
        Person {
            sim: self.clone(),
            user,
            repo,
        }
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

    /// A counter that every request and every delivery raises, when it begins
    /// and when it ends.
    pub fn activity(&self) -> u64 {
        self.inner.activity.load(Ordering::SeqCst)
    }

    /// The earliest moment at which something becomes due.
    pub fn next_due(&self) -> Option<Millis> {
        self.world().schedule.keys().next().map(|(at, _)| *at)
    }

    /// Carries out everything that is due at the clock's present moment.
    pub fn tick(&self) {
        self.inner.tick();
    }

    /// Writes every delivery and call to files in `dir`: see [`World::dump`].
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn dump(&self, dir: &Path) -> io::Result<()> {
        self.world().dump(dir)
    }

    /// Plans a fault, or takes the plan back. Writes are counted from the
    /// stand-in's start: see [`Sim::writes_seen`].
    pub fn plan_fault(&self, plan: Option<FaultPlan>) {
        self.world().faults.plan = plan;
    }

    /// From now on these operations, and no others, are answered with 502.
    pub fn break_operations(&self, operations: &[&str]) {
        let names = operations.iter().map(|name| (*name).to_owned());
        self.world().faults.broken = names.collect();
    }

    /// How many writes arrived so far.
    pub fn writes_seen(&self) -> usize {
        self.world().faults.writes_seen
    }

    /// Waits until a planned fault strikes. From then on nothing is carried
    /// out and nothing answered, until [`Sim::release_fault`].
    pub async fn fault_struck(&self) -> Option<Strike> {
        let mut fault = self.inner.fault.subscribe();
        fault
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|s| s.clone())
    }

    /// Cuts every connection that a fault holds, and serves again.
    pub fn release_fault(&self) {
        let mut world = self.world();
        world.faults.struck = None;
        self.inner.fault.send_replace(None);
    }
}

#[cfg(test)]
mod tests;
