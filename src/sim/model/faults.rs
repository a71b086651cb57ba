//! Faults for the crash test: the connection is cut at one write, before or
//! after it was carried out. And operations that fail until they are mended.
//!
//! When the plan strikes, everything freezes: the struck request and every
//! later one wait without being carried out, until [`Sim::release_fault`] cuts
//! them all. So the moment of death is the same for everything the dying
//! server has under way.
//!
//! [`Sim::release_fault`]: crate::sim::Sim::release_fault

use std::collections::BTreeSet;

/// Which write, and on which side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultPlan {
    /// The number of the write, counted from 0 in order of arrival. Writes are
    /// calls other than GET made with an installation token, and GraphQL
    /// mutations; making a token is none.
    pub at: usize,
    /// Before or after it is carried out.
    pub when: FaultWhen,
}

/// On which side of the write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultWhen {
    /// The connection is cut and nothing is carried out.
    Before,
    /// It is carried out, and the answer is lost.
    After,
}

/// A fault that struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strike {
    /// The plan.
    pub plan: FaultPlan,
    /// The operation that was struck.
    pub operation: String,
}

/// The present plan and the count.
#[derive(Debug, Default)]
pub struct Faults {
    /// What to do next; taken when it strikes.
    pub plan: Option<FaultPlan>,
    /// Writes that arrived so far.
    pub writes_seen: usize,
    /// What struck and was not released yet: everything stands still.
    pub struck: Option<Strike>,
    /// GitHub's API is down as a whole: 503 and a page for each call.
    pub down: bool,
    /// Operations that are answered with 502, and not carried out.
    pub broken: BTreeSet<String>,
}

impl Faults {
    /// Counts a write that arrived; tells whether and how it is struck.
    pub(in crate::sim) fn arrive(&mut self, operation: &str) -> Option<FaultWhen> {
        let number = self.writes_seen;
        self.writes_seen += 1;
        let plan = self.plan.take_if(|plan| plan.at == number)?;
        self.struck = Some(Strike {
            plan,
            operation: operation.to_owned(),
        });
        Some(plan.when)
    }

    /// Everything stands still from this call on.
    pub(in crate::sim) fn freeze(&mut self, operation: &str, when: FaultWhen) {
        let at = self.writes_seen;
        self.struck = Some(Strike {
            plan: FaultPlan { at, when },
            operation: operation.to_owned(),
        });
    }
}
