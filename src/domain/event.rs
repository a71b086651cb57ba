//! Whatever happens to a case, in the one form in which it takes the way in.

use serde::{Deserialize, Serialize};

use super::facts::{
    Base, Branch, Carried, CommentKind, Holds, Issue, PolicyRead, Pull, RegistryVersion, Release,
    Review, RoleRead, Runs, Tag, Trial,
};
use super::ids::{Actor, Millis, Sha};

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A label was put on the issue.
    Labeled {
        /// The label.
        label: String,
        /// By whom.
        by: Actor,
        /// The issue as the delivery shows it.
        issue: Issue,
    },
    /// A label was taken off.
    Unlabeled {
        /// The label.
        label: String,
        /// By whom.
        by: Actor,
    },
    /// The issue was closed or opened again.
    IssueState {
        /// Whether it is open now.
        open: bool,
        /// By whom.
        by: Actor,
    },
    /// A new comment holds `/hotfix` lines.
    Commented {
        /// The comment's id.
        comment: u64,
        /// Its author.
        by: Actor,
        /// Its lines that begin with `/hotfix`, as the parser takes them.
        body: String,
        /// It was edited before it was first seen: not carried out.
        edited: bool,
    },
    /// Somebody else changed one of the bot's comments.
    CommentEdited {
        /// The comment's id.
        comment: u64,
        /// By whom.
        by: Actor,
    },
    /// A comment is gone.
    CommentDeleted {
        /// The comment's id.
        comment: u64,
    },
    /// These objects changed: read them again.
    Touched {
        /// Which.
        objects: Vec<Object>,
    },
    /// An effect of this case ended.
    Ended {
        /// Its slot.
        slot: String,
        /// Its key's subject.
        subject: String,
        /// Its key's generation.
        generation: u64,
        /// When the attempt began, by our clock.
        began: Millis,
        /// What came of it.
        outcome: Outcome,
    },
    /// A claim was answered.
    Claimed {
        /// What was claimed.
        claim: Claim,
        /// The case that holds it already, if it is another one.
        behind: Option<i64>,
    },
    /// The moment that the plan asked to be woken at.
    Wake,
    /// The bot is back after it was away: look at everything again.
    Back {
        /// When it was last alive, where that is long ago enough to be said.
        since: Option<Millis>,
    },
}

/// What a case can claim for itself in its repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Claim {
    /// The base tag: two hotfixes are never built side by side from one base.
    Base(String),
    /// A version.
    Version(String),
    /// A branch.
    Branch(String),
    /// A tag.
    Tag(String),
    /// A pull request.
    Pull(u64),
}

impl Claim {
    /// The store's word for the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Claim::Base(_) => "base",
            Claim::Version(_) => "version",
            Claim::Branch(_) => "branch",
            Claim::Tag(_) => "tag",
            Claim::Pull(_) => "pull",
        }
    }

    /// The store's value.
    pub fn value(&self) -> String {
        match self {
            Claim::Base(v) | Claim::Version(v) | Claim::Branch(v) | Claim::Tag(v) => v.clone(),
            Claim::Pull(n) => n.to_string(),
        }
    }
}

/// The objects of GitHub's that a case looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// The configuration on the default branch.
    Policy,
    /// The issue.
    Issue,
    /// The base release and main.
    Base,
    /// The hotfix branch.
    Branch,
    /// The pull request.
    Pull,
    /// Its reviews.
    Reviews,
    /// Who may write here.
    Writers,
    /// Workflow runs.
    Runs,
    /// The release tag.
    Tag,
    /// The GitHub release.
    Release,
    /// The registry.
    Registry,
    /// What a forward-port would meet.
    Trial,
    /// The forward-port.
    Port,
    /// The workflow runs of its head.
    PortRuns,
    /// Whether the default branch holds the fix.
    Holds,
    /// The pull request of the entry in the known issues.
    Known,
    /// The workflow runs of its head.
    KnownRuns,
}

/// What came of an effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// The read found that nothing changed.
    Same,
    /// The configuration.
    Policy(Box<PolicyRead>),
    /// The issue.
    Issue(Issue),
    /// A person's role.
    Role(RoleRead),
    /// The base.
    Base(Box<Base>),
    /// The branch.
    Branch(Branch),
    /// The pull request.
    Pull(Pull),
    /// Its reviews.
    Reviews {
        /// Oldest first.
        reviews: Vec<Review>,
    },
    /// Who may write here.
    Writers {
        /// None: the App may not see it.
        logins: Option<Vec<String>>,
    },
    /// The runs.
    Runs(Runs),
    /// The tag, or that there is none.
    Tag {
        /// None: no such ref.
        tag: Option<Tag>,
    },
    /// The release, or that there is none.
    Release {
        /// None: no published release and no draft.
        release: Option<Release>,
    },
    /// The version on the registry, or that it is not there.
    Registry {
        /// None: not there.
        version: Option<RegistryVersion>,
    },

    /// What a forward-port would meet.
    Trial(Trial),
    /// Whether the default branch holds the fix.
    Holds(Holds),

    /// The branch stands.
    BranchMade {
        /// Its head.
        sha: Sha,
    },
    /// The bump is on the branch.
    Bumped {
        /// The commit.
        sha: Sha,
    },
    /// The trigger is on the branch.
    TestsEnabled {
        /// The commit.
        sha: Sha,
    },
    /// The workflow was started.
    Dispatched {
        /// Its file name.
        file: String,
        /// The head that it is to test.
        head: Sha,
    },
    /// The hotfix is carried over to a branch of the default branch's.
    Carried(Carried),
    /// The pull request is open (or was found).
    PullOpened {
        /// Its number.
        number: u64,
        /// What is known of it.
        pull: Pull,
    },
    /// The comment stands.
    CommentWritten {
        /// Which.
        kind: CommentKind,
        /// Its id.
        id: u64,
        /// Its page.
        url: String,
        /// The fingerprint of the body that stands there.
        hash: String,
    },
    /// The comment to be edited is gone.
    CommentGone {
        /// Which.
        kind: CommentKind,
    },
    /// The reaction stands.
    Reacted {
        /// The comment.
        comment: u64,
        /// The reaction.
        content: String,
    },
    /// The tag stands.
    Tagged(Tag),
    /// The draft is ready.
    Readied,
    /// The pull request is merged.
    Merged {
        /// The commit on the default branch.
        commit: Sha,
    },
    /// The run is running again.
    Rerunning {
        /// The run.
        run: u64,
    },
    /// The notes hold the block.
    NotesWritten {
        /// The block's fingerprint.
        hash: String,
    },
    /// The issue is closed.
    IssueClosed,
    /// The branch is gone.
    BranchDeleted,
    /// The pull request is closed unmerged.
    PullClosed,

    /// GitHub will not do it: a person or a changed fact must help. The words
    /// are GitHub's, or say what was found instead.
    Refused {
        /// The reason.
        message: String,
    },
    /// A right is missing; the effect waits and is tried again.
    Blocked {
        /// What is missing.
        message: String,
    },
    /// There has been no answer for long; the effect is tried again and again.
    Unanswered {
        /// How it failed last.
        message: String,
        /// Since when it fails.
        since: Millis,
    },
}
