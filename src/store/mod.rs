//! Everything that is remembered. The only place with sqlx.
//!
//! One SQLite file, held by one process. All writes go through one connection,
//! one after the other; reads have their own, and see the last commit. Whatever
//! follows from one event is written in one [`Tx`]: the cause is closed, the
//! facts, the journal, the outbox, the claims and the time to wake change, or
//! nothing does.
//!
//! The store knows no procedure. It carries JSON as text, and keeps the laws of
//! the queues: who is handed out when, and whose answer still counts.
//!
//! - `inbox`: deliveries, stored before they are acknowledged.
//! - `cases`, `journal`: the truth, and the evidence for it.
//! - `effect`, `outbox`: the effects that are wanted; `settle` keeps the laws of
//!   their keys, `dispatch` hands them out and takes them back.
//! - `claims`: who holds a version, a branch, a tag, a pull request's number.
//! - `schedule`: what is due now, and when something will be.
//! - `unreadable`: cases that stand still, as their facts cannot be read.
//! - `places`: installations and repositories. `meta`: the rest.
//!
//! With `sqlite::memory:` there is a single connection for everything: a method
//! of [`Store`] called while the same task holds a [`Tx`] would wait for itself.
//! Do not do that with a file either: the answer would be of before the `Tx`.

mod cases;
mod claims;
mod dialect;
mod dispatch;
mod effect;
mod error;
mod inbox;
mod journal;
mod meta;
mod open;
mod outbox;
mod places;
mod schedule;
mod settle;
mod tx;
mod unreadable;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;

pub use cases::{CaseRow, NewCase};
pub use claims::{Claim, Holder};
pub use dispatch::LOOK_AFTER;
pub use effect::{Fence, Finish, Key, Lane, NewEffect, OutboxRow, State};
pub use error::{StoreError, UnknownWord};
pub use inbox::{Delivery, DeliveryState, NewDelivery, Put};
pub use journal::{JournalRow, NewJournal};
pub use places::{InstallationRow, RepoRow};
pub use settle::Settled;
pub use tx::Tx;
pub use unreadable::BESIDE;

use dialect::{Pool, PoolConn};
use error::Doing as _;

/// What the store's methods answer.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A handle on the database; clones share it. The file stays locked until the
/// last clone and the last [`Tx`] are dropped.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    epoch: i64,
    /// At most one connection: the order of the writes is the order of asking.
    writer: Pool,
    readers: Pool,
    inbox: watch::Sender<u64>,
    work: watch::Sender<u64>,
    /// Last, so that it is let go last.
    _lock: Option<open::FileLock>,
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

    async fn read(&self) -> Result<PoolConn> {
        self.inner
            .readers
            .acquire()
            .await
            .doing("waiting for a reading connection")
    }

    /// For a single statement that is its own transaction.
    async fn write(&self) -> Result<PoolConn> {
        self.inner
            .writer
            .acquire()
            .await
            .doing("waiting for the writing connection")
    }

    fn tell_inbox(&self) {
        self.inner.inbox.send_modify(|n| *n = n.wrapping_add(1));
    }

    fn tell_work(&self) {
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
