//! Reviews of pull requests.

use serde_json::json;

use crate::sim::json as build;
use crate::sim::refusal::Refusal;
use crate::sim::world::{Review, Role, Who, World};

impl World {
    /// Reviews a pull request; `commit` is the head when none is given. Gives
    /// the review's id.
    pub fn add_review(
        &mut self,
        repo: u64,
        number: u64,
        state: &'static str,
        body: &str,
        commit: Option<&str>,
        who: &Who,
    ) -> Result<u64, Refusal> {
        self.require(repo, who, Role::Read)?;
        let (issue, pull) = self.repo(repo)?.pull(number)?;
        if issue.author == who.user && state != "COMMENTED" && state != "PENDING" {
            let what = if state == "APPROVED" {
                "approve"
            } else {
                "request changes on"
            };
            let mut refusal = Refusal::unprocessable("Unprocessable Entity");
            refusal.errors = vec![json!(format!("Can not {what} your own pull request"))];
            return Err(refusal);
        }
        if state != "APPROVED" && body.is_empty() {
            return Err(Refusal::validation(
                "PullRequestReview",
                "missing_field",
                "body",
                None,
            ));
        }
        let commit = commit.map_or_else(|| pull.head_sha.clone(), str::to_owned);
        let (id, at) = (self.next_id(), self.now());
        let review = Review {
            id,
            author: who.user,
            body: body.to_owned(),
            state,
            commit,
            at,
        };
        let pull = self.pull_mut(repo, number)?;
        pull.requested_reviewers.retain(|r| *r != who.user);
        pull.reviews.push(review);
        if state != "PENDING" {
            self.emit_review(repo, number, id, "submitted", who);
        }
        Ok(id)
    }

    /// Dismisses a review.
    pub fn dismiss_review(
        &mut self,
        repo: u64,
        number: u64,
        id: u64,
        who: &Who,
    ) -> Result<(), Refusal> {
        self.require(repo, who, Role::Write)?;
        let pull = self.pull_mut(repo, number)?;
        let review = pull
            .reviews
            .iter_mut()
            .find(|r| r.id == id)
            .ok_or_else(Refusal::not_found)?;
        if !["APPROVED", "CHANGES_REQUESTED"].contains(&review.state) {
            return Err(Refusal::unprocessable(
                "Can not dismiss a review that is not an opinion",
            ));
        }
        review.state = "DISMISSED";
        self.emit_review(repo, number, id, "dismissed", who);
        Ok(())
    }

    /// The head moved: where a rule says so, approvals of older heads lapse.
    pub(super) fn dismiss_stale(
        &mut self,
        repo: u64,
        number: u64,
        who: &Who,
    ) -> Result<(), Refusal> {
        let of = self.repo(repo)?;
        let (_, pull) = of.pull(number)?;
        let rule = of.rules.iter().any(|r| {
            r.covers(&pull.base)
                && r.kind == "pull_request"
                && r.parameters["dismiss_stale_reviews_on_push"] == true
        });
        if !rule {
            return Ok(());
        }
        let stale: Vec<u64> = pull
            .reviews
            .iter()
            .filter(|r| r.state == "APPROVED" && r.commit != pull.head_sha)
            .map(|r| r.id)
            .collect();
        for id in stale {
            if let Some(review) = self
                .pull_mut(repo, number)?
                .reviews
                .iter_mut()
                .find(|r| r.id == id)
            {
                review.state = "DISMISSED";
            }
            self.emit_review(repo, number, id, "dismissed", who);
        }
        Ok(())
    }

    fn emit_review(&mut self, repo: u64, number: u64, id: u64, action: &str, who: &Who) {
        let Some(of) = self.repos.get(&repo) else {
            return;
        };
        let Ok((issue, pull)) = of.pull(number) else {
            return;
        };
        let Some(review) = pull.reviews.iter().find(|r| r.id == id) else {
            return;
        };
        let mut value = build::review(self, of, number, review);
        // Payloads write the state in lower case, answers in upper case.
        value["state"] = review.state.to_lowercase().into();
        let fields = json!({
            "review": value,
            "pull_request": build::pull_simple(self, of, issue, pull),
        });
        self.emit(repo, "pull_request_review", Some(action), fields, who.user);
    }
}
