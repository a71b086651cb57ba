//! The moments that were told by a comment of their own.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Millis;
use crate::domain::moment::Moment;

/// A moment that was told, or is to be told as soon as it can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Which.
    pub moment: Moment,
    /// When it came.
    pub at: Millis,
    /// Who is called: logins, and teams as `organisation/team`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<String>,
    /// When it was over, unless it is not or came again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Millis>,
}
