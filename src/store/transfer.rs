//! From one database into another, of whichever kind: all rows, in one transaction.

use std::borrow::Cow;
use std::collections::BTreeMap;

use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Row, Type};

use super::copy::COPIED;
use super::dialect::{Conn, Txn};
use super::error::{Doing as _, Result, StoreError};
use super::handle::{IN_ORDER, Store};
use super::postgres::sql;
use super::query::{Value, query, query_scalar};
use crate::clock::Millis;

/// What a column holds, the same on both.
#[derive(Clone, Copy)]
enum Kind {
    Number,
    Flag,
    Text,
    Bytes,
}
use Kind::{Bytes, Flag, Number, Text};

/// A table, with what has to be there before it above it.
struct Table {
    name: &'static str,
    columns: &'static [(&'static str, Kind)],
    /// Whether it numbers its rows itself.
    numbered: bool,
}

const TABLES: &[Table] = &[
    Table {
        name: "installations",
        columns: &[
            ("id", Number),
            ("account", Text),
            ("permissions", Text),
            ("suspended", Flag),
            ("removed_at", Number),
        ],
        numbered: false,
    },
    Table {
        name: "repos",
        columns: &[
            ("id", Number),
            ("installation_id", Number),
            ("owner", Text),
            ("name", Text),
            ("default_branch", Text),
            ("html_url", Text),
            ("private", Flag),
            ("seen_at", Number),
            ("trigger_labels", Text),
            ("told", Number),
            ("asked", Number),
        ],
        numbered: false,
    },
    Table {
        name: "former_names",
        columns: &[("full_name", Text), ("repo_id", Number)],
        numbered: false,
    },
    Table {
        name: "config_checks",
        columns: &[
            ("repo_id", Number),
            ("pull", Number),
            ("head", Text),
            ("due_at", Number),
            ("tries", Number),
        ],
        numbered: false,
    },
    Table {
        name: "checkups",
        columns: &[("repo_id", Number), ("due_at", Number), ("found", Text)],
        numbered: false,
    },
    Table {
        name: "inbox",
        columns: &[
            ("id", Number),
            ("key", Bytes),
            ("said", Bytes),
            ("delivery_id", Text),
            ("event", Text),
            ("repo_id", Number),
            ("opens", Number),
            ("fact", Text),
            ("received_at", Number),
            ("fetched", Flag),
        ],
        numbered: false,
    },
    Table {
        name: "seen",
        columns: &[
            ("id", Number),
            ("key", Bytes),
            ("said", Bytes),
            ("received_at", Number),
        ],
        numbered: false,
    },
    Table {
        name: "set_aside",
        columns: &[
            ("id", Number),
            ("key", Bytes),
            ("said", Bytes),
            ("delivery_id", Text),
            ("event", Text),
            ("repo_id", Number),
            ("opens", Number),
            ("fact", Text),
            ("received_at", Number),
            ("fetched", Flag),
            ("tries", Number),
            ("due_at", Number),
            ("error", Text),
        ],
        numbered: false,
    },
    Table {
        name: "cases",
        columns: &[
            ("id", Number),
            ("repo_id", Number),
            ("issue", Number),
            ("facts", Text),
            ("schema", Number),
            ("rev", Number),
            ("policy_src", Text),
            ("policy", Text),
            ("phase", Text),
            ("wake_at", Number),
            ("opened_at", Number),
            ("over_at", Number),
            ("unreadable", Text),
            ("line", Text),
        ],
        numbered: true,
    },
    Table {
        name: "inbox_waits",
        columns: &[
            ("case_id", Number),
            ("id", Number),
            ("delivery_id", Text),
            ("event", Text),
            ("fact", Text),
            ("fetched", Flag),
        ],
        numbered: false,
    },
    Table {
        name: "outbox",
        columns: &[
            ("id", Number),
            ("case_id", Number),
            ("line", Text),
            ("slot", Text),
            ("subject", Text),
            ("generation", Number),
            ("args", Text),
            ("lane", Text),
            ("class", Text),
            ("priority", Number),
            ("state", Text),
            ("due_at", Number),
            ("attempts", Number),
            ("epoch", Number),
            ("started_at", Number),
            ("started_github", Number),
            ("doubt", Flag),
            ("looks", Number),
            ("error", Text),
            ("result", Text),
            ("closed_at", Number),
        ],
        numbered: true,
    },
    Table {
        name: "journal",
        columns: &[
            ("id", Number),
            ("case_id", Number),
            ("rev", Number),
            ("at", Number),
            ("cause", Text),
            ("event", Text),
            ("facts_hash", Text),
            ("build", Text),
        ],
        numbered: true,
    },
    Table {
        name: "claims",
        columns: &[
            ("id", Number),
            ("repo_id", Number),
            ("kind", Text),
            ("value", Text),
            ("case_id", Number),
            ("line", Text),
            ("taken_at", Number),
            ("freed_at", Number),
        ],
        numbered: true,
    },
    Table {
        name: "claim_waits",
        columns: &[
            ("repo_id", Number),
            ("kind", Text),
            ("value", Text),
            ("case_id", Number),
        ],
        numbered: false,
    },
    Table {
        name: "meta",
        columns: &[("key", Text), ("value", Text)],
        numbered: false,
    },
];

