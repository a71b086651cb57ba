//! A release line of a case: one base, one branch, one tag.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::branch::{Made, Pushes};
use super::decision::ReleaseDecision;
use super::launched::{Launched, Trial};
use super::people::{Override, Stop};
use super::pointed::Pointed;
use super::rollback::{Failed, Revert, Rollback, RollbackDecision};
use crate::domain::command::{Overridable, Source};
use crate::domain::ids::{By, LineId, Millis, Person, Sha};
use crate::domain::item::Item;
use crate::domain::objects::{Carried, GuardFact, LineSeen, Picked, Pull, PullKind};
use crate::domain::step_name::StepName;

/// What the bot wrote last into its pull request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Described {
    /// Its fingerprint.
    pub hash: String,
    /// How often it was written.
    pub writes: u64,
}

/// One release line of a case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The objects that it looks at, as they were last read.
    pub seen: LineSeen,
    /// What this case holds in its repository.
    pub claims: Vec<Claim>,
    /// The release that a person named as the base.
    #[serde(default)]
    pub start: Option<Start>,
    /// The version that this case has claimed.
    pub version: Option<String>,
    /// Another case holds the base: this one waits for it.
    pub behind: Option<i64>,
    /// That one's issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind_issue: Option<u64>,
    /// The version that was claimed before a person chose another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// The head on which somebody asked for the bump once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bump_asked: Option<Sha>,
    /// What the branch is called, where another version or another configuration
    /// would call it otherwise by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Another case holds the branch of the release line: it is told for both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_behind: Option<i64>,
    /// Whether the branch was ever there.
    pub branch_made: bool,
    /// The commits that the bot's own calls made, on whichever branch.
    #[serde(default = "Made::unkept")]
    pub made: Made,
    /// Who pushed what to the branch.
    #[serde(default)]
    pub pushes: Pushes,
    /// What people asked to be picked, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub picks: Vec<Pick>,
    /// The pull request's number.
    pub pull_number: Option<u64>,
    /// The accepted decision.
    pub decision: Option<ReleaseDecision>,
    /// The fingerprint of the notes block that was written.
    pub notes: Option<String>,
    /// Somebody wants the block written again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes_asked: Option<NotesAsked>,
    /// What became of the discussion that the configuration asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discussed: Option<Discussed>,
    /// When the branch was deleted.
    pub branch_deleted: Option<Millis>,
    /// The highest attempt that was asked for, by run.
    pub reruns: BTreeMap<u64, u64>,
    /// Dispatches of test workflows, by file.
    pub tests: BTreeMap<String, Dispatches>,
    /// The workflows of the release that the bot started, by file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub launched: BTreeMap<String, Launched>,
    /// The tags beside the release's that the bot made or moved, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pointed: BTreeMap<String, Pointed>,
    /// How publishing was tried out last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<Trial>,
    /// A workflow that could reach outside, and that somebody wants to start.
    #[serde(default)]
    pub run_asked: Option<RunAsked>,
    /// Who asked for the trigger that the tests lack on the branch.
    pub test_enabled: Option<By>,
    /// Gates that a commander passes although they are closed.
    #[serde(default)]
    pub overrides: BTreeMap<Overridable, Override>,
    /// The scope guard's check run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<GuardFact>,
    /// The check run that says where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<GuardFact>,
    /// What the hotfix pull request was made to say of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub described: Option<Described>,
    /// The way to the default branch where the pull request conflicts with it.
    pub port: SidePull,
    /// The way of the entry in the known issues to the default branch.
    pub known: SidePull,
    /// A commander's word that what was published is right although it was
    /// built from another commit.
    #[serde(default)]
    pub origin_waived: Option<Stop>,
    /// A commander's word that GitHub's latest may be of an older line.
    #[serde(default)]
    pub latest_waived: Option<Stop>,
    /// A commander's word that the branch of the release line does without the fix.
    #[serde(default)]
    pub line_waived: Option<Stop>,
    /// A commander's word that the branch is made although its pushes publish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push_waived: Option<Stop>,
    /// A commander's word that the branch is tried although the settings seem to
    /// forbid it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preflight_waived: Option<Stop>,
    /// A commander's word that the release is taken as it is, although the
    /// verification misses something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_waived: Option<Stop>,
    /// Since when the default branch was looked through and did not hold the
    /// fix, without having been seen to hold it since.
    #[serde(default)]
    pub missing_since: Option<Millis>,
    /// When each step was proven first, in its present run of proofs.
    pub proven: BTreeMap<StepName, Millis>,
    /// When what stands outside was seen first.
    pub first: BTreeMap<Item, Millis>,
    /// The release is taken back, or somebody wants it to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback: Option<Box<Rollback>>,
    /// The hotfix of the issue before, which failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Box<Failed>>,
}

