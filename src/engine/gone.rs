//! The App was taken off a repository, or an installation is gone: its cases end
//! quietly, for there is nobody left to tell.

use super::Engine;
use super::step::{Cause, StepError};
use crate::clock::Millis;
use crate::domain::event::Event;
use crate::domain::objects::Object;
use crate::store::{CaseRow, Tx};

impl Engine {
    /// The installation is gone, in the caller's transaction.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub(super) async fn installation_gone(
        &self,
        tx: &mut Tx,
        installation: i64,
        cause: &Cause,
        now: Millis,
    ) -> Result<(), StepError> {
        for repo in tx.repos_of(installation).await? {
            self.repo_gone(tx, repo, cause, now).await?;
        }
        tx.remove_installation(installation, now).await?;
        Ok(())
    }

    /// The App reaches the repository no more, in the caller's transaction.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub(super) async fn repo_gone(
        &self,
        tx: &mut Tx,
        repo: i64,
        cause: &Cause,
        now: Millis,
    ) -> Result<(), StepError> {
        for row in tx.open_cases_of_repo(repo).await? {
            let Some(row) = still_open(tx, row.id).await? else {
                continue;
            };
            let (case, issue) = (row.id, row.issue);
            match self.take(tx, row, cause, vec![Event::Gone], now).await {
                Ok(()) => tracing::warn!(case, issue, "the App was taken off: the hotfix ends"),
                Err(error @ StepError::Store(_)) => return Err(error),
                // It stands still anyway, and is nobody's any more.
                Err(error) => tracing::error!(case, %error, "a case could not be ended"),
            }
        }
        tx.remove_repo(repo).await?;
        Ok(())
    }

    /// The installation's rights changed, in the caller's transaction.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub(super) async fn rights_changed(
        &self,
        tx: &mut Tx,
        installation: i64,
        cause: &Cause,
        now: Millis,
    ) -> Result<(), StepError> {
        for repo in tx.repos_of(installation).await? {
            self.guards_changed(tx, repo, cause, now).await?;
        }
        tx.hurry_blocked(installation, now).await?;
        Ok(())
    }

    /// Rights or rules changed: what looks at them looks again, in the caller's
    /// transaction.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub(super) async fn guards_changed(
        &self,
        tx: &mut Tx,
        repo: i64,
        cause: &Cause,
        now: Millis,
    ) -> Result<(), StepError> {
        for row in tx.open_cases_of_repo(repo).await? {
            let Some(row) = still_open(tx, row.id).await? else {
                continue;
            };
            let case = row.id;
            let objects = vec![Object::Guards];
            let touched = vec![Event::Touched { objects }];
            match self.take(tx, row, cause, touched, now).await {
                Ok(()) => {}
                Err(error @ StepError::Store(_)) => return Err(error),
                // It stands still, and looks again when it goes on.
                Err(error) => tracing::error!(case, %error, "a case could not be told"),
            }
        }
        Ok(())
    }

    /// GitHub knows the installation no more, by its token and by its id.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub(super) async fn installation_lost(&self, installation: i64) -> Result<(), StepError> {
        match self.0.github.installation_info(installation).await {
            Ok(None) => {}
            Ok(Some(_)) => return Ok(()),
            Err(error) => {
                tracing::warn!(installation, %error, "whether the installation is gone is not known");
                return Ok(());
            }
        }
        tracing::warn!(installation, "the installation is gone");
        let mut tx = self.store().begin().await?;
        let now = self.clock().now();
        self.installation_gone(&mut tx, installation, &Cause::News, now)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A case as it stands by now: one that was taken before may have told it something
/// in the same transaction.
async fn still_open(tx: &mut Tx, case: i64) -> Result<Option<CaseRow>, StepError> {
    let row = tx.case_by_id(case).await?;
    Ok(row.filter(|row| row.over_at.is_none()))
}
