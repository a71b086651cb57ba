//! What a delivery tells besides what concerns a case: of its repository, and of a pull
//! request's new head.

use super::Round;
use crate::engine::concerns::{Proposal, proposes, repo_of};
use crate::github::webhook::{Delivery, RepoRef, What};
use crate::store::{RepoRow, StoreError};

/// A push is told before GitHub's lists of pull requests have its head, milliseconds.
const SETTLES: i64 = 5_000;

impl Round<'_> {
    /// A pull request may bring another configuration: it is to be looked at. The bot's
    /// own bring what is on the default branch, and a hotfix.
    pub(super) async fn note_proposal(
        &mut self,
        repo: &RepoRef,
        delivery: &Delivery,
    ) -> Result<(), StoreError> {
        // The gate asked whether it is known.
        let now = self.now;
        match proposes(repo, delivery, |_| true) {
            None => return Ok(()),
            Some(Proposal::Over(pull)) => {
                return self.tx.config_pull_over(repo.id, pull).await;
            }
            Some(Proposal::Branch(branch)) => {
                self.tell(repo, delivery).await?;
                let soon = now + SETTLES;
                self.tx.wants_branch_check(repo.id, branch, soon).await?;
            }
            Some(Proposal::Head(pull)) => {
                let author = pull.user.as_ref();
                if author.is_some_and(|by| by.login == self.engine.bot()) {
                    return Ok(());
                }
                self.tell(repo, delivery).await?;
                let (number, head) = (pull.number, &pull.head.sha);
                let tx = &mut self.tx;
                tx.wants_config_check(repo.id, number, head, now).await?;
            }
        }
        self.proposed = true;
        Ok(())
    }

    /// Writes down what the delivery tells of its repository, where it is news.
    pub(super) async fn tell(
        &mut self,
        repo: &RepoRef,
        delivery: &Delivery,
    ) -> Result<(), StoreError> {
        let told = repo_of(repo);
        let publicized =
            matches!(&delivery.what, What::Repository { action } if action == "publicized");
        if self.told.contains(&told) && !publicized {
            return Ok(());
        }
        let row = RepoRow {
            id: repo.id,
            installation_id: delivery.installation_id,
            owner: repo.owner.clone(),
            name: repo.name.clone(),
            default_branch: repo.default_branch.clone(),
            html_url: repo.html_url.clone(),
            private: repo.private,
            seen_at: self.now,
        };
        self.tx.heard_of_repo(&row, publicized).await?;
        self.who_sees = true;
        self.told.retain(|it| it.id != repo.id);
        self.told.push(told);
        Ok(())
    }
}
