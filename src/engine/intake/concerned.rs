//! Whom a delivery concerns.

use super::Round;
use crate::engine::concerns::issue_of;
use crate::engine::route::{Wants, wants};
use crate::github::webhook::{Delivery, RepoRef};
use crate::store::StoreError;

impl Round<'_> {
    /// The open cases that a delivery concerns: by its issue, or by what a case
    /// has claimed.
    pub(super) async fn concerned(
        &mut self,
        repo: &RepoRef,
        delivery: &Delivery,
    ) -> Result<Vec<i64>, StoreError> {
        if let Some(issue) = issue_of(delivery)
            && let Some(group) = self
                .groups
                .iter()
                .find(|it| it.repo == repo.id && it.issue == Some(issue))
        {
            return Ok(vec![group.case]);
        }
        let wants = wants(repo, delivery);
        if !wants.anybody(self.engine.store().index(), repo.id) {
            return Ok(Vec::new());
        }
        let claims = match wants {
            Wants::Nobody => return Ok(Vec::new()),
            Wants::All => return self.all(repo).await,
            Wants::Number(number) => {
                let cases = self.tx.open_cases_of(repo.id, number).await?;
                if !cases.is_empty() {
                    return Ok(cases);
                }
                vec![("pull", number.to_string())]
            }
            Wants::Claims(claims) => claims,
            Wants::ClaimsOrAll(claims, line) => match self.held(repo, &[line]).await?.is_empty() {
                true => claims,
                false => return self.all(repo).await,
            },
            Wants::ClaimsElseAll(claims) => {
                let found = self.held(repo, &claims).await?;
                return match found.is_empty() {
                    true => self.all(repo).await,
                    false => Ok(found),
                };
            }
        };
        self.held(repo, &claims).await
    }

    pub(super) async fn all(&mut self, repo: &RepoRef) -> Result<Vec<i64>, StoreError> {
        let rows = self.tx.open_cases_of_repo(repo.id).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    pub(super) async fn held(
        &mut self,
        repo: &RepoRef,
        claims: &[(&'static str, String)],
    ) -> Result<Vec<i64>, StoreError> {
        let mut cases = Vec::new();
        for (kind, value) in claims {
            if let Some(case) = self.tx.case_by_claim(repo.id, kind, value).await?
                && !cases.contains(&case)
            {
                cases.push(case);
            }
        }
        Ok(cases)
    }
}