/// A person's word for the base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Who said it.
    pub by: By,
    /// The tag, or its number, as they wrote it; empty: they named a branch alone.
    pub tag: String,
    /// The branch of the release line.
    #[serde(default)]
    pub branch: Option<String>,
}

/// A discussion of the release was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discussed {
    /// When.
    pub at: Millis,
    /// Its page; none: GitHub opened none.
    pub url: Option<String>,
}

/// Somebody wants the block in the release notes written again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotesAsked {
    /// Who said so last.
    pub by: By,
    /// How often that was asked.
    pub times: u64,
    /// Whether it is not done yet.
    pub open: bool,
}

/// What somebody asked to be picked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pick {
    /// Who.
    pub by: Person,
    /// When.
    pub at: Millis,
    /// What, in order.
    pub sources: Vec<Source>,
    /// What it came to.
    #[serde(default)]
    pub done: Option<Picked>,
}

/// A side pull request, as far as the bot made it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SidePull {
    /// Its commit on top of the default branch, the newest one.
    pub carried: Option<Carried>,
    /// Its number.
    pub number: Option<u64>,
    /// When it was opened.
    pub opened: Option<Millis>,
    /// A commander ends the case without it.
    pub waived: Option<Stop>,
    /// When its branch was deleted.
    pub branch_deleted: Option<Millis>,
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
    /// The branch of the release line: one holds it, and all of the repository
    /// are told of pushes to it.
    Line(String),
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
            Claim::Line(_) => "line",
        }
    }

    /// The store's value.
    pub fn value(&self) -> String {
        match self {
            Claim::Base(v)
            | Claim::Version(v)
            | Claim::Branch(v)
            | Claim::Tag(v)
            | Claim::Line(v) => v.clone(),
            Claim::Pull(n) => n.to_string(),
        }
    }
}

/// A workflow that could reach outside: somebody asked for it, and it is not
/// started before that is confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunAsked {
    /// The file.
    pub file: String,
    /// On which head.
    pub head: Sha,
    /// Who.
    pub by: By,
}

/// The dispatches of a test workflow on one head.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatches {
    /// The head.
    pub head: Sha,
    /// How many people asked for.
    pub times: u64,
    /// How many were sent.
    pub sent: u64,
}

impl Line {
    /// Whether it is one of the pull requests that this line opened.
    pub fn made(&self, pull: u64) -> bool {
        [self.pull_number, self.port.number, self.known.number].contains(&Some(pull))
    }

    /// A commit of the bot's own call, which no ref leads to yet.
    pub fn make(&mut self, commit: Sha) {
        let (seen, sides) = (&self.seen, [&self.port, &self.known]);
        self.made.note(commit, |made| {
            let head = seen.branch.get().and_then(|branch| branch.head.as_ref());
            let carried = sides.iter().filter_map(|side| side.carried.as_ref());
            head.is_some_and(|head| head.commits.iter().any(|c| c.sha == *made))
                || carried.into_iter().any(|carried| carried.commit == *made)
        });
    }

    /// What an earlier version took for the bot's own stays that: it kept no
    /// list of them.
    pub(super) fn adopt_made(&mut self) {
        let head = self.seen.branch.get().and_then(|b| b.head.as_ref());
        let shipped = self.decision.as_ref().map(|d| &d.record.commits);
        let commits = head.map(|head| &head.commits).into_iter().chain(shipped);
        let ours = commits.flatten().filter(|commit| commit.effect.is_some());
        let sides = [&self.port, &self.known].into_iter();
        let carried = sides.filter_map(|side| side.carried.as_ref());
        let all = ours
            .map(|commit| &commit.sha)
            .chain(carried.map(|carried| &carried.commit));
        self.made.or_those(all);
    }

    /// Whether nothing can begin before it is said which release is fixed.
    pub fn asks_for_a_base(&self) -> bool {
        let unclear = self.seen.base.get().is_some_and(|base| !base.is_clear());
        unclear && self.version.is_none()
    }

