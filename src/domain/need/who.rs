//! Who can be asked.

use serde::{Deserialize, Serialize};

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Nobody: GitHub, the registry or the bot is at work.
    Machine,
    /// Who reported the issue.
    Reporter,
    /// Anybody with write access.
    Responder,
    /// A maintainer.
    Commander,
}