/// How often, and how many times, it is looked whether a server is gone.
const LOOKED_AT: std::time::Duration = std::time::Duration::from_millis(100);
const PATIENCE: u32 = 10;

/// What of `meta` is of one opening, not of what is known.
const OF_AN_OPENING: [&str; 4] = ["epoch", "probe", IN_ORDER, COPIED];

/// Carries everything from one database into another that is empty, and answers the
/// rows of each table. Both are held while it works, and where a server works with one
/// of them it does not begin. What was read
/// is held against what was written; where that fails the other stays empty. The next
/// start on it takes it for a copy: what came since is looked for in GitHub's log of
/// deliveries, and no attempt of before is anybody's.
///
/// # Errors
/// One of them does not open, or a server works with it; the other is not empty; what
/// was written is not what was read.
pub async fn transfer(from: &str, to: &str, now: Millis) -> Result<BTreeMap<&'static str, u64>> {
    let source = alone(from).await?;
    let carried = match alone(to).await {
        Ok(target) => {
            let carried = carry(&source, &target, now).await;
            target.close().await;
            carried
        }
        Err(error) => Err(error),
    };
    source.close().await;
    carried
}

/// Opens a database that no server works with.
async fn alone(url: &str) -> Result<Store> {
    let store = Store::open(url).await?;
    // One that stopped a moment ago may still be taken for there.
    for _ in 0..PATIENCE {
        match store.try_lead().await? {
            None => return Ok(store),
            Some(_) => tokio::time::sleep(LOOKED_AT).await,
        }
    }
    let error = match store.try_lead().await? {
        None => return Ok(store),
        Some(other) => StoreError::Served(other.name),
    };
    store.close().await;
    Err(error)
}

async fn carry(source: &Store, target: &Store, now: Millis) -> Result<BTreeMap<&'static str, u64>> {
    let doing = "carrying the rows over";
    let mut of = source.begin_write(doing).await?;
    let mut into = target.begin_write(doing).await?;
    for conn in [of.on(), into.on()] {
        patient(conn).await?;
    }
    for table in TABLES.iter().filter(|it| it.name != "meta") {
        let any = format!("SELECT COUNT(*) FROM {}", table.name);
        let any: i64 = query_scalar(AssertSqlSafe(any))
            .fetch_one(into.on())
            .await
            .doing(doing)?;
        if any > 0 {
            return Err(StoreError::Unfit(
                "to copy into is not empty: it is left as it is".to_owned(),
            ));
        }
    }
    query("DELETE FROM meta WHERE key <> 'epoch'")
        .execute(into.on())
        .await
        .doing(doing)?;
    let mut rows = BTreeMap::new();
    for table in TABLES {
        let mut read = Sum::default();
        table.each(of.on(), &mut read, Some(&mut into)).await?;
        let mut written = Sum::default();
        table.each(into.on(), &mut written, None).await?;
        if read != written {
            return Err(StoreError::Damaged(format!(
                "the copy of {} is not what was read",
                table.name
            )));
        }
        rows.insert(table.name, read.rows);
        if table.numbered
            && let Txn::Postgres(_) = into
        {
            query(AssertSqlSafe(sql::number_on(table.name)))
                .execute(into.on())
                .await
                .doing(doing)?;
        }
    }
    // Higher than any that an attempt was made in.
    query("UPDATE meta SET value = $1 WHERE key = 'epoch'")
        .bind(source.epoch().to_string())
        .execute(into.on())
        .await
        .doing(doing)?;
    query("INSERT INTO meta (key, value) VALUES ($1, $2)")
        .bind(COPIED)
        .bind(now.to_string())
        .execute(into.on())
        .await
        .doing(doing)?;
    into.commit().await.doing(doing)?;
    of.rollback().await.doing(doing)?;
    Ok(rows)
}

