//! Somebody says that the released version does not fix it.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{By, Millis};
use crate::domain::outside::Outside;

/// A word that the released version does not fix it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// Who and when.
    pub by: By,
    /// What they added.
    pub note: Option<Outside>,
    /// The comment: whoever edits or deletes it takes it back.
    pub comment: u64,
    /// Whether everybody was told before that it is fixed.
    pub told: bool,
    /// Whether the issue was closed then, so that it is opened again.
    pub shut: bool,
    /// When the bot opened it again.
    pub reopened: Option<Millis>,
    /// When somebody found it fixed all the same, or it was taken back.
    pub settled: Option<Millis>,
}
