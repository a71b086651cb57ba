//! What the bot may wish to be done, each wish with its key.
//!
//! An effect's arguments stand alone: whoever carries it out needs no facts.

mod key;

use serde::{Deserialize, Serialize};

pub use self::key::{Class, Lane};
use super::facts::{Carried, Chained, CommentKind, MergeMethod, Package};
use super::ids::{Millis, Sha};

/// A wish: an effect under its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// What is to be done.
    pub effect: Effect,
    /// What it acts on: a sha, a version, a body's fingerprint.
    pub subject: String,
    /// How many causes there were so far; never attempts.
    pub generation: u64,
    /// How long to wait before it is carried out, milliseconds: lets
    /// several causes become one.
    pub delay: Millis,
}

/// Everything that the bot does to, or asks of, the outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Effect {
    /// The configuration, and the default branch's head.
    ReadPolicy,
    /// The issue.
    ReadIssue,
    /// A person's role.
    ReadRole {
        /// Whose.
        login: String,
    },
    /// The base release and what surrounds it.
    ReadBase {
        /// `base.tag_pattern`; none: derived from the tags that are there.
        #[serde(default)]
        tag_pattern: Option<String>,
        /// `base.branch`.
        branch_pattern: String,
        /// `base.prereleases`.
        prereleases: bool,
        /// `version.changelog`.
        changelog: String,
        /// `announce.known_issues`.
        #[serde(default)]
        known_issues: String,
    },
    /// The hotfix branch and the way to it.
    ReadBranch {
        /// Its short name.
        branch: String,
        /// The base's commit.
        base: Sha,
        /// The head that is known already: if it still stands, nothing else
        /// is asked.
        known: Option<Sha>,
        /// Where the version stands.
        package: Package,
        /// The claimed version.
        version: String,
    },
    /// The pull request.
    ReadPull {
        /// Its number.
        number: u64,
        /// Which one.
        #[serde(default)]
        which: Which,
        /// Files of its head that are looked through for conflict markers.
        #[serde(default)]
        marked: Vec<String>,
    },
    /// Its reviews, and whether the reviewers may write here.
    ReadReviews {
        /// The pull request's number.
        number: u64,
    },
    /// Who may write in the repository.
    ReadWriters,
    /// The workflow runs of a commit.
    ReadRuns {
        /// The commit.
        sha: Sha,
        /// The runs that follow other workflows, where such are awaited.
        #[serde(default)]
        chained: Option<Chained>,
        /// Whose head the commit is.
        #[serde(default)]
        which: Which,
    },
    /// The release tag.
    ReadTag {
        /// Its name.
        tag: String,
    },
    /// The GitHub release of the tag.
    ReadRelease {
        /// The tag's name.
        tag: String,
    },
    /// The version on the registry.
    ReadRegistry {
        /// The package.
        package: String,
        /// The version.
        version: String,
        /// The packages that are published with it: the answer is of all.
        #[serde(default)]
        others: Vec<String>,
    },

    /// What carrying the hotfix over to the default branch would meet.
    ReadTrial {
        /// What is carried.
        carry: Carry,
    },
    /// Whether the default branch holds the fix.
    ReadHolds {
        /// What was carried.
        carry: Carry,
        /// The commit that carried it.
        carried: Sha,
        /// Where it came in, if a pull request was merged.
        merged: Option<Sha>,
    },

    /// `refs/heads/<branch>` at the base.
    CreateBranch {
        /// Its short name.
        branch: String,
        /// The peeled commit of the release tag.
        sha: Sha,
    },
    /// The bump commit on top of `parent`.
    PushBump {
        /// The branch's short name.
        branch: String,
        /// The head that it is built on.
        parent: Sha,
        /// Where the version stands.
        package: Package,
        /// The new version.
        version: String,
        /// The changelog entry, without list marker.
        entry: String,
        /// The section's date, `YYYY-MM-DD`.
        date: String,
        /// The commit message, without trailer.
        message: String,
    },
    /// The commit that lets pushes of the hotfix branches start these
    /// workflows, on top of `parent`.
    EnableTests {
        /// The branch's short name.
        branch: String,
        /// The head that it is built on.
        parent: Sha,
        /// The workflow files.
        paths: Vec<String>,
        /// The pattern of branches that is added.
        pattern: String,
        /// The commit message, without trailer.
        message: String,
    },
    /// A test workflow is started on the hotfix branch.
    Dispatch {
        /// The workflow's file name.
        file: String,
        /// The branch's short name.
        branch: String,
        /// The head that it is to test.
        head: Sha,
        /// The newest dispatched run of that file on that head before.
        after: Option<u64>,
    },
    /// The pull request to the default branch: a draft, but for a forward-port
    /// that waits for nobody.
    OpenPull {
        /// The branch.
        head: String,
        /// The default branch.
        base: String,
        /// Title and body.
        title: String,
        /// Markdown.
        body: String,
        /// Which one.
        #[serde(default)]
        which: Which,
        /// Whether it is opened as ready.
        #[serde(default)]
        ready: bool,
    },
    /// One commit on top of the default branch that carries the hotfix over, on
    /// a branch of its own.
    PushPort {
        /// What is carried.
        carry: Carry,
        /// The branch's short name.
        branch: String,
        /// The commit that is replaced, if the default branch moved on.
        replaces: Option<Carried>,
        /// The commit message, without trailers.
        message: String,
    },
    /// One commit on top of the default branch with an entry in the known
    /// issues, on a branch of its own.
    PushEntry {
        /// The file.
        path: String,
        /// The branch's short name.
        branch: String,
        /// The commit that is replaced, if the default branch moved on.
        replaces: Option<Carried>,
        /// The entry.
        entry: KnownIssue,
        /// The commit message, without trailers.
        message: String,
    },
    /// One of the bot's comments, written or edited.
    Comment {
        /// Which.
        kind: CommentKind,
        /// Its id, when it is to be edited.
        id: Option<u64>,
        /// The hidden marker that identifies it; the body begins with it.
        marker: String,
        /// The whole body.
        body: String,
    },
    /// A reaction to a command.
    React {
        /// The comment.
        comment: u64,
        /// GitHub's word: `eyes`, `+1`, `-1`, `confused`.
        content: String,
    },
    /// The annotated release tag.
    CreateTag {
        /// Its name.
        tag: String,
        /// The tested commit.
        commit: Sha,
        /// Its message.
        message: String,
    },
    /// The draft becomes ready.
    MarkReady {
        /// The pull request's number.
        number: u64,
        /// GraphQL's id.
        node_id: String,
    },
    /// The pull request is merged, if its head is still `head`.
    Merge {
        /// Its number.
        number: u64,
        /// The tested head.
        head: Sha,
        /// How.
        method: MergeMethod,
        /// The merge commit's title.
        title: String,
        /// And its message.
        message: String,
        /// Which one.
        #[serde(default)]
        which: Which,
    },
    /// The failed jobs of a run are run again.
    Rerun {
        /// The run.
        run: u64,
        /// The attempt that is to come.
        attempt: u64,
        /// All of its jobs: none of them failed.
        #[serde(default)]
        whole: bool,
    },
    /// The bot's own block in the release notes.
    WriteNotes {
        /// The release.
        release: u64,
        /// Its tag, which GitHub wants along.
        tag: String,
        /// The block, with its markers.
        block: String,
    },
    /// The issue is closed as completed.
    CloseIssue,
    /// The hotfix branch is deleted, if it still stands at `expected`.
    DeleteBranch {
        /// Its short name.
        branch: String,
        /// The only head that may be deleted.
        expected: Sha,
        /// Which pull request it belongs to.
        #[serde(default)]
        which: Which,
    },
    /// The pull request is closed unmerged: the hotfix was cancelled, or
    /// another pull request takes its place.
    ClosePull {
        /// Its number.
        number: u64,
        /// The one that takes its place, to be named in its body.
        #[serde(default)]
        instead: Option<u64>,
    },
}

