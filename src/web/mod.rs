//! The HTTP server: the webhook, health and metrics.
//!
//! ```text
//! socket → server (connection cap, header time-out)
//!        → webhook (headers, body, signature, concern)
//!        → commit  (several deliveries, one commit) → Inbox
//! ```
//!
//! Nothing is decided here. A delivery that concerns the App is written down
//! before it is acknowledged; what follows from it is the engine's.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;

mod body;
mod commit;
mod health;
mod server;
mod webhook;

pub use commit::{Inbox, NewDelivery, Put};
pub use webhook::{Concern, Webhook};

/// A future on the heap, as object-safe traits need it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Whether the server can do its work, and if not, why (a few words; anyone
/// may read them). It is asked at each `GET /readyz`.
pub type Ready = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// What the routes work with.
pub struct Web {
    /// Gives the deliveries their time of arrival.
    pub clock: Clock,
    /// Verifies deliveries and says which ones to keep.
    pub webhook: Webhook,
    /// Where kept deliveries are written down.
    pub inbox: Arc<dyn Inbox>,
    /// Answers `GET /readyz`.
    pub ready: Ready,
    /// Answers `GET /metrics`.
    pub metrics: PrometheusHandle,
    /// Bounds on what a sender may cost.
    pub limits: Limits,
}

/// Bounds on what a sender may cost. The defaults suit GitHub as the sender,
/// which waits 10 s for an answer.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest body, bytes. GitHub does not deliver payloads above 25 MB.
    pub body: usize,
    /// Bytes of bodies above [`Limits::small_body`] held at one time, over all
    /// requests; beyond it, 503.
    pub all_bodies: usize,
    /// A body up to this size is never refused for what others hold, bytes.
    pub small_body: usize,
    /// Time for the head of a request; an idle connection is closed after it.
    pub head_time: Duration,
    /// Time for the whole body of a request.
    pub body_time: Duration,
    /// Connections at one time; more wait in the listener's queue.
    pub connections: usize,
    /// Deliveries that wait for a commit; more are answered 503.
    pub waiting: usize,
    /// Deliveries in one commit.
    pub batch: usize,
    /// How long a commit waits for further deliveries, once several came together.
    pub gather_time: Duration,
    /// Time for requests and commits under way when the server stops.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body: 25 * 1024 * 1024,
            all_bodies: 128 * 1024 * 1024,
            small_body: 64 * 1024,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            connections: 512,
            waiting: 256,
            batch: 64,
            gather_time: Duration::from_millis(5),
            drain_time: Duration::from_secs(10),
        }
    }
}

/// What the handlers share.
struct Shared {
    clock: Clock,
    webhook: Webhook,
    commits: commit::Commits,
    ready: Ready,
    metrics: PrometheusHandle,
    limits: Limits,
    body_room: Arc<Semaphore>,
    unsigned: webhook::UnsignedLog,
    stopping: CancellationToken,
}

/// Serves on `listener` until `shutdown` is cancelled. Then no connection is
/// accepted any more, requests and commits under way get
/// [`Limits::drain_time`], and the task ends. Must be called in a runtime.
pub fn start(listener: TcpListener, web: Web, shutdown: CancellationToken) -> JoinHandle<()> {
    let limits = web.limits;
    let closing = CancellationToken::new();
    let (commits, writer) = commit::start(web.inbox, &limits, closing.clone());
    let shared = Arc::new(Shared {
        clock: web.clock,
        webhook: web.webhook,
        commits,
        ready: web.ready,
        metrics: web.metrics,
        limits,
        body_room: Arc::new(Semaphore::new(
            limits.all_bodies.min(Semaphore::MAX_PERMITS),
        )),
        unsigned: webhook::UnsignedLog::default(),
        stopping: shutdown.clone(),
    });
    let router = Router::new()
        .route("/webhook", post(webhook::receive))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .with_state(shared);
    tokio::spawn(server::run(
        listener, router, limits, shutdown, closing, writer,
    ))
}

#[cfg(test)]
mod tests;
