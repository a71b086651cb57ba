//! What people do by hand.

use super::registry::Registry;
use super::story::Edit;

/// Something that a person does by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Opens the issue.
    OpenIssue {
        /// The title.
        title: String,
        /// The text.
        body: String,
    },
    /// Labels an issue.
    Label {
        /// The issue.
        issue: u64,
        /// The label.
        label: String,
    },
    /// Comments on an issue or pull request.
    Comment {
        /// Its number.
        issue: u64,
        /// The text.
        body: String,
    },
    /// Commits and pushes.
    Push {
        /// The branch.
        branch: String,
        /// What it is made from, where it is new.
        from: Option<String>,
        /// The message.
        message: String,
        /// What changes.
        files: Vec<Edit>,
    },
    /// Puts a commit into the place of a branch's newest one, by force.
    Amend {
        /// The branch.
        branch: String,
        /// The message.
        message: String,
        /// What changes.
        files: Vec<Edit>,
    },
    /// Takes the App off the repository, or installs it there.
    Install {
        /// Whether it is there then.
        on: bool,
    },
    /// Picks a commit onto a branch and pushes.
    Pick {
        /// The branch.
        branch: String,
        /// The commit.
        sha: String,
        /// Its first line.
        title: String,
    },
    /// Resolves the conflicts on a draft, keeping both sides, and takes it out
    /// of draft.
    Resolve {
        /// Its number.
        pull: u64,
        /// Its branch.
        branch: String,
    },
    /// Publishes the tag's package, where no workflow does.
    Publish {
        /// Where.
        registry: Registry,
        /// Its name.
        package: String,
        /// Its version.
        version: String,
    },
    /// Publishes a GitHub release, where no workflow does.
    Release {
        /// Its tag.
        tag: String,
        /// Its assets' names.
        assets: Vec<String>,
    },
    /// Takes a label off an issue.
    Unlabel {
        /// The issue.
        issue: u64,
        /// The label.
        label: String,
    },
    /// Opens a pull request.
    OpenPull {
        /// Its title.
        title: String,
        /// Its branch.
        head: String,
        /// Where it goes.
        base: String,
    },
    /// Merges a pull request.
    Merge {
        /// Its number.
        pull: u64,
        /// As one commit.
        squash: bool,
    },
    /// Closes an issue or pull request, or opens it again.
    State {
        /// Its number.
        number: u64,
        /// Whether it is open then.
        open: bool,
    },
    /// Ticks a box of a comment.
    Tick {
        /// The comment.
        comment: u64,
        /// The item of the checklist.
        item: String,
    },
    /// Pushes an annotated tag.
    Tag {
        /// Its name.
        name: String,
        /// At which commit.
        at: String,
    },
    /// Puts a pull request into the merge queue, which merges it.
    Enqueue {
        /// Its number.
        pull: u64,
    },
    /// Takes a version back at the registry, which is its owner's to do.
    Yank {
        /// Where.
        registry: Registry,
        /// The package.
        package: String,
        /// The version.
        version: String,
    },
    /// Makes a release GitHub's Latest.
    Latest {
        /// Its tag.
        tag: String,
    },
    /// Lets the jobs of an environment go on.
    Deploy {
        /// Its name.
        environment: String,
    },
    /// Uploads a file to a release.
    Upload {
        /// The release's tag.
        tag: String,
        /// The file's name.
        name: String,
    },
    /// Approves the pull request's present head.
    Approve {
        /// Its number.
        pull: u64,
        /// The text.
        body: String,
    },
}