    /// Whether nothing is built yet on the release that is fixed.
    pub fn is_unbuilt(&self) -> bool {
        self.seen.base.get().is_some() && !self.branch_made
    }

    /// The decision, from the moment on from which there is no way back.
    pub fn locked(&self) -> Option<&ReleaseDecision> {
        self.decision.as_ref().filter(|d| d.locked.is_some())
    }

    /// The decision to take the release back, from the moment on from which there
    /// is no way back.
    pub fn rolled_back(&self) -> Option<&RollbackDecision> {
        self.rollback.as_ref().and_then(|it| it.locked())
    }

    /// What somebody wants out of the default branch, while it is not known what comes
    /// of it: the change of the release before, or of this one.
    pub fn revert_mut(&mut self) -> Option<&mut Revert> {
        let failed = self.failed.as_mut().and_then(|it| it.revert.as_mut());
        let own = self.rollback.as_mut().and_then(|it| it.revert.as_mut());
        let mut both = failed.into_iter().chain(own);
        both.find(|it| it.done.is_none())
    }

    /// One of the pull requests, as it was last read.
    pub fn pull(&self, kind: PullKind) -> Option<&Pull> {
        match kind {
            PullKind::Hotfix => self.seen.pull.get(),
            PullKind::Port => self.seen.port.get(),
            PullKind::Known => self.seen.known.get(),
        }
    }

    /// One of the side pull requests; none of them is the hotfix's own.
    pub fn side_pull(&self, kind: PullKind) -> Option<&SidePull> {
        match kind {
            PullKind::Hotfix => None,
            PullKind::Port => Some(&self.port),
            PullKind::Known => Some(&self.known),
        }
    }

    /// The same, to be changed.
    pub fn side_pull_mut(&mut self, kind: PullKind) -> Option<&mut SidePull> {
        match kind {
            PullKind::Hotfix => None,
            PullKind::Port => Some(&mut self.port),
            PullKind::Known => Some(&mut self.known),
        }
    }
}

/// The lines of a case, by name; there is always one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<LineId, Line>", into = "BTreeMap<LineId, Line>")]
pub struct Lines {
    id: LineId,
    line: Line,
    more: BTreeMap<LineId, Line>,
}

impl Lines {
    /// The line that a case has so far. Whoever looks at one line alone asks
    /// here, and nowhere else is one taken for all.
    pub fn only(&self) -> (&LineId, &Line) {
        (&self.id, &self.line)
    }

    /// The same, to be changed.
    pub fn only_mut(&mut self) -> &mut Line {
        &mut self.line
    }

    /// The line of this name.
    pub fn get(&self, id: &LineId) -> Option<&Line> {
        if *id == self.id {
            return Some(&self.line);
        }
        self.more.get(id)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, id: &LineId) -> Option<&mut Line> {
        if *id == self.id {
            return Some(&mut self.line);
        }
        self.more.get_mut(id)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&LineId, &Line)> {
        std::iter::once((&self.id, &self.line)).chain(&self.more)
    }

    /// All of them, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Line> {
        std::iter::once(&mut self.line).chain(self.more.values_mut())
    }
}

impl From<Lines> for BTreeMap<LineId, Line> {
    fn from(lines: Lines) -> Self {
        let mut all = lines.more;
        all.insert(lines.id, lines.line);
        all
    }
}

impl TryFrom<BTreeMap<LineId, Line>> for Lines {
    type Error = &'static str;

    fn try_from(mut all: BTreeMap<LineId, Line>) -> Result<Self, Self::Error> {
        let (id, line) = all.pop_first().ok_or("a case without a release line")?;
        Ok(Lines {
            id,
            line,
            more: all,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_always_has_a_line() {
        let read = |json: &str| serde_json::from_str::<Lines>(json);
        assert!(read("{}").is_err());
        let of = |version: &str| Line {
            version: Some(version.into()),
            ..Line::default()
        };
        let json = serde_json::json!({ "2.x": of("2.0.1"), "1.x": of("1.0.1") });
        let two = read(&json.to_string()).unwrap();
        let names: Vec<_> = two.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(names, ["1.x", "2.x"]);
        let version = |id| two.get(&LineId::new(id)).and_then(|l| l.version.as_deref());
        assert_eq!(version("2.x"), Some("2.0.1"));
        assert_eq!(version("3.x"), None);
        let written = serde_json::to_string(&two).unwrap();
        assert_eq!(read(&written).unwrap(), two);
    }
}
