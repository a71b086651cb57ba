//! What the bot started by a dispatch.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Sha;

/// A workflow of the release that the bot started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launched {
    /// On which branch or tag.
    pub at: String,
    /// The newest dispatched run of it before.
    pub after: Option<u64>,
    /// Its run, where the answer told it.
    pub run: Option<u64>,
}

/// Publishing is tried out on a head.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The workflow's file name.
    pub file: String,
    /// The head.
    pub head: Sha,
    /// The newest dispatched run of it on that head before, or 0: what somebody
    /// else started was told nothing of a trial.
    pub after: u64,
}
