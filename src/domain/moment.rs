//! The moments that need a person who may not be looking: each is told once, by
//! a comment of its own. What is only edited calls nobody.

use serde::{Deserialize, Serialize};

use super::command::Phase;
use super::effect::Slot;
use super::ids::{Millis, Sha};
use super::need::{Against, Need, NeedKind, Who};
use super::objects::CheckState;
use super::obstacle::Obstacle;

/// A moment that is worth a new comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "moment", rename_all = "snake_case")]
pub enum Moment {
    /// Nothing but the decision is missing for this head.
    Ready {
        /// The head.
        head: Sha,
    },
    /// Something failed.
    Failed {
        /// What.
        what: Failure,
    },
    /// A phase, or the whole, takes longer than it may.
    Late {
        /// Which.
        phase: Phase,
        /// What it may take: more time makes it another moment.
        maximum: Millis,
    },
}

/// What failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "failed", content = "what", rename_all = "snake_case")]
pub enum Failure {
    /// Runs of this workflow file that test a head: the hotfix's, or that of a
    /// side pull request.
    Tests(String),
    /// A workflow of the release: its run failed, did nothing, or never came.
    Release(String),
    /// A check of this name.
    Check(String),
    /// GitHub refused this.
    Refused(Slot),
    /// The tag stands elsewhere.
    Tag,
    /// The tag stood, and somebody deleted it.
    TagGone,
    /// The tag stands where it should and is not annotated.
    Lightweight,
    /// What was published was built from another commit.
    Published(String),
    /// The registry withdrew the version.
    Withdrawn,
    /// GitHub's latest is a release of an older line.
    Latest,
    /// Files of the release are missing.
    Files,
    /// Somebody says that the release does not fix it.
    Broken,
}

impl Failure {
    /// The failure that a need speaks of, if it speaks of one.
    pub fn of(need: &Need) -> Option<Failure> {
        Some(match &need.kind {
            NeedKind::RunFailed { run, release } => {
                let file = run.file().to_owned();
                match release {
                    true => Failure::Release(file),
                    false => Failure::Tests(file),
                }
            }
            NeedKind::ReleaseRunMissing {
                file, late: true, ..
            } => Failure::Release(file.clone()),
            NeedKind::Check {
                name,
                state: Some(CheckState::Failed),
                ..
            } => Failure::Check(name.clone()),
            NeedKind::Stuck {
                slot: Slot::Tag,
                obstacle: Obstacle::Undone,
            } => Failure::TagGone,
            NeedKind::Stuck { slot, .. } | NeedKind::Blocked { slot, .. } if !is_talk(slot) => {
                Failure::Refused(slot.clone())
            }
            NeedKind::TagWrong {
                lightweight: true, ..
            } => Failure::Lightweight,
            NeedKind::TagWrong { .. } => Failure::Tag,
            NeedKind::PublishedOther { package, .. }
            | NeedKind::Against {
                what: Against::Altered { package, .. },
            } => Failure::Published(package.clone()),
            NeedKind::Registry { yanked: true, .. } => Failure::Withdrawn,
            NeedKind::LatestMoved { .. } => Failure::Latest,
            NeedKind::StillBroken { .. } => Failure::Broken,
            NeedKind::Assets { .. } if need.who != Who::Machine => Failure::Files,
            _ => return None,
        })
    }

    /// Whether somebody, or a machine, is at it: it failed before, and has not
    /// come to its end since.
    pub fn is_at_work(&self, need: &Need) -> bool {
        match (self, &need.kind) {
            (
                Failure::Tests(file) | Failure::Release(file),
                NeedKind::RunPending { run }
                | NeedKind::RunSlow { run, .. }
                | NeedKind::RunWaiting { run },
            ) => run.file() == file,
            (Failure::Tests(file), NeedKind::RunMissing { file: missing, .. })
            | (Failure::Release(file), NeedKind::ReleaseRunMissing { file: missing, .. }) => {
                file == missing
            }
            (Failure::Check(name), NeedKind::Check { name: other, .. }) => name == other,
            _ => need.is_looking(),
        }
    }
}

/// What is refused there is a comment or a reaction: who reads none misses none.
fn is_talk(slot: &Slot) -> bool {
    matches!(
        slot,
        Slot::Comment(_)
            | Slot::Reply(_)
            | Slot::Guard
            | Slot::State
            | Slot::Announce(_)
            | Slot::Label
            | Slot::React(_)
    )
}