/// Which of a hotfix's pull requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// That of the hotfix branch.
    #[default]
    Hotfix,
    /// The forward-port.
    Port,
    /// The entry in the known issues.
    Known,
}

impl Which {
    /// Its part of a slot's name.
    pub fn part(self) -> &'static str {
        match self {
            Which::Hotfix => "",
            Which::Port => "/port",
            Which::Known => "/known",
        }
    }

    /// Which one a slot belongs to.
    pub fn of(slot: &str) -> Self {
        let parts: Vec<&str> = slot.split('/').collect();
        match parts.as_slice() {
            ["read", "port", ..] | ["pull" | "merge" | "delete-branch" | "carry", "port"] => {
                Which::Port
            }
            ["read", "known", ..] | ["pull" | "merge" | "delete-branch" | "carry", "known"] => {
                Which::Known
            }
            _ => Which::Hotfix,
        }
    }
}

/// An entry in the file of known issues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownIssue {
    /// What users saw.
    pub title: String,
    /// The tag that had it.
    pub affected: String,
    /// The tag that fixes it.
    pub fixed_in: String,
    /// The issue, `#n`.
    pub issue: String,
    /// Name and text of each field, Markdown.
    pub fields: Vec<(String, String)>,
}

/// What a forward-port carries: the way from the base to the tested head.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carry {
    /// The base's commit.
    pub base: Sha,
    /// Its version.
    pub base_version: String,
    /// The tested head.
    pub head: Sha,
    /// The hotfix branch's name, for conflict markers.
    pub branch: String,
    /// The claimed version.
    pub version: String,
    /// Where the version stands.
    pub package: Package,
}

impl Wish {
    /// A wish of the first generation, to be carried out now.
    pub fn new(effect: Effect, subject: impl Into<String>) -> Self {
        Wish {
            effect,
            subject: subject.into(),
            generation: 1,
            delay: 0,
        }
    }

    /// The same, of a later generation.
    pub fn generation(mut self, generation: u64) -> Self {
        self.generation = generation;
        self
    }

    /// The same, not before `ms` milliseconds have passed.
    pub fn delay(mut self, ms: Millis) -> Self {
        self.delay = ms;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Which;

    #[test]
    fn a_person_named_port_is_no_forward_port() {
        assert_eq!(Which::of("read/port/pull"), Which::Port);
        assert_eq!(Which::of("carry/known"), Which::Known);
        for slot in ["read/role/port", "read/pull", "merge", "dispatch/port"] {
            assert_eq!(Which::of(slot), Which::Hotfix, "{slot}");
        }
    }
}
