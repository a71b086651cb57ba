//! What check runs and commit statuses say of a commit.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Sha;

/// The checks of one commit, of those that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checks {
    /// The commit.
    pub sha: Sha,
    /// Check runs and statuses, both alike; several may have one name.
    pub checks: Vec<Check>,
}

/// A check run, or a commit status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Its name, or context.
    pub name: String,
    /// How it stands.
    pub state: CheckState,
    /// Its page; empty where it has none.
    #[serde(default)]
    pub url: String,
    /// The App that a check run belongs to; of a status GitHub does not say it.
    #[serde(default)]
    pub app: Option<u64>,
}

/// A check that the rules of a branch require before a merge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredCheck {
    /// The name of a check run, or the context of a status.
    pub name: String,
    /// The App that it must come from, where the rules name one.
    #[serde(default)]
    pub app: Option<u64>,
}

/// How a check stands, the best first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It passed.
    Passed,
    /// It ended and says nothing.
    Idle,
    /// It is not over.
    #[default]
    Pending,
    /// It ended otherwise.
    Failed,
}

/// How a check run of the bot's own ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// Nothing is wrong.
    #[default]
    Success,
    /// Something is worth a word.
    Neutral,
    /// A person is asked.
    ActionRequired,
    /// Something is wrong.
    Failure,
}

impl Conclusion {
    /// GitHub's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Conclusion::Success => "success",
            Conclusion::Neutral => "neutral",
            Conclusion::ActionRequired => "action_required",
            Conclusion::Failure => "failure",
        }
    }
}

/// What a check run says of a line; `W` stands where words do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation<W> {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
    /// Whether it holds the release up.
    #[serde(default)]
    pub holds: bool,
    /// What is said.
    pub said: W,
}

/// A check run of the bot's, as it was written last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardFact {
    /// GitHub's id.
    pub id: u64,
    /// The head that it is on.
    pub head: Sha,
    /// The fingerprint of what it says; empty: somebody else's words may stand
    /// there.
    #[serde(default)]
    pub hash: String,
    /// How often one was written, on whichever head.
    #[serde(default)]
    pub writes: u64,
}

impl Checks {
    /// The check of this name, of this App where one is named; of several, the
    /// one that stands worst.
    pub fn of(&self, name: &str, app: Option<u64>) -> Option<&Check> {
        let named = self
            .checks
            .iter()
            .filter(|c| c.name.eq_ignore_ascii_case(name))
            .filter(|c| app.is_none() || c.app == app);
        named.max_by_key(|check| check.state)
    }
}
