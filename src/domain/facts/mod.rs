//! What is known of one case: a repository's issue that asks for a hotfix.
//!
//! Facts hold specifications and identities, never file contents, and data,
//! never sentences. They are changed by `apply`, `commands` and `decision` alone
//! and are stored as JSON, so every field that comes later needs a
//! `serde(default)`.

mod advisory;
mod among;
mod announced;
mod branch;
mod broken;
mod decision;
mod joined;
mod launched;
mod line;
mod pause;
mod people;
mod pointed;
mod recovery;
mod rollback;
pub mod stored;
mod told;
mod upgrade;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::advisory::{Advisory, Publish};
pub use self::among::{Among, LineAt, LineFix, LineState, Other};
pub use self::announced::{Happened, Sent};
pub use self::branch::{Made, Push, Pushes};
pub use self::broken::Broken;
pub use self::decision::{Record, ReleaseDecision};
pub use self::joined::{Along, Answer, Guest, GuestTold, Joined, Word as JoinWord};
pub use self::launched::{Launched, Trial};
pub use self::line::{
    Claim, Described, Discussed, Dispatches, Line, Lines, NotesAsked, Pick, RunAsked, SidePull,
    Start,
};
pub use self::pause::Pause;
pub use self::people::{
    Assigned, Extension, LabelChange, News, Notice, Overridden, Override, Said, SaidState,
    SeverityWord, Stop, Trigger, Word,
};
pub use self::pointed::{Pointed, Pointing};
pub use self::recovery::Recovery;
pub use self::rollback::{Brought, Failed, Out, Revert, Reverted, Rollback, RollbackDecision};
pub use self::told::Told;
use super::command::Duty;
use super::ids::{Actor, By, Millis};
use super::item::Item;
use super::line_name::LineName;
use super::need::StopReason;
use super::objects::{
    CommentFact, CommentKind, Issue, Object, PolicyRead, Reaction, Repo, RoleRead, Seen, Service,
    Shown, State, WordRead,
};
use super::obstacle::Obstacle;
use super::outside::Outside;
use super::part::Part;
use super::policy::Policy;
use super::severity::Answers;
use super::slot::Place;
use super::step_name::StepName;

