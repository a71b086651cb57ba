//! Issues, pull requests, reviews, comments.

use super::account::UserId;
use crate::sim::clock::Millis;

/// The reactions that GitHub knows.
pub const REACTIONS: [&str; 8] = [
    "+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes",
];

/// A label's definition.
#[derive(Clone, Debug)]
pub struct Label {
    /// Its id.
    pub id: u64,
    /// Its name as spelled by the repository.
    pub name: String,
    /// Six hex digits.
    pub color: String,
    /// What it means.
    pub description: Option<String>,
}

/// An issue; with `pull`, a pull request.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The issue's id (not its number).
    pub id: u64,
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: Option<String>,
    /// Who opened it.
    pub author: UserId,
    /// Through which App.
    pub app: Option<u64>,
    /// Whether it is open.
    pub open: bool,
    /// `completed`, `not_planned`, `duplicate`, `reopened`.
    pub state_reason: Option<String>,
    /// Names of its labels, as the repository spells them.
    pub labels: Vec<String>,
    /// Logins of its assignees.
    pub assignees: Vec<UserId>,
    /// Whether it is locked, and why.
    pub locked: Option<String>,
    /// When it was opened.
    pub created_at: Millis,
    /// When it was last touched.
    pub updated_at: Millis,
    /// When it was closed.
    pub closed_at: Option<Millis>,
    /// Who closed it.
    pub closed_by: Option<UserId>,
    /// What happened to it, in order.
    pub events: Vec<IssueEvent>,
    /// Which issues were marked as its duplicates, or no longer are, in order.
    pub duplicates: Vec<(bool, u64)>,
    /// The pull request's part.
    pub pull: Option<Pull>,
}

/// One entry of an issue's history: labels, closing, and so on.
#[derive(Clone, Debug)]
pub struct IssueEvent {
    /// Its id.
    pub id: u64,
    /// `labeled`, `unlabeled`, `closed`, `reopened`, `merged`, `referenced`, ...
    pub event: &'static str,
    /// Who did it.
    pub actor: UserId,
    /// When.
    pub at: Millis,
    /// The label's name, or the commit, where there is one.
    pub subject: Option<String>,
}

/// What a pull request has beyond an issue.
#[derive(Clone, Debug)]
pub struct Pull {
    /// The pull request's own id.
    pub id: u64,
    /// The head branch's short name.
    pub head: String,
    /// The fork that the head branch is in; none: this repository.
    pub fork: Option<Fork>,
    /// The head commit, kept when the branch goes.
    pub head_sha: String,
    /// The base branch's short name.
    pub base: String,
    /// The base commit when it was opened or last updated.
    pub base_sha: String,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether a test merge is known for the present head and base.
    pub mergeable: Mergeable,
    /// The merge.
    pub merged: Option<Merged>,
    /// Its reviews, oldest first.
    pub reviews: Vec<Review>,
    /// Who was asked for a review.
    pub requested_reviewers: Vec<UserId>,
}

impl Pull {
    /// Whether its head is this branch of the repository itself, and not one of
    /// that name in a fork.
    pub fn is_of(&self, branch: &str) -> bool {
        self.fork.is_none() && self.head == branch
    }
}

/// A repository that was forked off, as far as its pull requests tell of it. Its
/// objects are the repository's own: GitHub keeps those of all forks together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fork {
    /// Its id.
    pub id: u64,
    /// Its owner.
    pub owner: UserId,
    /// Whether it was deleted: nobody tells of it any more.
    pub gone: bool,
}

/// What is known of a test merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mergeable {
    /// Never asked since head or base moved: answers `null` and is computed.
    Unknown,
    /// It merges; the test merge's commit.
    Clean(String),
    /// It conflicts.
    Conflict,
}

/// How a pull request was merged.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The commit that the base branch got.
    pub sha: String,
    /// Who merged.
    pub by: UserId,
    /// When.
    pub at: Millis,
    /// `merge`, `squash` or `rebase`.
    pub method: &'static str,
}

/// A review.
#[derive(Clone, Debug)]
pub struct Review {
    /// Its id.
    pub id: u64,
    /// Who reviewed.
    pub author: UserId,
    /// Its text.
    pub body: String,
    /// `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`, `DISMISSED`, `PENDING`.
    pub state: &'static str,
    /// The commit it was made on.
    pub commit: String,
    /// When.
    pub at: Millis,
}

/// A comment on an issue or pull request.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Its id.
    pub id: u64,
    /// The issue's number.
    pub issue: u64,
    /// Who wrote it.
    pub author: UserId,
    /// Through which App.
    pub app: Option<u64>,
    /// Its present text.
    pub body: String,
    /// When it was written.
    pub created_at: Millis,
    /// When it was last edited.
    pub updated_at: Millis,
    /// Every text it had, the first included.
    pub edits: Vec<Edit>,
    /// Reactions on it.
    pub reactions: Vec<Reaction>,
}

/// One state of a comment's text.
#[derive(Clone, Debug)]
pub struct Edit {
    /// When.
    pub at: Millis,
    /// By whom.
    pub by: UserId,
    /// The text from then on.
    pub body: String,
}

/// A reaction.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// Its id.
    pub id: u64,
    /// Whose.
    pub user: UserId,
    /// `+1`, `-1`, `laugh`, `confused`, `heart`, `hooray`, `rocket`, `eyes`.
    pub content: String,
    /// When.
    pub at: Millis,
}