/// A large table takes longer than any statement of a server.
async fn patient(conn: Conn<'_>) -> Result<()> {
    if let Conn::Postgres(conn) = conn {
        for setting in ["statement_timeout", "idle_in_transaction_session_timeout"] {
            sqlx::query(AssertSqlSafe(format!("SET LOCAL {setting} = 0")))
                .execute(&mut *conn)
                .await
                .doing("carrying the rows over")?;
        }
    }
    Ok(())
}

/// Rows, whatever their order.
#[derive(Default, PartialEq)]
struct Sum {
    rows: u64,
    digests: [u64; 4],
}

impl Sum {
    fn add(&mut self, row: &[Value<'_>]) {
        let mut hash = Sha256::new();
        for value in row {
            value.digest(&mut hash);
        }
        self.rows += 1;
        let digest = hash.finalize();
        for (sum, part) in self.digests.iter_mut().zip(digest.chunks_exact(8)) {
            let part = part.iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
            *sum = sum.wrapping_add(part);
        }
    }
}

impl Table {
    fn names(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    /// Adds each row to `sum`, and writes it `into` the other.
    async fn each(&self, from: Conn<'_>, sum: &mut Sum, mut into: Option<&mut Txn>) -> Result<()> {
        let doing = "carrying the rows over";
        let select = AssertSqlSafe(format!("SELECT {} FROM {}", self.names(), self.name));
        let places: Vec<_> = (1..=self.columns.len()).map(|n| format!("${n}")).collect();
        let insert = format!(
            "INSERT INTO {} ({}) VALUES ({})",
            self.name,
            self.names(),
            places.join(", ")
        );
        let mut rows = match from {
            Conn::Sqlite(conn) => sqlx::query(select)
                .fetch(conn)
                .map(|row| self.values(&row?))
                .boxed(),
            Conn::Postgres(conn) => sqlx::query(select)
                .fetch(conn)
                .map(|row| self.values(&row?))
                .boxed(),
        };
        while let Some(row) = rows.next().await {
            let row = row.doing(doing)?;
            if self.is_of_an_opening(&row) {
                continue;
            }
            sum.add(&row);
            if let Some(into) = &mut into {
                let mut query = query(AssertSqlSafe(insert.clone()));
                for value in row {
                    query = query.bind(value);
                }
                query.execute(into.on()).await.doing(doing)?;
            }
        }
        Ok(())
    }

    fn is_of_an_opening(&self, row: &[Value<'_>]) -> bool {
        let key = match row.first() {
            Some(Value::Text(Some(key))) if self.name == "meta" => key,
            _ => return false,
        };
        OF_AN_OPENING.contains(&key.as_ref())
    }

    fn values<R: Row>(&self, row: &R) -> sqlx::Result<Vec<Value<'static>>>
    where
        usize: ColumnIndex<R>,
        i64: for<'r> Decode<'r, R::Database> + Type<R::Database>,
        bool: for<'r> Decode<'r, R::Database> + Type<R::Database>,
        String: for<'r> Decode<'r, R::Database> + Type<R::Database>,
        Vec<u8>: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    {
        let kinds = self.columns.iter().map(|(_, kind)| *kind).enumerate();
        kinds
            .map(|(at, kind)| {
                Ok(match kind {
                    Number => Value::Number(row.try_get(at)?),
                    Flag => Value::Flag(row.try_get(at)?),
                    Text => Value::Text(row.try_get::<Option<String>, _>(at)?.map(Cow::Owned)),
                    Bytes => Value::Bytes(Cow::Owned(row.try_get(at)?)),
                })
            })
            .collect()
    }
}
