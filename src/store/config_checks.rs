//! Pull requests whose configuration is to be looked at. They belong to no case: a row
//! is written with the delivery that tells of a head, and goes once that is looked at.

use super::error::Doing as _;
use super::index::Gone;
use super::query::{query, query_as, query_scalar};
use super::{Result, Store, Tx};
use crate::clock::Millis;

/// A head of a pull request that is yet to be looked at.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ConfigCheck {
    /// GitHub's id of the repository.
    pub repo_id: i64,
    /// The pull request's number; 0: those of the branch that `head` names.
    pub pull: i64,
    /// Its head, as it was told.
    pub head: String,
    /// How often it was tried.
    pub tries: i64,
}

/// So many are read at a time.
const AT_ONCE: i64 = 64;

impl Store {
    /// What is due by now, the longest due first.
    pub async fn config_checks_due(&self, now: Millis) -> Result<Vec<ConfigCheck>> {
        query_as(
            "SELECT repo_id, pull, head, tries FROM config_checks \
             WHERE due_at <= $1 ORDER BY due_at, repo_id, pull LIMIT $2",
        )
        .bind(now)
        .bind(AT_ONCE)
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading which pull requests are to be looked at")
    }

    /// When the next is due.
    pub async fn next_config_check(&self) -> Result<Option<Millis>> {
        query_scalar("SELECT MIN(due_at) FROM config_checks")
            .fetch_one(self.read().await?.on())
            .await
            .doing("reading when a pull request is to be looked at")
    }

    /// It was looked at, unless it has another head by now: where it `touches` the
    /// configuration its next head is looked at, too.
    pub async fn config_checked(&self, check: &ConfigCheck, touches: bool) -> Result<()> {
        let done = match touches {
            true => {
                "UPDATE config_checks SET due_at = NULL \
                 WHERE repo_id = $1 AND pull = $2 AND head = $3"
            }
            false => "DELETE FROM config_checks WHERE repo_id = $1 AND pull = $2 AND head = $3",
        };
        let done = query(done).bind(check.repo_id).bind(check.pull);
        let mut tx = self.begin().await?;
        let done = done.bind(check.head.clone()).execute(tx.conn()).await;
        let done = done.doing("noting that a pull request was looked at")?;
        if !touches && done > 0 {
            let (repo, pull) = (check.repo_id, check.pull);
            tx.gone(Gone::Proposal { repo, pull });
        }
        tx.commit_quietly().await
    }

    /// The branch was looked up: these are its pull requests, and they are to be looked
    /// at.
    pub async fn config_branch_found(
        &self,
        branch: &ConfigCheck,
        pulls: &[(i64, String)],
        now: Millis,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        for (pull, head) in pulls {
            tx.wants_config_check(branch.repo_id, *pull, head, now)
                .await?;
        }
        query("DELETE FROM config_checks WHERE repo_id = $1 AND pull = 0 AND head = $2")
            .bind(branch.repo_id)
            .bind(branch.head.clone())
            .execute(tx.conn())
            .await
            .doing("noting that a branch was looked up")?;
        tx.commit_quietly().await
    }

    /// It could not be looked at, and is tried again then.
    pub async fn config_check_again(&self, check: &ConfigCheck, at: Millis) -> Result<()> {
        let again = "UPDATE config_checks SET due_at = $4, tries = tries + 1 \
                     WHERE repo_id = $1 AND pull = $2 AND head = $3";
        let again = query(again).bind(check.repo_id).bind(check.pull);
        let doing = "noting when a pull request is looked at again";
        self.alone(again.bind(check.head.clone()).bind(at), doing)
            .await?;
        Ok(())
    }
}

impl Tx {
    /// A pull request has this head now, which is to be looked at.
    pub async fn wants_config_check(
        &mut self,
        repo: i64,
        pull: i64,
        head: &str,
        now: Millis,
    ) -> Result<()> {
        self.config_pull_gone(repo, pull).await?;
        self.index().add_proposal(repo, pull);
        self.put_config_check(repo, pull, head, now).await
    }

    /// A branch has commits that touch the configuration: its pull requests, which are
    /// yet to be found, are to be looked at.
    pub async fn wants_branch_check(&mut self, repo: i64, branch: &str, now: Millis) -> Result<()> {
        self.put_config_check(repo, 0, branch, now).await
    }

    async fn put_config_check(&mut self, repo: i64, pull: i64, head: &str, now: i64) -> Result<()> {
        query(
            "INSERT INTO config_checks (repo_id, pull, head, due_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (repo_id, pull, head) DO UPDATE \
             SET due_at = excluded.due_at, tries = 0",
        )
        .bind(repo)
        .bind(pull)
        .bind(head.to_owned())
        .bind(now)
        .execute(self.conn())
        .await
        .doing("writing that a pull request is to be looked at")?;
        Ok(())
    }

    /// A pull request is over: nothing of it is looked at any more.
    pub async fn config_pull_over(&mut self, repo: i64, pull: i64) -> Result<()> {
        self.config_pull_gone(repo, pull).await?;
        self.gone(Gone::Proposal { repo, pull });
        Ok(())
    }

    async fn config_pull_gone(&mut self, repo: i64, pull: i64) -> Result<()> {
        query("DELETE FROM config_checks WHERE repo_id = $1 AND pull = $2")
            .bind(repo)
            .bind(pull)
            .execute(self.conn())
            .await
            .doing("taking away a pull request that is not looked at any more")?;
        Ok(())
    }
}
