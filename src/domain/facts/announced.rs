//! What happened that channels are told, and what they were told.

use serde::{Deserialize, Serialize};

use crate::domain::happening::Happening;
use crate::domain::ids::Millis;

/// Something that happened, in the order in which it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// What.
    pub what: Happening,
    /// When it was seen.
    pub at: Millis,
    /// How often somebody asked for it to be told once more.
    #[serde(default)]
    pub again: u64,
}

/// What a channel was told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// When, the last time.
    pub at: Millis,
    /// How often.
    pub times: u64,
    /// The message's id, where it can be edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What it says, as a fingerprint.
    #[serde(default)]
    pub print: String,
    /// How often it was edited.
    #[serde(default)]
    pub edits: u64,
}
