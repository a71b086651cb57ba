//! What the pages show. Nothing here writes.

use super::error::Doing as _;
use super::places::repo_columns;
use super::query::query_as;
use super::{RepoRow, Result, Store};
use crate::clock::Millis;

/// A case as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PagedCase {
    /// The row.
    pub id: i64,
    /// GitHub's id of the repository.
    pub repo_id: i64,
    /// The issue's number.
    pub issue: i64,
    /// Which of the issue's release lines it is; empty: the one that began first.
    pub line: String,
    /// The facts, JSON.
    pub facts: String,
    /// The schema that they are written in.
    pub schema: i64,
    /// How often the case was saved.
    pub rev: i64,
    /// The phase.
    pub phase: String,
    /// When it was opened.
    pub opened_at: Millis,
    /// When it was over.
    pub over_at: Option<Millis>,
    /// Why its facts could not be read when that was tried last.
    pub unreadable: Option<String>,
}

macro_rules! columns {
    () => {
        "id, repo_id, issue, line, facts, schema, rev, phase, opened_at, over_at, unreadable"
    };
}

impl Store {
    /// The repositories that have cases, whatever reaches them now.
    pub async fn repos_with_cases(&self) -> Result<Vec<RepoRow>> {
        query_as(concat!(
            "SELECT ",
            repo_columns!(),
            " FROM repos AS r WHERE EXISTS (SELECT 1 FROM cases AS c WHERE c.repo_id = r.id) \
             ORDER BY id"
        ))
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading the repositories that have cases")
    }

    /// The newest cases of these repositories that are open, or over, and about
    /// something, of before the row `before`: at most `limit`, the newest first.
    pub async fn paged_cases(
        &self,
        repos: &[i64],
        over: bool,
        before: i64,
        limit: i64,
    ) -> Result<Vec<PagedCase>> {
        // Facts are long, so what is sorted are numbers.
        query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM cases WHERE id IN (SELECT id FROM cases WHERE repo_id IN \
             (SELECT value FROM json_each($1)) AND (over_at IS NOT NULL) = $2 \
             AND phase <> 'ignored' AND id < $3 ORDER BY id DESC LIMIT $4) ORDER BY id DESC"
        ))
        .bind(serde_json::json!(repos).to_string())
        .bind(over)
        .bind(before)
        .bind(limit)
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading cases for a page")
    }

    /// The cases of an issue's release line, at most ten, the newest first; an empty
    /// name: the line that began first.
    pub async fn paged_attempts(
        &self,
        repo_id: i64,
        issue: i64,
        line: &str,
    ) -> Result<Vec<PagedCase>> {
        query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM cases WHERE repo_id = $1 AND issue = $2 AND line = $3 \
             ORDER BY id DESC LIMIT 10"
        ))
        .bind(repo_id)
        .bind(issue)
        .bind(line)
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading the cases of an issue for a page")
    }

    /// Which is the newest case of an issue's release line, and how often it was saved.
    pub async fn paged_rev(
        &self,
        repo_id: i64,
        issue: i64,
        line: &str,
    ) -> Result<Option<(i64, i64)>> {
        query_as(
            "SELECT id, rev FROM cases WHERE repo_id = $1 AND issue = $2 AND line = $3 \
             ORDER BY id DESC LIMIT 1",
        )
        .bind(repo_id)
        .bind(issue)
        .bind(line)
        .fetch_optional(self.read().await?.on())
        .await
        .doing("reading a case's revision")
    }
}

impl PagedCase {
    /// The last part of its address: `12`, or `12-2.x` of a line that began beside
    /// another.
    pub fn place(&self) -> String {
        match self.line.is_empty() {
            true => self.issue.to_string(),
            false => format!("{}-{}", self.issue, self.line),
        }
    }
}
