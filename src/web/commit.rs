//! Group commit: deliveries that wait together are written in one commit and
//! acknowledged after it.
//!
//! One task writes. While it commits, further deliveries gather in a bounded
//! channel; the next commit takes them all. A commit costs the same for one and
//! for ten, so where one follows close on another it waits a moment for more; in
//! quiet times a delivery is written at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::future::BoxFuture;
use super::limits::Limits;
use crate::store::Store;
pub use crate::store::{NewDelivery, Put};
use crate::telemetry;

/// Where deliveries are written down.
pub trait Inbox: Send + Sync {
    /// Writes all of `batch` in one commit. Once it returns `Ok`, they are
    /// durable; the answer has one entry for each, in their order.
    ///
    /// # Errors
    /// Nothing was written; the text is for the log.
    fn put(&self, batch: Vec<NewDelivery>) -> BoxFuture<'_, Result<Vec<Put>, String>>;
}

impl Inbox for Store {
    fn put(&self, batch: Vec<NewDelivery>) -> BoxFuture<'_, Result<Vec<Put>, String>> {
        Box::pin(async move { self.put_deliveries(&batch).await.map_err(|e| e.to_string()) })
    }
}

/// Why a delivery was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotPut {
    /// Too many wait already.
    Full,
    /// The commit failed, or the server stops.
    Failed,
}

struct Waiting {
    delivery: NewDelivery,
    answer: oneshot::Sender<Result<Put, NotPut>>,
}

/// The entrance to the writer.
#[derive(Clone)]
pub(super) struct Commits(mpsc::Sender<Waiting>);

impl Commits {
    /// Waits until the delivery is durable. Where the caller goes away
    /// meanwhile, the delivery is written nevertheless.
    pub(super) async fn put(&self, delivery: NewDelivery) -> Result<Put, NotPut> {
        let (answer, answered) = oneshot::channel();
        self.0
            .try_send(Waiting { delivery, answer })
            .map_err(|e| match e {
                mpsc::error::TrySendError::Full(_) => NotPut::Full,
                mpsc::error::TrySendError::Closed(_) => NotPut::Failed,
            })?;
        answered.await.unwrap_or(Err(NotPut::Failed))
    }
}

/// Starts the writer. When `closing` is cancelled, it takes no more, writes
/// what waits, and ends.
pub(super) fn start(
    inbox: Arc<dyn Inbox>,
    limits: &Limits,
    closing: CancellationToken,
) -> (Commits, JoinHandle<()>) {
    let (tx, rx) = mpsc::channel(limits.waiting.max(1));
    let writer = tokio::spawn(write(inbox, rx, *limits, closing));
    (Commits(tx), writer)
}

async fn write(
    inbox: Arc<dyn Inbox>,
    mut rx: mpsc::Receiver<Waiting>,
    limits: Limits,
    closing: CancellationToken,
) {
    let most = limits.batch.max(1);
    // Until when a commit counts as close on the last one.
    let mut close = None;
    loop {
        let mut batch = Vec::new();
        tokio::select! {
            biased;
            received = rx.recv_many(&mut batch, most) => if received == 0 { return },
            () = closing.cancelled(), if !rx.is_closed() => rx.close(),
        }
        if batch.is_empty() {
            continue;
        }
        if close.is_some_and(|until| Instant::now() < until) {
            let enough = limits.gather.min(most);
            gather(&mut rx, &mut batch, enough, most, limits.gather_time).await;
        }
        commit(&*inbox, batch).await;
        close = Some(Instant::now() + limits.gather_time * 2);
    }
}

/// Waits for more, until there are enough or the time is over; takes what is
/// there.
async fn gather(
    rx: &mut mpsc::Receiver<Waiting>,
    batch: &mut Vec<Waiting>,
    enough: usize,
    most: usize,
    time: Duration,
) {
    let until = Instant::now() + time;
    while batch.len() < enough {
        let room = most - batch.len();
        match timeout_at(until, rx.recv_many(batch, room)).await {
            Ok(received) if received > 0 => {}
            _ => return,
        }
    }
}

async fn commit(inbox: &dyn Inbox, batch: Vec<Waiting>) {
    let (deliveries, answers): (Vec<_>, Vec<_>) =
        batch.into_iter().map(|w| (w.delivery, w.answer)).unzip();
    let count = deliveries.len();
    let begun = Instant::now();
    let results = match inbox.put(deliveries).await {
        Ok(puts) if puts.len() == count => puts.into_iter().map(Ok).collect(),
        Ok(puts) => {
            tracing::error!(
                deliveries = count,
                answers = puts.len(),
                "the inbox did not answer for each delivery"
            );
            vec![Err(NotPut::Failed); count]
        }
        Err(error) => {
            tracing::error!(deliveries = count, %error, "deliveries could not be written and were refused");
            vec![Err(NotPut::Failed); count]
        }
    };
    telemetry::time_commit("deliveries", begun.elapsed());
    tracing::debug!(
        deliveries = count,
        micros = begun.elapsed().as_micros() as u64,
        "commit of deliveries"
    );
    for (answer, result) in answers.into_iter().zip(results) {
        // Whoever hung up meanwhile needs no answer.
        let _ = answer.send(result);
    }
}
