//! The one transaction that everything following from one event shares.

use std::time::Instant;

use super::dialect::{Conn, PoolConn, Txn};
use super::error::Doing as _;
use super::index::{Gone, Index};
use super::postgres::WORK;
use super::query::Query;
use super::{Result, Store, StoreError};
use crate::telemetry;

/// An open transaction. It holds the only writing connection: no call to the
/// network, and nothing slow, while it lives. Dropped, nothing of it happened.
pub struct Tx {
    tx: Txn,
    store: Store,
    /// What concerns nobody any more once this is committed.
    gone: Vec<Gone>,
}

impl Store {
    /// Begins a transaction, when its turn has come.
    pub async fn begin(&self) -> Result<Tx> {
        let doing = "beginning a transaction";
        self.must_lead()?;
        Ok(Tx {
            tx: self.begin_beside(Some(WORK), doing).await?,
            store: self.clone(),
            gone: Vec::new(),
        })
    }

    /// The work is done by whoever leads.
    fn must_lead(&self) -> Result<()> {
        self.holds()?;
        match self.leads() {
            true => Ok(()),
            false => Err(StoreError::NotLeading),
        }
    }

    /// A transaction that writes, of the server that leads.
    pub(super) async fn begin_write(&self, doing: &'static str) -> Result<Txn> {
        self.must_lead()?;
        self.begin_beside(None, doing).await
    }

    /// The one way to a transaction that writes, whoever leads: of a server that did, it
    /// is proven that it still does. Where it is committed, the other servers hear this
    /// word.
    pub(super) async fn begin_beside(
        &self,
        tells: Option<&'static str>,
        doing: &'static str,
    ) -> Result<Txn> {
        self.holds()?;
        let mut tx = self.inner.writer.begin().await.doing(doing)?;
        if let (Some(lease), Txn::Postgres(tx)) = (&self.inner.lease, &mut tx) {
            lease.proven(tx, tells).await?;
        }
        Ok(tx)
    }

    /// The one way to write something that is a transaction of its own.
    pub(super) async fn write(&self, doing: &'static str) -> Result<Alone> {
        self.must_lead()?;
        self.write_beside(doing).await
    }

    /// The same, whoever leads.
    pub(super) async fn write_beside(&self, doing: &'static str) -> Result<Alone> {
        if self.inner.lease.is_some() {
            return Ok(Alone::Within(self.begin_beside(None, doing).await?));
        }
        self.holds()?;
        let conn = self.inner.writer.acquire().await.doing(doing)?;
        Ok(Alone::Bare(conn))
    }

    /// Carries out a statement that is a transaction of its own; how many rows it
    /// changed.
    pub(super) async fn alone(&self, query: Query<'_>, doing: &'static str) -> Result<u64> {
        let mut alone = self.write(doing).await?;
        let done = query.execute(alone.on()).await.doing(doing)?;
        alone.done().await.doing(doing)?;
        Ok(done)
    }
}

/// Where one statement is a transaction of its own. On SQLite it is that by itself.
/// PostgreSQL has more than one who writes, so there it is within one.
pub(super) enum Alone {
    Bare(PoolConn),
    Within(Txn),
}

impl Alone {
    pub fn on(&mut self) -> Conn<'_> {
        match self {
            Alone::Bare(conn) => conn.on(),
            Alone::Within(tx) => tx.on(),
        }
    }

    /// Makes it last. Dropped without, nothing is certain.
    pub async fn done(self) -> sqlx::Result<()> {
        match self {
            Alone::Bare(_) => Ok(()),
            Alone::Within(tx) => tx.commit().await,
        }
    }
}

impl Tx {
    /// Makes everything last, then tells who waits for work.
    pub async fn commit(self) -> Result<()> {
        let store = self.store.clone();
        self.commit_quietly().await?;
        store.tell_work();
        Ok(())
    }

    /// Makes everything last; nobody has more to do than before.
    pub async fn commit_quietly(self) -> Result<()> {
        let began = Instant::now();
        self.tx.commit().await.doing("committing")?;
        telemetry::time_commit("step", began.elapsed());
        self.store.index().take(self.gone);
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

    pub(super) fn index(&self) -> &Index {
        self.store.index()
    }

    pub(super) fn gone(&mut self, gone: Gone) {
        self.gone.push(gone);
    }

    /// The case that has the issue from now on, also where it was over before in this
    /// same transaction.
    pub(super) fn has_issue(&mut self, repo: i64, issue: i64, case: i64) {
        self.gone
            .retain(|it| *it != Gone::Issue { repo, issue, case });
        self.index().add_issue(repo, issue, case);
    }

    /// The case that holds the claim from now on, also where it was freed before in this
    /// same transaction.
    pub(super) fn has_claim(&mut self, repo: i64, kind: &str, value: &str, case: i64) {
        let gone = Gone::Claim {
            repo,
            kind: kind.to_owned(),
            value: value.to_owned(),
            case,
        };
        self.gone.retain(|it| *it != gone);
        self.index().add_claim(repo, kind, value, case);
    }

    pub(super) fn conn(&mut self) -> Conn<'_> {
        self.tx.on()
    }
}
