//! Several servers on one database, of which one leads.
//!
//! On one machine a file is locked; several machines share nothing but the database.
//! So whoever works with it has a row in `replicas` that counts until some seconds
//! from now, by the *database's* clock, and renews it. It is a row and no lock of a
//! session, which a pooler would give to somebody else; that the session is gone is
//! enough to end it. One of the rows leads: its server works off what all of them
//! take.
//!
//! What makes it safe is not the time: whoever takes the lead takes the row of the
//! one before away, and every transaction of one that leads looks, under the lock of
//! those that write, whether its own row is there and leads. A server that was stopped
//! for a minute and goes on finds that it does not, and changes nothing any more. What
//! no transaction can keep back is a call to GitHub, so before each that changes
//! something [`Lease::lasts`] is asked, by the machine's own clocks.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::PgConnection;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::listen::{CHANNEL, Ears, LEAD, listen};
use super::reach::Reach;
use crate::clock::Moment;
use crate::domain::facts::SCHEMA;
use crate::store::error::{Doing as _, Result, StoreError};

/// How long a lease counts after it was renewed.
const LEASE: Duration = Duration::from_secs(20);
/// Its server calls nobody any more when so little is left of it, for clocks of two
/// machines run differently.
const MARGIN: Duration = Duration::from_secs(2);
/// How often it is renewed.
const RENEWED: Duration = Duration::from_secs(3);
/// A renewal that is not answered by then is tried again on another connection.
const ANSWERS: Duration = Duration::from_secs(5);
/// Rows whose server has not renewed them for so long go when the next one comes.
const KEPT: Duration = Duration::from_secs(600);

const LEADS: &str = "SELECT EXISTS (SELECT 1 FROM replicas WHERE epoch = $1 AND leads)";
/// The same, and the others hear of what is written when it is committed.
const LEADS_AND_TELLS: &str = "SELECT EXISTS (SELECT 1 FROM replicas \
    WHERE epoch = $1 AND leads), CAST(pg_notify($2, $3) AS TEXT)";

/// The server's own row.
pub(in crate::store) struct Lease {
    state: Arc<State>,
    /// Rises when the lead may be free.
    free: watch::Sender<u64>,
    renewing: AbortHandle,
    listening: AbortHandle,
}

struct State {
    epoch: i64,
    /// Whether it has the lead. It is taken once, and lost for good.
    leads: AtomicBool,
    /// When the renewal was asked for by which it counts.
    since: Mutex<Moment>,
    over: watch::Sender<bool>,
}

impl State {
    fn renewed(&self, asked: Moment) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = asked;
    }
}

/// Who leads, or keeps this server from it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Leader {
    epoch: i64,
    /// Its name, for people.
    pub name: String,
    /// As text: it is only compared. It changes as long as that server is there.
    until: String,
}

impl Lease {
    /// Holds what [`join`] entered on `conn`, until it is dropped or given up, and hears
    /// what the other servers do.
    pub fn hold(conn: PgConnection, reach: &Reach, epoch: i64, ears: Ears) -> Lease {
        let state = Arc::new(State {
            epoch,
            leads: AtomicBool::new(false),
            since: Mutex::new(Moment::now()),
            over: watch::Sender::new(false),
        });
        let renewing = tokio::spawn(renew(conn, reach.clone(), state.clone()));
        Lease {
            state,
            free: ears.lead.clone(),
            renewing: renewing.abort_handle(),
            listening: listen(reach, epoch, ears),
        }
    }

