//! The one transaction that everything following from one event shares.

use std::time::Instant;

use super::dialect::{BEGIN, Conn, Db};
use super::error::Doing as _;
use super::{Result, Store};
use crate::telemetry;

/// An open transaction. It holds the only writing connection: no call to the
/// network, and nothing slow, while it lives. Dropped, nothing of it happened.
pub struct Tx {
    tx: sqlx::Transaction<'static, Db>,
    store: Store,
}

impl Store {
    /// Begins a transaction, when its turn has come.
    pub async fn begin(&self) -> Result<Tx> {
        let tx = self
            .inner
            .writer
            .begin_with(BEGIN)
            .await
            .doing("beginning a transaction")?;
        Ok(Tx {
            tx,
            store: self.clone(),
        })
    }
}

impl Tx {
    /// Makes everything last, then tells who waits for work.
    pub async fn commit(self) -> Result<()> {
        let began = Instant::now();
        self.tx.commit().await.doing("committing")?;
        telemetry::time_commit("step", began.elapsed());
        self.store.tell_work();
        Ok(())
    }

    /// Undoes everything, and waits until it is undone. To drop it does the
    /// same a little later.
    pub async fn rollback(self) -> Result<()> {
        self.tx.rollback().await.doing("rolling back")
    }

    /// The epoch of the store.
    pub fn epoch(&self) -> i64 {
        self.store.epoch()
    }

    pub(super) fn conn(&mut self) -> &mut Conn {
        &mut self.tx
    }
}
