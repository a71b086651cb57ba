//! Whatever happens to a case, in the one form in which it takes the way in.

use serde::{Deserialize, Serialize};

use super::command::{Line, command_lines};
use super::effect::Slot;
use super::facts::{Answer, Claim, JoinWord, LineState, Push, Reverted};
use super::ids::{Actor, LineId, Millis, Sha, fingerprint};
use super::line_name::LineName;
use super::objects::{
    AdvisoryState, Carried, CommentKind, Head, Issue, NotesWere, Object, Observation, Page, Picked,
    Pull, PullKind, Repo, RoleRead, Tag, WordRead,
};
use super::obstacle::Obstacle;

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
        /// When, by GitHub's clock; 0 where it does not say.
        #[serde(default)]
        changed: Millis,
    },
    /// A label was put on a merged pull request, or taken off: it asks for a hotfix
    /// of what that one brought.
    PullLabeled {
        /// The pull request.
        pull: u64,
        /// The label.
        label: String,
        /// By whom.
        by: Actor,
        /// Put there, or taken off.
        on: bool,
        /// Its issue side as the delivery shows it.
        issue: Issue,
        /// When, by GitHub's clock; 0 where it does not say.
        #[serde(default)]
        changed: Millis,
    },
    /// A label was taken off.
    Unlabeled {
        /// The label.
        label: String,
        /// By whom.
        by: Actor,
        /// When, by GitHub's clock; 0 where it does not say.
        #[serde(default)]
        changed: Millis,
    },
    /// A hotfix that is over is open once more, because of a word that comes next
    /// and may concern its release. By itself it asks for no plan.
    Reopened,
    /// The issue was closed or opened again.
    IssueState {
        /// Whether it is open now.
        open: bool,
        /// By whom.
        by: Actor,
        /// When, by GitHub's clock; 0 where it does not say.
        #[serde(default)]
        changed: Millis,
    },
    /// A new comment holds `/hotfix` lines.
    Commented(Heard),
    /// A comment was changed: one of the bot's, or one that speaks to it.
    CommentEdited {
        /// The comment's id.
        comment: u64,
        /// By whom.
        by: Actor,
        /// The boxes that they ticked or cleared in it, as commands; none: none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticked: Option<Box<Heard>>,
    },
    /// A comment is gone.
    CommentDeleted {
        /// The comment's id.
        comment: u64,
    },
    /// Somebody pushed to a branch.
    Pushed {
        /// Its short name.
        branch: String,
        /// What it brought.
        push: Push,
    },
    /// Somebody deleted the hotfix's tag.
    TagDeleted {
        /// By whom.
        by: Actor,
    },
    /// A call of the bot's own made a commit, which no ref leads to yet.
    CommitMade {
        /// For which line.
        line: LineId,
        /// The commit.
        commit: Sha,
    },
    /// An attempt of a workflow run began: news unless it was known to be on its
    /// way.
    Running {
        /// The run.
        run: u64,
        /// Its attempt.
        attempt: u64,
    },
    /// These objects changed: read them again.
    Touched {
        /// Which.
        objects: Vec<Object>,
    },
    /// An effect of this case ended.
    Ended {
        /// Its line.
        line: LineId,
        /// Its slot.
        slot: Slot,
        /// Its key's subject.
        subject: String,
        /// Its key's generation.
        generation: u64,
        /// When the attempt began, by our clock.
        began: Millis,
        /// What came of it.
        outcome: Outcome,
    },
    /// The repository has another name, or another default branch.
    Repository {
        /// As it is now.
        repo: Repo,
        /// Whether its name was another's meanwhile: what was read then was of
        /// that one.
        another: bool,
    },
    /// A claim was answered.
    Claimed {
        /// For which line.
        line: LineId,
        /// What was claimed.
        claim: Claim,
        /// The case that holds it already, if it is another one.
        behind: Option<i64>,
        /// That one's issue.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        issue: Option<u64>,
    },
    /// Another case of the repository said something to this one.
    Told {
        /// Its issue.
        from: u64,
        /// The case.
        case: i64,
        /// What.
        word: JoinWord,
    },
    /// What this case said to another was answered.
    Answered {
        /// The other's issue.
        to: u64,
        /// The other's case; 0 where there is none.
        case: i64,
        /// What was said.
        word: JoinWord,
        /// The answer.
        answer: Answer,
    },
    /// Another release line of the issue said how far it is.
    Line {
        /// Which.
        line: LineName,
        /// Its case.
        case: i64,
        /// How far it is.
        is: LineState,
    },
    /// The other release lines of the issue are told how far this one is.
    LineTold {
        /// What they are told.
        is: LineState,
    },
    /// What the case held in its repository is free again.
    Freed,
    /// The moment that the plan asked to be woken at.
    Wake,
    /// The App was taken off the repository: nothing of it can be seen or done any
    /// more.
    Gone,
    /// The bot is back after it was away: look at everything again.
    Back {
        /// When it was last alive, where that is long ago enough to be said.
        since: Option<Millis>,
    },
}

