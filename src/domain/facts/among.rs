//! The release lines of an issue that has several: each is a case of its own, and
//! they know one another.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::domain::ids::{Millis, Sha};
use crate::domain::line_name::LineName;
use crate::domain::step_name::StepName;

/// Which of an issue's release lines a case is, and what it knows of the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Among {
    /// Its own.
    pub line: LineName,
    /// When it was known that there are several; 0: another was begun beside it later.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub since: Millis,
    /// Those that are to begin.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub wanted: BTreeSet<LineName>,
    /// The others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<LineName, Other>,
    /// What they were told of this one last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<LineState>,
}

/// Another release line of the issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// Its case.
    pub case: i64,
    /// How far it is, as it said last.
    pub is: LineState,
}

/// How far a release line is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineState {
    /// Where it stands.
    pub at: LineAt,
    /// Its tag, once its number is claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The address of its status comment; empty: there is none yet.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub page: String,
    /// The fix that it has, for those that have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<LineFix>,
}

/// The fix of a release line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFix {
    /// The head that holds it.
    pub head: Sha,
    /// Its commits, in order; those that were picked from the default branch by the
    /// names that they have there.
    pub commits: Vec<Sha>,
}

/// Where a release line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum LineAt {
    /// On its way.
    Under {
        /// The first step that is not proven; none: all are.
        step: Option<StepName>,
        /// On hold.
        held: bool,
    },
    /// Its users have the release.
    Out,
    /// So they have, and nothing of it is left to do.
    Done,
    /// Its release was taken back, or is being taken back.
    Back,
    /// It was given up.
    Cancelled,
    /// The App was taken off.
    Gone,
}

/// The oldest goes first; the others begin once its branch is there, or after so long.
const HEAD_START: Millis = 60_000;

fn is_zero(at: &Millis) -> bool {
    *at == 0
}

impl Among {
    /// One line of several; none of the others has begun.
    pub fn new(line: LineName) -> Self {
        Among {
            line,
            since: 0,
            wanted: BTreeSet::new(),
            others: BTreeMap::new(),
            told: None,
        }
    }

    /// When the next of the others begins, whatever became of the first by then.
    pub fn begins_at(&self) -> Option<Millis> {
        let waits = self.others.is_empty() && !self.wanted.is_empty();
        waits.then(|| self.since + HEAD_START)
    }

    /// Whether it is the only one so far.
    pub fn is_alone(&self) -> bool {
        self.others.is_empty() && self.wanted.is_empty()
    }

    /// The lines whose users wait for their release.
    pub fn awaited(&self) -> impl Iterator<Item = &LineName> {
        let under = self
            .others
            .iter()
            .filter(|(_, other)| other.is.at.is_under());
        under.map(|(name, _)| name).chain(&self.wanted)
    }

    /// Whether it is the newest of those that are out: it has the last word on the
    /// issue.
    pub fn is_last(&self) -> bool {
        let mut newer = self.others.range(&self.line..);
        !newer.any(|(_, other)| other.is.at == LineAt::Out)
    }

    /// Whether a newer line is out, and maybe over: what is done once for the issue is
    /// that one's.
    pub fn leaves_to_newer(&self) -> bool {
        let mut newer = self.others.range(&self.line..);
        newer.any(|(_, other)| matches!(other.is.at, LineAt::Out | LineAt::Done))
    }

    /// The nearest line that has a fix, an older one first: what fixes it there is
    /// likely to fix it here.
    pub fn fixed(&self) -> Option<(&LineName, &LineFix)> {
        let older = self.others.range(..&self.line).rev();
        let all = older.chain(self.others.range(&self.line..));
        let mut fixed = all.filter_map(|(name, other)| Some((name, other.is.fix.as_ref()?)));
        fixed.next()
    }

    /// The newer line whose hotfix brings the fix to the default branch.
    pub fn carried_by(&self) -> Option<&LineName> {
        let carries = |at: LineAt| matches!(at, LineAt::Out | LineAt::Done) || at.is_under();
        let mut newer = self.others.range(&self.line..).rev();
        let found = newer.find(|(_, other)| carries(other.is.at));
        found.map(|(name, _)| name)
    }
}

impl LineAt {
    /// Whether its users wait for its release.
    pub fn is_under(self) -> bool {
        matches!(self, LineAt::Under { .. })
    }

    /// Whether another hotfix of the line may begin.
    pub fn is_ended(self) -> bool {
        matches!(self, LineAt::Back | LineAt::Cancelled | LineAt::Gone)
    }
}
