//! Connections to a PostgreSQL server.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection, PgPool};

use crate::store::error::{Doing as _, Result, StoreError};

pub(in crate::store) static MIGRATOR: Migrator = sqlx::migrate!("migrations/postgres");

/// How many may read at once.
const READERS: u32 = 4;
/// How long somebody waits for a connection, or for one that hangs.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that stalls in the middle of a transaction holds all others up, so
/// PostgreSQL ends what takes too long: it frees itself.
const BOUNDS: &str = "SET lock_timeout = '5s'; SET statement_timeout = '10s'; \
    SET idle_in_transaction_session_timeout = '10s'";
const READS: &str = "SET default_transaction_read_only = on; SET statement_timeout = '30s'";

/// What an address says. The message never repeats it: it may hold a password.
///
/// # Errors
/// It is not one.
pub(in crate::store) fn options(url: &str) -> Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url).map_err(|_| {
        StoreError::Address(
            "is no address of a PostgreSQL server; expected \
             postgres://USER:PASSWORD@HOST/DATABASE, with what is special in them as %XX"
                .to_owned(),
        )
    })?;
    Ok(options
        .application_name("hotfix-bot")
        .statement_cache_capacity(256))
}

/// A database on a PostgreSQL server.
#[derive(Clone)]
pub(in crate::store) struct Reach {
    options: PgConnectOptions,
}

impl Reach {
    /// By what [`options`] says.
    ///
    /// # Errors
    /// It is no address.
    pub fn parse(url: &str) -> Result<Self> {
        Ok(Reach {
            options: options(url)?,
        })
    }

    /// One connection, without any bound: for what may take long.
    pub async fn connect(&self) -> Result<PgConnection> {
        self.options.connect().await.doing("connecting")
    }

    /// The writing connection; at most one, so that the order of the writes is the
    /// order of asking.
    pub fn writer(&self) -> PgPool {
        self.pool(1, BOUNDS)
    }

    /// Connections that read.
    pub fn readers(&self) -> PgPool {
        self.pool(READERS, READS)
    }

    /// Connections that hear what others tell: one, and one that tells it.
    pub fn listeners(&self) -> PgPool {
        self.pool(2, "SET statement_timeout = '30s'")
    }

    fn pool(&self, most: u32, first: &'static str) -> PgPool {
        PgPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(PATIENCE)
            .after_connect(move |conn, _| {
                Box::pin(async move {
                    sqlx::raw_sql(first).execute(&mut *conn).await?;
                    Ok(())
                })
            })
            .connect_lazy_with(self.options.clone())
    }

    /// Refuses a server that forgets what it said was committed: a delivery that was
    /// acknowledged would be lost with it.
    ///
    /// # Errors
    /// It does, or it cannot be asked.
    pub async fn keeps_its_word(&self, conn: &mut PgConnection) -> Result<()> {
        for (setting, lost) in [
            ("synchronous_commit", "when PostgreSQL crashes"),
            ("fsync", "when the machine loses power"),
        ] {
            let word: String = sqlx::query_scalar(AssertSqlSafe(format!("SHOW {setting}")))
                .fetch_one(&mut *conn)
                .await
                .doing("asking how the server keeps what is committed")?;
            if word == "off" {
                return Err(StoreError::Unfit(format!(
                    "{setting} is off: a delivery that was acknowledged would be lost {lost}; set \
                     {setting} = on"
                )));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_address_is_explained_and_not_repeated() {
        for url in [
            "postgres://bot:hunter2@db:port/bot",
            "postgres://bot:hunter2@[/bot",
            "postgres://bot:hunter2@db/bot?sslmode=hunter2",
        ] {
            let said = options(url).map(drop).unwrap_err();
            let said = format!("{said} {said:?}");
            assert!(said.contains("PostgreSQL"), "{url}: {said}");
            assert!(!said.contains("hunter2"), "{url}: {said}");
        }
        let right = options("postgres://bot:hunter2@db.example:6543/bot?sslmode=verify-full");
        assert_eq!(right.unwrap().get_port(), 6543);
    }
}
