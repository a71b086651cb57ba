//! What is known of one case: a repository's issue that asks for a hotfix.
//!
//! Facts hold specifications and identities, never file contents. They are
//! changed by [`super::apply`] alone and are stored as JSON, so every field
//! that comes later needs a `serde(default)`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::checklist_item::Item;
use super::command::Command;
use super::event::Claim;
use super::ids::{Actor, By, Millis, Sha};
use super::policy::Policy;
use super::severity::Answers;
use super::workflow_file::WorkflowFile;

/// The version of this shape.
pub const SCHEMA: u32 = 1;

/// One object of GitHub's as it was last read. A delivery only says that it
/// changed (`touch`); what it now is, is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen<T> {
    /// What the last successful read said.
    pub value: Option<T>,
    /// The number of causes to read it so far.
    pub dirty: u64,
    /// The number of causes that the last read knew of.
    pub answered: u64,
    /// When that read began.
    pub began: Millis,
    /// When its answer was applied.
    pub at: Millis,
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Seen {
            value: None,
            dirty: 1,
            answered: 0,
            began: 0,
            at: 0,
        }
    }
}

impl<T> Seen<T> {
    /// Something happened to it: read it again.
    pub fn touch(&mut self) {
        self.dirty = self.dirty.saturating_add(1);
    }

    /// Whether no cause to read it is unanswered.
    pub fn is_current(&self) -> bool {
        self.answered >= self.dirty
    }

    /// The value, once it was read at all.
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The value of a read that began after `at`, with nothing unanswered.
    pub fn since(&self, at: Millis) -> Option<&T> {
        (self.is_current() && self.began >= at)
            .then_some(self.value.as_ref())
            .flatten()
    }

    /// Takes the answer of the read of generation `gen_`.
    pub fn answer(&mut self, value: Option<T>, gen_: u64, began: Millis, now: Millis) {
        // An older answer that comes late must not undo a newer one.
        if gen_ < self.answered {
            return;
        }
        if let Some(value) = value {
            self.value = Some(value);
        }
        self.answered = gen_;
        self.began = began;
        self.at = now;
    }

    /// Takes what an effect of ours made, without asking again.
    pub fn learn(&mut self, value: T, now: Millis) {
        self.value = Some(value);
        self.began = now;
        self.at = now;
    }
}

/// A case's facts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// [`SCHEMA`] when written.
    pub schema: u32,
    /// The case's number in the store, for markers and keys.
    pub case: i64,
    /// The repository.
    pub repo: Repo,
    /// The bot's own actor login, `<slug>[bot]`.
    pub bot: String,
    /// The issue.
    pub issue: Seen<Issue>,
    /// The issue's number.
    pub number: u64,
    /// The label that began it.
    pub trigger: Trigger,
    /// The newest moment this case has seen; `now` never runs backwards.
    pub now: Millis,
    /// The configuration.
    pub policy: Seen<PolicyRead>,
    /// Roles of those who acted, by lower-case login.
    pub roles: BTreeMap<String, Seen<RoleRead>>,
    /// The matrix's answers.
    pub answers: Answers,
    /// Who gave or changed them last.
    pub assessed_by: Option<By>,
    /// A commander's confirmation of the severity or of the start.
    pub confirmed: Option<By>,
    /// What was said by `/hotfix`, in order.
    pub said: Vec<Said>,
    /// Checklist items by a person's word.
    pub words: BTreeMap<Item, Word>,
    /// On hold: nothing is written but comments.
    pub hold: Option<Stop>,
    /// Ended before its time.
    pub cancelled: Option<Stop>,
    /// Somebody asked for help: the whole table of commands is shown.
    pub help: bool,
    /// The bot's comments.
    pub comments: BTreeMap<CommentKind, CommentFact>,
    /// Reactions given: comment id, content.
    pub reacted: BTreeSet<(u64, String)>,
    /// Effects that GitHub refused, by slot: they wait for `retry` or a change.
    pub refused: BTreeMap<String, Refusal>,
    /// Effects that wait for a right, by slot.
    pub blocked: BTreeMap<String, Refusal>,
    /// How often each slot was asked to be tried again.
    pub retries: BTreeMap<String, u64>,
    /// When each step was proven first, in its present run of proofs.
    pub proven: BTreeMap<StepName, Millis>,
    /// Things worth telling, newest last; shown in the status comment.
    pub notices: Vec<Notice>,
    /// The release line.
    pub line: Line,
    /// When everything was done or ended.
    pub over: Option<Millis>,
}

/// The repository, as deliveries name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repo {
    /// GitHub's id; the name may change.
    pub id: i64,
    /// The owner's login.
    pub owner: String,
    /// The name without the owner.
    pub name: String,
    /// The default branch, `main` below.
    pub default_branch: String,
    /// The page of the repository, for links.
    pub html_url: String,
}

