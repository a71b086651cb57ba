//! A security advisory of the repository's, as far as it is nobody's secret.

use serde::{Deserialize, Serialize};

/// Where an advisory stands. Nothing else of it is kept anywhere: what it says is
/// secret until it is published. (GitHub: REST, `state` of a repository advisory.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdvisoryState {
    /// Somebody from outside reported it, and nobody took it up.
    Triage,
    /// A draft.
    Draft,
    /// Everybody who may read the repository may read it.
    Published,
    /// A draft that was closed.
    Closed,
    /// It was published, and taken back.
    Withdrawn,
    /// GitHub has another word for it, which this version does not know.
    Other,
    /// There is none of that id, or the App may not see it: GitHub's answers are the
    /// same.
    Hidden,
}

impl AdvisoryState {
    /// Whether everybody could read it.
    pub fn was_published(self) -> bool {
        matches!(self, AdvisoryState::Published | AdvisoryState::Withdrawn)
    }
}
