//! What follows when a pull request has been merged, by button or by push.

use serde_json::json;

use super::events::event;
use super::keywords::closes;
use crate::sim::refusal::Refusal;
use crate::sim::world::{Merged, Who, World};

impl World {
    /// A pull request is merged: closes it, and the issues its text closes.
    pub(super) fn finish_merge(
        &mut self,
        repo: u64,
        number: u64,
        merged: Merged,
        who: &Who,
    ) -> Result<(), Refusal> {
        let (now, ids) = (self.now(), [self.next_id(), self.next_id()]);
        let sha = merged.sha.clone();
        let issue = self.issue_mut(repo, number)?;
        issue.open = false;
        issue.closed_at = Some(now);
        issue.closed_by = Some(who.user);
        issue.updated_at = now;
        let subject = Some(sha.clone());
        issue
            .events
            .push(event(ids[0], "merged", who, now, subject));
        issue.events.push(event(ids[1], "closed", who, now, None));
        let body = issue.body.clone().unwrap_or_default();
        self.pull_mut(repo, number)?.merged = Some(merged);
        self.emit_pull(repo, number, "closed", json!({}), who);
        let of = self.repo(repo)?;
        if of.pull(number)?.1.base == of.default_branch {
            for closed in closes(&body, &of.full_name()) {
                self.close_by_keyword(repo, closed, Some(&sha), who);
            }
        }
        Ok(())
    }
}
