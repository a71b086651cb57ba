//! What is known of one case: a repository's issue that asks for a hotfix.
//!
//! Facts hold specifications and identities, never file contents. They are
//! changed by [`super::apply`] alone and are stored as JSON, so every field
//! that comes later needs a `serde(default)`.

mod further;
mod objects;
mod people;
mod seen;
mod ship;
mod steps;
pub mod stored;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use further::{Carried, Further, Holds, Trial};
pub use objects::*;
pub use people::*;
pub use seen::Seen;
pub use ship::{Record, Ship};
pub use steps::StepName;

use super::checklist_item::Item;
use super::effect::Which;
use super::event::Claim;
use super::ids::{By, Millis, Sha};
use super::severity::Answers;

/// The version of this shape.
pub const SCHEMA: u32 = 1;

/// A case's facts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// [`SCHEMA`] when written.
    pub schema: u32,
    /// The case's number in the store, for markers and keys.
    pub case: i64,
    /// The repository.
    pub repo: Repo,
    /// The bot's own actor login, `<slug>[bot]`.
    pub bot: String,
    /// The issue.
    pub issue: Seen<Issue>,
    /// The issue's number.
    pub number: u64,
    /// The label that began it.
    pub trigger: Trigger,
    /// The newest moment this case has seen; `now` never runs backwards.
    pub now: Millis,
    /// The configuration.
    pub policy: Seen<PolicyRead>,
    /// Roles of those who acted, by lower-case login.
    pub roles: BTreeMap<String, Seen<RoleRead>>,
    /// The matrix's answers.
    pub answers: Answers,
    /// Who gave or changed them last.
    pub assessed_by: Option<By>,
    /// A commander's confirmation of the severity or of the start.
    pub confirmed: Option<By>,
    /// What was said by `/hotfix`, in order.
    pub said: Vec<Said>,
    /// Checklist items by a person's word.
    pub words: BTreeMap<Item, Word>,
    /// On hold: nothing is written but comments.
    pub hold: Option<Stop>,
    /// Ended before its time.
    pub cancelled: Option<Stop>,
    /// Somebody asked for help: the whole table of commands is shown.
    pub help: bool,
    /// The bot's comments.
    pub comments: BTreeMap<CommentKind, CommentFact>,
    /// Reactions given: comment id, content.
    pub reacted: BTreeSet<(u64, String)>,
    /// Effects that GitHub refused, by slot: they wait for `retry` or a change.
    pub refused: BTreeMap<String, Refusal>,
    /// Effects that wait for a right, by slot.
    pub blocked: BTreeMap<String, Refusal>,
    /// What has had no answer for long, by slot. It is tried on.
    #[serde(default)]
    pub unanswered: BTreeMap<String, Unanswered>,
    /// How often each slot was asked to be tried again.
    pub retries: BTreeMap<String, u64>,
    /// When each step was proven first, in its present run of proofs.
    pub proven: BTreeMap<StepName, Millis>,
    /// When what stands outside was seen first.
    #[serde(default)]
    pub first: BTreeMap<Item, Millis>,
    /// Things worth telling, newest last; shown in the status comment.
    pub notices: Vec<Notice>,
    /// The release line.
    pub line: Line,
    /// When everything was done or ended.
    pub over: Option<Millis>,
}

/// Why an effect did not happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The key's subject and generation that were refused.
    pub subject: String,
    /// The generation.
    pub generation: u64,
    /// GitHub's words.
    pub message: String,
    /// When.
    pub at: Millis,
}

/// Since when an effect has had no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unanswered {
    /// How it failed.
    pub message: String,
    /// Since when.
    pub since: Millis,
}

/// The dispatches of a test workflow on one head.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatches {
    /// The head.
    pub head: Sha,
    /// How many people asked for.
    pub times: u64,
    /// How many were sent.
    pub sent: u64,
}

/// One release line of a case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The release that is fixed, and what was found around it.
    pub base: Seen<Base>,
    /// What this case holds in its repository.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// The version that this case has claimed.
    pub version: Option<String>,
    /// Another case holds the base: this one waits for it.
    pub behind: Option<i64>,
    /// The hotfix branch.
    pub branch: Seen<Branch>,
    /// Whether the branch was ever there.
    pub branch_made: bool,
    /// The pull request's number.
    pub pull_number: Option<u64>,
    /// The pull request.
    pub pull: Seen<Pull>,
    /// Its reviews, oldest first.
    pub reviews: Seen<Vec<Review>>,
    /// Workflow runs of the head, and after the tag of the tag.
    pub runs: Seen<Runs>,
    /// The accepted decision.
    pub ship: Option<Ship>,
    /// The release tag.
    pub tag: Seen<Option<Tag>>,
    /// The GitHub release.
    pub release: Seen<Option<Release>>,
    /// The version on the registry.
    pub registry: Seen<Option<RegistryVersion>>,
    /// The fingerprint of the notes block that was written.
    pub notes: Option<String>,
    /// Who closed the issue for us, and when.
    pub issue_closed: Option<Millis>,
    /// When the branch was deleted.
    pub branch_deleted: Option<Millis>,
    /// The highest attempt that was asked for, by run.
    pub reruns: BTreeMap<u64, u64>,
    /// Dispatches of test workflows, by file.
    #[serde(default)]
    pub tests: BTreeMap<String, Dispatches>,
    /// Who asked for the trigger that the tests lack on the branch.
    #[serde(default)]
    pub test_enabled: Option<By>,
    /// Who may write in the repository; none: it was not to be seen.
    #[serde(default)]
    pub writers: Seen<Option<Vec<String>>>,
    /// The way to the default branch where the pull request conflicts with it.
    #[serde(default)]
    pub port: Further,
    /// The way of the entry in the known issues to the default branch.
    #[serde(default)]
    pub known: Further,
}

impl Line {
    /// One of the further pull requests; none of them is the hotfix's own.
    pub fn further(&self, which: Which) -> Option<&Further> {
        match which {
            Which::Hotfix => None,
            Which::Port => Some(&self.port),
            Which::Known => Some(&self.known),
        }
    }

    /// The same, to be changed.
    pub fn further_mut(&mut self, which: Which) -> Option<&mut Further> {
        match which {
            Which::Hotfix => None,
            Which::Port => Some(&mut self.port),
            Which::Known => Some(&mut self.known),
        }
    }

    /// Both of them.
    pub fn all_further(&self) -> [&Further; 2] {
        [&self.port, &self.known]
    }
}
