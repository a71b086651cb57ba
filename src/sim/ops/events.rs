//! The events of issues and pull requests, and their entries in the history.

use serde_json::{Value, json};

use crate::sim::actions::listen::on_pull_request;
use crate::sim::json as build;
use crate::sim::world::{IssueEvent, Who, World};

impl World {
    /// Emits an event of an issue (`issues`) or pull request (`pull_request`).
    pub(super) fn emit_issue(
        &mut self,
        repo: u64,
        number: u64,
        action: &str,
        more: Value,
        who: &Who,
    ) {
        let Some(of) = self.repos.get(&repo) else {
            return;
        };
        let Some(issue) = of.issues.get(&number) else {
            return;
        };
        if issue.pull.is_some() {
            return self.emit_pull(repo, number, action, more, who);
        }
        let fields = build::extend(json!({ "issue": build::issue(self, of, issue) }), more);
        self.emit(repo, "issues", Some(action), fields, who.user);
    }

    /// Emits an event of a pull request and tells the workflows.
    pub(super) fn emit_pull(
        &mut self,
        repo: u64,
        number: u64,
        action: &str,
        more: Value,
        who: &Who,
    ) {
        let Some(of) = self.repos.get(&repo) else {
            return;
        };
        let Ok((issue, pull)) = of.pull(number) else {
            return;
        };
        let fields = json!({
            "number": number,
            "pull_request": build::pull(self, of, issue, pull),
        });
        self.emit(
            repo,
            "pull_request",
            Some(action),
            build::extend(fields, more),
            who.user,
        );
        on_pull_request(self, repo, number, action, who);
    }
}

/// An entry of an issue's history.
pub(super) fn event(
    id: u64,
    name: &'static str,
    who: &Who,
    at: i64,
    subject: Option<String>,
) -> IssueEvent {
    IssueEvent {
        id,
        event: name,
        actor: who.user,
        at,
        subject,
    }
}
