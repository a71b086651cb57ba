//! A connection to a database on which a server may be working meanwhile.

use std::io;
use std::path::Path;

use sqlx::{ConnectOptions as _, Connection as _, PgConnection, SqliteConnection};

use super::dialect::Conn;
use super::error::{Doing as _, Result, StoreError};
use super::found::{Found, look};
use super::lock::resolve;
use super::place::Place;
use super::postgres::{Reach, sql};
use super::query::{query, query_scalar};
use super::sqlite;

/// The connection.
pub(super) enum Beside {
    File(SqliteConnection),
    Server(PgConnection),
}

impl Beside {
    /// To read what is there.
    ///
    /// # Errors
    /// There is no database of ours.
    pub async fn reading(database_url: &str) -> Result<Beside> {
        match Place::parse(database_url)? {
            Place::Memory => Err(in_memory()),
            Place::File(path) => {
                let path = resolve(&path)?;
                existing(&path)?;
                let conn = sqlite::reader_of_file(&path).connect().await;
                Ok(Beside::File(conn.doing("opening the file")?))
            }
            Place::Server(reach) => match Self::tables_of(&reach).await? {
                Some(conn) => Ok(conn),
                None => Err(StoreError::Unfit(
                    "has no tables of the bot's yet".to_owned(),
                )),
            },
        }
    }

    /// To read what is there; none: nothing is there yet.
    ///
    /// # Errors
    /// What is there is none of ours.
    pub async fn reading_if_there(database_url: &str) -> Result<Option<Beside>> {
        match Place::parse(database_url)? {
            Place::Memory => Err(in_memory()),
            Place::File(path) => {
                let path = resolve(&path)?;
                if std::fs::metadata(&path).is_ok_and(|meta| meta.len() == 0) || !path.exists() {
                    return Ok(None);
                }
                let conn = sqlite::reader_of_file(&path).connect().await;
                Ok(Some(Beside::File(conn.doing("opening the file")?)))
            }
            Place::Server(reach) => Self::tables_of(&reach).await,
        }
    }

    /// For a statement that harms nobody.
    ///
    /// # Errors
    /// There is no database.
    pub async fn writing(database_url: &str) -> Result<Beside> {
        match Place::parse(database_url)? {
            Place::Memory => Err(in_memory()),
            Place::File(path) => {
                let conn = sqlite::plain(&path).connect().await;
                Ok(Beside::File(conn.doing("opening the file")?))
            }
            Place::Server(reach) => Ok(Beside::Server(reach.connect().await?)),
        }
    }

    async fn tables_of(reach: &Reach) -> Result<Option<Beside>> {
        let doing = "looking at the tables";
        let mut beside = Beside::Server(reach.connect().await?);
        query("SET default_transaction_read_only = on")
            .execute(beside.on())
            .await
            .doing(doing)?;
        let there: bool = query_scalar(sql::HAS_TABLES)
            .fetch_one(beside.on())
            .await
            .doing(doing)?;
        Ok(there.then_some(beside))
    }

    pub fn on(&mut self) -> Conn<'_> {
        match self {
            Beside::File(conn) => Conn::Sqlite(conn),
            Beside::Server(conn) => Conn::Postgres(conn),
        }
    }

    pub async fn close(self) -> Result<()> {
        match self {
            Beside::File(conn) => conn.close().await,
            Beside::Server(conn) => conn.close().await,
        }
        .doing("closing the connection")
    }
}

fn in_memory() -> StoreError {
    StoreError::Address("names no file".to_owned())
}

/// A database must be there already.
pub(super) fn existing(path: &Path) -> Result<()> {
    match look(path, true)? {
        Found::Database => Ok(()),
        Found::Nothing => Err(StoreError::File {
            path: path.to_owned(),
            source: io::ErrorKind::NotFound.into(),
        }),
    }
}
