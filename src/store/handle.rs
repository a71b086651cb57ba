//! The handle that everybody has on the database.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{Mutex, watch};

use super::dialect::{Pool, PoolConn};
use super::error::{Doing as _, Result, StoreError};
use super::held::Held;
use super::index::Index;
use super::lock::FileLock;
use super::postgres::Lease;
use super::seen::Seen;

/// The name under which stands whether the last stop was in good order, and the
/// words for it.
pub(super) const IN_ORDER: &str = "in_order";
pub(super) const YES: &str = "yes";
pub(super) const NO: &str = "no";

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
    /// The files that are open; none in memory.
    pub(super) held: Option<Held>,
    /// What a look at the whole file found.
    pub(super) damage: Arc<OnceLock<String>>,
    /// Set when the store closes: nobody waits for what still looks.
    pub(super) closing: Arc<AtomicBool>,
    pub(super) opened: Opened,
    /// When the last write was proven.
    pub(super) proven: Mutex<Option<Instant>>,
    /// Open from the first to the last, so that the write-ahead log stays the
    /// same file while the others come and go.
    pub(super) keeper: Mutex<Option<SqliteConnection>>,
    /// Which deliveries came, where no other server takes any. Held while some are
    /// written down.
    pub(super) seen: Mutex<Seen>,
    pub(super) index: Arc<Index>,
    /// The lease on a database of a PostgreSQL server.
    pub(super) lease: Option<Lease>,
    /// Last, so that it is let go last.
    pub(super) _lock: Option<FileLock>,
}

/// What was found at the opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The database is new: whatever was known before is not in it.
    pub new: bool,
    /// It is not as the last opening at this place left it: an older one, or a
    /// backup, was put in its place.
    pub older: bool,
    /// The last stop was in good order.
    pub in_order: bool,
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

    /// Ends when another server has taken the lead over from this one: nothing can be
    /// written any more. A file is held by its lock, so there it never does.
    pub async fn taken_over(&self) {
        if let Some(lease) = &self.inner.lease {
            lease.is_over().await;
        } else {
            std::future::pending().await
        }
    }

    /// What was found when the database was opened.
    pub fn opened(&self) -> &Opened {
        &self.inner.opened
    }

    /// Closes all connections in good order, which also folds the write-ahead
    /// log into the file. Waits for the transactions that are open.
    pub async fn close(&self) {
        self.inner.closing.store(true, Ordering::Relaxed);
        *self.inner.proven.lock().await = None;
        if self.leads()
            && let Err(error) = self.meta_set(IN_ORDER, YES).await
        {
            tracing::warn!(%error, "the stop could not be noted in the database");
        }
        self.inner.readers.close().await;
        if let Err(error) = self.give_up().await {
            tracing::warn!(%error, "the lease was not given up: it lapses by itself");
        }
        self.inner.writer.close().await;
        if let Some(keeper) = self.inner.keeper.lock().await.take()
            && let Err(error) = keeper.close().await
        {
            tracing::warn!(%error, "the database was not closed in order");
        }
    }

    /// Lets the next server have the database at once.
    async fn give_up(&self) -> Result<()> {
        if let Some(lease) = &self.inner.lease {
            let conn = self.inner.writer.acquire().await;
            if let PoolConn::Postgres(mut conn) = conn.doing("giving the lease up")? {
                lease.give_up(&mut conn).await?;
            }
        }
        Ok(())
    }

    /// Fails where a write would be lost, or would go into a damaged file.
    pub(super) fn holds(&self) -> Result<()> {
        if let Some(what) = self.inner.damage.get() {
            return Err(StoreError::Damaged(what.clone()));
        }
        if let Some(lease) = &self.inner.lease {
            lease.holds()?;
        }
        self.inner.held.as_ref().map_or(Ok(()), Held::check)
    }

    pub(super) async fn read(&self) -> Result<PoolConn> {
        self.inner
            .readers
            .acquire()
            .await
            .doing("waiting for a reading connection")
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