/// The version of this shape.
pub const SCHEMA: u32 = 2;

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
    /// The label that it stands on.
    pub trigger: Trigger,
    /// The newest change of each label that may be a trigger, by its name in
    /// lower case.
    #[serde(default)]
    pub labels: BTreeMap<String, LabelChange>,
    /// Labels that were put on before this are not about this case (GitHub's
    /// time).
    #[serde(default)]
    pub labels_since: Millis,
    /// The newest moment this case has seen; `now` never runs backwards.
    pub now: Millis,
    /// It is about a vulnerability, or was once.
    #[serde(default)]
    pub security: bool,
    /// The security advisory that a person linked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisory: Option<Box<Advisory>>,
    /// The App does not reach it any more: deleted, transferred, or taken off.
    #[serde(default, skip_serializing_if = "is_false")]
    pub gone: bool,
    /// The configuration.
    pub policy: Seen<PolicyRead>,
    /// Roles of those who acted, by lower-case login.
    pub roles: BTreeMap<String, Seen<RoleRead>>,
    /// The highest generation of the roles that were forgotten: what is done is
    /// never asked for under the same key.
    #[serde(default)]
    pub roles_asked: u64,
    /// The matrix's answers.
    pub answers: Answers,
    /// Who gave or changed them last.
    pub assessed_by: Option<By>,
    /// A commander's word that this may start, where the labeller's role is too
    /// low for that.
    pub start_confirmed: Option<By>,
    /// A commander's word that this is a hotfix whatever the matrix says.
    pub severity_word: Option<SeverityWord>,
    /// What was said by `/hotfix`, in order.
    pub said: Vec<Said>,
    /// Comments whose authors are asked once more whether they still say so.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reread: BTreeMap<u64, Seen<WordRead>>,
    /// The newest comments that were taken and are forgotten but for this: none
    /// of them is taken twice.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub heard: BTreeSet<u64>,
    /// The newest comments that were changed or deleted before they were heard
    /// of.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub changed: BTreeSet<u64>,
    /// When people without a part in this were answered last, by lower-case
    /// login.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub strangers: BTreeMap<String, Millis>,
    /// When a question of people without a part in this was answered last.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub answered_strangers: Millis,
    /// It was told before, by an earlier case of the issue, that its level waits for
    /// a regular release.
    #[serde(default, skip_serializing_if = "is_false")]
    pub told_regular: bool,
    /// Comments whose questions were answered by a comment.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub replied: BTreeSet<u64>,
    /// The comment at which it was said that this is over: it is said once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_over: Option<u64>,
    /// Checklist items by a person's word.
    pub words: BTreeMap<Item, Word>,
    /// Who does what, as it was said.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub assigned: BTreeMap<Duty, Assigned>,
    /// More time, as it was given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extended: Vec<Extension>,
    /// Parts of items by a person's word, each for one head.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<Part, Word>,
    /// Somebody said that the release does not fix it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<Broken>,
    /// On hold: nothing is written but comments.
    pub hold: Option<Stop>,
    /// Ended before its time.
    pub cancelled: Option<Stop>,
    /// Somebody asked for help: the whole table of commands is shown.
    pub help: bool,
    /// The bot's comments.
    pub comments: BTreeMap<CommentKind, CommentFact>,
    /// The moments that have a comment of their own, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<Told>,
    /// What happened that channels are told, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub happened: Vec<Happened>,
    /// What they were told, by their names and the places of what happened.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sent: BTreeMap<String, BTreeMap<u32, Sent>>,
    /// Reactions given, by the comment's id.
    pub reacted: BTreeSet<(u64, Reaction)>,
    /// Effects that were refused: they wait for `retry` or a change.
    pub refused: BTreeMap<Place, Refusal>,
    /// Effects that wait for a right.
    pub blocked: BTreeMap<Place, Refusal>,
    /// What has had no answer for long. It is tried on.
    pub unanswered: BTreeMap<Place, Unanswered>,
    /// When its clocks stood still, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// How often each was asked to be tried again.
    pub retries: BTreeMap<Place, u64>,
    /// It goes along with another issue's release, or did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<Box<Joined>>,
    /// The issues that go along with its release, by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub guests: BTreeMap<u64, Guest>,
    /// Which of the issue's release lines it is, where the issue has several or its
    /// line was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub among: Option<Box<Among>>,
    /// When the bot closed the issue.
    pub issue_closed: Option<Millis>,
    /// When the bot put the label on the issue that says that it is released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labelled: Option<Millis>,
    /// Things worth telling, newest last; shown in the status comment.
    pub notices: Vec<Notice>,
    /// The release lines.
    pub lines: Lines,
    /// The hotfixes of the repository that were released before this one began,
    /// the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Recovery>,
    /// When everything was done or ended.
    pub over: Option<Millis>,
}

/// How many labels are remembered: any may be a trigger until the configuration
/// is read.
const LABELS: usize = 50;

/// As many pauses of a case are kept.
const PAUSES: usize = 100;

fn is_false(it: &bool) -> bool {
    !it
}

fn is_zero(at: &Millis) -> bool {
    *at == 0
}

/// A change of the facts, ready to be made.
pub type Change = Box<dyn FnOnce(&mut Facts)>;

/// Why an effect did not happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The key's subject and generation that were refused.
    pub subject: String,
    /// The generation.
    pub generation: u64,
    /// What is in the way.
    pub obstacle: Obstacle,
    /// When.
    pub at: Millis,
}

/// Since when an effect has had no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unanswered {
    /// How it failed.
    pub message: Outside,
    /// Since when.
    pub since: Millis,
}

impl Facts {
    /// Somebody's role, to be asked for; one that was forgotten under a new
    /// generation.
    pub fn role_mut(&mut self, login: &str) -> &mut Seen<RoleRead> {
        let dirty = self.roles_asked.saturating_add(1);
        let role = self.roles.entry(login.to_lowercase());
        role.or_insert_with(|| Seen {
            dirty,
            ..Seen::default()
        })
    }

