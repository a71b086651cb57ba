//! What the bot may do, and under which key.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bulletin::Announce;
use super::command::Source;
use super::ids::{AdvisoryId, Sha};
use super::objects::{
    Annotation, Carried, Carry, CommentKind, Conclusion, KnownIssue, MergeMethod, Object,
    OnRegistry, Package, PullKind, Reaction, Shown, StandingTag,
};
use super::read::Read;
use super::slot_text::slots;
use super::undo::Undo;
use super::wish::{Class, Lane};

/// Everything that the bot does to, or asks of, the outside. `W` stands where
/// words for people do, and `E` where an entry of the known issues does: a
/// decision has none of either ([`Intent`]), and what is carried out has all of
/// them ([`Effect`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Act<W, E> {
    /// `refs/heads/<branch>` at the base, or at the bump on top of it.
    CreateBranch {
        /// Its short name.
        branch: String,
        /// The peeled commit of the release tag.
        sha: Sha,
        /// The bump that it begins with, where that can be made; none: an earlier
        /// version wished it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        raise: Option<Box<Raise<W>>>,
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
        entry: W,
        /// The section's date, `YYYY-MM-DD`.
        date: W,
        /// The commit message, without trailer.
        message: W,
        /// The version that the branch was raised to before, where a person chose
        /// another since.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<String>,
    },
    /// Commits of the default branch on top of `parent`, each as one commit.
    PushPicks {
        /// The branch's short name.
        branch: String,
        /// The head that they are built on.
        parent: Sha,
        /// The release that the branch was cut from.
        base: Sha,
        /// What is picked, in order.
        sources: Vec<Source>,
        /// The changelogs, which hold the hotfix's own section.
        changelogs: Vec<String>,
        /// The heads of the issue's other release lines, which it may be on, too.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        heads: Vec<Sha>,
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
        message: W,
    },
    /// A test workflow is started on the hotfix branch.
    Dispatch {
        /// The workflow's file name.
        file: String,
        /// The branch's short name.
        branch: String,
        /// The head that it is to test.
        head: Sha,
        /// What it is given where publishing is only tried out by it; none: it
        /// tests.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trial: Option<BTreeMap<String, String>>,
        /// The newest dispatched run of that file on that head before.
        after: Option<u64>,
    },
    /// A workflow of the release is started by a dispatch, after the decision.
    Launch {
        /// The workflow's file name.
        file: String,
        /// The branch or tag that it is started on.
        at: String,
        /// The commit that this must lead to.
        commit: Sha,
        /// What it is given.
        inputs: BTreeMap<String, String>,
        /// The newest dispatched run of that file on that commit before.
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
        title: W,
        /// Markdown.
        body: W,
        /// Which one.
        #[serde(default, alias = "which")]
        pull: PullKind,
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
        message: W,
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
        entry: E,
        /// The commit message, without trailers.
        message: W,
    },
    /// One of the bot's comments, written or edited.
    Comment {
        /// Which.
        kind: CommentKind,
        /// Its id, when it is to be edited.
        id: Option<u64>,
        /// The hidden marker that identifies it; the body begins with it.
        marker: W,
        /// The whole body.
        body: W,
        /// What people decide on that stands in it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shown: Option<Box<Shown>>,
    },
    /// The answer to questions that somebody asked in a comment.
    Reply {
        /// The comment.
        comment: u64,
        /// The pull request that it stands on; none: the issue.
        #[serde(default)]
        pull: Option<u64>,
        /// The hidden marker that identifies it; the body begins with it.
        marker: W,
        /// The whole body.
        body: W,
    },
    /// The scope guard's check run on a head, made or edited.
    Guard {
        /// Its id, when it is to be edited.
        id: Option<u64>,
        /// The head.
        head: Sha,
        /// How it ends.
        conclusion: Conclusion,
        /// What the check run is called.
        name: W,
        /// Its title.
        title: W,
        /// Markdown.
        summary: W,
        /// What is said of single lines, when it is made.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notes: Vec<Annotation<W>>,
    },
    /// The check run on a head that says where its hotfix stands, made or edited.
    /// It is never a success: nobody may take it for a test.
    State {
        /// Its id, when it is to be edited.
        id: Option<u64>,
        /// The head.
        head: Sha,
        /// Whether nothing more comes of this head.
        done: bool,
        /// What the check run is called.
        name: W,
        /// Its title.
        title: W,
        /// Markdown.
        summary: W,
    },
    /// A label is put on the issue.
    Label {
        /// Which.
        label: String,
    },
    /// A reaction to a command.
    React {
        /// The comment.
        comment: u64,
        /// Which.
        #[serde(alias = "content")]
        reaction: Reaction,
    },
    /// The annotated release tag.
    CreateTag {
        /// Its name.
        tag: String,
        /// The tested commit.
        commit: Sha,
        /// Its message.
        message: W,
    },
    /// What the hotfix pull request says of itself.
    Describe {
        /// Its number.
        number: u64,
        /// What it is called from now on; none: people call it otherwise.
        title: Option<W>,
        /// The bot's own part of its body.
        body: W,
    },
    /// A tag beside the release's is made, or moved to the released commit if it is
    /// still what it was.
    Point {
        /// Its name.
        tag: String,
        /// The commit that it leads to.
        commit: Sha,
        /// What its ref named before; none: there was none.
        was: Option<Sha>,
        /// Whether it is an annotated one.
        annotated: bool,
        /// Its message, where it is.
        message: W,
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
        title: W,
        /// And its message.
        message: W,
        /// Which one.
        #[serde(default, alias = "which")]
        pull: PullKind,
        /// The branch that it brings.
        #[serde(default)]
        branch: String,
        /// The branch that it goes to; none: the default branch.
        #[serde(default)]
        to: Option<String>,
        /// The tag that must stand, for it is what is merged; none: nothing hangs on one.
        #[serde(default)]
        after: Option<StandingTag>,
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
        block: W,
    },
    /// A discussion of this release is opened, where it has none.
    Discuss {
        /// The release.
        release: u64,
        /// Its tag, which GitHub wants along.
        tag: String,
        /// The category's name.
        category: String,
    },
    /// A security advisory is published.
    PublishAdvisory {
        /// Its id.
        id: AdvisoryId,
        /// What of the release fixes it: the patched versions, where people named none.
        fixed: Vec<OnRegistry>,
    },
    /// The issue is closed as completed.
    CloseIssue,
    /// The issue is opened again.
    ReopenIssue,
    /// The hotfix branch is deleted, if it still stands at `expected`.
    DeleteBranch {
        /// Its short name.
        branch: String,
        /// The only head that may be deleted.
        expected: Sha,
        /// Which pull request it belongs to.
        #[serde(default, alias = "which")]
        pull: PullKind,
    },
    /// The pull request is closed unmerged: the hotfix was cancelled, or
    /// another pull request takes its place.
    ClosePull {
        /// Its number.
        number: u64,
        /// The one that takes its place, to be named in its body.
        #[serde(default)]
        instead: Option<u64>,
        /// The branch that it brings.
        #[serde(default)]
        branch: String,
        /// Which one.
        #[serde(default)]
        pull: PullKind,
        /// What its body says from now on, where no other takes its place.
        #[serde(default)]
        why: Option<W>,
    },
    /// A channel is told what happened.
    Announce(Box<Announce>),
    /// Something of a release that failed is taken back.
    Undo(Undo<W>),
    /// Something is looked at.
    #[serde(untagged)]
    Read(Read),
}

