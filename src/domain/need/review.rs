//! Whose approval counts, and why one does not.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Sha;

/// Why nobody can tell all whose work a commit is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", content = "commit", rename_all = "snake_case")]
pub enum Unclear {
    /// An address in it belongs to no person's account.
    Address(Sha),
    /// No person was seen to push it.
    Push(Sha),
}

/// A review that approves and does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uncounted {
    /// Whose.
    pub login: String,
    /// Why not.
    pub why: NotCounted,
}

/// Why somebody's review does not count as an approval of the head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", content = "commit", rename_all = "snake_case")]
pub enum NotCounted {
    /// It is their work.
    Theirs(Part),
    /// They may not write here.
    Outsider,
    /// It is of this commit, and the head is another.
    Older(Sha),
    /// It was dismissed.
    Dismissed,
    /// They asked for changes since.
    ChangesRequested,
}

/// What somebody has done of the fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "part", content = "commit", rename_all = "snake_case")]
pub enum Part {
    /// They wrote this commit.
    Wrote(Sha),
    /// They are named as one of its authors.
    CoWrote(Sha),
    /// They committed what another wrote.
    Committed(Sha),
    /// They pushed it.
    Pushed(Sha),
    /// They had it picked.
    Picked(Sha),
    /// They pushed to the branch, and whose a commit of it is cannot be told.
    PushedOnce,
}
