//! What a delivery says, as far as we use it.

use serde::{Deserialize, Serialize};

use crate::github::ops::{Actor, CheckRun, Comment, Issue, Pull, Release, Review, Run};

/// A delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// `X-GitHub-Event`.
    pub event: String,
    /// The payload's action, where the event has some.
    pub action: Option<String>,
    /// Where it happened.
    pub repo: Option<RepoRef>,
    /// Through which installation we are told.
    pub installation_id: Option<i64>,
    /// Who did it: the one to authorise, not an object's author.
    pub sender: Option<Actor>,
    /// What happened.
    pub what: What,
}

/// A repository as deliveries name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepoRef {
    /// Id, stable through renames and transfers.
    pub id: i64,
    /// Login of its owner.
    pub owner: String,
    /// Its name.
    pub name: String,
    /// Name of the default branch.
    pub default_branch: String,
    /// Its page.
    pub html_url: String,
    /// Whether only the invited see it.
    pub private: bool,
}

/// What happened. What we have no use for, or do not know yet, is `Other`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum What {
    /// A label was put on an issue (not a pull request's; those are `Pull`).
    IssueLabeled {
        issue: Issue,
        label: String,
    },
    IssueUnlabeled {
        issue: Issue,
        label: String,
    },
    IssueOpened {
        issue: Issue,
    },
    IssueEdited {
        issue: Issue,
    },
    IssueClosed {
        issue: Issue,
    },
    IssueReopened {
        issue: Issue,
    },
    IssueDeleted {
        issue: Issue,
    },
    IssueTransferred {
        issue: Issue,
    },
    /// Also in a pull request's conversation: then `is_pull`.
    CommentCreated {
        issue: Issue,
        comment: Comment,
        is_pull: bool,
    },
    /// `before` is the text that was edited, if it was the text.
    CommentEdited {
        issue: Issue,
        comment: Comment,
        is_pull: bool,
        before: Option<String>,
    },
    CommentDeleted {
        issue: Issue,
        comment: Comment,
        is_pull: bool,
    },
    /// A label was put on a merged pull request, or taken off; `issue` is the first
    /// that it says to fix, else its own number.
    PullLabel {
        pull: Box<Pull>,
        label: String,
        on: bool,
        issue: i64,
    },
    /// Any other action on a pull request; after `closed` see `pull.merged`.
    Pull {
        action: String,
        pull: Box<Pull>,
    },
    /// `submitted`, `edited` or `dismissed`; the state is upper case here as in
    /// the REST API.
    Review {
        action: String,
        review: Review,
        pull: Box<Pull>,
    },
    /// For an annotated tag `after` is the tag object.
    Push {
        /// Full name, `refs/heads/...` or `refs/tags/...`.
        #[serde(rename = "ref")]
        name: String,
        before: String,
        after: String,
        created: bool,
        deleted: bool,
        forced: bool,
        /// Hashes of the commits that it brought, as far as they are listed.
        commits: Vec<String>,
        /// The files right below `.github/` that these touch.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        settings: Vec<String>,
    },
    /// `name` is short; `kind` is `branch` or `tag`.
    RefCreated {
        name: String,
        kind: String,
    },
    RefDeleted {
        name: String,
        kind: String,
    },
    /// `requested`, `in_progress` or `completed`; a re-run is not requested.
    WorkflowRun {
        action: String,
        run: Box<Run>,
    },
    CheckRun {
        action: String,
        run: Box<CheckRun>,
    },
    CheckSuite {
        action: String,
        sha: String,
        status: String,
        conclusion: Option<String>,
    },
    /// A commit status.
    Status {
        sha: String,
        context: String,
        state: String,
    },
    /// One publication raises several actions; `published` is the one.
    Release {
        action: String,
        release: Box<Release>,
    },
    /// `created`, `deleted`, `suspend`, `unsuspend`,
    /// `new_permissions_accepted`.
    Installation {
        action: String,
    },
    /// Ids of repositories that came and went.
    InstallationRepositories {
        added: Vec<i64>,
        removed: Vec<i64>,
    },
    /// `renamed`, `transferred`, `archived`, `deleted`, ...
    Repository {
        action: String,
    },
    /// A ruleset or a branch's protection changed: what was refused may be
    /// allowed now.
    Rules,
    Ping,
    Other,
}

impl Delivery {
    /// Without what is long and nobody asks for: texts of issues, pull requests
    /// and releases, and addresses.
    pub fn trimmed(mut self) -> Self {
        match &mut self.what {
            What::IssueLabeled { issue, .. }
            | What::IssueUnlabeled { issue, .. }
            | What::IssueOpened { issue }
            | What::IssueEdited { issue }
            | What::IssueClosed { issue }
            | What::IssueReopened { issue }
            | What::IssueDeleted { issue }
            | What::IssueTransferred { issue } => trim(issue),
            What::CommentCreated { issue, comment, .. }
            | What::CommentEdited { issue, comment, .. }
            | What::CommentDeleted { issue, comment, .. } => {
                trim(issue);
                comment.node_id.clear();
                comment.html_url.clear();
                comment.performed_via_github_app = None;
            }
            What::Pull { pull, .. } | What::PullLabel { pull, .. } | What::Review { pull, .. } => {
                pull.body.clear()
            }
            What::Release { release, .. } => {
                release.body.clear();
                release.assets.clear();
            }
            _ => {}
        }
        self
    }

    /// Number of the issue or pull request that it is about; of a label on a merged
    /// pull request, the issue whose hotfix it asks for.
    pub fn number(&self) -> Option<i64> {
        match &self.what {
            What::IssueLabeled { issue, .. }
            | What::IssueUnlabeled { issue, .. }
            | What::IssueOpened { issue }
            | What::IssueEdited { issue }
            | What::IssueClosed { issue }
            | What::IssueReopened { issue }
            | What::IssueDeleted { issue }
            | What::IssueTransferred { issue }
            | What::CommentCreated { issue, .. }
            | What::CommentEdited { issue, .. }
            | What::CommentDeleted { issue, .. } => Some(issue.number),
            What::PullLabel { issue, .. } => Some(*issue),
            What::Pull { pull, .. } | What::Review { pull, .. } => Some(pull.number),
            _ => None,
        }
    }
}

fn trim(issue: &mut Issue) {
    issue.node_id.clear();
    issue.body.clear();
    issue.html_url.clear();
    issue.repository_url.clear();
    issue.pull_request = None;
}
