//! Who tags a release and who publishes it: data, as the workflow files say it.

use serde::{Deserialize, Serialize};

/// Who makes the tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tags", rename_all = "snake_case")]
pub enum Tags {
    /// The bot.
    #[default]
    Bot,
    /// A person, with a signature: this workflow wants one.
    Signed {
        /// The file; empty: the configuration says so.
        file: String,
    },
    /// A person: GitHub does not let the bot make it.
    Protected {
        /// The ruleset on tags that does not; empty: the right to bring workflow
        /// files is missing, which what is tagged has.
        ruleset: String,
    },
    /// This workflow, once somebody starts it on the hotfix branch.
    Workflow(Dispatched),
}

/// What a re-run of failed jobs would do a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeats {
    /// Publish what the registry has already.
    Registry,
    /// Write to the GitHub release, which is published already.
    Release,
    /// Publish to somewhere that the bot cannot look at.
    Elsewhere,
}

/// Who brings the release to where users get it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "publishes", rename_all = "snake_case")]
pub enum Publishes {
    /// Nobody needs to: the tag is all.
    #[default]
    Nothing,
    /// What the tag starts.
    Tag {
        /// The files.
        files: Vec<String>,
    },
    /// What a published GitHub release starts.
    Release {
        /// The file; empty: the configuration says so.
        file: String,
    },
    /// A workflow that somebody starts at the tag.
    Dispatch(Dispatched),
    /// What the merge starts, and nothing else.
    Merge,
    /// These may, and nobody sees into them: files of another CI system, or a workflow
    /// that somebody starts.
    Unseen {
        /// The files.
        files: Vec<String>,
    },
    /// A person.
    Person,
}

/// A workflow that is started by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatched {
    /// The file.
    pub file: String,
    /// On which branch or tag.
    pub at: String,
    /// What it is given; none where only a person knows.
    pub inputs: Vec<(String, Option<String>)>,
}

/// A workflow that publishes when a pull request of ours is merged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnMerge {
    /// The file.
    pub file: String,
    /// What starts it.
    pub by: Merging,
    /// The branch that it is merged into.
    #[serde(default)]
    pub branch: String,
    /// Whether it only proposes a release then, by a pull request, and publishes
    /// once that one is merged.
    #[serde(default)]
    pub proposes: bool,
    /// Whether nobody sees what it does then, so that it only may.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unclear: bool,
}

/// What of a merge starts a workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Merging {
    /// The push to the branch that it goes to.
    Push,
    /// The end of the pull request.
    Closed,
}
