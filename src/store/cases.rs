//! The cases: facts, and when to look at them again.

use super::dialect::Conn;
use super::error::Doing as _;
use super::index::Gone;
use super::query::{query, query_as, query_scalar};
use super::{Result, Store, StoreError, Tx};
use crate::clock::Millis;

/// A case as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CaseRow {
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
    /// The schema that the facts are written in.
    pub schema: i64,
    /// How often the case was saved: 0 when it was opened.
    pub rev: i64,
    /// The policy as it was read: the file's text.
    pub policy_src: Option<String>,
    /// The policy as it was understood, JSON.
    pub policy: Option<String>,
    /// The phase, for metrics and lists.
    pub phase: String,
    /// When it wants to be looked at though nothing happened.
    pub wake_at: Option<Millis>,
    /// When it was opened.
    pub opened_at: Millis,
    /// When it was over; nothing wakes it any more.
    pub over_at: Option<Millis>,
    /// Why its facts could not be read when that was tried last.
    pub unreadable: Option<String>,
}

/// What a case begins with.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// GitHub's id of the repository, which must have been put.
    pub repo_id: i64,
    /// The issue's number.
    pub issue: i64,
    /// Which of the issue's release lines; empty: the one that begins first.
    pub line: String,
    /// The facts, JSON.
    pub facts: String,
    /// The schema that the facts are written in.
    pub schema: i64,
    /// The policy's text.
    pub policy_src: Option<String>,
    /// The policy, JSON.
    pub policy: Option<String>,
    /// The phase.
    pub phase: String,
    /// When to look at it.
    pub wake_at: Option<Millis>,
    /// Now.
    pub opened_at: Millis,
}

macro_rules! columns {
    () => {
        "id, repo_id, issue, line, facts, schema, rev, policy_src, policy, phase, wake_at, \
         opened_at, over_at, unreadable"
    };
}

async fn by_id(conn: Conn<'_>, id: i64) -> Result<Option<CaseRow>> {
    query_as(concat!("SELECT ", columns!(), " FROM cases WHERE id = $1"))
        .bind(id)
        .fetch_optional(conn)
        .await
        .doing("reading a case")
}

async fn latest_by_issue(conn: Conn<'_>, repo_id: i64, issue: i64) -> Result<Option<CaseRow>> {
    // Of a release line at most one is open, and it is always the newest.
    query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM cases WHERE repo_id = $1 AND issue = $2 AND line = '' ORDER BY id DESC LIMIT 1"
    ))
    .bind(repo_id)
    .bind(issue)
    .fetch_optional(conn)
    .await
    .doing("reading an issue's newest case")
}

async fn latest_of_lines(conn: Conn<'_>, repo_id: i64, issue: i64) -> Result<Vec<CaseRow>> {
    query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM cases WHERE id IN (SELECT MAX(id) FROM cases WHERE repo_id = $1 AND issue = $2 \
         GROUP BY line) ORDER BY id"
    ))
    .bind(repo_id)
    .bind(issue)
    .fetch_all(conn)
    .await
    .doing("reading an issue's newest cases")
}

async fn all_open(conn: Conn<'_>) -> Result<Vec<CaseRow>> {
    query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM cases WHERE over_at IS NULL ORDER BY id"
    ))
    .fetch_all(conn)
    .await
    .doing("reading the open cases")
}

impl Store {
    /// A case, open or over.
    pub async fn case(&self, id: i64) -> Result<Option<CaseRow>> {
        by_id(self.read().await?.on(), id).await
    }

    /// The newest case of each of an issue's release lines, open or over, in the order
    /// in which they were opened.
    pub async fn latest_cases_of_lines(&self, repo_id: i64, issue: i64) -> Result<Vec<CaseRow>> {
        latest_of_lines(self.read().await?.on(), repo_id, issue).await
    }

