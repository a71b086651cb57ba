//! Labels: defined, put on, taken off.

use serde_json::{Value, json};

use super::events::event;
use crate::sim::json as build;
use crate::sim::refusal::Refusal;
use crate::sim::world::{Label, Role, Who, World};

impl World {
    /// Puts labels on an issue or pull request; unknown ones are defined.
    pub fn add_labels(
        &mut self,
        repo: u64,
        number: u64,
        names: &[String],
        who: &Who,
    ) -> Result<(), Refusal> {
        self.require(repo, who, Role::Triage)?;
        self.repo(repo)?.issue(number)?;
        for name in names {
            let key = name.to_lowercase();
            if !self.repo(repo)?.labels.contains_key(&key) {
                self.require(repo, who, Role::Write)?;
                self.define_label(repo, name, "ededed", None)?;
            }
            let of = self.repo(repo)?;
            let spelled = of
                .labels
                .get(&key)
                .map_or_else(|| name.clone(), |l| l.name.clone());
            let (now, id) = (self.now(), self.next_id());
            let issue = self.issue_mut(repo, number)?;
            if issue.labels.contains(&spelled) {
                continue;
            }
            issue.labels.push(spelled.clone());
            issue.updated_at = now;
            issue
                .events
                .push(event(id, "labeled", who, now, Some(spelled.clone())));
            let label = self.label_json(repo, &spelled);
            self.emit_issue(repo, number, "labeled", json!({ "label": label }), who);
        }
        Ok(())
    }

    /// Takes a label off; 404 when it is not there.
    pub fn remove_label(
        &mut self,
        repo: u64,
        number: u64,
        name: &str,
        who: &Who,
    ) -> Result<(), Refusal> {
        self.require(repo, who, Role::Triage)?;
        let (now, id) = (self.now(), self.next_id());
        let issue = self.issue_mut(repo, number)?;
        let Some(at) = issue
            .labels
            .iter()
            .position(|l| l.eq_ignore_ascii_case(name))
        else {
            return Err(Refusal::new(404, "Label does not exist"));
        };
        let spelled = issue.labels.remove(at);
        issue.updated_at = now;
        issue
            .events
            .push(event(id, "unlabeled", who, now, Some(spelled.clone())));
        let label = self.label_json(repo, &spelled);
        self.emit_issue(repo, number, "unlabeled", json!({ "label": label }), who);
        Ok(())
    }

    /// Defines a label; 422 when there is one of that name.
    pub fn define_label(
        &mut self,
        repo: u64,
        name: &str,
        color: &str,
        description: Option<&str>,
    ) -> Result<(), Refusal> {
        let id = self.next_id();
        let labels = &mut self.repo_mut(repo)?.labels;
        if labels.contains_key(&name.to_lowercase()) {
            return Err(Refusal::validation("Label", "already_exists", "name", None));
        }
        let label = Label {
            id,
            name: name.to_owned(),
            color: color.to_owned(),
            description: description.map(str::to_owned),
        };
        labels.insert(name.to_lowercase(), label);
        Ok(())
    }

    fn label_json(&self, repo: u64, name: &str) -> Value {
        self.repos
            .get(&repo)
            .and_then(|r| r.labels.get(&name.to_lowercase()).map(|l| (r, l)))
            .map_or(Value::Null, |(r, l)| build::label(self, r, l))
    }
}
