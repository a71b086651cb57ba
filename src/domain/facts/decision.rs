//! The accepted decision: the hinge of the procedure.

use serde::{Deserialize, Serialize};

use super::people::Overridden;
use super::pointed::Pointing;
use crate::domain::evidence::Entry;
use crate::domain::ids::{By, Millis, Sha};
use crate::domain::objects::{Ahead, Commit, Run, Workflow};
use crate::domain::outside::Outside;

/// The accepted decision to release exactly this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseDecision {
    /// Who decided, and when.
    pub by: By,
    /// The tested head.
    pub head: Sha,
    /// Its tree.
    pub tree: Sha,
    /// The tag's name.
    pub tag: String,
    /// The fingerprint of the preview that they saw.
    pub preview: String,
    /// The comment that said so; none: an earlier version took it.
    #[serde(default)]
    pub comment: Option<u64>,
    /// The fingerprint of its body.
    #[serde(default)]
    pub print: String,
    /// The title then: what stands in the tag and in the merge.
    #[serde(default)]
    pub title: Option<Outside>,
    /// Since when every gate was seen again after the decision: from here on
    /// there is no way back.
    pub locked: Option<Millis>,
    /// The commit that is tagged, where that was not known in that moment; else it
    /// is the tested head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Sha>,
    /// The first list's answers at that moment: steps 1 to 5 and their items.
    pub record: Record,
}

impl ReleaseDecision {
    /// The commit that is tagged: the tested one, or one of the same tree.
    pub fn commit(&self) -> &Sha {
        self.at.as_ref().unwrap_or(&self.head)
    }
}

/// What was proven when the decision was locked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Checklist items of Before and During, as they stood.
    pub items: Vec<Entry>,
    /// The commits that ship.
    pub commits: Vec<Commit>,
    /// How many files they change.
    #[serde(default)]
    pub files: u64,
    /// Lines that they add.
    #[serde(default)]
    pub additions: u64,
    /// Lines that they take away.
    #[serde(default)]
    pub deletions: u64,
    /// Who approved that head.
    pub approved_by: Vec<String>,
    /// The only person with write access, whose decision is the approval.
    #[serde(default)]
    pub single_handed: Option<String>,
    /// The runs that tested it.
    pub runs: Vec<Run>,
    /// The run that tried publishing out on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<Run>,
    /// What checks passed on it, by name.
    #[serde(default)]
    pub checks: Vec<String>,
    /// Gates that were passed by a commander's word.
    #[serde(default)]
    pub overridden: Vec<Overridden>,
    /// The workflow files of the head, where it changes any.
    #[serde(default)]
    pub at_tag: Option<Vec<Workflow>>,
    /// Packages beside the release that people raised to be published with it:
    /// name and version.
    #[serde(default)]
    pub raised: Vec<(String, String)>,
    /// The workflows of the release that were to be started by the bot, by their
    /// files' names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub launches: Vec<String>,
    /// What becomes of the tags beside the release's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pointers: Vec<Pointing>,
    /// Whether the pull request is merged first, and the merge tagged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_merge: bool,
    /// Whether the tested commit is tagged although it is merged first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_branch: bool,
    /// What the default branch had beyond the base.
    #[serde(default)]
    pub left_out: Option<Ahead>,
}