/// A bump that a branch begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raise<W> {
    /// Where the version stands.
    pub package: Package,
    /// The new version.
    pub version: String,
    /// The changelog entry, without list marker.
    pub entry: W,
    /// The section's date, `YYYY-MM-DD`.
    pub date: W,
    /// The commit message, without trailer.
    pub message: W,
}

/// A decision to do something, without the words.
pub type Intent = Act<(), ()>;

/// What is carried out, words and all. Its arguments stand alone: whoever
/// carries it out needs no facts.
pub type Effect = Act<String, KnownIssue>;

slots! {
    /// The read of an object.
    Read(Object) = "read";
    /// The read of a person's role, by lower-case login.
    Role(String) = "read/role";
    /// The read of the comment of this id.
    Word(u64) = "read/word";
    /// The hotfix branch.
    Branch = "branch";
    /// The version bump.
    Bump = "bump";
    /// Commits that are picked.
    Pick = "pick";
    /// The commit that adds the branch to the tests' triggers.
    Enable = "enable";
    /// The start of a test workflow, by its file name.
    Dispatch(String) = "dispatch";
    /// The start of a workflow of the release, by its file name.
    Launch(String) = "launch";
    /// A pull request.
    Pull(PullKind) = "pull";
    /// The commit of a side pull request.
    Carry(PullKind) = "carry";
    /// A comment.
    Comment(CommentKind) = "comment";
    /// The answer to the comment of this id.
    Reply(u64) = "reply";
    /// The scope guard's check run.
    Guard = "guard";
    /// The check run that says where it stands.
    State = "state";
    /// A label on the issue.
    Label = "label";
    /// A reaction to the comment of this id.
    React((u64, Reaction)) = "react";
    /// A message on the channel of this name, of this number among what happened.
    Announce((u64, String)) = "announce";
    /// The release tag.
    Tag = "tag";
    /// What the hotfix pull request says of itself.
    Describe = "describe";
    /// A tag of this name beside the release's.
    Point(String) = "point";
    /// The draft that becomes ready.
    Ready = "ready";
    /// A merge.
    Merge(PullKind) = "merge";
    /// A run of this id, run again.
    Rerun(u64) = "rerun";
    /// The bot's block in the release notes.
    Notes = "notes";
    /// The discussion of the release.
    Discuss = "discuss";
    /// The advisory's publishing.
    Advisory = "advisory";
    /// The issue's end.
    CloseIssue = "close-issue";
    /// The issue, opened again.
    ReopenIssue = "reopen-issue";
    /// The end of a branch.
    DeleteBranch(PullKind) = "delete-branch";
    /// The hotfix pull request, closed unmerged.
    ClosePull = "close-pull";
    /// The withdrawal of this package from the registry.
    Yank(String) = "yank";
    /// The mark on the release that it is taken back.
    Mark = "mark";
    /// GitHub's Latest, put back on the release before.
    Latest = "latest";
    /// A tag of this name, moved back.
    Repoint(String) = "repoint";
    /// The end of the tag.
    Untag = "untag";
    /// The issue that says what failed.
    Report = "report";
    /// The pull request that takes the change out of the default branch.
    Revert = "revert";
}