/// A comment with commands, as it was heard of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// The comment's id.
    pub comment: u64,
    /// The pull request that it stands on; none: the issue.
    #[serde(default)]
    pub pull: Option<u64>,
    /// Its author.
    pub by: Actor,
    /// Its lines that begin with `/hotfix`: nothing else of it is kept.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// Those of them that do not say which of the issue's release lines they are about,
    /// and have to, by their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unclear: Vec<u32>,
    /// Those of them that other release lines of the issue hear, too, and answer, by
    /// their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub echoes: Vec<u32>,
    /// The fingerprint of its whole body: another one is another comment.
    #[serde(default)]
    pub print: String,
    /// It was edited before it was first seen: not carried out.
    #[serde(default)]
    pub edited: bool,
    /// When it was written, by GitHub's clock.
    #[serde(default)]
    pub written: Option<Millis>,
    /// How long ago that was when it was heard of, by the same clock.
    #[serde(default)]
    pub age: Millis,
    /// GitHub could not deliver it: it was found in the log.
    #[serde(default)]
    pub late: bool,
}

impl Heard {
    /// A comment with this body, heard of as it was written.
    pub fn of(comment: u64, by: Actor, body: &str) -> Self {
        Heard {
            comment,
            by,
            lines: command_lines(body),
            print: print(body),
            ..Heard::default()
        }
    }
}

/// The fingerprint of a comment's body, however its lines end.
pub fn print(body: &str) -> String {
    fingerprint(body.replace("\r\n", "\n").trim())
}

/// What came of an effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// The read found that nothing changed.
    Same,
    /// A read's answer.
    Seen(Box<Observation>),
    /// A person's role.
    Role(RoleRead),
    /// A comment with commands.
    Word(WordRead),

    /// Done; what it changed is read again.
    Done,
    /// The branch stands.
    BranchMade {
        /// Its head.
        sha: Sha,
        /// The bump that it begins with, as it was made; none where it stands at
        /// the base, and where only a look tells what it holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bumped: Option<Box<Head>>,
    },
    /// The workflow was started.
    Dispatched {
        /// Its file name.
        file: String,
        /// The head that it is to test.
        head: Sha,
        /// Where it tries publishing out: the newest dispatched run of it on that
        /// head before, or 0.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trial: Option<u64>,
    },
    /// A workflow of the release was started.
    Launched {
        /// Its file name.
        file: String,
        /// On which branch or tag.
        at: String,
        /// The newest dispatched run of it before.
        after: Option<u64>,
        /// Its run, where the answer told it.
        run: Option<u64>,
    },
    /// What was asked for is picked, or cannot be.
    Picked(Picked),
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
        /// What it shows, and since when by GitHub's clock; none where the body
        /// is not the one that was sent.
        #[serde(default)]
        page: Option<Box<Page>>,
    },
    /// The comment to be edited is gone.
    CommentGone {
        /// Which.
        kind: CommentKind,
    },
    /// The scope guard's check run stands.
    GuardWritten {
        /// Its id.
        id: u64,
        /// The head.
        head: Sha,
        /// The fingerprint of what it says; empty: that was not seen.
        #[serde(default)]
        hash: String,
    },
    /// The check run that says where it stands does so.
    StateWritten {
        /// Its id.
        id: u64,
        /// The head.
        head: Sha,
        /// The fingerprint of what it says; empty: that was not seen.
        #[serde(default)]
        hash: String,
    },
    /// The hotfix pull request says this of itself, or nothing of the bot's is left in
    /// it.
    Described {
        /// The fingerprint of what it was to say.
        hash: String,
    },
    /// A channel was told, or what it was told is edited.
    Announced {
        /// The message's id, where it can be edited.
        #[serde(default)]
        id: Option<String>,
        /// The fingerprint of what it says.
        print: String,
        /// Whether it was there and was edited.
        #[serde(default)]
        edited: bool,
    },
    /// The tag stands.
    Tagged(Tag),
    /// A tag beside the release's leads to its commit.
    Pointed {
        /// Its name.
        tag: String,
        /// What its ref named before; none: there was none.
        was: Option<Sha>,
        /// What it names now.
        object: Sha,
    },
    /// The draft is ready.
    Readied,
    /// The pull request is merged.
    Merged {
        /// The commit on the default branch.
        commit: Sha,
    },
    /// The notes hold the block.
    NotesWritten {
        /// The block's fingerprint.
        hash: String,
        /// How it stood there before; none: nobody saw.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<NotesWere>,
    },
    /// The release has a discussion, or GitHub makes none in that category.
    Discussed {
        /// Its page; none: there is no such category, or the App may not write
        /// discussions. GitHub's answer is the same.
        url: Option<String>,
    },
    /// GitHub did not let the bot publish the advisory.
    AdvisoryKept {
        /// Where it stands.
        state: AdvisoryState,
    },
    /// The issue is closed.
    IssueClosed,
    /// The branch is gone.
    BranchDeleted,
    /// The pull request is closed unmerged.
    PullClosed {
        /// Which one.
        #[serde(default)]
        pull: PullKind,
    },
    /// The issue that says what failed is there.
    Reported {
        /// Its number.
        number: u64,
    },

    /// What came of taking the change out of the default branch.
    Reverted(Reverted),
    /// It cannot be done: a person or a changed fact must help.
    Refused {
        /// What is in the way.
        obstacle: Obstacle,
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

impl Outcome {
    /// The answer of a read.
    pub fn seen(observation: Observation) -> Self {
        Outcome::Seen(Box::new(observation))
    }
}
