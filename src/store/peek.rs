//! One case and its journal, read from beside the server.

use super::beside::Beside;
use super::error::{Doing as _, Result};
use super::journal::JournalRow;
use super::query::{query_as, query_scalar};

/// A case as it stands in the database.
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
/// on it.
///
/// # Errors
/// The database is not there, is none of ours, or cannot be read.
pub async fn peek(database_url: &str, owner: &str, name: &str, issue: i64) -> Result<Vec<Peeked>> {
    let doing = "reading the case";
    let mut conn = Beside::reading(database_url).await?;
    let rows: Vec<(i64, String, i64, i64)> = query_as(
        "SELECT id, facts, schema, rev FROM cases WHERE id IN (\
         SELECT MAX(k.id) FROM cases AS k JOIN repos AS r ON r.id = k.repo_id \
         WHERE LOWER(r.owner) = LOWER($1) AND LOWER(r.name) = LOWER($2) AND k.issue = $3 \
         GROUP BY k.line) ORDER BY id",
    )
    .bind(owner)
    .bind(name)
    .bind(issue)
    .fetch_all(conn.on())
    .await
    .doing(doing)?;
    let mut all = Vec::new();
    for (id, facts, schema, rev) in rows {
        let journal: Vec<JournalRow> = query_as(
            "SELECT id, case_id, rev, at, cause, event, facts_hash, build \
             FROM journal WHERE case_id = $1 ORDER BY rev",
        )
        .bind(id)
        .fetch_all(conn.on())
        .await
        .doing("reading the journal")?;
        all.push(Peeked {
            facts,
            schema,
            rev,
            journal,
        });
    }
    conn.close().await?;
    Ok(all)
}

/// The login of an App that the database worked for, whichever it was; none: it
/// knows none, or there is no database yet. Changes nothing.
///
/// # Errors
/// The database is none of ours, or cannot be read.
pub async fn known_app(database_url: &str) -> Result<Option<String>> {
    let doing = "looking for an App that the database knows";
    let Some(mut conn) = Beside::reading_if_there(database_url).await? else {
        return Ok(None);
    };
    let login: Option<String> =
        query_scalar("SELECT value FROM meta WHERE key LIKE 'bot:%' ORDER BY key LIMIT 1")
            .fetch_optional(conn.on())
            .await
            .doing(doing)?;
    let installed: Option<String> =
        query_scalar("SELECT account FROM installations ORDER BY id LIMIT 1")
            .fetch_optional(conn.on())
            .await
            .doing(doing)?;
    conn.close().await?;
    Ok(login.or(installed.map(|account| format!("installed on {account}"))))
}
