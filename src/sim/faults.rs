//! Faults for the crash test: the connection is cut at one write, before or
//! after it was carried out.

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

/// The present plan and the count.
#[derive(Debug, Default)]
pub struct Faults {
    /// What to do next; taken when it strikes.
    pub plan: Option<FaultPlan>,
    /// Writes that arrived so far.
    pub writes_seen: usize,
}
