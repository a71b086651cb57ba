//! What is wrong with a channel.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Millis;
use crate::domain::outside::Outside;

/// Why a channel is not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trouble", rename_all = "snake_case")]
pub enum ChannelTrouble {
    /// The server has none of the name.
    Unknown,
    /// The server has one, and not for this repository.
    Closed,
    /// It does not take what it is told.
    Refused {
        /// What it answered, as a plain phrase.
        words: Outside,
    },
    /// It did not answer, and may have been told.
    Unclear,
    /// It has not answered for long, and is told on.
    Silent {
        /// Since when.
        since: Millis,
    },
}
