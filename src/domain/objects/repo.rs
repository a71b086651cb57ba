//! The repository, its issue, its configuration, its people.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::ids::{Actor, Millis, Person, Sha};
use crate::domain::outside::Outside;
use crate::domain::policy::{ConfigError, Policy};

fn is_false(it: &bool) -> bool {
    !it
}

/// The repository, as deliveries name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repo {
    /// GitHub's id; the name may change.
    pub id: i64,
    /// The owner's login.
    pub owner: String,
    /// The name without the owner.
    pub name: String,
    /// The default branch, `main` below.
    pub default_branch: String,
    /// The page of the repository, for links.
    pub html_url: String,
    /// Whether only its people see it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub private: bool,
}

/// The issue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Its title; text of a user.
    pub title: Outside,
    /// Who reported it.
    pub author: String,
    /// The id of their account; 0 where it is not known.
    #[serde(default)]
    pub author_id: u64,
    /// When it was reported (GitHub's time).
    pub created_at: Millis,
    /// Whether it is open.
    pub open: bool,
    /// Who closed it, when it is closed and known.
    pub closed_by: Option<String>,
    /// Its labels.
    pub labels: Vec<String>,
    /// When it changed last (GitHub's time).
    #[serde(default)]
    pub updated_at: Millis,
    /// It is a merged pull request, whose label asked for the hotfix: it is closed
    /// and stays so.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pull: bool,
}

/// A label that was put on the issue or taken off, as GitHub's log has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labelled {
    /// The label.
    pub label: String,
    /// By whom; an empty login: GitHub does not say.
    pub by: Actor,
    /// When (GitHub's time).
    pub at: Millis,
    /// Put there, or taken off.
    pub on: bool,
}

impl Issue {
    /// Whether it is closed and could be open.
    pub fn is_shut(&self) -> bool {
        !self.open && !self.pull
    }

    /// Who reported it.
    pub fn reporter(&self) -> Person {
        Person::new(self.author_id, self.author.as_str())
    }
}

/// The configuration as read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyRead {
    /// The default branch's commit that it was read at.
    pub commit: Sha,
    /// Whether the repository has a file of its own.
    pub own_file: bool,
    /// The policy; the defaults when there is no file.
    pub policy: Arc<Policy>,
    /// What is wrong with the file; then nothing starts.
    #[serde(default)]
    pub faults: Vec<ConfigFault>,
    /// The repository's own template of the release notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// One thing that is wrong in the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigFault {
    /// Another file than the configuration itself, which names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Outside>,
    /// Counted from 1; 0 where it is about the whole file.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// What is wrong and what was expected. It may quote the file.
    pub message: Outside,
    /// How to mend it, where that can be guessed.
    pub hint: Option<Outside>,
    /// The line of the file; empty where it says nothing.
    pub source: Outside,
}

impl ConfigFault {
    /// What a person is shown of a long line.
    const SOURCE: usize = 200;

    /// An error in this text, with the line that it is about.
    pub fn of(error: ConfigError, text: &str) -> Self {
        let line = text.lines().nth(error.line.saturating_sub(1));
        let line = line.unwrap_or_default().trim();
        ConfigFault {
            file: None,
            source: line.chars().take(Self::SOURCE).collect::<String>().into(),
            line: error.line,
            column: error.column,
            message: error.message.into(),
            hint: error.hint.map(Outside::from),
        }
    }
}

impl PolicyRead {
    /// Whether nothing can start by it.
    pub fn is_wrong(&self) -> bool {
        !self.faults.is_empty()
    }
}

/// A person's role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRead {
    /// GitHub's `role_name`, empty if unknown.
    pub role_name: String,
    /// GitHub's `permission`.
    pub permission: String,
    /// The id of the account that GitHub answered for; 0 where it is not known.
    #[serde(default)]
    pub id: u64,
    /// Whether they are in these teams, by `organisation/team` in lower case; none:
    /// GitHub did not say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub teams: BTreeMap<String, Option<bool>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy;

    #[test]
    fn a_fault_keeps_of_a_long_line_what_is_shown() {
        let text = format!("\n  a = [{}]\n", "1, ".repeat(10_000));
        let errors = policy::parse(&text).unwrap_err();
        let fault = ConfigFault::of(errors[0].clone(), &text);
        let shown: String = text.trim().chars().take(ConfigFault::SOURCE).collect();
        assert_eq!((fault.line, fault.source), (2, shown.into()));
    }
}
