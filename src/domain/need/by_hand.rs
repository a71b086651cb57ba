//! What of the bump is left to people.

use serde::{Deserialize, Serialize};

use crate::ecosystem::LeftAlone;

/// What somebody must do, or look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "left", rename_all = "snake_case")]
pub enum ByHand {
    /// Changelogs that somebody must write, and nobody did yet.
    Changelog {
        /// Which, each with what is to be done.
        logs: Vec<LeftAlone>,
    },
    /// The fix brings notes that the next release of the default branch would count
    /// once more.
    Notes {
        /// The files.
        files: Vec<String>,
    },
    /// More changed between the last releases than was read.
    Places {
        /// The base's version, which may stand in further places.
        version: String,
    },
}
