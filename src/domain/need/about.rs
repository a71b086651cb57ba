//! What a need is about, where that is more than a name.

use serde::{Deserialize, Serialize};

use crate::domain::command::Overridable;
use crate::domain::ids::Sha;
use crate::domain::line_name::LineName;
use crate::domain::objects::Run;
use crate::domain::outside::Outside;
use crate::domain::workflow_file::Act;

/// Why a person stopped it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", content = "words", rename_all = "snake_case")]
pub enum StopReason {
    /// In their own words; empty where they gave none.
    Said(Outside),
    /// They took this label off.
    LabelOff(Outside),
    /// The App was taken off the repository meanwhile; nobody knows by whom.
    TakenOff,
    /// They decided that it is of a lower level.
    Downgraded {
        /// Which.
        level: Outside,
        /// In their own words.
        reason: Outside,
    },
}

/// One way in which a fix goes beyond `[scope]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "beyond", rename_all = "snake_case")]
pub enum Beyond {
    /// It touches more files than `max_files`.
    Files {
        /// How many.
        count: u64,
        /// How many it may.
        most: u64,
    },
    /// It adds and takes away more lines than `max_lines`.
    Lines {
        /// How many.
        count: u64,
        /// How many it may.
        most: u64,
    },
    /// A commit calls itself what `forbid` names.
    Kind {
        /// The commit.
        commit: Sha,
        /// As the configuration writes it.
        kind: String,
    },
    /// It changes nothing but documentation.
    Docs,
    /// It touches what `forbid_paths` names.
    Paths {
        /// The files.
        paths: Vec<String>,
    },
}

/// The key of the checks that must pass on the head.
const CHECKS: &str = "test.checks";

/// Who requires a check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum RequiredBy {
    /// `test.checks`.
    #[default]
    Configuration,
    /// The rules of the branch that the pull request goes to.
    Rules {
        /// The App that they want it from.
        app: Option<u64>,
        /// What leaves it on a commit, as far as the files tell.
        from: CheckFrom,
    },
}

/// What leaves a check on a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", content = "file", rename_all = "snake_case")]
pub enum CheckFrom {
    /// A job of this workflow file, which is none of the required tests.
    Job(String),
    /// An App, which is not GitHub Actions.
    App,
    /// No job of any file is called so: an App, or a status.
    Elsewhere,
    /// Nothing can: it is asked of GitHub Actions, and no job is called so.
    Nothing,
}

impl RequiredBy {
    /// The word by which a commander passes it.
    pub fn gate(&self) -> Overridable {
        match self {
            RequiredBy::Configuration => Overridable::Key(CHECKS.to_owned()),
            RequiredBy::Rules { .. } => Overridable::RequiredChecks,
        }
    }
}

/// Why the branch of the release line does not get the fix by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", content = "branch", rename_all = "snake_case")]
pub enum OffLine {
    /// The pull request conflicts with it.
    Conflicts,
    /// It was closed unmerged.
    Closed,
    /// It leads to this branch.
    Elsewhere(String),
}

/// Another release line of the issue, which has a fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnLine {
    /// The line.
    pub line: LineName,
    /// The fix's commits, in order.
    pub commits: Vec<Sha>,
}

/// What the bot is reading before it can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Looking {
    /// The configuration.
    Configuration,
    /// The role of who set the label.
    Labeller,
    /// The release that is to be fixed.
    Base,
    /// What of the release is out.
    Out,
    /// The next version that is free.
    NextVersion,
    /// What the repository's settings allow.
    Guards,
    /// The hotfix branch.
    Branch,
    /// The hotfix pull request.
    Pull,
    /// Whether that merges.
    Merges,
    /// The runs on the head.
    Runs,
    /// Its checks.
    Checks,
    /// Where the runs on the head ran.
    Jobs,
    /// What the tag started.
    TagRuns,
    /// What the release's files of checksums say.
    Sums,
    /// Whether the release's files are attested.
    Attested,
    /// What further addresses show.
    Addresses,
    /// Everything once more, after the decision.
    Everything,
    /// The release tag.
    Tag,
    /// The decision.
    Decision,
    /// The closing comment.
    ClosingComment,
    /// The other release lines of the issue.
    OtherLines,
    /// The forward-port.
    Port,
    /// The pull request of the known issue.
    Known,
    /// Whether the side pull request of this number merges.
    SideMerges(u64),
    /// The runs of the side pull request of this number.
    SideRuns(u64),
    /// Whether the default branch holds the fix.
    Holds,
    /// Where the security advisory stands.
    Advisory,
}

/// Why the tag would not start a workflow of the release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stopped", content = "by", rename_all = "snake_case")]
pub enum Stopped {
    /// The fix removes the file, or gives it another name.
    Removed,
    /// The fix changes the file so that GitHub cannot read it.
    Broken,
    /// The fix changes what starts it.
    Trigger,
    /// No job can run for the tag: these conditions never hold.
    Never(Vec<String>),
    /// The file is on the default branch and not in what is tagged.
    NotAtTag,
    /// Its filters for tags take no such tag.
    Filter(Vec<String>),
    /// A step of it makes the release only of what is on a branch that this
    /// pattern takes, and the hotfix branch is none.
    Branch(String),
    /// A step of it fails without a section of the version in this file, and the
    /// bot writes none there.
    Section(String),
    /// What it publishes is what the default branch holds, for that is what this
    /// `ref` of its checkout takes; empty: it is made there, as what follows another
    /// run is.
    Checkout(String),
    /// It publishes only where the message of the tagged commit has this; empty: a
    /// script of it decides by the message.
    Message(String),
    /// It makes the tag with the token of its own run, which GitHub lets lead to no
    /// workflow files but the default branch's, and those of the hotfix are others.
    OwnToken,
    /// Nothing in it starts on a tag.
    NoTrigger,
    /// The bot is to dispatch it, and nothing in it starts by that.
    NoDispatch,
    /// The bot is to dispatch it, and it is not on the default branch.
    NotOnMain,
    /// The bot is to dispatch it, and does not know what to give.
    Inputs {
        /// What is given and not asked for.
        unknown: Vec<String>,
        /// What is asked for and not given.
        missing: Vec<String>,
    },
    /// This environment of it does not take the tag.
    Environment(String),
}

/// Why publishing cannot be tried out by the workflow that is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoDryRun {
    /// The head has no such file.
    NotThere,
    /// Nobody can dispatch it.
    NoDispatch,
    /// The default branch does not have it, where GitHub looks.
    NotOnMain,
    /// It wants inputs of which nobody knows what to give.
    Inputs(Vec<String>),
    /// It takes no input that would make a trial of it, and could do this, job by
    /// job.
    Harm(Vec<(String, Act)>),
    /// It was tried out, and did not pass.
    Failed(Box<Run>),
}

/// What starts a workflow of the release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "start", content = "files", rename_all = "snake_case")]
pub enum Start {
    /// A push of the tag.
    Tag,
    /// The end of another workflow's run: one of these files.
    After(Vec<String>),
    /// A published release. One that a workflow publishes with `GITHUB_TOKEN`
    /// starts nothing. (GitHub: triggering a workflow from a workflow.)
    Release,
    /// The creation of the tag: whether it does nobody waits for.
    Created,
    /// A person.
    Hand,
    /// The bot, by a dispatch.
    Bot,
}
