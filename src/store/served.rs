//! Opening a database of a PostgreSQL server: whether it is fit, tables, epoch, lease;
//! and the lead, which one of several servers has.

use sqlx::{Connection as _, PgConnection};
use tokio::sync::watch;

use super::begun::{Left, Parts, left, raise, take_note};
use super::dialect::{Conn, Pool, PoolConn, Txn};
use super::error::{Doing as _, Result, StoreError};
use super::handle::{Opened, Store};
use super::postgres::{self, Ears, Leader, Lease, MIGRATOR, Reach, sql};
use crate::clock::Moment;

/// Opens it, beside whoever works with it.
pub(super) async fn served(reach: &Reach) -> Result<Parts> {
    let mut conn = reach.connect().await?;
    reach.keeps_its_word(&mut conn).await?;
    let new = is_new(&mut conn).await?;
    // Not `run`, whose future no thread but this one could carry on.
    MIGRATOR.run_direct(None, &mut conn, false).await?;

    let doing = "beginning an epoch";
    let mut tx = conn.begin().await.doing(doing)?;
    postgres::alone(&mut tx).await.doing(doing)?;
    let epoch = raise(Conn::Postgres(&mut tx)).await?;
    let found = left(Conn::Postgres(&mut tx)).await?;
    postgres::join(&mut tx, epoch).await?;
    tx.commit().await.doing(doing)?;

    if new {
        tracing::info!("the database is new");
    }
    let ears = Ears::new();
    Ok(Parts {
        writer: Pool::Postgres(reach.writer()),
        readers: Pool::Postgres(reach.readers()),
        keeper: None,
        held: None,
        lock: None,
        lease: Some(Lease::hold(conn, reach, epoch, ears.clone())),
        epoch,
        opened: Opened {
            new,
            older: found.copied_at.is_some(),
            in_order: found.in_order,
        },
        ears,
    })
}

impl Store {
    /// Whether the database may have other servers, so that what this one knows is not
    /// all.
    pub fn is_shared(&self) -> bool {
        self.inner.lease.is_some()
    }

    /// Whether this server has the lead: it alone works off what all of them take. Of a
    /// file there is one server.
    pub fn leads(&self) -> bool {
        self.inner.lease.as_ref().is_none_or(Lease::leads)
    }

    /// Whether a call that changes something may leave at this moment: nobody else can
    /// have the lead yet. It asks nobody, so it is to be asked before each.
    pub fn may_call(&self) -> bool {
        self.inner.lease.as_ref().is_none_or(Lease::lasts)
    }

    /// Takes the lead if nobody has it; else who does, or a server of a newer version
    /// that waits for it. It is kept until this server stops, or another one takes it
    /// over, see [`Store::taken_over`].
    ///
    /// # Errors
    /// The database does not answer, or the lead was lost before.
    pub async fn try_lead(&self) -> Result<Option<Leader>> {
        let Some(lease) = &self.inner.lease else {
            return Ok(None);
        };
        lease.holds()?;
        if lease.leads() {
            return Ok(None);
        }
        let doing = "taking the lead";
        if let PoolConn::Postgres(mut conn) = self.read().await?
            && let Some(other) = lease.before(&mut conn).await?
        {
            return Ok(Some(other));
        }
        let asked = Moment::now();
        let Txn::Postgres(mut tx) = self.begin_beside(None, doing).await? else {
            return Ok(None);
        };
        if let Some(other) = lease.take(&mut tx).await? {
            tx.rollback().await.doing(doing)?;
            return Ok(Some(other));
        }
        let found = take_note(Conn::Postgres(&mut tx)).await?;
        tx.commit().await.doing(doing)?;
        lease.taken(asked);
        self.tell_lead(&found);
        Ok(None)
    }

    /// Changes when the lead may be free. A server that is killed does not say so: look
    /// anyway from time to time.
    pub fn lead(&self) -> watch::Receiver<u64> {
        match &self.inner.lease {
            Some(lease) => lease.changes(),
            None => watch::Sender::new(0).subscribe(),
        }
    }

    /// What has to be known by whoever restored something, or lost it.
    fn tell_lead(&self, found: &Left) {
        if found.copied_at.is_some() {
            tracing::warn!(
                "the database was copied from another: what came since is looked for in GitHub's log \
                 of deliveries, three days back"
            );
        }
        if !found.in_order {
            tracing::warn!(
                "who led before did not stop in order; PostgreSQL has what was committed"
            );
        }
        tracing::info!(epoch = self.epoch(), "this server leads");
    }
}

/// Whether there are no tables of ours yet.
///
/// # Errors
/// There are tables of ours that nobody here made.
async fn is_new(conn: &mut PgConnection) -> Result<bool> {
    let (cases, migrations): (bool, bool) = sqlx::query_as(sql::CASES_AND_MIGRATIONS)
        .fetch_one(conn)
        .await
        .doing("looking at the tables")?;
    if cases && !migrations {
        return Err(StoreError::Unfit(
            "holds tables of another application; it is left as it is: make one for the bot alone"
                .to_owned(),
        ));
    }
    Ok(!cases)
}
