//! What another server did is heard of at once by `LISTEN`, and by looking anyway every
//! few seconds: a connection may break, and a pooler may swallow what is told.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::reach::Reach;

/// The channel on which servers tell one another.
pub(in crate::store) const CHANNEL: &str = "hotfix";
/// Deliveries were stored.
pub(in crate::store) const INBOX: &str = "inbox";
/// A transaction of the one that leads was committed.
pub(in crate::store) const WORK: &str = "work";
/// The lead is free.
pub(in crate::store) const LEAD: &str = "lead";

/// How often it is looked anyway.
const POLL: Duration = Duration::from_secs(5);
/// The same where nothing is heard.
const POLL_DEAF: Duration = Duration::from_secs(1);
/// How long a word to oneself may take.
const PROBE: Duration = Duration::from_secs(5);
/// How long it is waited before a connection is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Where it is passed on to: each number rises with what is heard.
#[derive(Clone)]
pub(in crate::store) struct Ears {
    /// Deliveries.
    pub inbox: watch::Sender<u64>,
    /// Transactions.
    pub work: watch::Sender<u64>,
    /// The lead may be free.
    pub lead: watch::Sender<u64>,
}

impl Ears {
    /// Nothing was heard yet.
    pub fn new() -> Self {
        Ears {
            inbox: watch::Sender::new(0),
            work: watch::Sender::new(0),
            lead: watch::Sender::new(0),
        }
    }

    fn hear(&self, word: &str) {
        let of = match word {
            INBOX => &self.inbox,
            WORK => &self.work,
            _ => &self.lead,
        };
        of.send_modify(|n| *n = n.wrapping_add(1));
    }

    fn look_anyway(&self) {
        for word in [INBOX, WORK, LEAD] {
            self.hear(word);
        }
    }
}

/// Listens until it is aborted.
pub(in crate::store) fn listen(reach: &Reach, epoch: i64, ears: Ears) -> AbortHandle {
    tokio::spawn(run(reach.listeners(), epoch, ears)).abort_handle()
}

async fn run(pool: PgPool, epoch: i64, ears: Ears) {
    let mut said = false;
    loop {
        // What was told while nobody listened is looked for.
        ears.look_anyway();
        match listening(&pool, epoch).await {
            Ok(Some(listener)) => {
                if said {
                    tracing::info!("the other servers are heard again");
                }
                said = false;
                let error = hear(listener, epoch, &ears).await;
                tracing::debug!(%error, "the other servers are not heard for a moment");
            }
            Ok(None) if !said => {
                tracing::warn!(
                    "the database does not pass on what servers tell one another (a pooler in \
                     transaction mode?): it is looked every second instead"
                );
                said = true;
            }
            Err(error) if !said => {
                tracing::warn!(%error, "the other servers are not heard; it is looked every second");
                said = true;
            }
            _ => {}
        }
        tokio::time::sleep(if said { POLL_DEAF } else { AGAIN }).await;
    }
}

/// One that hears itself; none: it does not.
async fn listening(pool: &PgPool, epoch: i64) -> sqlx::Result<Option<PgListener>> {
    let mut listener = PgListener::connect_with(pool).await?;
    // Where a connection breaks it is probed anew.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    let probe = format!("probe {epoch}");
    sqlx::query("SELECT CAST(pg_notify($1, $2) AS TEXT)")
        .bind(CHANNEL)
        .bind(&probe)
        .execute(pool)
        .await?;
    let heard = async {
        while let Some(told) = listener.try_recv().await? {
            if told.payload() == probe {
                return Ok(true);
            }
        }
        Ok::<bool, sqlx::Error>(false)
    };
    match tokio::time::timeout(PROBE, heard).await {
        Ok(heard) => Ok(heard?.then_some(listener)),
        Err(_) => Ok(None),
    }
}

/// Hears until the connection breaks.
async fn hear(mut listener: PgListener, epoch: i64, ears: &Ears) -> sqlx::Error {
    loop {
        match tokio::time::timeout(POLL, listener.try_recv()).await {
            Ok(Ok(Some(told))) => {
                let word = told.payload().split_once(' ');
                if let Some((word, by)) = word
                    && word != "probe"
                    && by.parse() != Ok(epoch)
                {
                    ears.hear(word);
                }
            }
            Ok(Ok(None)) => return sqlx::Error::PoolClosed,
            Ok(Err(error)) => return error,
            Err(_) => ears.look_anyway(),
        }
    }
}
