//! One thing that a job may do to the outside of its run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a job may do to the outside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// It publishes.
    Publishes {
        /// To which registry, or what: `crates.io`, `npm`, "an image"; else the
        /// step's own words.
        what: String,
    },
    /// It makes or changes a GitHub release.
    Releases,
    /// It makes a tag.
    Tags,
    /// It pushes, or opens a pull request.
    Pushes,
    /// It deploys.
    Deploys,
    /// It signs in there.
    SignsIn(String),
    /// It may write this, or a step writes it: a name of GitHub's permissions.
    Writes(String),
    /// It takes this secret; `*`: all of them.
    Secret(String),
    /// It runs in this environment.
    Environment(String),
    /// It calls a workflow that was not read.
    Calls(String),
    /// It uses an action of its own repository, by its folder (empty: the root),
    /// that was not read or cannot be.
    Uses(String),
    /// It runs a file or a target of its own repository that was not read, or whose name
    /// only the run knows (`workflow_file::is_own`).
    Runs(String),
    /// A step whose name says that it reaches outside, or what nobody can read.
    Unknown(String),
}

/// The rights of a job's token by name; none: the repository's default.
pub type Permissions = Option<BTreeMap<String, String>>;