    /// The newest case of an issue, open or over; of several release lines that of the
    /// one that began first.
    pub async fn latest_case_by_issue(&self, repo_id: i64, issue: i64) -> Result<Option<CaseRow>> {
        latest_by_issue(self.read().await?.on(), repo_id, issue).await
    }

    /// All cases that are not over, the oldest first.
    pub async fn open_cases(&self) -> Result<Vec<CaseRow>> {
        all_open(self.read().await?.on()).await
    }

    /// The newest cases, open or over: at most `limit`.
    pub async fn recent_cases(&self, limit: i64) -> Result<Vec<CaseRow>> {
        query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM cases ORDER BY id DESC LIMIT $1"
        ))
        .bind(limit)
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading the newest cases")
    }

    /// How many cases are open in each phase; `unreadable` are those that stand
    /// still, wherever. Those with nothing left but the last edit of a comment
    /// are not counted.
    pub async fn counts_by_phase(&self) -> Result<Vec<(String, i64)>> {
        query_as(
            "SELECT word, COUNT(*) FROM (SELECT \
             CASE WHEN unreadable IS NULL THEN phase ELSE 'unreadable' END AS word \
             FROM cases WHERE over_at IS NULL) AS open \
             WHERE word <> 'over' GROUP BY word ORDER BY word",
        )
        .fetch_all(self.read().await?.on())
        .await
        .doing("counting the cases")
    }
}

impl Store {
    /// Lets an open case sleep until `at`, whatever it wanted: it could not be
    /// woken, and the others must not starve.
    pub async fn sleep_case(&self, case_id: i64, at: Millis) -> Result<()> {
        self.alone(
            query("UPDATE cases SET wake_at = $2 WHERE id = $1 AND over_at IS NULL")
                .bind(case_id)
                .bind(at),
            "letting a case sleep",
        )
        .await?;
        Ok(())
    }
}

impl Tx {
    /// A case, open or over.
    pub async fn case_by_id(&mut self, id: i64) -> Result<Option<CaseRow>> {
        by_id(self.conn(), id).await
    }

    /// Which case of an issue is open; of several release lines the one that was opened
    /// first.
    pub async fn open_case_of(&mut self, repo_id: i64, issue: i64) -> Result<Option<i64>> {
        Ok(self.open_cases_of(repo_id, issue).await?.first().copied())
    }

    /// Which cases of an issue are open, one for each release line, in the order in
    /// which they were opened.
    pub async fn open_cases_of(&mut self, repo_id: i64, issue: i64) -> Result<Vec<i64>> {
        query_scalar(
            "SELECT id FROM cases WHERE repo_id = $1 AND issue = $2 AND over_at IS NULL \
             ORDER BY id",
        )
        .bind(repo_id)
        .bind(issue)
        .fetch_all(self.conn())
        .await
        .doing("finding an issue's cases")
    }

    /// The newest case of each of an issue's release lines, open or over, in the order
    /// in which they were opened.
    pub async fn latest_cases_of_lines(
        &mut self,
        repo_id: i64,
        issue: i64,
    ) -> Result<Vec<CaseRow>> {
        latest_of_lines(self.conn(), repo_id, issue).await
    }

    /// The newest case of an issue, open or over; of several release lines that of the
    /// one that began first.
    pub async fn latest_case_by_issue(
        &mut self,
        repo_id: i64,
        issue: i64,
    ) -> Result<Option<CaseRow>> {
        latest_by_issue(self.conn(), repo_id, issue).await
    }