    /// Changes when the lead may be free.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.free.subscribe()
    }

    /// Whether this server has taken the lead, and is not known to have lost it.
    pub fn leads(&self) -> bool {
        self.state.leads.load(Ordering::SeqCst) && !*self.state.over.borrow()
    }

    /// Whether nobody is known to have taken the lead from it.
    pub fn holds(&self) -> Result<()> {
        match *self.state.over.borrow() {
            false => Ok(()),
            true => Err(StoreError::TakenOver),
        }
    }

    /// Whether it leads for certain at this moment, without asking anybody: nobody else
    /// can have begun before the lease lapses, which is counted from before it was
    /// renewed. A machine that slept finds it lapsed.
    pub fn lasts(&self) -> bool {
        let since = *self
            .state
            .since
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.leads() && since.elapsed() + MARGIN < LEASE
    }

    /// Ends when another server has taken the lead over.
    pub async fn is_over(&self) {
        // The sender is here, so there is no other end.
        let _ = self.state.over.subscribe().wait_for(|over| *over).await;
    }

    /// Whether the row is there and leads, asked within a transaction that writes;
    /// `tells` what the others hear of when that is committed.
    ///
    /// # Errors
    /// It does not, or it cannot be looked at.
    pub async fn proven(&self, conn: &mut PgConnection, tells: Option<&str>) -> Result<()> {
        let leads = self.state.leads.load(Ordering::SeqCst);
        if !leads && tells.is_none() {
            return Ok(());
        }
        let doing = "looking at the lease";
        let there: bool = match tells {
            None => sqlx::query_scalar(LEADS)
                .bind(self.state.epoch)
                .fetch_one(conn)
                .await
                .doing(doing)?,
            Some(word) => {
                let (there, _): (bool, Option<String>) = sqlx::query_as(LEADS_AND_TELLS)
                    .bind(self.state.epoch)
                    .bind(CHANNEL)
                    .bind(format!("{word} {}", self.state.epoch))
                    .fetch_one(conn)
                    .await
                    .doing(doing)?;
                there
            }
        };
        if there || !leads {
            return Ok(());
        }
        self.state.over.send_replace(true);
        Err(StoreError::TakenOver)
    }

    /// Takes the lead, within a transaction that writes, if nobody has it and no newer
    /// version waits for it; else who keeps this server from it.
    pub async fn take(&self, conn: &mut PgConnection) -> Result<Option<Leader>> {
        let doing = "taking the lead";
        let epoch = self.state.epoch;
        if let Some(other) = before(conn, epoch).await? {
            return Ok(Some(other));
        }
        // First: who led and goes on must not find it.
        sqlx::query("DELETE FROM replicas WHERE leads AND epoch <> $1")
            .bind(epoch)
            .execute(&mut *conn)
            .await
            .doing(doing)?;
        let taken = sqlx::query(
            "UPDATE replicas SET leads = TRUE, \
             lease_until = clock_timestamp() + make_interval(secs => $2) WHERE epoch = $1",
        )
        .bind(epoch)
        .bind(LEASE.as_secs_f64())
        .execute(&mut *conn)
        .await
        .doing(doing)?;
        match taken.rows_affected() {
            0 => Err(sqlx::Error::RowNotFound).doing(doing),
            _ => Ok(None),
        }
    }

    /// What [`Lease::take`] took is committed; it was asked for then.
    pub fn taken(&self, asked: Moment) {
        self.state.renewed(asked);
        self.state.leads.store(true, Ordering::SeqCst);
    }

    /// Gives it up, by a connection that writes: the next server need not wait.
    pub async fn give_up(&self, conn: &mut PgConnection) -> Result<()> {
        self.renewing.abort();
        sqlx::query(
            "WITH gone AS (DELETE FROM replicas WHERE epoch = $1 RETURNING leads) \
             SELECT CAST(pg_notify($2, $3) AS TEXT) FROM gone WHERE leads",
        )
        .bind(self.state.epoch)
        .bind(CHANNEL)
        .bind(format!("{LEAD} {}", self.state.epoch))
        .execute(conn)
        .await
        .doing("giving the lease up")?;
        Ok(())
    }

    /// Who keeps this server from the lead at present, asked without any lock.
    pub async fn before(&self, conn: &mut PgConnection) -> Result<Option<Leader>> {
        before(conn, self.state.epoch).await
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
        self.listening.abort();
    }
}

