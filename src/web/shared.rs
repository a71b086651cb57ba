//! What the routes share.

use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::commit::Commits;
use super::concern::Webhook;
use super::future::Ready;
use super::limits::Limits;
use super::unsigned::UnsignedLog;
use crate::clock::Clock;

/// What the handlers share.
pub(super) struct Shared {
    pub(super) clock: Clock,
    pub(super) webhook: Webhook,
    pub(super) commits: Commits,
    pub(super) ready: Ready,
    pub(super) metrics: PrometheusHandle,
    pub(super) limits: Limits,
    pub(super) body_room: Arc<Semaphore>,
    pub(super) unsigned: UnsignedLog,
    pub(super) stopping: CancellationToken,
}