/// The issue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Its title; text of a user.
    pub title: String,
    /// Who reported it.
    pub author: String,
    /// When it was reported (GitHub's time).
    pub created_at: Millis,
    /// Whether it is open.
    pub open: bool,
    /// Who closed it, when it is closed and known.
    pub closed_by: Option<String>,
    /// Its labels.
    pub labels: Vec<String>,
}

/// The label that began it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// The label as the repository spells it.
    pub label: String,
    /// Who put it there.
    pub by: Actor,
    /// When.
    pub at: Millis,
}

/// The configuration as read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyRead {
    /// The default branch's commit that it was read at.
    pub commit: Sha,
    /// Whether the repository has a file of its own.
    pub own_file: bool,
    /// The policy; the defaults when there is no file.
    pub policy: Policy,
    /// What is wrong with the file, as Markdown; then nothing starts.
    pub wrong: Option<String>,
}

/// A person's role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRead {
    /// GitHub's `role_name`, empty if unknown.
    pub role_name: String,
    /// GitHub's `permission`.
    pub permission: String,
}

/// One `/hotfix` line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// The comment.
    pub comment: u64,
    /// The line in it, from 1.
    pub line: u32,
    /// Who.
    pub by: Actor,
    /// When it reached us.
    pub at: Millis,
    /// The line as written.
    pub text: String,
    /// What it asks for, unless it was not understood.
    pub command: Option<Command>,
    /// What became of it.
    pub state: SaidState,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaidState {
    /// Its author's role is being read.
    Waiting,
    /// Carried out.
    Done,
    /// Refused, with the reason.
    Refused(String),
    /// Not understood, with a suggestion.
    Confused(String),
}

/// A person's word for a checklist item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// Who and when.
    pub by: By,
    /// What they added.
    pub note: Option<String>,
    /// The head it is bound to, where it is bound.
    pub head: Option<Sha>,
}

/// A person's stop: hold or cancel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Who and when.
    pub by: By,
    /// Why.
    pub reason: String,
    /// Ended within the grace: nothing is said.
    #[serde(default)]
    pub quiet: bool,
}

/// The bot's comments on the issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommentKind {
    /// The one sticky status comment.
    Status,
    /// The release-verification comment.
    Verification,
    /// The closing comment with the timeline.
    Closing,
}

impl CommentKind {
    /// The word in slots and markers.
    pub fn name(self) -> &'static str {
        match self {
            CommentKind::Status => "status",
            CommentKind::Verification => "verification",
            CommentKind::Closing => "closing",
        }
    }
}

/// A comment of the bot's as it was last written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentFact {
    /// GitHub's id, once it exists.
    pub id: Option<u64>,
    /// Its page.
    pub url: String,
    /// The fingerprint of the body that stands there; unknown after a hand edit.
    pub hash: Option<String>,
    /// How often it was written.
    pub writes: u64,
}

/// Why an effect did not happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The key's subject and generation that were refused.
    pub subject: String,
    /// The generation.
    pub generation: u64,
    /// GitHub's words.
    pub message: String,
    /// When.
    pub at: Millis,
}

/// Something worth telling once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// When.
    pub at: Millis,
    /// The words, Markdown, already escaped.
    pub text: String,
}

/// The document's ten steps, in the order in which they are proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// 1
    Assess,
    /// 2
    Branch,
    /// 5: the bump is the branch's first commit, a pull request needs one
    Bump,
    /// 3
    Fix,
    /// 4
    Test,
    /// 6: merge and tag
    Ship,
    /// 7
    Monitor,
    /// 8
    Verify,
    /// 9
    Communicate,
    /// 10
    Close,
}

impl StepName {
    /// All, in the order of proof.
    pub const ALL: [StepName; 10] = [
        StepName::Assess,
        StepName::Branch,
        StepName::Bump,
        StepName::Fix,
        StepName::Test,
        StepName::Ship,
        StepName::Monitor,
        StepName::Verify,
        StepName::Communicate,
        StepName::Close,
    ];

    /// The document's number.
    pub fn number(self) -> u8 {
        match self {
            StepName::Assess => 1,
            StepName::Branch => 2,
            StepName::Fix => 3,
            StepName::Test => 4,
            StepName::Bump => 5,
            StepName::Ship => 6,
            StepName::Monitor => 7,
            StepName::Verify => 8,
            StepName::Communicate => 9,
            StepName::Close => 10,
        }
    }

