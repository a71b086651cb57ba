//! How long users waited for a fix.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Millis;

/// A hotfix that was released, and how long that took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// When the release was verified.
    pub at: Millis,
    /// How long that was after the label, milliseconds.
    pub took: Millis,
}