    /// The open cases of a repository, the oldest first.
    pub async fn open_cases_of_repo(&mut self, repo_id: i64) -> Result<Vec<CaseRow>> {
        query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM cases WHERE repo_id = $1 AND over_at IS NULL ORDER BY id"
        ))
        .bind(repo_id)
        .fetch_all(self.conn())
        .await
        .doing("reading a repository's open cases")
    }

    /// The newest cases of a repository that are over, at most so many.
    pub async fn ended_cases_of_repo(&mut self, repo_id: i64, limit: i64) -> Result<Vec<CaseRow>> {
        query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM cases WHERE repo_id = $1 AND over_at IS NOT NULL AND phase = 'over' \
             ORDER BY id DESC LIMIT $2"
        ))
        .bind(repo_id)
        .bind(limit)
        .fetch_all(self.conn())
        .await
        .doing("reading a repository's cases that are over")
    }

    /// Opens a case at revision 0.
    ///
    /// # Errors
    ///
    /// [`StoreError::AlreadyOpen`] when the issue has an open one of the same line; a database
    /// error when the repository was never put.
    pub async fn open_case(&mut self, new: &NewCase) -> Result<CaseRow> {
        let row: Option<CaseRow> = query_as(concat!(
            "INSERT INTO cases (repo_id, issue, facts, schema, rev, policy_src, policy, phase, \
             wake_at, opened_at, line) VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9, $10) \
             ON CONFLICT (repo_id, issue, line) WHERE over_at IS NULL DO NOTHING RETURNING ",
            columns!()
        ))
        .bind(new.repo_id)
        .bind(new.issue)
        .bind(&new.facts)
        .bind(new.schema)
        .bind(&new.policy_src)
        .bind(&new.policy)
        .bind(&new.phase)
        .bind(new.wake_at)
        .bind(new.opened_at)
        .bind(&new.line)
        .fetch_optional(self.conn())
        .await
        .doing("opening a case")?;
        let row = row.ok_or(StoreError::AlreadyOpen {
            repo_id: new.repo_id,
            issue: new.issue,
        })?;
        self.has_issue(row.repo_id, row.issue, row.id);
        Ok(row)
    }

    /// A case that was over is looked at again from now on: what is delivered for its
    /// issue is its own. It is open once it is saved so.
    pub fn reopen_case(&mut self, row: &CaseRow) {
        self.has_issue(row.repo_id, row.issue, row.id);
    }

    /// Saves what may change of a case (facts, schema, policy, phase, `wake_at`,
    /// `over_at`) if it is still at `row.rev`, and answers its new revision,
    /// which is the one for the journal. Facts that are written can be read.
    ///
    /// # Errors
    ///
    /// [`StoreError::Stale`] when it was saved since `row` was read.
    pub async fn save_case(&mut self, row: &CaseRow) -> Result<i64> {
        let rev: Option<i64> = query_scalar(
            "UPDATE cases SET facts = $3, schema = $4, policy_src = $5, policy = $6, phase = $7, \
             wake_at = $8, over_at = $9, unreadable = NULL, rev = rev + 1 WHERE id = $1 AND rev = $2 RETURNING rev",
        )
        .bind(row.id)
        .bind(row.rev)
        .bind(&row.facts)
        .bind(row.schema)
        .bind(&row.policy_src)
        .bind(&row.policy)
        .bind(&row.phase)
        .bind(row.wake_at)
        .bind(row.over_at)
        .fetch_optional(self.conn())
        .await
        .doing("saving a case")?;
        let rev = rev.ok_or(StoreError::Stale {
            case_id: row.id,
            rev: row.rev,
        })?;
        if row.over_at.is_some() {
            self.gone(Gone::Issue {
                repo: row.repo_id,
                issue: row.issue,
                case: row.id,
            });
        }
        Ok(rev)
    }

    /// Lets an open case be looked at by `at`, or earlier if it wanted that. A
    /// [`CaseRow`] read before this must not be saved after it.
    pub async fn wake_case(&mut self, case_id: i64, at: Millis) -> Result<()> {
        query(
            "UPDATE cases SET wake_at = $2 \
             WHERE id = $1 AND over_at IS NULL AND (wake_at IS NULL OR wake_at > $2)",
        )
        .bind(case_id)
        .bind(at)
        .execute(self.conn())
        .await
        .doing("waking a case")?;
        Ok(())
    }
}
