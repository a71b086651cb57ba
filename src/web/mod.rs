//! The HTTP server: the webhook, health, metrics and the pages; beside it, `setup`.
//!
//! ```text
//! socket → server (connection cap, header time-out)
//!        → webhook (headers, body, signature, concern)
//!        → commit  (several deliveries, one commit) → Inbox
//! ```
//!
//! Nothing is decided here. A delivery that concerns the App is written down
//! before it is acknowledged; what follows from it is the engine's.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;

mod body;
mod browser;
mod commit;
mod concern;
mod future;
mod guests;
mod health;
mod limits;
mod pages;
mod server;
pub mod setup;
mod shared;
mod unsigned;
mod webhook;

/// What the doctor finds.
pub use crate::domain::checkup::{Checkup, active_after, next_look};
pub use crate::domain::quiet_day::Examined;
pub use browser::{prefix, random};
pub use commit::{Inbox, NewDelivery, Put};
pub use concern::{Ask, Concern, Webhook};
pub use future::{BoxFuture, Ready};
pub use limits::Limits;
pub use pages::{
    Authority, Examiner, Grant, NotAsked, NotExamined, NotSignedIn, Pages, Person, SignIn, Viewer,
    Word,
};

use shared::Shared;

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
    /// Where the metrics stand by themselves; none: with everything else.
    pub metrics_at: Option<TcpListener>,
    /// Bounds on what a sender may cost.
    pub limits: Limits,
    /// The pages; none: there are none.
    pub pages: Option<Pages>,
    /// Where the server is reached, if that is known.
    pub public_url: Option<String>,
    /// What the browser is shown that has just set the server up.
    pub rest: Option<setup::Rest>,
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
        unsigned: unsigned::UnsignedLog::default(),
        stopping: shutdown.clone(),
    });
    let pages = web.pages.map(|it| pages::router(it, shutdown.clone()));
    let router = Router::new()
        .route("/webhook", post(webhook::receive))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .with_state(shared.clone())
        .merge(pages.unwrap_or_default())
        .merge(match web.rest {
            Some(rest) => setup::rest(rest),
            None => setup::always(web.public_url.as_deref()),
        });
    let metrics = Router::new()
        .route("/metrics", get(health::metrics))
        .with_state(shared);
    let Some(apart) = web.metrics_at else {
        let router = router.merge(metrics);
        let all = server::run(listener, router, limits, shutdown, closing, writer);
        return tokio::spawn(all);
    };
    // Nobody delivers there, so nobody writes.
    let (idle, open) = (tokio::spawn(async {}), CancellationToken::new());
    let beside = server::run(apart, metrics, limits, shutdown.clone(), open, idle);
    let rest = server::run(listener, router, limits, shutdown, closing, writer);
    tokio::spawn(async move {
        tokio::join!(beside, rest);
    })
}

#[cfg(test)]
mod tests;