    /// The pinned policy, or the defaults until it is read.
    pub fn policy(&self) -> Arc<Policy> {
        match self.policy.get() {
            Some(read) => Arc::clone(&read.policy),
            None => Arc::default(),
        }
    }

    /// A word that the matrix does not have the last one: given for the answers
    /// as they are now.
    pub fn severity_word(&self) -> Option<&By> {
        let word = self.severity_word.as_ref()?;
        (word.answers == self.answers).then_some(&word.by)
    }

    /// What the status comment showed when a comment was written.
    pub fn shown(&self, written: Option<Millis>) -> Option<&Shown> {
        let status = self.comments.get(&CommentKind::Status)?;
        status.shown_at(written?)
    }

    /// How an object stands, seen from a line.
    pub fn state(&self, line: &Line, object: Object) -> State {
        match object {
            Object::Policy => self.policy.state(),
            Object::Issue => self.issue.state(),
            of_line => line
                .seen
                .state(of_line)
                .unwrap_or_else(|| self.issue.state()),
        }
    }

    /// Something happened to an object: it is read again, in every line that
    /// looks at one.
    pub fn touch(&mut self, object: Object) {
        match object {
            // Pinned for the life of the hotfix; a wrong file may be mended, and
            // it may answer what is asked before there is a branch.
            Object::Policy => {
                let asks = self.lines.iter().any(|(_, line)| line.is_unbuilt());
                if asks || self.policy.get().is_none_or(PolicyRead::is_wrong) {
                    self.policy.touch();
                }
            }
            Object::Issue => self.issue.touch(),
            of_line => self.lines.values_mut().for_each(|l| l.seen.touch(of_line)),
        }
    }

    /// The newest change of a label.
    pub fn label(&self, label: &str) -> Option<&LabelChange> {
        self.labels.get(&label.to_lowercase())
    }

    /// Whether a label that somebody is heard to have put on is known to be off
    /// since, or put on by somebody else: deliveries come late, and out of order.
    pub fn overtook(&self, label: &str, by: &Actor, changed: Millis) -> bool {
        let newer = |last: &&LabelChange| changed != 0 && last.changed > changed;
        let last = self.label(label).filter(newer);
        last.is_some_and(|last| !last.on || last.by != *by)
    }

    /// Remembers the newest change of a label. Of too many the oldest is
    /// forgotten: what is on the issue is read.
    pub fn note(&mut self, change: LabelChange) {
        self.labels.insert(change.label.to_lowercase(), change);
        if self.labels.len() > LABELS {
            let oldest = self.labels.iter().min_by_key(|(_, it)| (it.on, it.at));
            if let Some(key) = oldest.map(|(key, _)| key.clone()) {
                self.labels.remove(&key);
            }
        }
    }

    /// The pause that goes on, if one does.
    pub fn pause(&self) -> Option<&Pause> {
        self.pauses.last().filter(|it| it.until.is_none())
    }

    /// How long its clocks stood still between these moments, milliseconds.
    pub fn paused(&self, from: Millis, until: Millis) -> Millis {
        self.pauses.iter().map(|it| it.within(from, until)).sum()
    }

    /// Its clocks stand still by these services, or run where there are none.
    pub fn stands_still(&mut self, services: Vec<Service>) {
        let now = self.now;
        let kept = self.pauses.len();
        let open = self.pauses.last_mut().filter(|it| it.until.is_none());
        match open {
            Some(open) if services.is_empty() => open.until = Some(now),
            Some(open) => {
                for service in services {
                    if !open.services.contains(&service) {
                        open.services.push(service);
                    }
                }
            }
            None if services.is_empty() || kept >= PAUSES => {}
            None => self.pauses.push(Pause {
                from: now,
                until: None,
                services,
            }),
        }
    }

    /// Whether nothing began it: a comment asked for it, and that is not settled.
    pub fn is_unbegun(&self) -> bool {
        self.trigger.label.is_empty() && !self.trigger.by_word
    }

    /// The release that this case goes along with, as long as it does.
    pub fn along(&self) -> Option<&Joined> {
        let joined = self.joined.as_deref();
        joined.filter(|it| !matches!(it.is, Along::Left | Along::Asked))
    }

