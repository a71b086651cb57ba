//! Why the merge cannot be what is tagged.

use serde::{Deserialize, Serialize};

use crate::domain::objects::MergeMethod;

/// What `merge.tag_at` meets. With "merge" the first four are gates; with "auto"
/// each of them leaves the tag to the tested commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum NotAtMerge {
    /// The branch that it goes to holds other commits since the base, which would
    /// ship with it.
    Ahead {
        /// How many.
        commits: u64,
    },
    /// A queue merges there, together with whatever else waits in it.
    Queue,
    /// The merge would publish, before there is a tag.
    Publishes {
        /// The workflow files.
        files: Vec<String>,
    },
    /// A workflow makes the tag, on the hotfix branch.
    ByWorkflow {
        /// Its file.
        file: String,
    },
    /// It is no merge commit.
    Rewritten {
        /// How it is merged.
        method: MergeMethod,
    },
    /// Only a person may merge there.
    ByPerson,
    /// A workflow of the release goes by the message of the commit that is tagged.
    Message {
        /// Its file.
        file: String,
    },
}
