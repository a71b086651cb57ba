//! How an item of the checklist stands, and what proves it.

use serde::{Deserialize, Serialize};

use super::ids::Sha;
use super::item::Item;
use super::objects::Run;
use super::outside::Outside;
use super::severity::Approach;

/// How an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Done, by a fact or by the bot.
    Done,
    /// Done by a person's word or hand.
    ByHand,
    /// Does not apply here; counts as done.
    NotApplicable,
    /// Not done.
    Open,
}

impl ItemState {
    /// Whether it counts as done.
    pub fn is_done(self) -> bool {
        self != ItemState::Open
    }

    /// The word of reports.
    pub fn as_str(self) -> &'static str {
        match self {
            ItemState::Done => "done",
            ItemState::ByHand => "by_hand",
            ItemState::NotApplicable => "not_applicable",
            ItemState::Open => "open",
        }
    }
}

/// One line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which item.
    pub item: Item,
    /// How it stands.
    pub state: ItemState,
    /// Who settled it, where it was a person.
    pub by: Option<String>,
    /// What proves it, or why it does not apply.
    pub evidence: Evidence,
}

/// What proves an item. The words are `text`'s.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Evidence {
    /// Nothing, or the person's name is all.
    #[default]
    None,
    /// A branch, cut from a tag.
    Branch {
        /// Its short name.
        branch: String,
        /// The tag.
        base: String,
    },
    /// A file of the repository.
    File {
        /// Its path.
        path: String,
    },
    /// The size of the fix, beside the bump and what tools make.
    Size {
        /// Files.
        files: u64,
        /// Lines added.
        additions: u64,
        /// Lines taken away.
        deletions: u64,
    },
    /// A gate was passed by a commander.
    Passed {
        /// Why, in their words.
        reason: Outside,
    },
    /// A version.
    Version {
        /// As the manifest has it.
        version: String,
    },
    /// A commit on the default branch.
    Commit {
        /// Which.
        commit: Sha,
        /// The side pull request that brought it.
        by: Option<u64>,
    },
    /// The release tag.
    Tag {
        /// Its name.
        name: String,
        /// The commit behind it.
        commit: Sha,
    },
    /// Runs that passed.
    Runs {
        /// Which.
        runs: Vec<Run>,
    },
    /// A version on the registry.
    Published {
        /// Which.
        version: String,
        /// Its page.
        url: String,
    },
    /// A GitHub release.
    Release {
        /// Its tag.
        tag: String,
        /// Its page.
        url: String,
    },
    /// A file that a pull request changed.
    FileBy {
        /// Its path.
        path: String,
        /// The pull request.
        pull: u64,
    },
    /// The bot's block stands in the release notes.
    Notes,
    /// These channels were told that the release is out, and it is discussed here.
    Announced {
        /// Their names.
        channels: Vec<String>,
        /// The discussion's page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        discussion: Option<String>,
    },
    /// The issue was closed with the release.
    ClosedWithRelease,
    /// The branch was deleted after the release.
    DeletedAfterRelease,
    /// Percent of the users.
    Percent {
        /// 0 to 100.
        percent: u8,
    },
    /// How the fix is made.
    Approach {
        /// As answered.
        approach: Approach,
    },
    /// There is a workaround, and the severity outweighs it.
    Outweighed,
    /// What a person added.
    Said {
        /// Their words.
        note: Outside,
    },
    /// A commander ended the case without it.
    Waived {
        /// Whether it is the forward-port.
        forward_port: bool,
        /// Their words.
        reason: Outside,
    },
    /// It does not apply.
    Not {
        /// Why.
        why: NotApplicable,
    },
}

/// Why an item does not apply here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotApplicable {
    /// `test.manual` is off.
    NoManualTest,
    /// `scope.require_test` is off, and the fix brings none.
    NoTestAsked,
    /// The repository has no changelog.
    NoChangelog,
    /// There is one, and the bot writes nothing into it.
    ChangelogLeft,
    /// The package is on no registry.
    NoRegistry,
    /// No GitHub releases are made.
    NoReleases,
    /// There is no GitHub release to write notes to.
    NoNotes,
    /// The repository writes its own notes.
    OwnNotes,
    /// No workflow of that kind follows the tag.
    NoWorkflow,
    /// No channel or discussion is configured.
    NoChannel,
    /// The repository closes issues itself.
    ClosesItself,
    /// No file of known issues is kept.
    NoKnownIssues,
    /// The repository keeps its branches.
    KeepsBranches,
}
