//! One statement, for either database: its text, and what is bound to it.

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};
use sqlx::encode::Encode;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, FromRow, SqlSafeStr, SqlStr, Type};

use super::dialect::Conn;

/// A statement whose rows are of no interest.
pub(super) fn query<'q>(sql: impl SqlSafeStr) -> Query<'q> {
    Query {
        sql: sql.into_sql_str(),
        bound: Vec::new(),
    }
}

/// A statement that answers rows.
pub(super) fn query_as<'q>(sql: impl SqlSafeStr) -> Rows<'q> {
    Rows(query(sql))
}

/// A statement that answers rows of one value.
pub(super) fn query_scalar<'q>(sql: impl SqlSafeStr) -> Scalars<'q> {
    Scalars(query(sql))
}

/// What both databases can make a `Self` of.
pub(super) trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{}

/// Something that is bound. The type is told even where there is no value:
/// PostgreSQL asks for it.
pub(super) enum Value<'q> {
    Number(Option<i64>),
    Flag(bool),
    Text(Option<Cow<'q, str>>),
    Bytes(Cow<'q, [u8]>),
}

impl Value<'_> {
    /// Adds the value to a digest, so that no two values add the same.
    pub fn digest(&self, hash: &mut Sha256) {
        let (kind, bytes): (u8, Cow<'_, [u8]>) = match self {
            Value::Number(None) | Value::Text(None) => (0, Cow::Borrowed(&[])),
            Value::Number(Some(it)) => (1, Cow::Owned(it.to_le_bytes().to_vec())),
            Value::Flag(it) => (2, Cow::Owned(vec![u8::from(*it)])),
            Value::Text(Some(it)) => (3, Cow::Borrowed(it.as_bytes())),
            Value::Bytes(it) => (4, Cow::Borrowed(it.as_ref())),
        };
        hash.update([kind]);
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
}

impl From<i64> for Value<'_> {
    fn from(it: i64) -> Self {
        Value::Number(Some(it))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(it: Option<i64>) -> Self {
        Value::Number(it)
    }
}

impl From<bool> for Value<'_> {
    fn from(it: bool) -> Self {
        Value::Flag(it)
    }
}

impl From<String> for Value<'_> {
    fn from(it: String) -> Self {
        Value::Text(Some(Cow::Owned(it)))
    }
}

impl<'q> From<&'q str> for Value<'q> {
    fn from(it: &'q str) -> Self {
        Value::Text(Some(Cow::Borrowed(it)))
    }
}

impl<'q> From<&'q String> for Value<'q> {
    fn from(it: &'q String) -> Self {
        Value::Text(Some(Cow::Borrowed(it)))
    }
}

impl<'q> From<Option<&'q str>> for Value<'q> {
    fn from(it: Option<&'q str>) -> Self {
        Value::Text(it.map(Cow::Borrowed))
    }
}

impl<'q> From<&'q Option<String>> for Value<'q> {
    fn from(it: &'q Option<String>) -> Self {
        Value::Text(it.as_deref().map(Cow::Borrowed))
    }
}

impl From<Option<String>> for Value<'_> {
    fn from(it: Option<String>) -> Self {
        Value::Text(it.map(Cow::Owned))
    }
}

impl<'q> From<&'q [u8]> for Value<'q> {
    fn from(it: &'q [u8]) -> Self {
        Value::Bytes(Cow::Borrowed(it))
    }
}

/// See [`query`].
pub(super) struct Query<'q> {
    sql: SqlStr,
    bound: Vec<Value<'q>>,
}

impl<'q> Query<'q> {
    /// Binds the next value.
    pub fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.bound.push(value.into());
        self
    }

    /// Carries it out; how many rows it changed.
    pub async fn execute(self, conn: Conn<'_>) -> sqlx::Result<u64> {
        Ok(match conn {
            Conn::Sqlite(conn) => {
                let bound = arguments::<SqliteArguments>(self.bound)?;
                let query = sqlx::query_with(self.sql, bound);
                query.execute(conn).await?.rows_affected()
            }
            Conn::Postgres(conn) => {
                let bound = arguments::<PgArguments>(self.bound)?;
                let query = sqlx::query_with(self.sql, bound);
                query.execute(conn).await?.rows_affected()
            }
        })
    }
}

