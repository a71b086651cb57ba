//! Which database it is: connections, pools and transactions of SQLite or of
//! PostgreSQL behind one name each. What else differs stands in `sqlite` and in
//! `postgres/`; the SQL of this folder is one text for both.

use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

use super::postgres;
use super::sqlite;

/// Somebody's connection, for one statement.
pub(super) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn<'_> {
    /// The same connection, for one statement of several.
    pub fn on(&mut self) -> Conn<'_> {
        match self {
            Conn::Sqlite(conn) => Conn::Sqlite(conn),
            Conn::Postgres(conn) => Conn::Postgres(conn),
        }
    }

    /// The text of a statement that is not the same on both.
    pub fn either(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Conn::Sqlite(_) => sqlite,
            Conn::Postgres(_) => postgres,
        }
    }
}

impl<'c> From<&'c mut SqliteConnection> for Conn<'c> {
    fn from(conn: &'c mut SqliteConnection) -> Self {
        Conn::Sqlite(conn)
    }
}

/// Connections that are kept open.
#[derive(Clone)]
pub(super) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pool {
    /// Waits for one that is free.
    pub async fn acquire(&self) -> sqlx::Result<PoolConn> {
        Ok(match self {
            Pool::Sqlite(pool) => PoolConn::Sqlite(pool.acquire().await?),
            Pool::Postgres(pool) => PoolConn::Postgres(pool.acquire().await?),
        })
    }

    /// Begins a transaction that writes, once no other is open that does.
    pub async fn begin(&self) -> sqlx::Result<Txn> {
        Ok(match self {
            Pool::Sqlite(pool) => Txn::Sqlite(pool.begin_with(sqlite::BEGIN).await?),
            Pool::Postgres(pool) => Txn::Postgres(postgres::begin(pool).await?),
        })
    }

    /// Closes all of them, when they are given back.
    pub async fn close(&self) {
        match self {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}

/// A connection of a [`Pool`].
pub(super) enum PoolConn {
    Sqlite(sqlx::pool::PoolConnection<Sqlite>),
    Postgres(sqlx::pool::PoolConnection<Postgres>),
}

impl PoolConn {
    pub fn on(&mut self) -> Conn<'_> {
        match self {
            PoolConn::Sqlite(conn) => Conn::Sqlite(conn),
            PoolConn::Postgres(conn) => Conn::Postgres(conn),
        }
    }
}

/// An open transaction that writes. Dropped, nothing of it happened.
pub(super) enum Txn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Txn {
    pub fn on(&mut self) -> Conn<'_> {
        match self {
            Txn::Sqlite(tx) => Conn::Sqlite(tx),
            Txn::Postgres(tx) => Conn::Postgres(tx),
        }
    }

    pub async fn commit(self) -> sqlx::Result<()> {
        match self {
            Txn::Sqlite(tx) => tx.commit().await,
            Txn::Postgres(tx) => tx.commit().await,
        }
    }

    pub async fn rollback(self) -> sqlx::Result<()> {
        match self {
            Txn::Sqlite(tx) => tx.rollback().await,
            Txn::Postgres(tx) => tx.rollback().await,
        }
    }
}
