//! What is needed to take a release back at the registry.

use serde::{Deserialize, Serialize};

use super::Stopped;
use crate::domain::objects::Run;

/// Why a person takes a version back at the registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum YankBy {
    /// `rollback.yank` says so, or nothing does.
    Person,
    /// The workflow that should do it cannot be started.
    Stopped {
        /// Its file.
        file: String,
        /// Why not.
        why: Stopped,
    },
    /// Its run failed.
    Failed {
        /// Which.
        run: Run,
    },
    /// Its run passed, and the registry has the version all the same.
    Passed {
        /// Which.
        run: Run,
    },
}
