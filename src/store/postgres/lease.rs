//! The lease by which one server has the database for itself.
//!
//! On one machine a file is locked; several machines share nothing but the database.
//! So whoever works with it has a row in `replicas` that counts until some seconds
//! from now, by the *database's* clock, and renews it. It is a row and no lock of a
//! session, which a pooler would give to somebody else; that the session is gone is
//! enough to end it.
//!
//! What makes it safe is not the time: whoever opens the database takes the rows of
//! those before away, and every transaction that writes looks, under the lock of those
//! that write, whether its own row is there. A server that was stopped for a minute
//! and goes on finds that it is not, and changes nothing any more.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgConnection;
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
    over: Arc<watch::Sender<bool>>,
    renewing: AbortHandle,
}

impl Lease {
    /// Holds what [`take`] got on `conn`, until it is dropped or given up.
    pub fn hold(conn: PgConnection, reach: Reach, epoch: i64) -> Lease {
        let over = Arc::new(watch::Sender::new(false));
        let renewing = tokio::spawn(renew(conn, reach, epoch, over.clone())).abort_handle();
        Lease {
            epoch,
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

    /// Gives it up, by a connection that writes: the next server need not wait.
    pub async fn give_up(&self, conn: &mut PgConnection) -> Result<()> {
        self.renewing.abort();
        sqlx::query("DELETE FROM replicas WHERE epoch = $1")
            .bind(self.epoch)
            .execute(conn)
            .await
            .doing("giving the lease up")?;
        Ok(())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

/// Renews the lease for as long as its row is there. One that lapsed while the
/// database was away is still its own, if nobody came.
async fn renew(conn: PgConnection, reach: Reach, epoch: i64, over: Arc<watch::Sender<bool>>) {
    let mut conn = Some(conn);
    let mut failed = false;
    loop {
        tokio::time::sleep(RENEWED).await;
        let renewed = match conn.take() {
            Some(open) => renew_once(open, epoch).await,
            None => match reach.connect().await {
                Ok(open) => renew_once(open, epoch).await,
                Err(error) => Err(error),
            },
        };
        match renewed {
            Ok(None) => {
                tracing::error!(
                    "another server has taken the database over: nothing is written any more"
                );
                over.send_replace(true);
                return;
            }
            Ok(open) => {
                conn = open;
                if failed {
                    tracing::info!("the lease on the database is renewed again");
                }
                failed = false;
            }
            Err(error) if !failed => {
                tracing::warn!(%error, "the lease on the database could not be renewed; tried again");
                failed = true;
            }
            Err(_) => {}
        }
    }
}

/// The connection again; none: the row is gone.
async fn renew_once(mut conn: PgConnection, epoch: i64) -> Result<Option<PgConnection>> {
    let done = sqlx::query(
        "UPDATE replicas SET lease_until = clock_timestamp() + make_interval(secs => $2), \
         backend = own.pid, backend_since = own.backend_start \
         FROM pg_stat_activity AS own WHERE own.pid = pg_backend_pid() AND epoch = $1",
    )
    .bind(epoch)
    .bind(LEASE.as_secs_f64())
    .execute(&mut conn)
    .await
    .doing("renewing the lease")?;
    Ok((done.rows_affected() > 0).then_some(conn))
}

/// A row of `replicas` that counts at present.
#[derive(PartialEq, sqlx::FromRow)]
struct Holder {
    epoch: i64,
    name: String,
    /// As text: it is only compared.
    until: String,
}

/// Who has the database: whose lease has not lapsed, and who is still connected. Who
/// was killed is not, so that nobody waits for them, and behind a pooler everybody is.
/// One whose connection broke just now is passed over, too; it finds its row gone.
async fn holder(conn: &mut PgConnection) -> Result<Option<Holder>> {
    sqlx::query_as(
        "SELECT epoch, name, CAST(lease_until AS TEXT) AS until FROM replicas \
         WHERE lease_until > clock_timestamp() AND EXISTS (SELECT 1 FROM pg_stat_activity AS a \
         WHERE a.pid = backend AND a.backend_start = backend_since) \
         ORDER BY epoch DESC LIMIT 1",
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
    let mut pause = LOOKED_AT / 16;
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
        // A connection that was cut ends a little later.
        tokio::time::sleep(pause).await;
        pause = LOOKED_AT.min(pause * 2);
    }
    Ok(())
}

/// Takes the database for `epoch`, with the rows of those before. To be called within
/// a transaction that writes, on the connection that will renew the lease.
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
        "INSERT INTO replicas (epoch, name, build, lease_until, backend, backend_since) \
         SELECT $1, $2, $3, clock_timestamp() + make_interval(secs => $4), pid, backend_start \
         FROM pg_stat_activity WHERE pid = pg_backend_pid()",
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
