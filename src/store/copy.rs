//! A backup of the database, made while the server works, and what makes a
//! restored one safe.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteJournalMode;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};

use super::beside::existing;
use super::error::{Doing as _, Result, StoreError};
use super::lock::{beside, private};
use super::{place, sqlite, whole};
use crate::clock::Millis;

/// A copy says under this name when it was made, until it is opened.
pub(super) const COPIED: &str = "copied_at";

/// A backup that was made, and looked at.
#[derive(Debug)]
pub struct Copied {
    /// Its size.
    pub bytes: u64,
    /// The rows of each table.
    pub rows: BTreeMap<String, i64>,
}

/// Copies the database at `database_url` to `target`, as it is at one moment,
/// while the server may work on it. The copy is on the disk and was read to its
/// end when this returns; nothing that is there is overwritten.
///
/// # Errors
/// There is no database of ours, something stands at `target`, the copy cannot
/// be written, or it is not what it should be. Then there is none.
pub async fn copy(database_url: &str, target: &Path, now: Millis) -> Result<Copied> {
    let source = place::file(database_url)?;
    existing(&source)?;
    let failed = |path: &Path, source| StoreError::File {
        path: path.to_owned(),
        source,
    };
    if target.symlink_metadata().is_ok() {
        return Err(failed(target, io::ErrorKind::AlreadyExists.into()));
    }
    // Under another name until it is whole: what has the name is a backup.
    let part = beside(target, ".part");
    private()
        .create_new(true)
        .open(&part)
        .map_err(|e| failed(&part, e))?;
    let copied = async {
        let rows = fill(&source, &part, now).await?;
        let bytes = persist(&part, target).map_err(|e| failed(target, e))?;
        Ok(Copied { bytes, rows })
    }
    .await;
    // Gone already where all went well.
    let _ = std::fs::remove_file(&part);
    let _ = std::fs::remove_file(beside(&part, "-journal"));
    copied
}

async fn fill(source: &Path, part: &Path, now: Millis) -> Result<BTreeMap<String, i64>> {
    let doing = "copying";
    let into = part.to_str().ok_or_else(|| StoreError::File {
        path: part.to_owned(),
        source: io::Error::new(io::ErrorKind::InvalidFilename, "the path is not UTF-8"),
    })?;
    let mut from = sqlite::reader_of_file(source)
        .connect()
        .await
        .doing(doing)?;
    let before = counts(&mut from).await?;
    sqlx::query("VACUUM INTO $1")
        .bind(into)
        .execute(&mut from)
        .await
        .doing(doing)?;
    let after = counts(&mut from).await?;
    let _ = from.close().await;

    let mut copy = sqlite::plain(part)
        .journal_mode(SqliteJournalMode::Delete)
        .connect()
        .await
        .doing("opening the copy")?;
    let checked = check(&mut copy, &before, &after).await?;
    sqlx::query("INSERT OR REPLACE INTO meta (key, value) VALUES ($1, $2)")
        .bind(COPIED)
        .bind(now.to_string())
        .execute(&mut copy)
        .await
        .doing("marking the copy")?;
    copy.close().await.doing("closing the copy")?;
    Ok(checked)
}

/// Holds the copy against what the database held before and after: it was made
/// in between.
async fn check(
    copy: &mut SqliteConnection,
    before: &Counts,
    after: &Counts,
) -> Result<BTreeMap<String, i64>> {
    if let Some(fault) = whole::faults(copy, false).await?.into_iter().next() {
        return Err(StoreError::Damaged(format!("the copy: {fault}")));
    }
    let copied = counts(copy).await?;
    let between = |name: &String, n: i64, all: fn(&Counts) -> &BTreeMap<String, i64>| {
        let of = |counts| all(counts).get(name).copied().unwrap_or_default();
        of(before) <= n && n <= of(after)
    };
    // What is given out never falls, so this holds while the server writes.
    let mut amiss = copied
        .given
        .iter()
        .filter(|(name, n)| !between(name, **n, |counts| &counts.given))
        .map(|(name, _)| name.as_str())
        .collect::<Vec<_>>();
    if copied.rows.keys().ne(before.rows.keys()) {
        amiss.push("the tables");
    }
    // And where nobody wrote, every row is there.
    if before == after {
        let differs = |(name, n): &(&String, &i64)| before.rows.get(*name) != Some(*n);
        amiss.extend(
            copied
                .rows
                .iter()
                .filter(differs)
                .map(|(name, _)| name.as_str()),
        );
    }
    if amiss.is_empty() {
        Ok(copied.rows)
    } else {
        Err(StoreError::Damaged(format!(
            "the copy holds other rows than the database in {}",
            amiss.join(", ")
        )))
    }
}