    /// The word that people read and that the store keeps as the phase.
    pub fn title(self) -> &'static str {
        match self {
            StepName::Assess => "Assess",
            StepName::Branch => "Branch",
            StepName::Bump => "Bump",
            StepName::Fix => "Fix",
            StepName::Test => "Test",
            StepName::Ship => "Release",
            StepName::Monitor => "Monitor",
            StepName::Verify => "Verify",
            StepName::Communicate => "Communicate",
            StepName::Close => "Close",
        }
    }
}

/// One release line of a case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The release that is fixed, and what was found around it.
    pub base: Seen<Base>,
    /// What this case holds in its repository.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// The version that this case has claimed.
    pub version: Option<String>,
    /// Another case holds the base: this one waits for it.
    pub behind: Option<i64>,
    /// The hotfix branch.
    pub branch: Seen<Branch>,
    /// Whether the branch was ever there.
    pub branch_made: bool,
    /// The pull request's number.
    pub pull_number: Option<u64>,
    /// The pull request.
    pub pull: Seen<Pull>,
    /// Its reviews, oldest first.
    pub reviews: Seen<Vec<Review>>,
    /// Workflow runs of the head, and after the tag of the tag.
    pub runs: Seen<Runs>,
    /// The accepted decision.
    pub ship: Option<Ship>,
    /// The release tag.
    pub tag: Seen<Option<Tag>>,
    /// The GitHub release.
    pub release: Seen<Option<Release>>,
    /// The version on the registry.
    pub registry: Seen<Option<RegistryVersion>>,
    /// The fingerprint of the notes block that was written.
    pub notes: Option<String>,
    /// Who closed the issue for us, and when.
    pub issue_closed: Option<Millis>,
    /// When the branch was deleted.
    pub branch_deleted: Option<Millis>,
    /// The highest attempt that was asked for, by run.
    pub reruns: BTreeMap<u64, u64>,
}

/// The base release and its surroundings, read once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Base {
    /// What hinders everything, in words: no stable tag, no manifest.
    pub trouble: Option<String>,
    /// The tag's name.
    pub tag: String,
    /// The version in it.
    pub version: String,
    /// What `refs/tags/<tag>` holds: a tag object or the commit.
    pub tag_object: Sha,
    /// The peeled commit.
    pub commit: Sha,
    /// The GitHub release of the tag.
    pub release: Option<Release>,
    /// Where the version stands.
    pub package: Package,
    /// Workflow files in the base's tree: these run on a branch cut from it.
    pub workflows: Vec<WorkflowFile>,
    /// The default branch.
    pub main: Main,
    /// Versions that are spoken for, as tag, branch, on the registry, on main.
    pub taken: BTreeSet<String>,
}

/// Where the version stands in the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// The package's name.
    pub name: String,
    /// Path of the manifest.
    pub manifest: String,
    /// Path of the lock file, if there is one that names the package.
    pub lock: Option<String>,
    /// Path of the changelog, if there is one.
    pub changelog: Option<String>,
    /// Whether the registry knew the package.
    pub on_registry: bool,
}

/// The default branch, seen from the base.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Main {
    /// Its head.
    pub head: Sha,
    /// Commits on it since the base.
    pub ahead_by: u64,
    /// How many of those call themselves features.
    pub features: u64,
    /// The merge method that its rules and the repository's settings allow.
    pub merge_method: MergeMethod,
}

/// How a pull request may be merged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeMethod {
    /// A merge commit.
    #[default]
    Merge,
    /// One commit.
    Squash,
    /// The commits, rewritten.
    Rebase,
}

impl MergeMethod {
    /// GitHub's word.
    pub fn as_str(self) -> &'static str {
        match self {
            MergeMethod::Merge => "merge",
            MergeMethod::Squash => "squash",
            MergeMethod::Rebase => "rebase",
        }
    }
}

/// The hotfix branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// Its head; none when the ref does not exist.
    pub head: Option<Head>,
}

/// A head, and the way to it from the base.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The commit.
    pub sha: Sha,
    /// Its tree.
    pub tree: Sha,
    /// Whether the base is an ancestor.
    pub holds_base: bool,
    /// The commits since the base, oldest first.
    pub commits: Vec<Commit>,
    /// The files that differ from the base.
    pub files: Vec<File>,
    /// Where which version was found: path, version (none: not found there).
    pub versions: Vec<(String, Option<String>)>,
    /// Whether the changelog has a section for the claimed version.
    pub changelog: bool,
}

/// A commit on the branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its name.
    pub sha: Sha,
    /// The first line of its message.
    pub subject: String,
    /// The author's login, or name where GitHub knows no login.
    pub author: String,
    /// The key of the effect that made it, from its trailer.
    pub effect: Option<String>,
    /// The paths it changes.
    pub paths: Vec<String>,
}

