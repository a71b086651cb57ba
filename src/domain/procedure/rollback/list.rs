//! The steps of a rollback, from top to bottom.
//!
//! None of them waits for a person who is asked by another: a registry that
//! refuses keeps nobody from being told.

use super::hold::{Held, hold};
use super::mark::{Marked, mark};
use super::point::{Back, back};
use super::quiet::{Quiet, quiet};
use super::report::{Reported, report};
use super::revert::{Answered, revert};
use super::tell::{Told, tell};
use super::untag::{Untagged, untag};
use super::withdraw::{Withdrawn, withdraw};
use crate::domain::procedure::branch::{self, Branched};
use crate::domain::procedure::step::Case;
use crate::domain::procedure::survey::{Entry, Survey, ask, put};

/// What is proven of a rollback; none where the step is not done.
#[derive(Clone, Debug, Default)]
pub struct Proofs {
    /// What was released.
    pub branched: Option<Branched>,
    /// Nothing of ours is open any more.
    pub held: Option<Held>,
    /// Nothing runs any more.
    pub quiet: Option<Quiet>,
    /// The registry has taken it back.
    pub withdrawn: Option<Withdrawn>,
    /// The release says so.
    pub marked: Option<Marked>,
    /// The tags that were moved to it are back.
    pub pointed_back: Option<Back>,
    /// The tag is gone, or stays.
    pub untagged: Option<Untagged>,
    /// The issue about the failure is there.
    pub reported: Option<Reported>,
    /// Users are told.
    pub told: Option<Told>,
    /// Whoever wants the change out of the default branch has an answer.
    pub answered: Option<Answered>,
}

/// A step of a rollback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RollbackStep {
    /// Open pull requests are held, and runs are over.
    Hold,
    /// The registry takes it back.
    Yank,
    /// The release is marked.
    Mark,
    /// The tag goes, or stays.
    Tag,
    /// The issue about the failure.
    Report,
    /// Users are told.
    Tell,
}

/// The steps.
pub static ROLLBACK: &[Entry<Proofs>] = &[
    Entry {
        proves: None,
        ask: |c, p| {
            p.branched = branch::decided(c, c.line.locked()?);
            Some(put(&mut p.held, hold(c)))
        },
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let step = quiet(c, p.branched.as_ref()?, c.line.rolled_back()?);
            Some(put(&mut p.quiet, step))
        },
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let (branched, decided) = (p.branched.as_ref()?, c.line.rolled_back()?);
            let step = withdraw(c, branched, decided, p.quiet.as_ref());
            Some(put(&mut p.withdrawn, step))
        },
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| Some(put(&mut p.pointed_back, back(c))),
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| Some(put(&mut p.reported, report(c))),
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let step = mark(c, p.branched.as_ref()?, c.line.rolled_back()?);
            Some(put(&mut p.marked, step))
        },
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let (branched, decided) = (p.branched.as_ref()?, c.line.rolled_back()?);
            let step = untag(c, branched, decided, p.quiet.as_ref());
            Some(put(&mut p.untagged, step))
        },
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| Some(put(&mut p.told, tell(c))),
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let step = revert(c, p.branched.as_ref()?);
            Some(put(&mut p.answered, step))
        },
        decided: None,
    },
];

/// Asks every step, once a rollback is decided.
pub fn survey(c: &Case<'_>) -> Option<Survey<Proofs>> {
    c.line.rolled_back()?;
    Some(ask(c, &[ROLLBACK]))
}

impl Proofs {
    /// Each step, and whether it is done.
    pub fn steps(&self) -> [(RollbackStep, bool); 6] {
        [
            (
                RollbackStep::Hold,
                self.held.is_some() && self.quiet.is_some(),
            ),
            (RollbackStep::Yank, self.withdrawn.is_some()),
            (RollbackStep::Mark, self.marked.is_some()),
            (
                RollbackStep::Tag,
                self.untagged.is_some() && self.pointed_back.is_some(),
            ),
            (RollbackStep::Report, self.reported.is_some()),
            (RollbackStep::Tell, self.told.is_some()),
        ]
    }

    /// The first step that is not done; none when all are.
    pub fn phase(&self) -> Option<RollbackStep> {
        let mut steps = self.steps().into_iter();
        steps.find(|(_, done)| !done).map(|(step, _)| step)
    }
}

impl RollbackStep {
    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            RollbackStep::Hold => "Hold",
            RollbackStep::Yank => "Yank",
            RollbackStep::Mark => "Release",
            RollbackStep::Tag => "Tag",
            RollbackStep::Report => "Report",
            RollbackStep::Tell => "Tell",
        }
    }
}
