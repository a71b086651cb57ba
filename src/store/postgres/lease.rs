//! The lease by which one server has the database for itself.
//!
//! On one machine a file is locked; several machines share nothing but the database.
//! So whoever works with it has a row in `replicas` that counts until some seconds
//! from now, by the *database's* clock, and renews it. It is a row and no lock of a
//! session, which a pooler would give to somebody else.
//!
//! What makes it safe is not the time: whoever opens the database takes the rows of
//! those before away, and every transaction that writes looks, under the lock of those
//! that write, whether its own row is there. A server that was stopped for a minute
//! and goes on finds that it is not, and changes nothing any more.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{PgConnection, PgPool};
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::reach::Reach;
use crate::store::error::{Doing as _, Result, StoreError};

/// How long a lease counts after it was renewed.
const LEASE: Duration = Duration::from_secs(15);
/// How often it is renewed.
const RENEWED: Duration = Duration::from_secs(3);
/// How often a server that starts looks whether the one before is gone.
const LOOKED_AT: Duration = Duration::from_millis(250);

/// The server's own row.
pub(in crate::store) struct Lease {
    epoch: i64,
    pool: PgPool,
    over: Arc<watch::Sender<bool>>,
    renewing: AbortHandle,
}

impl Lease {
    /// Holds what [`take`] got, until it is dropped or given up.
    pub fn hold(reach: &Reach, epoch: i64) -> Lease {
        let pool = reach.writer();
        let over = Arc::new(watch::Sender::new(false));
        let renewing = tokio::spawn(renew(pool.clone(), epoch, over.clone())).abort_handle();
        Lease {
            epoch,
            pool,
            over,
            renewing,
        }
    }

    /// Whether nobody is known to have taken the database over.
    pub fn holds(&self) -> Result<()> {
        match *self.over.borrow() {
            false => Ok(()),
            true => Err(StoreError::TakenOver),
        }
    }

    /// Ends when another server has taken the database over.
    pub async fn is_over(&self) {
        // The sender is here, so there is no other end.
        let _ = self.over.subscribe().wait_for(|over| *over).await;
    }

    /// Whether the row is there, asked within a transaction that writes.
    ///
    /// # Errors
    /// It is not, or it cannot be looked at.
    pub async fn proven(&self, conn: &mut PgConnection) -> Result<()> {
        let there: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM replicas WHERE epoch = $1)")
                .bind(self.epoch)
                .fetch_one(conn)
                .await
                .doing("looking at the lease")?;
        if there {
            return Ok(());
        }
        self.over.send_replace(true);
        Err(StoreError::TakenOver)
    }

    /// Gives it up: the next server need not wait.
    pub async fn give_up(&self) {
        self.renewing.abort();
        let gone = sqlx::query("DELETE FROM replicas WHERE epoch = $1")
            .bind(self.epoch)
            .execute(&self.pool)
            .await;
        if let Err(error) = gone {
            tracing::warn!(%error, "the lease could not be given up: it lapses by itself");
        }
        self.pool.close().await;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

/// Renews the lease for as long as its row is there. One that lapsed while the
/// database was away is still its own, if nobody came.
async fn renew(pool: PgPool, epoch: i64, over: Arc<watch::Sender<bool>>) {
    let mut failed = false;
    loop {
        tokio::time::sleep(RENEWED).await;
        let renewed = sqlx::query(
            "UPDATE replicas SET lease_until = clock_timestamp() + make_interval(secs => $2) \
             WHERE epoch = $1",
        )
        .bind(epoch)
        .bind(LEASE.as_secs_f64())
        .execute(&pool)
        .await;
        match renewed {
            Ok(done) if done.rows_affected() == 0 => {
                tracing::error!(
                    "another server has taken the database over: nothing is written any more"
                );
                over.send_replace(true);
                return;
            }
            Ok(_) if failed => tracing::info!("the lease on the database is renewed again"),
            Ok(_) => {}
            Err(error) if !failed => {
                tracing::warn!(%error, "the lease on the database could not be renewed; tried again");
                failed = true;
                continue;
            }
            Err(_) => continue,
        }
        failed = false;
    }
}

/// A row of `replicas` that counts at present.
#[derive(PartialEq, sqlx::FromRow)]
struct Holder {
    epoch: i64,
    name: String,
    /// As text: it is only compared.
    until: String,
}

/// Who has the database.
async fn holder(conn: &mut PgConnection) -> Result<Option<Holder>> {
    sqlx::query_as(
        "SELECT epoch, name, CAST(lease_until AS TEXT) AS until FROM replicas \
         WHERE lease_until > clock_timestamp() ORDER BY epoch DESC LIMIT 1",
    )
    .fetch_optional(conn)
    .await
    .doing("looking who has the database")
}

/// Waits until nobody has the database. A server that was killed cannot say so: its
/// lease lapses. One that works renews it, and then this ends.
///
/// # Errors
/// Another server works with it.
pub(in crate::store) async fn vacant(conn: &mut PgConnection) -> Result<()> {
    let there: bool = sqlx::query_scalar("SELECT to_regclass('replicas') IS NOT NULL")
        .fetch_one(&mut *conn)
        .await
        .doing("looking at the tables")?;
    if !there {
        return Ok(());
    }
    let mut first: Option<Holder> = None;
    while let Some(now) = holder(conn).await? {
        match &first {
            None => {
                tracing::info!(
                    holder = now.name,
                    "waiting until the lease of the server before lapses"
                );
                first = Some(now);
            }
            Some(first) if *first != now => return Err(StoreError::Served(now.name)),
            Some(_) => {}
        }
        tokio::time::sleep(LOOKED_AT).await;
    }
    Ok(())
}

/// Takes the database for `epoch`, with the rows of those before. To be called within
/// a transaction that writes.
///
/// # Errors
/// Another server has it.
pub(in crate::store) async fn take(conn: &mut PgConnection, epoch: i64) -> Result<()> {
    let doing = "taking the lease";
    if let Some(other) = holder(conn).await? {
        return Err(StoreError::Served(other.name));
    }
    sqlx::query("DELETE FROM replicas")
        .execute(&mut *conn)
        .await
        .doing(doing)?;
    sqlx::query(
        "INSERT INTO replicas (epoch, name, build, lease_until) \
         VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))",
    )
    .bind(epoch)
    .bind(own_name())
    .bind(env!("CARGO_PKG_VERSION"))
    .bind(LEASE.as_secs_f64())
    .execute(&mut *conn)
    .await
    .doing(doing)?;
    Ok(())
}

/// Which server this is, for people.
fn own_name() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = match host.trim() {
        "" => "an unnamed host",
        host => host,
    };
    format!("{host}, process {}", std::process::id())
}