/// Renews the lease. One that lapsed while the database was away is still its own, if
/// nobody came; one that does not lead is entered again where it is gone.
async fn renew(conn: PgConnection, reach: Reach, state: Arc<State>) {
    let mut conn = Some(conn);
    let mut failed = false;
    loop {
        tokio::time::sleep(RENEWED).await;
        let once = async {
            let open = match conn.take() {
                Some(open) => open,
                None => reach.connect().await?,
            };
            renew_once(open, &state).await
        };
        // A connection whose other end is gone answers never.
        let renewed = tokio::time::timeout(ANSWERS, once)
            .await
            .unwrap_or(Err(sqlx::Error::PoolTimedOut).doing("renewing the lease"));
        match renewed {
            Ok(None) => {
                tracing::error!("another server leads now: this one writes nothing any more");
                state.over.send_replace(true);
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

/// The connection again; none: the lead is gone.
async fn renew_once(mut conn: PgConnection, state: &State) -> Result<Option<PgConnection>> {
    let asked = Moment::now();
    let leads = state.leads.load(Ordering::SeqCst);
    let done = sqlx::query(
        "UPDATE replicas SET lease_until = clock_timestamp() + make_interval(secs => $2), \
         backend = own.pid, backend_since = own.backend_start \
         FROM pg_stat_activity AS own WHERE own.pid = pg_backend_pid() AND epoch = $1 \
         AND (leads OR NOT $3)",
    )
    .bind(state.epoch)
    .bind(LEASE.as_secs_f64())
    .bind(leads)
    .execute(&mut conn)
    .await
    .doing("renewing the lease")?;
    if done.rows_affected() == 0 {
        if leads {
            return Ok(None);
        }
        enter(&mut conn, state.epoch).await?;
    }
    state.renewed(asked);
    Ok(Some(conn))
}

/// The condition that the server of row `r` is there: its lease has not lapsed, and it
/// is still connected. Who was killed is not, so that nobody waits for them, and behind
/// a pooler everybody is. One whose connection broke just now is passed over, too; it
/// finds the lead gone. Where PostgreSQL itself started since, all connections broke,
/// and that says nothing.
macro_rules! there {
    () => {
        "r.lease_until > clock_timestamp() AND (r.backend_since < pg_postmaster_start_time() \
         OR EXISTS (SELECT 1 FROM pg_stat_activity AS a \
         WHERE a.pid = r.backend AND a.backend_start = r.backend_since))"
    };
}

/// Who keeps the server of this epoch from the lead: the one that has it, or one that
/// waits and knows a newer schema of facts. What that writes this one could not read.
async fn before(conn: &mut PgConnection, epoch: i64) -> Result<Option<Leader>> {
    sqlx::query_as(concat!(
        "SELECT r.epoch, r.name, CAST(r.lease_until AS TEXT) AS until FROM replicas AS r \
         WHERE r.epoch <> $1 AND (r.leads OR r.facts_schema > $2) AND ",
        there!(),
        " ORDER BY r.leads DESC, r.epoch LIMIT 1"
    ))
    .bind(epoch)
    .bind(i64::from(SCHEMA))
    .fetch_optional(conn)
    .await
    .doing("looking who leads")
}

/// Enters the server of `epoch`, on the connection that will renew its lease. Those
/// that are gone for long are struck off.
pub(in crate::store) async fn join(conn: &mut PgConnection, epoch: i64) -> Result<()> {
    sqlx::query(
        "DELETE FROM replicas WHERE NOT leads \
         AND lease_until < clock_timestamp() - make_interval(secs => $1)",
    )
    .bind(KEPT.as_secs_f64())
    .execute(&mut *conn)
    .await
    .doing("striking off servers that are gone")?;
    enter(conn, epoch).await
}

async fn enter(conn: &mut PgConnection, epoch: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO replicas (epoch, name, build, facts_schema, leads, lease_until, backend, \
         backend_since) SELECT $1, $2, $3, $4, FALSE, \
         clock_timestamp() + make_interval(secs => $5), pid, backend_start \
         FROM pg_stat_activity WHERE pid = pg_backend_pid()",
    )
    .bind(epoch)
    .bind(own_name())
    .bind(env!("CARGO_PKG_VERSION"))
    .bind(i64::from(SCHEMA))
    .bind(LEASE.as_secs_f64())
    .execute(conn)
    .await
    .doing("entering this server")?;
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