impl<W, E> Act<W, E> {
    /// The slot: what of a case there is only one of at a time.
    pub fn slot(&self) -> Slot {
        use Act::*;
        match self {
            Read(read) => read.slot(),
            CreateBranch { .. } => Slot::Branch,
            PushBump { .. } => Slot::Bump,
            PushPicks { .. } => Slot::Pick,
            EnableTests { .. } => Slot::Enable,
            Dispatch { file, .. } => Slot::Dispatch(file.clone()),
            Launch { file, .. } => Slot::Launch(file.clone()),
            OpenPull { pull, .. } => Slot::Pull(*pull),
            PushPort { .. } => Slot::Carry(PullKind::Port),
            PushEntry { .. } => Slot::Carry(PullKind::Known),
            Comment { kind, .. } => Slot::Comment(*kind),
            Reply { comment, .. } => Slot::Reply(*comment),
            Guard { .. } => Slot::Guard,
            State { .. } => Slot::State,
            Label { .. } => Slot::Label,
            React { comment, reaction } => Slot::React((*comment, *reaction)),
            CreateTag { .. } => Slot::Tag,
            Describe { .. } => Slot::Describe,
            Point { tag, .. } => Slot::Point(tag.clone()),
            MarkReady { .. } => Slot::Ready,
            Merge { pull, .. } => Slot::Merge(*pull),
            Rerun { run, .. } => Slot::Rerun(*run),
            WriteNotes { .. } => Slot::Notes,
            Discuss { .. } => Slot::Discuss,
            PublishAdvisory { .. } => Slot::Advisory,
            CloseIssue => Slot::CloseIssue,
            ReopenIssue => Slot::ReopenIssue,
            DeleteBranch { pull, .. } => Slot::DeleteBranch(*pull),
            ClosePull { .. } => Slot::ClosePull,
            Announce(it) => Slot::Announce((u64::from(it.n), it.channel.clone())),
            Undo(undo) => undo.slot(),
        }
    }

    /// Its lane.
    pub fn lane(&self) -> Lane {
        self.slot().lane()
    }

    /// Its class.
    pub fn class(&self) -> Class {
        match self {
            Act::Comment { .. }
            | Act::Reply { .. }
            | Act::Guard { .. }
            | Act::State { .. }
            | Act::React { .. }
            | Act::Dispatch { .. }
            | Act::Undo(Undo::Report { .. }) => Class::Findable,
            Act::Launch { .. } => Class::Once,
            // A chat cannot be asked what it was told.
            Act::Announce(it) if !it.urgent && it.edits.is_none() => Class::Once,
            _ if self.lane() == Lane::Read => Class::Read,
            _ => Class::Unique,
        }
    }

    /// Smaller goes first within a lane.
    pub fn priority(&self) -> i64 {
        match self {
            Act::React { .. } => 1,
            Act::Comment {
                kind: CommentKind::Status,
                ..
            } => 5,
            _ => 3,
        }
    }
}

impl Slot {
    /// The lane of what stands in it.
    pub fn lane(&self) -> Lane {
        match self {
            Slot::Read(_) | Slot::Role(_) | Slot::Word(_) => Lane::Read,
            Slot::Comment(_)
            | Slot::Reply(_)
            | Slot::Guard
            | Slot::State
            | Slot::Describe
            | Slot::Label
            | Slot::React(_)
            | Slot::Announce(_) => Lane::Talk,
            _ => Lane::Write,
        }
    }

    /// Whether what stands in it only looks.
    pub fn is_read(&self) -> bool {
        self.lane() == Lane::Read
    }

    /// What is read again once it is done, where its outcome says nothing else.
    pub fn changes(&self) -> &'static [Object] {
        match self {
            Slot::Bump | Slot::Enable => &[Object::Branch],
            Slot::ReopenIssue => &[Object::Issue],
            Slot::Advisory => &[Object::Advisory],
            Slot::Yank(_) => &[Object::Parts],
            Slot::Mark | Slot::Latest => &[Object::Release],
            Slot::Untag => &[Object::Tag],
            Slot::Point(_) | Slot::Repoint(_) => &[Object::Pointers],
            Slot::Rerun(_) => &[Object::Runs, Object::PortRuns, Object::KnownRuns],
            _ => &[],
        }
    }
}