/// A changed file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its path.
    pub path: String,
    /// Lines added.
    pub additions: u64,
    /// Lines removed.
    pub deletions: u64,
    /// Whether the change touches a test.
    pub test: bool,
}

/// The pull request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pull {
    /// GraphQL's id.
    pub node_id: String,
    /// Whether it is open.
    pub open: bool,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether it was merged.
    pub merged: bool,
    /// The merge commit, once merged.
    pub merge_commit: Option<Sha>,
    /// Whether it merges cleanly; unknown while GitHub computes it.
    pub mergeable: Option<bool>,
    /// Its head.
    pub head: Sha,
}

/// A review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub login: String,
    /// GitHub's state, upper case: `APPROVED`, `CHANGES_REQUESTED`, ...
    pub state: String,
    /// The commit it was given for.
    pub commit: Sha,
    /// Its page.
    pub url: String,
    /// Whether its author may write here, when it was read.
    pub may_write: bool,
}

/// The runs of one commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runs {
    /// The commit that was asked for.
    pub sha: Sha,
    /// Its runs.
    pub runs: Vec<Run>,
}

/// A workflow run, its newest attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// GitHub's id; a re-run keeps it.
    pub id: u64,
    /// From 1, raised by each re-run.
    pub attempt: u64,
    /// The workflow file's path.
    pub path: String,
    /// The workflow's name.
    pub name: String,
    /// What started it: `push`, `workflow_dispatch`, ...
    pub event: String,
    /// The branch's or the tag's short name.
    pub ref_name: String,
    /// The commit it runs on.
    pub sha: Sha,
    /// `queued`, `in_progress`, `waiting`, `completed`, ...
    pub status: String,
    /// `success`, `failure`, ... once completed.
    pub conclusion: Option<String>,
    /// Its page.
    pub url: String,
    /// When this attempt started (GitHub's time).
    pub started_at: Millis,
    /// When it was last changed (GitHub's time).
    pub updated_at: Millis,
    /// The failed job's name and page.
    pub failed_job: Option<(String, String)>,
}

impl Run {
    /// Concluded with success.
    pub fn passed(&self) -> bool {
        self.status == "completed" && self.conclusion.as_deref() == Some("success")
    }

    /// Concluded otherwise; `skipped` and `neutral` runs say nothing.
    pub fn failed(&self) -> bool {
        self.status == "completed"
            && !matches!(
                self.conclusion.as_deref(),
                Some("success" | "skipped" | "neutral")
            )
    }

    /// The file's name, without folders.
    pub fn file(&self) -> &str {
        // A dispatched run's path may carry `@ref`.
        let path = self.path.split('@').next().unwrap_or(&self.path);
        path.rsplit('/').next().unwrap_or(path)
    }
}

/// The accepted decision to release exactly this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ship {
    /// Who decided, and when.
    pub by: By,
    /// The tested head.
    pub head: Sha,
    /// Its tree.
    pub tree: Sha,
    /// The tag's name.
    pub tag: String,
    /// The fingerprint of the preview that they saw.
    pub preview: String,
    /// Since when every gate was seen again after the decision: from here on
    /// there is no way back.
    pub locked: Option<Millis>,
    /// The first list's answers at that moment: steps 1 to 5 and their items.
    pub record: Record,
}

/// What was proven when the decision was locked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Checklist items of Before and During, as they stood.
    pub items: Vec<super::checklist::Entry>,
    /// The commits that ship.
    pub commits: Vec<Commit>,
    /// Who approved that head.
    pub approved_by: Vec<String>,
    /// The runs that tested it.
    pub runs: Vec<Run>,
}

/// The release tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// The tag object; the commit itself for a lightweight tag.
    pub object: Sha,
    /// The commit behind it.
    pub commit: Sha,
    /// Whether it is annotated.
    pub annotated: bool,
}

/// A GitHub release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// GitHub's id.
    pub id: u64,
    /// Its page.
    pub url: String,
    /// Not published yet.
    pub draft: bool,
    /// Marked as a prerelease.
    pub prerelease: bool,
    /// Whether it is the repository's Latest, where that was read.
    pub latest: bool,
    /// Its assets.
    pub assets: Vec<Asset>,
    /// The fingerprint of our block in its notes, if it is there.
    pub notes: Option<String>,
}

/// A release's asset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Its file name.
    pub name: String,
    /// Whether its upload is complete.
    pub uploaded: bool,
    /// Its size in bytes.
    pub size: u64,
}

/// A version on the registry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryVersion {
    /// Taken back.
    pub yanked: bool,
    /// SHA-256 of the package file, hex.
    pub checksum: String,
    /// Whether the sparse index shows it, which is what cargo reads.
    pub indexed: bool,
    /// Its page or API address.
    pub url: String,
}
