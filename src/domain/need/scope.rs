//! In what a fix is more than a hotfix may be.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Sha;

/// One way in which a fix goes beyond `[scope]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "beyond", rename_all = "snake_case")]
pub enum Beyond {
    /// It touches more files than `max_files`.
    Files {
        /// How many.
        count: u64,
        /// How many it may.
        most: u64,
    },
    /// It adds and takes away more lines than `max_lines`.
    Lines {
        /// How many.
        count: u64,
        /// How many it may.
        most: u64,
    },
    /// A commit calls itself what `forbid` names.
    Kind {
        /// The commit.
        commit: Sha,
        /// As the configuration writes it.
        kind: String,
    },
    /// It changes nothing but documentation.
    Docs,
    /// It touches what `forbid_paths` names.
    Paths {
        /// The files.
        paths: Vec<String>,
    },
}
