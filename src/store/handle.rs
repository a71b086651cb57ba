//! The handle that everybody has on the database.

use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;

use super::dialect::{Pool, PoolConn};
use super::error::{Doing as _, Result};
use super::index::Index;
use super::lock::FileLock;
use super::seen::Seen;

/// A handle on the database; clones share it. The file stays locked until the
/// last clone and the last [`Tx`](super::Tx) are dropped.
#[derive(Clone)]
pub struct Store {
    pub(super) inner: Arc<Inner>,
}

/// What the clones of a [`Store`] share.
pub(super) struct Inner {
    pub(super) epoch: i64,
    /// At most one connection: the order of the writes is the order of asking.
    pub(super) writer: Pool,
    pub(super) readers: Pool,
    pub(super) inbox: watch::Sender<u64>,
    pub(super) work: watch::Sender<u64>,
    /// Which deliveries came. Held while some are written down.
    pub(super) seen: tokio::sync::Mutex<Seen>,
    pub(super) index: Arc<Index>,
    /// Last, so that it is let go last.
    pub(super) _lock: Option<FileLock>,
}

impl Store {
    /// The number of this opening of the database; it rises with each. An
    /// attempt of another epoch is nobody's any more.
    pub fn epoch(&self) -> i64 {
        self.inner.epoch
    }

    /// Changes whenever deliveries were stored or became due at another time.
    /// Look into the inbox first, then wait for the next change.
    pub fn inbox_changes(&self) -> watch::Receiver<u64> {
        self.inner.inbox.subscribe()
    }

    /// Changes whenever a transaction was committed or an effect was given
    /// back: there may be something due, or [`Store::next_due`] moved.
    pub fn work_changes(&self) -> watch::Receiver<u64> {
        self.inner.work.subscribe()
    }

    /// Closes all connections in good order, which also folds the write-ahead
    /// log into the file. Waits for the transactions that are open.
    pub async fn close(&self) {
        self.inner.readers.close().await;
        self.inner.writer.close().await;
    }

    pub(super) async fn read(&self) -> Result<PoolConn> {
        self.inner
            .readers
            .acquire()
            .await
            .doing("waiting for a reading connection")
    }

    /// For a single statement that is its own transaction.
    pub(super) async fn write(&self) -> Result<PoolConn> {
        self.inner
            .writer
            .acquire()
            .await
            .doing("waiting for the writing connection")
    }

    pub(super) fn tell_inbox(&self) {
        self.inner.inbox.send_modify(|n| *n = n.wrapping_add(1));
    }

    pub(super) fn tell_work(&self) {
        self.inner.work.send_modify(|n| *n = n.wrapping_add(1));
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("epoch", &self.inner.epoch)
            .finish_non_exhaustive()
    }
}
