//! Issues: opened, edited, closed, reopened.

use serde_json::json;

use super::events::event;
use crate::sim::refusal::Refusal;
use crate::sim::world::{Issue, Role, Who, World};

/// How an issue's state shall change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateChange {
    /// Close it, for this reason (`completed`, `not_planned`, `duplicate`).
    Close(Option<String>),
    /// Open it again.
    Reopen,
}

impl World {
    /// Opens an issue; gives its number. Labels of somebody below triage are
    /// dropped silently.
    pub fn open_issue(
        &mut self,
        repo: u64,
        title: &str,
        body: Option<&str>,
        labels: &[String],
        who: &Who,
    ) -> Result<u64, Refusal> {
        self.require(repo, who, Role::Read)?;
        if title.trim().is_empty() {
            return Err(Refusal::validation("Issue", "missing_field", "title", None));
        }
        let number = self.add_issue(repo, title, body, who)?;
        self.emit_issue(repo, number, "opened", json!({}), who);
        if self.require(repo, who, Role::Triage).is_ok() {
            self.add_labels(repo, number, labels, who)?;
        }
        Ok(number)
    }

    pub(super) fn add_issue(
        &mut self,
        repo: u64,
        title: &str,
        body: Option<&str>,
        who: &Who,
    ) -> Result<u64, Refusal> {
        let id = self.next_id();
        let now = self.now();
        let of = self.repo_mut(repo)?;
        let number = of.issues.keys().next_back().map_or(1, |n| n + 1);
        let issue = Issue {
            id,
            number,
            title: title.to_owned(),
            body: body.map(str::to_owned),
            author: who.user,
            app: who.app,
            open: true,
            state_reason: None,
            labels: Vec::new(),
            assignees: Vec::new(),
            locked: None,
            duplicates: Vec::new(),
            created_at: now,
            updated_at: now,
            closed_at: None,
            closed_by: None,
            events: Vec::new(),
            pull: None,
        };
        of.issues.insert(number, issue);
        Ok(number)
    }

    /// Changes title and body.
    pub fn edit_issue(
        &mut self,
        repo: u64,
        number: u64,
        title: Option<&str>,
        body: Option<&str>,
        who: &Who,
    ) -> Result<(), Refusal> {
        let author = self.repo(repo)?.issue(number)?.author;
        if author != who.user {
            self.require(repo, who, Role::Write)?;
        }
        let now = self.now();
        let issue = self.issue_mut(repo, number)?;
        let mut changes = json!({});
        if let Some(title) = title.filter(|t| *t != issue.title) {
            changes["title"] = json!({ "from": issue.title });
            issue.title = title.to_owned();
        }
        if let Some(body) = body.filter(|b| Some(*b) != issue.body.as_deref()) {
            changes["body"] = json!({ "from": issue.body.clone().unwrap_or_default() });
            issue.body = Some(body.to_owned());
        }
        if changes.as_object().is_some_and(|c| !c.is_empty()) {
            issue.updated_at = now;
            self.emit_issue(repo, number, "edited", json!({ "changes": changes }), who);
        }
        Ok(())
    }

    /// Closes or reopens an issue or pull request. Nothing happens when it is
    /// in that state already, but a new reason is kept.
    pub fn set_state(
        &mut self,
        repo: u64,
        number: u64,
        change: &StateChange,
        who: &Who,
    ) -> Result<(), Refusal> {
        let author = self.repo(repo)?.issue(number)?.author;
        if author != who.user {
            self.require(repo, who, Role::Triage)?;
        }
        match change {
            StateChange::Close(reason) => {
                let reasons = ["completed", "not_planned", "duplicate"];
                if reason.as_deref().is_some_and(|r| !reasons.contains(&r)) {
                    return Err(Refusal::validation(
                        "Issue",
                        "invalid",
                        "state_reason",
                        None,
                    ));
                }
                let issue = self.issue_mut(repo, number)?;
                if issue.open {
                    self.close_unasked(repo, number, reason.as_deref(), who);
                } else if issue.pull.is_none() && reason.is_some() {
                    issue.state_reason.clone_from(reason);
                }
            }
            StateChange::Reopen => {
                let now = self.now();
                let id = self.next_id();
                let of = self.repo(repo)?;
                let issue = of.issue(number)?;
                if issue.open {
                    return Ok(());
                }
                if let Some(pull) = &issue.pull {
                    let head = match pull.fork {
                        Some(fork) => !fork.gone,
                        None => {
                            let name = format!("refs/heads/{}", pull.head);
                            of.git.read_ref(&name).is_some()
                        }
                    };
                    if pull.merged.is_some() || !head {
                        let why = "state cannot be changed. The branch was deleted or merged.";
                        return Err(Refusal::validation(
                            "PullRequest",
                            "invalid",
                            "state",
                            Some(why),
                        ));
                    }
                }
                let issue = self.issue_mut(repo, number)?;
                issue.open = true;
                issue.closed_at = None;
                issue.closed_by = None;
                issue.updated_at = now;
                issue.state_reason = issue.pull.is_none().then(|| "reopened".to_owned());
                issue.events.push(event(id, "reopened", who, now, None));
                self.emit_issue(repo, number, "reopened", json!({}), who);
            }
        }
        Ok(())
    }

    /// Closes an open issue or pull request, whoever may.
    pub(super) fn close_unasked(
        &mut self,
        repo: u64,
        number: u64,
        reason: Option<&str>,
        who: &Who,
    ) {
        let now = self.now();
        let id = self.next_id();
        let Ok(issue) = self.issue_mut(repo, number) else {
            return;
        };
        issue.open = false;
        issue.closed_at = Some(now);
        issue.closed_by = Some(who.user);
        issue.updated_at = now;
        if issue.pull.is_none() {
            issue.state_reason = Some(reason.unwrap_or("completed").to_owned());
        }
        issue.events.push(event(id, "closed", who, now, None));
        self.emit_issue(repo, number, "closed", json!({}), who);
    }

    /// `Fixes #n` reached the default branch.
    pub(super) fn close_by_keyword(
        &mut self,
        repo: u64,
        number: u64,
        commit: Option<&str>,
        who: &Who,
    ) {
        let open = self
            .issue_mut(repo, number)
            .is_ok_and(|i| i.open && i.pull.is_none());
        if !open {
            return;
        }
        self.close_unasked(repo, number, Some("completed"), who);
        if let Ok(issue) = self.issue_mut(repo, number)
            && let Some(last) = issue.events.last_mut()
        {
            last.subject = commit.map(str::to_owned);
        }
    }
}