/// See [`query_as`].
pub(super) struct Rows<'q>(Query<'q>);

impl<'q> Rows<'q> {
    /// Binds the next value.
    pub fn bind(self, value: impl Into<Value<'q>>) -> Self {
        Rows(self.0.bind(value))
    }

    /// All its rows.
    pub async fn fetch_all<T: Row>(self, conn: Conn<'_>) -> sqlx::Result<Vec<T>> {
        let Query { sql, bound } = self.0;
        match conn {
            Conn::Sqlite(conn) => {
                let bound = arguments::<SqliteArguments>(bound)?;
                sqlx::query_as_with(sql, bound).fetch_all(conn).await
            }
            Conn::Postgres(conn) => {
                let bound = arguments::<PgArguments>(bound)?;
                sqlx::query_as_with(sql, bound).fetch_all(conn).await
            }
        }
    }

    /// Its first row, if there is one.
    pub async fn fetch_optional<T: Row>(self, conn: Conn<'_>) -> sqlx::Result<Option<T>> {
        let Query { sql, bound } = self.0;
        match conn {
            Conn::Sqlite(conn) => {
                let bound = arguments::<SqliteArguments>(bound)?;
                sqlx::query_as_with(sql, bound).fetch_optional(conn).await
            }
            Conn::Postgres(conn) => {
                let bound = arguments::<PgArguments>(bound)?;
                sqlx::query_as_with(sql, bound).fetch_optional(conn).await
            }
        }
    }

    /// Its first row.
    pub async fn fetch_one<T: Row>(self, conn: Conn<'_>) -> sqlx::Result<T> {
        self.fetch_optional(conn)
            .await?
            .ok_or(sqlx::Error::RowNotFound)
    }
}

/// See [`query_scalar`].
pub(super) struct Scalars<'q>(Query<'q>);

impl<'q> Scalars<'q> {
    /// Binds the next value.
    pub fn bind(self, value: impl Into<Value<'q>>) -> Self {
        Scalars(self.0.bind(value))
    }

    /// The values of all rows.
    pub async fn fetch_all<T>(self, conn: Conn<'_>) -> sqlx::Result<Vec<T>>
    where
        (T,): Row,
    {
        let rows: Vec<(T,)> = Rows(self.0).fetch_all(conn).await?;
        Ok(rows.into_iter().map(|(value,)| value).collect())
    }

    /// The value of the first row, if there is one.
    pub async fn fetch_optional<T>(self, conn: Conn<'_>) -> sqlx::Result<Option<T>>
    where
        (T,): Row,
    {
        let row: Option<(T,)> = Rows(self.0).fetch_optional(conn).await?;
        Ok(row.map(|(value,)| value))
    }

    /// The value of the first row.
    pub async fn fetch_one<T>(self, conn: Conn<'_>) -> sqlx::Result<T>
    where
        (T,): Row,
    {
        let (value,) = Rows(self.0).fetch_one(conn).await?;
        Ok(value)
    }
}

/// What is bound, as one of the databases takes it.
fn arguments<A: Arguments>(bound: Vec<Value<'_>>) -> sqlx::Result<A>
where
    i64: for<'t> Encode<'t, A::Database> + Type<A::Database>,
    bool: for<'t> Encode<'t, A::Database> + Type<A::Database>,
    for<'t> &'t str: Encode<'t, A::Database> + Type<A::Database>,
    for<'t> &'t [u8]: Encode<'t, A::Database> + Type<A::Database>,
    for<'t> Option<i64>: Encode<'t, A::Database>,
    for<'t> Option<&'t str>: Encode<'t, A::Database>,
{
    let mut arguments = A::default();
    arguments.reserve(bound.len(), 0);
    for value in bound {
        let added: Result<(), BoxDynError> = match value {
            Value::Number(it) => arguments.add(it),
            Value::Flag(it) => arguments.add(it),
            Value::Text(None) => arguments.add(None::<&str>),
            Value::Text(Some(it)) => arguments.add(it.as_ref()),
            Value::Bytes(it) => arguments.add(it.as_ref()),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}