    /// Whether it goes its own way again after it had gone along: it ends, and the next
    /// case of its issue begins.
    pub fn has_left(&self) -> bool {
        let joined = self.joined.as_deref();
        joined.is_some_and(|it| it.is == Along::Left)
    }

    /// Whether what it asked another case has no answer yet.
    pub fn is_asking(&self) -> bool {
        let joined = self.joined.as_deref();
        joined.is_some_and(|it| matches!(it.is, Along::Asked | Along::Leaves))
    }

    /// Whether there is a release that may still be taken back, its own or the one
    /// that it went along with.
    pub fn has_released(&self) -> bool {
        if let Some(Along::Out { .. } | Along::Back { .. }) = self.along().map(|it| &it.is) {
            return true;
        }
        let mut lines = self.lines.iter();
        let released = lines.any(|(_, line)| line.locked().is_some());
        released && self.cancelled.is_none()
    }

    /// How long its users waited for the release, if it was verified and stands.
    pub fn recovery(&self) -> Option<Recovery> {
        let (_, line) = self.lines.only();
        let at = *line.proven.get(&StepName::Verify)?;
        let stands = self.has_released() && line.rolled_back().is_none();
        let took = at.saturating_sub(self.trigger.at);
        stands.then_some(Recovery { at, took })
    }

    /// Whether it ended by nobody's decision about it: the App was taken off.
    pub fn broke_off(&self) -> bool {
        self.gone && self.cancelled.is_none() && self.along().is_none()
    }

    /// It is open once more. What it held it holds no longer. What broke off waits for
    /// somebody who knows whether it is still wanted.
    pub fn come_back(&mut self) {
        if self.broke_off() {
            self.hold.get_or_insert(Stop {
                by: By {
                    login: String::new(),
                    at: self.over.unwrap_or(self.now),
                },
                why: StopReason::TakenOff,
                quiet: false,
                written: None,
            });
        }
        self.over = None;
        self.told_over = None;
        self.gone = false;
        self.lines.values_mut().for_each(|line| line.claims.clear());
    }

    /// The release of this case that was taken back, for the next one of its issue; of
    /// one that released nothing, the one before.
    pub fn failed(&self) -> Option<Failed> {
        let (_, line) = self.lines.only();
        if line.locked().is_none() {
            return line.failed.as_deref().cloned();
        }
        let rollback = line.rollback.as_deref()?;
        rollback.locked()?;
        let pattern = &self.policy().base.branch;
        Some(Failed {
            tag: line.locked()?.tag.clone(),
            version: line.version.clone()?,
            branch: line.branch_deleted.is_none().then(|| match &line.branch {
                Some(branch) => branch.clone(),
                None => pattern.replace("{version}", line.version.as_deref().unwrap_or_default()),
            }),
            report: rollback.report,
            brought: None,
            revert: rollback.revert.clone(),
        })
    }

    /// The word that the release does not fix it, as long as it stands.
    pub fn broken(&self) -> Option<&Broken> {
        self.broken.as_ref().filter(|it| it.settled.is_none())
    }

    /// That is settled: found fixed, or taken back.
    pub fn settle_broken(&mut self) {
        let now = self.now;
        if let Some(broken) = self.broken.as_mut() {
            broken.settled.get_or_insert(now);
        }
    }

    /// What a channel was told of what happened at this place.
    pub fn sent(&self, channel: &str, n: u32) -> Option<&Sent> {
        self.sent.get(channel)?.get(&n)
    }

    /// Whether the case is of this release line, as far as that is known.
    pub fn is_of(&self, name: &LineName) -> bool {
        if let Some(among) = self.among.as_deref() {
            return among.line == *name;
        }
        let (_, line) = self.lines.only();
        let base = line.seen.base.get();
        let version = base.and_then(|base| base.version.parse().ok());
        version.is_some_and(|version| name.holds(&version))
    }

    /// Whether a comment of the bot's stands.
    pub fn is_posted(&self, kind: CommentKind) -> bool {
        self.comments.get(&kind).is_some_and(|c| c.id.is_some())
    }
}
