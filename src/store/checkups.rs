//! What the doctor found of each repository last, and which is to be looked at next. A
//! copy of what GitHub says, so whoever leads: any server may have been asked to look.

use super::error::Doing as _;
use super::places::repo_columns;
use super::query::{query, query_as, query_scalar};
use super::{RepoRow, Result, Store};
use crate::clock::Millis;

impl Store {
    /// What was found last, JSON; none: it could not be looked at yet.
    pub async fn checkup(&self, repo: i64) -> Result<Option<String>> {
        let found: Option<Option<String>> =
            query_scalar("SELECT found FROM checkups WHERE repo_id = $1")
                .bind(repo)
                .fetch_optional(self.read().await?.on())
                .await
                .doing("reading what the doctor found")?;
        Ok(found.flatten())
    }

    /// It was looked at, or could not be (`None`: what was found before stays); the next
    /// look is due then.
    pub async fn checked_up(&self, repo: i64, found: Option<&str>, due: Millis) -> Result<()> {
        let doing = "writing what the doctor found";
        let mut alone = self.write_beside(doing).await?;
        query(
            "INSERT INTO checkups (repo_id, due_at, found) VALUES ($1, $2, $3) \
             ON CONFLICT (repo_id) DO UPDATE SET due_at = excluded.due_at, \
             found = COALESCE(excluded.found, checkups.found)",
        )
        .bind(repo)
        .bind(due)
        .bind(found)
        .execute(alone.on())
        .await
        .doing(doing)?;
        alone.done().await.doing(doing)
    }

    /// The repository that waits longest to be looked at: the App reaches it, none of its
    /// hotfixes is under way, and the last one was over after `active`.
    pub async fn checkup_due(&self, active: Millis, now: Millis) -> Result<Option<RepoRow>> {
        query_as(concat!(
            "SELECT ",
            repo_columns!(),
            " FROM repos AS r WHERE r.installation_id IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM installations AS i WHERE i.id = r.installation_id \
             AND (i.suspended OR i.removed_at IS NOT NULL)) \
             AND EXISTS (SELECT 1 FROM cases AS c WHERE c.repo_id = r.id \
             AND c.phase <> 'ignored' AND c.over_at > $1) \
             AND NOT EXISTS (SELECT 1 FROM cases AS c WHERE c.repo_id = r.id \
             AND c.over_at IS NULL) \
             AND NOT EXISTS (SELECT 1 FROM checkups AS k WHERE k.repo_id = r.id \
             AND k.due_at > $2) \
             ORDER BY (SELECT k.due_at FROM checkups AS k WHERE k.repo_id = r.id) IS NOT NULL, \
             (SELECT k.due_at FROM checkups AS k WHERE k.repo_id = r.id), r.id LIMIT 1"
        ))
        .bind(active)
        .bind(now)
        .fetch_optional(self.read().await?.on())
        .await
        .doing("reading which repository the doctor is to look at")
    }
}
