//! A rollback: what was asked for, what was decided, and what became of it.

use serde::{Deserialize, Serialize};

use super::launched::Launched;
use crate::domain::ids::{By, Millis, Sha};
use crate::domain::objects::{MergeMethod, Part, Release, Tag};
use crate::domain::obstacle::Obstacle;
use crate::domain::outside::Outside;

/// A release that is taken back, or that somebody wants to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollback {
    /// Who asked what it would do, and when.
    pub by: By,
    /// Why.
    pub reason: Outside,
    /// The decision to do it.
    #[serde(default)]
    pub decided: Option<RollbackDecision>,
    /// The number of the issue that says what failed.
    #[serde(default)]
    pub report: Option<u64>,
    /// The workflow that was started to take it back at the registry.
    #[serde(default)]
    pub started: Option<Launched>,
    /// When the release was marked.
    #[serde(default)]
    pub marked: Option<Millis>,
    /// When Latest was put back.
    #[serde(default)]
    pub latest: Option<Millis>,
    /// When the tag was deleted.
    #[serde(default)]
    pub untagged: Option<Millis>,
    /// Why the tag could not be deleted; it stays.
    #[serde(default)]
    pub tag_stays: Option<Obstacle>,
    /// When the issue was opened again.
    #[serde(default)]
    pub reopened: Option<Millis>,
    /// When all of it was done.
    #[serde(default)]
    pub done: Option<Millis>,
    /// Somebody wants the change out of the default branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revert: Option<Revert>,
}

/// Somebody wants the change of a release that is taken back out of the default branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revert {
    /// Who, and when.
    pub by: By,
    /// How often it was asked for.
    pub times: u64,
    /// What came of it.
    #[serde(default)]
    pub done: Option<Reverted>,
}

/// What came of taking a change out of the default branch again: a pull request, or
/// why there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reverted {
    /// The pull request.
    pub pull: Option<u64>,
    /// What has changed there since, by path, with the reason; nothing was pushed then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<(String, Outside)>,
    /// What else is in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Obstacle>,
}

/// The decision to take back what was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollbackDecision {
    /// Who decided, and when.
    pub by: By,
    /// What they named: the fingerprint of what was shown.
    pub token: String,
    /// Since when all of it was seen once more and was still so.
    #[serde(default)]
    pub locked: Option<Millis>,
    /// What there was at that moment.
    #[serde(default)]
    pub found: Out,
}

/// What of a release is out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Out {
    /// Its packages on the registry; none: the registry did not tell.
    pub parts: Option<Vec<Part>>,
    /// The GitHub release, or its draft.
    pub release: Option<Release>,
    /// The tag.
    pub tag: Option<Tag>,
}

impl Out {
    /// The packages that users can get from the registry, taken back or not.
    pub fn published(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().flatten().filter(|part| part.there)
    }

    /// Whether anything of it was published.
    pub fn is_published(&self) -> bool {
        let release = self.release.as_ref().is_some_and(|it| !it.draft);
        release || self.published().next().is_some()
    }

    /// Whether GitHub shows its release as the latest.
    pub fn is_latest(&self) -> bool {
        self.release.as_ref().is_some_and(|it| it.latest)
    }
}

/// A release that was taken back, as the next hotfix of the issue knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// Its tag.
    pub tag: String,
    /// Its version, which nobody gets again.
    pub version: String,
    /// The hotfix branch, where it stands still.
    pub branch: Option<String>,
    /// The issue that says what failed.
    pub report: Option<u64>,
    /// How its change came to the default branch; none: it did not, by a pull request
    /// of the bot's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought: Option<Brought>,
    /// Somebody wants its change out of there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revert: Option<Revert>,
}

/// How the default branch got the change of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// The merged pull request.
    pub pull: u64,
    /// The commit by which it came.
    pub commit: Sha,
    /// How it was merged, as far as the bot did.
    pub method: MergeMethod,
    /// How many commits it had.
    pub commits: usize,
}

impl Rollback {
    /// What is asked for, and not decided.
    pub fn asked(by: By, reason: Outside) -> Self {
        Rollback {
            by,
            reason,
            decided: None,
            report: None,
            started: None,
            marked: None,
            latest: None,
            untagged: None,
            tag_stays: None,
            reopened: None,
            done: None,
            revert: None,
        }
    }

    /// The decision, from the moment on from which there is no way back.
    pub fn locked(&self) -> Option<&RollbackDecision> {
        self.decided.as_ref().filter(|it| it.locked.is_some())
    }
}
