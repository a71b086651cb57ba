//! What is wanted of a security advisory.

use serde::{Deserialize, Serialize};

use crate::domain::ids::AdvisoryId;
use crate::domain::objects::AdvisoryState;

/// A security advisory that is to be published, now that users have the fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvisoryNeed {
    /// Its id.
    pub id: AdvisoryId,
    /// Where it stands.
    pub state: AdvisoryState,
    /// Whether GitHub did not let the bot publish it.
    #[serde(default)]
    pub kept: bool,
    /// The packages of the release whose patched version the bot would fill in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<(String, String)>,
}
