//! One case and its journal, read from beside the server.

use sqlx::{ConnectOptions as _, Connection as _};

use super::copy::existing;
use super::dialect;
use super::error::{Doing as _, Result};
use super::journal::JournalRow;
use super::place;

/// A case as it stands in the file.
#[derive(Clone, Debug)]
pub struct Peeked {
    /// The facts, JSON.
    pub facts: String,
    /// The schema that they are written in.
    pub schema: i64,
    /// Its revision.
    pub rev: i64,
    /// Its journal, oldest first; a case that was over long ago has none.
    pub journal: Vec<JournalRow>,
}

/// The newest case of each release line of an issue of the repository `owner/name`, the
/// one that began first first; none: there is none. Changes nothing; the server may work
/// on the file.
///
/// # Errors
/// The file is not there, is none of ours, or cannot be read.
pub async fn peek(database_url: &str, owner: &str, name: &str, issue: i64) -> Result<Vec<Peeked>> {
    let path = place::file(database_url)?;
    existing(&path)?;
    let doing = "reading the case";
    let mut conn = dialect::reader_of_file(&path)
        .connect()
        .await
        .doing(doing)?;
    let rows: Vec<(i64, String, i64, i64)> = sqlx::query_as(
        "SELECT id, facts, schema, rev FROM cases WHERE id IN (\
         SELECT MAX(k.id) FROM cases AS k JOIN repos AS r ON r.id = k.repo_id \
         WHERE LOWER(r.owner) = LOWER($1) AND LOWER(r.name) = LOWER($2) AND k.issue = $3 \
         GROUP BY k.line) ORDER BY id",
    )
    .bind(owner)
    .bind(name)
    .bind(issue)
    .fetch_all(&mut conn)
    .await
    .doing(doing)?;
    let mut all = Vec::new();
    for (id, facts, schema, rev) in rows {
        let journal: Vec<JournalRow> = sqlx::query_as(
            "SELECT id, case_id, rev, at, cause, event, facts_hash, build \
             FROM journal WHERE case_id = $1 ORDER BY rev",
        )
        .bind(id)
        .fetch_all(&mut conn)
        .await
        .doing("reading the journal")?;
        all.push(Peeked {
            facts,
            schema,
            rev,
            journal,
        });
    }
    conn.close().await.doing(doing)?;
    Ok(all)
}

/// The login of an App that the database worked for, whichever it was; none: it
/// knows none, or there is no database yet. Changes nothing.
///
/// # Errors
/// The file is none of ours, or cannot be read.
pub async fn known_app(database_url: &str) -> Result<Option<String>> {
    let path = place::file(database_url)?;
    if std::fs::metadata(&path).is_ok_and(|meta| meta.len() == 0) || !path.exists() {
        return Ok(None);
    }
    let doing = "looking for an App that the database knows";
    let mut conn = dialect::reader_of_file(&path)
        .connect()
        .await
        .doing(doing)?;
    let login: Option<String> =
        sqlx::query_scalar("SELECT value FROM meta WHERE key LIKE 'bot:%' ORDER BY key LIMIT 1")
            .fetch_optional(&mut conn)
            .await
            .doing(doing)?;
    let installed: Option<String> =
        sqlx::query_scalar("SELECT account FROM installations ORDER BY id LIMIT 1")
            .fetch_optional(&mut conn)
            .await
            .doing(doing)?;
    conn.close().await.doing(doing)?;
    Ok(login.or(installed.map(|account| format!("installed on {account}"))))
}
