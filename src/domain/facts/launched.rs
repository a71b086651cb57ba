//! What the bot started by a dispatch.

use serde::{Deserialize, Serialize};

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
