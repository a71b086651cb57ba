//! What is wrong with a database, by the file, where it is one, and by what stands in it.

use super::beside::Beside;
use super::dialect::Conn;
use super::error::{Doing as _, Result};
use super::query::{query_as, query_scalar};
use super::whole::{NAMED, faults, is_damage};
use super::{postgres, sqlite};

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amiss {
    /// The file itself, in SQLite's words.
    Page(String),
    /// A row names one that is not there.
    Reference {
        /// Its table.
        table: String,
        /// Its number.
        row: i64,
        /// The table that lacks the other.
        parent: String,
    },
    /// The tables are of a later version, by its migration.
    Newer(i64),
    /// The facts of a case that is open cannot be read.
    Facts {
        /// The case.
        case: i64,
        /// Why.
        why: String,
    },
    /// Rows that no longer belong to anything, or contradict others.
    Orphans {
        /// What they are.
        what: &'static str,
        /// The first of them.
        rows: Vec<i64>,
    },
}

/// What was looked at.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// What is wrong; nothing in a sound database.
    pub amiss: Vec<Amiss>,
    /// How many cases are open.
    pub cases: usize,
    /// Migrations that the next start of this version will make.
    pub behind: usize,
}

/// What cannot be so in a database that the server wrote; each answers with the
/// numbers of rows.
const ORPHANS: &[(&str, &str)] = &[
    (
        "claims held by a case that is over",
        "SELECT c.id FROM claims AS c JOIN cases AS k ON k.id = c.case_id \
         WHERE c.freed_at IS NULL AND k.over_at IS NOT NULL ORDER BY c.id",
    ),
    (
        "effects that are being carried out by nobody's epoch",
        "SELECT id FROM outbox WHERE state = 'acting' AND (epoch IS NULL OR epoch > \
         (SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'epoch')) ORDER BY id",
    ),
    (
        "open cases whose journal does not end at their revision",
        "SELECT k.id FROM cases AS k WHERE k.over_at IS NULL AND k.rev > 0 AND k.rev <> \
         COALESCE((SELECT MAX(j.rev) FROM journal AS j WHERE j.case_id = k.id), 0) ORDER BY k.id",
    ),
];

/// Looks through the database at `database_url`, changing nothing; the server may
/// work on it. `reads` says why facts of a schema cannot be read.
///
/// # Errors
/// It cannot be looked at: it is not there, it is none of ours, or another
/// process is in the way.
pub async fn examine(
    database_url: &str,
    reads: impl Fn(i64, &str) -> std::result::Result<(), String>,
) -> Result<Examined> {
    let mut conn = Beside::reading(database_url).await?;
    let mut found = Examined::default();
    match look(&mut conn, &mut found, reads).await {
        Ok(()) => {}
        // Damage that keeps it from being read is what was looked for.
        Err(error) if is_damage(&error) => found.amiss.push(Amiss::Page(error.to_string())),
        Err(error) => return Err(error),
    }
    Ok(found)
}

async fn look(
    beside: &mut Beside,
    found: &mut Examined,
    reads: impl Fn(i64, &str) -> std::result::Result<(), String>,
) -> Result<()> {
    // PostgreSQL keeps pages and references itself.
    if let Beside::File(conn) = beside {
        let pages = faults(conn, true).await?;
        found.amiss.extend(pages.into_iter().map(Amiss::Page));
        references(beside.on(), found).await?;
    }
    if !migrations(beside, found).await? {
        // Of other tables nothing can be said.
        return Ok(());
    }
    facts(beside.on(), found, reads).await?;
    for (what, sql) in ORPHANS {
        let rows: Vec<i64> = query_scalar(*sql)
            .fetch_all(beside.on())
            .await
            .doing("looking for what does not fit together")?;
        if !rows.is_empty() {
            let rows = rows.into_iter().take(NAMED).collect();
            found.amiss.push(Amiss::Orphans { what, rows });
        }
    }
    Ok(())
}

async fn references(conn: Conn<'_>, found: &mut Examined) -> Result<()> {
    let rows: Vec<(String, Option<i64>, String, i64)> = query_as("PRAGMA foreign_key_check")
        .fetch_all(conn)
        .await
        .doing("checking references")?;
    found
        .amiss
        .extend(
            rows.into_iter()
                .take(NAMED)
                .map(|(table, row, parent, _)| Amiss::Reference {
                    table,
                    row: row.unwrap_or_default(),
                    parent,
                }),
        );
    Ok(())
}

/// Whether the tables are those of this version.
async fn migrations(beside: &mut Beside, found: &mut Examined) -> Result<bool> {
    let made: Vec<i64> =
        query_scalar("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")
            .fetch_all(beside.on())
            .await
            .doing("reading which tables there are")?;
    let migrator = match beside {
        Beside::File(_) => &sqlite::MIGRATOR,
        Beside::Server(_) => &postgres::MIGRATOR,
    };
    let known: Vec<i64> = migrator.iter().map(|m| m.version).collect();
    let newer = made
        .iter()
        .copied()
        .find(|version| !known.contains(version));
    found.amiss.extend(newer.map(Amiss::Newer));
    found.behind = known.iter().filter(|v| !made.contains(v)).count();
    Ok(newer.is_none() && found.behind == 0)
}

async fn facts(
    mut conn: Conn<'_>,
    found: &mut Examined,
    reads: impl Fn(i64, &str) -> std::result::Result<(), String>,
) -> Result<()> {
    let doing = "reading the cases";
    let open: Vec<i64> = query_scalar("SELECT id FROM cases WHERE over_at IS NULL ORDER BY id")
        .fetch_all(conn.on())
        .await
        .doing(doing)?;
    found.cases = open.len();
    for case in open {
        // One after the other: facts are long. It may be over meanwhile.
        let row: Option<(i64, String)> =
            query_as("SELECT schema, facts FROM cases WHERE id = $1 AND over_at IS NULL")
                .bind(case)
                .fetch_optional(conn.on())
                .await
                .doing(doing)?;
        if let Some((schema, facts)) = row
            && let Err(why) = reads(schema, &facts)
        {
            found.amiss.push(Amiss::Facts { case, why });
        }
    }
    Ok(())
}