/// How much there is of everything.
#[derive(Debug, PartialEq)]
struct Counts {
    rows: BTreeMap<String, i64>,
    /// The largest number that a table ever gave out.
    given: BTreeMap<String, i64>,
}

/// Of one moment.
async fn counts(conn: &mut SqliteConnection) -> Result<Counts> {
    let doing = "counting rows";
    let mut tx = conn.begin().await.doing(doing)?;
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
         ORDER BY name",
    )
    .fetch_all(&mut *tx)
    .await
    .doing(doing)?;
    let mut rows = BTreeMap::new();
    for name in names {
        let sql = format!("SELECT COUNT(*) FROM \"{}\"", name.replace('"', "\"\""));
        let n = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut *tx)
            .await
            .doing(doing)?;
        rows.insert(name, n);
    }
    let given = sqlx::query_as("SELECT name, seq FROM sqlite_sequence")
        .fetch_all(&mut *tx)
        .await
        .doing(doing)?;
    tx.rollback().await.doing(doing)?;
    Ok(Counts {
        rows,
        given: given.into_iter().collect(),
    })
}

/// Onto the disk, and under its name unless something has it; its size.
fn persist(part: &Path, target: &Path) -> io::Result<u64> {
    let file = File::open(part)?;
    file.sync_all()?;
    match std::fs::hard_link(part, target) {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Err(e),
        // A file system without links.
        Err(_) if target.symlink_metadata().is_err() => std::fs::rename(part, target)?,
        Err(e) => return Err(e),
    }
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()?;
    Ok(file.metadata()?.len())
}

/// A restored copy is complete in its one file. A write-ahead log that still
/// stands beside it belongs to the database that was there before, and SQLite
/// would write its pages into the copy: it is put aside.
pub(super) async fn set_foreign_log_aside(path: &Path) -> Result<()> {
    let doing = "looking whether it is a restored backup";
    // The file as it is, without what stands beside it.
    let mut conn = sqlite::reader_of_file(path)
        .immutable(true)
        .connect()
        .await
        .doing(doing)?;
    let copied: Result<Option<String>> =
        sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
            .bind(COPIED)
            .fetch_optional(&mut conn)
            .await
            .doing(doing);
    let _ = conn.close().await;
    // One that cannot be read without its log is no copy of ours.
    let Ok(Some(_)) = copied else {
        return Ok(());
    };
    set_log_aside(
        path,
        "a backup was restored beside the log of the database before it",
    )
}

/// Puts the write-ahead log of another database aside, where it does no harm.
pub(super) fn set_log_aside(path: &Path, why: &'static str) -> Result<()> {
    let log = beside(path, "-wal");
    let aside = unused(&beside(&log, ".of-another"));
    std::fs::rename(&log, &aside).map_err(|source| StoreError::File { path: log, source })?;
    let _ = std::fs::remove_file(beside(path, "-shm"));
    tracing::warn!(aside = %aside.display(), why, "a write-ahead log is put aside");
    Ok(())
}

fn unused(path: &Path) -> PathBuf {
    let numbered = |n: u32| beside(path, &format!("-{n}"));
    (1..u32::MAX)
        .map(numbered)
        .find(|path| path.symlink_metadata().is_err())
        .unwrap_or_else(|| path.to_owned())
}
