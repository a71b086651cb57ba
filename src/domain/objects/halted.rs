//! What runs that failed, or that wait for somebody, show beside their end.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Millis;
use crate::domain::outside::Outside;

/// A run that is looked into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halt {
    /// The run.
    pub run: u64,
    /// Its attempt.
    pub attempt: u64,
    /// Whether it waits; else it failed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
    /// The workflow file's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
}

impl Halt {
    /// Whether it is the same run, at the same point.
    pub fn is(&self, other: &Halt) -> bool {
        let point = |it: &Halt| (it.run, it.attempt, it.waits);
        point(self) == point(other)
    }
}

/// What a run shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halted {
    /// Which.
    pub of: Halt,
    /// The jobs that failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jobs: Vec<FailedJob>,
    /// The page of the same workflow's run that failed before there was a fix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_fix: Option<String>,
    /// The environments whose approval it waits for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environments: Vec<Waiting>,
}

/// A job that failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedJob {
    /// Its name.
    pub name: Outside,
    /// Its page.
    pub url: String,
    /// The step that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Outside>,
    /// The last lines of its log.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<Outside>,
}

/// An environment that waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its name.
    pub name: Outside,
    /// Who may approve: logins, and teams by their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviewers: Vec<Outside>,
    /// How long it waits of itself, and from when on; none: it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
}
