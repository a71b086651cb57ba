//! A running stand-in, and the handles on it.

use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::clock::{Millis, SimClock};
use super::hub::Hub;
use super::model::faults::{FaultPlan, Strike};
use super::rest::registry::{API, INDEX, STATUS};
use super::router::Router;
use super::slow::Slow;
use super::world::{SimOptions, World};
use super::{http, rest};

/// A running stand-in; clones are handles on the same one. It stops when the
/// last handle is dropped.
#[derive(Clone, Debug)]
pub struct Sim {
    hub: Arc<Hub>,
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
        let hub = Arc::new(Hub {
            world: Mutex::new(world),
            router: Router::new(rest::routes()),
            clock: options.clock.clone(),
            api_url,
            webhook: watch::Sender::new(None),
            fault: watch::Sender::new(None),
            requests: AtomicUsize::new(0),
            activity: AtomicU64::new(0),
            slow: Slow::default(),
        });
        let stop = watch::Sender::new(false);
        tokio::spawn(http::listen(hub.clone(), listener, stop.subscribe()));
        tokio::spawn(http::deliver(hub.clone(), stop.subscribe()));
        if options.clock.is_system() {
            tokio::spawn(http::tick_along(Arc::downgrade(&hub), stop.subscribe()));
        }
        Ok(Sim {
            hub,
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
        self.hub.api_url.clone()
    }

    /// Where the registry's API is (crates.io's origin).
    pub fn crates_url(&self) -> String {
        format!("{}{}", self.hub.api_url, API)
    }

    /// Where the registry's sparse index is.
    pub fn crates_index_url(&self) -> String {
        format!("{}{}", self.hub.api_url, INDEX)
    }

    /// Where another registry is: `npm`, `pypi`, `rubygems`, `goproxy`, `gosum`, `maven`,
    /// `oci`, `helm`.
    pub fn registry_url(&self, name: &str) -> String {
        format!("{}/{name}", self.hub.api_url)
    }

    /// Where the status pages are: GitHub's, and the registry's.
    pub fn status_urls(&self) -> [String; 2] {
        STATUS.map(|path| format!("{}{path}", self.hub.api_url))
    }

    /// GitHub's clock.
    pub fn clock(&self) -> &SimClock {
        &self.hub.clock
    }

    /// The state. Never hold it across an `.await`.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.hub.lock()
    }

    /// Where deliveries go from now on; `None`: the receiver is down, and
    /// deliveries fail.
    pub fn set_webhook(&self, url: Option<String>) {
        self.hub.webhook.send_replace(url);
    }

    /// From now on every answer takes so long on the stand-in's clock.
    pub fn answer_after(&self, millis: Millis) {
        self.hub.slow.take(millis);
    }

    /// How many answers are on their way, and wait for the clock.
    pub fn on_their_way(&self) -> usize {
        self.hub.slow.count()
    }

    /// Whether nothing is under way: no request being answered but those whose
    /// answers wait for the clock, no delivery waiting or being sent.
    pub fn is_quiet(&self) -> bool {
        let world = self.world();
        self.hub.requests.load(Ordering::SeqCst) == self.hub.slow.count()
            && world.deliveries.queue.is_empty()
            && world.deliveries.in_flight == 0
    }

    /// A counter that every request and every delivery raises, when it begins
    /// and when it ends.
    pub fn activity(&self) -> u64 {
        self.hub.activity.load(Ordering::SeqCst)
    }

    /// The earliest moment at which something becomes due.
    pub fn next_due(&self) -> Option<Millis> {
        let scheduled = self.world().schedule.keys().next().map(|(at, _)| *at);
        scheduled.into_iter().chain(self.hub.slow.next()).min()
    }

    /// Carries out everything that is due at the clock's present moment.
    pub fn tick(&self) {
        self.hub.tick();
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

    /// From now on GitHub answers nothing but 503 with a page, or is back. The
    /// registry and the status pages go on.
    pub fn goes_down(&self, down: bool) {
        self.world().faults.down = down;
    }

    /// How many writes arrived so far.
    pub fn writes_seen(&self) -> usize {
        self.world().faults.writes_seen
    }

    /// Waits until a planned fault strikes. From then on nothing is carried
    /// out and nothing answered, until [`Sim::release_fault`].
    pub async fn fault_struck(&self) -> Option<Strike> {
        let mut fault = self.hub.fault.subscribe();
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
        self.hub.fault.send_replace(None);
    }
}
