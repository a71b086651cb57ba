//! What stands in the way of a hotfix in the repository's settings.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Sha;
use crate::domain::objects::{MergeMethod, Right, Takes};

/// One thing that was found before it could do harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// A right is not granted.
    Lacks {
        /// Which.
        right: Right,
        /// Whether the very next thing to do takes it.
        stops: bool,
    },
    /// The repository is archived.
    Archived,
    /// The rules of a ref do not let the bot do it.
    Forbidden {
        /// What.
        what: Forbidden,
        /// The branch or the tag.
        name: String,
        /// The ruleset's name.
        ruleset: String,
        /// Its page; empty: not known.
        url: String,
        /// Whether that is certain: a pattern, or who passes by, may not be known.
        sure: bool,
    },
    /// Merges go through a queue.
    Queue {
        /// Into this branch.
        branch: String,
    },
    /// What is merged must be approved first, by more than the release asks for.
    Reviews {
        /// Into this branch.
        branch: String,
        /// By so many people with write access.
        approvals: u64,
        /// By a code owner, too.
        code_owners: bool,
    },
    /// Commits must be signed on this branch.
    Signatures {
        /// The branch.
        branch: String,
        /// Those of the hotfix that are not, oldest first.
        #[serde(default)]
        unsigned: Vec<Sha>,
        /// Whether pull requests are rebased into it: GitHub signs none of those
        /// commits, whoever made them. (GitHub: about commit signature verification,
        /// "Signature verification for rebase and merge".)
        #[serde(default)]
        rebased: bool,
    },
    /// Merge commits are not allowed, so that another method is taken.
    Method {
        /// Into this branch.
        branch: String,
        /// The method.
        method: MergeMethod,
    },
    /// An environment does not take what the release's run is of.
    Refuses {
        /// The workflow file.
        file: String,
        /// The environment.
        environment: String,
        /// What it takes.
        takes: Takes,
    },
    /// A run of the release waits.
    Waits {
        /// The workflow file.
        file: String,
        /// The environment.
        environment: String,
        /// How many people or teams may approve.
        reviewers: u64,
        /// Minutes.
        minutes: u64,
    },
    /// Releases cannot be changed once they are published.
    Immutable,
    /// This could not be read.
    Unread {
        /// What.
        what: Unread,
    },
}

/// What rules keep the bot from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forbidden {
    /// To make the hotfix branch.
    CreateBranch,
    /// To push to it.
    PushBranch,
    /// To delete it.
    DeleteBranch,
    /// To make the tag.
    CreateTag,
    /// To merge into the branch that the pull request goes to.
    Merge,
}

/// What of the settings could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unread {
    /// What the App was granted.
    Rights,
    /// The rulesets.
    Rulesets,
    /// The environments.
    Environments,
    /// Whether releases are immutable.
    Immutable,
}

/// What a finding comes to, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// The hotfix cannot begin, or its release cannot be published.
    Stops,
    /// A person must do it in the bot's place.
    ByHand,
    /// It costs time, or may.
    Costs,
    /// Good to know.
    Note,
}

impl Finding {
    /// What it comes to.
    pub fn grade(&self) -> Grade {
        match self {
            Finding::Lacks { stops: true, .. } | Finding::Archived | Finding::Refuses { .. } => {
                Grade::Stops
            }
            Finding::Forbidden { sure: false, .. } => Grade::Costs,
            Finding::Forbidden { what, .. } => match what {
                Forbidden::CreateBranch | Forbidden::PushBranch => Grade::Stops,
                Forbidden::CreateTag | Forbidden::Merge => Grade::ByHand,
                Forbidden::DeleteBranch => Grade::Costs,
            },
            Finding::Queue { .. } => Grade::ByHand,
            Finding::Lacks { .. }
            | Finding::Reviews { .. }
            | Finding::Signatures { .. }
            | Finding::Waits { .. } => Grade::Costs,
            Finding::Method { .. } | Finding::Immutable | Finding::Unread { .. } => Grade::Note,
        }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Finding::Lacks { .. } => "permission-missing",
            Finding::Archived => "archived",
            Finding::Forbidden { what, .. } => match what {
                Forbidden::CreateBranch | Forbidden::PushBranch => "ruleset-blocks-branch",
                Forbidden::DeleteBranch => "ruleset-blocks-delete",
                Forbidden::CreateTag => "ruleset-blocks-tag",
                Forbidden::Merge => "ruleset-blocks-merge",
            },
            Finding::Queue { .. } => "merge-queue",
            Finding::Reviews { .. } => "reviews-required",
            Finding::Signatures { .. } => "signatures-required",
            Finding::Method { .. } => "merge-methods",
            Finding::Refuses { .. } => "environment-refuses-tag",
            Finding::Waits { .. } => "environment-waits",
            Finding::Immutable => "immutable-releases",
            Finding::Unread { .. } => "settings-unread",
        }
    }
}
