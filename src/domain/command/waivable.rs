//! What `/hotfix waive` takes.

use serde::{Deserialize, Serialize};

/// What a commander can end a hotfix without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waivable {
    /// The forward-port to the default branch.
    ForwardPort,
    /// The entry in the known issues.
    KnownIssue,
    /// That what was published was built from the tagged commit.
    Published,
    /// That the newest release stays GitHub's latest.
    Latest,
    /// The fix on the branch of the release line.
    Line,
    /// That nothing is published by a push of the hotfix branch.
    Push,
    /// That the repository's settings let the branch be made.
    Preflight,
    /// What the verification of the release still misses.
    Verification,
}

impl Waivable {
    /// All of them.
    pub const ALL: [Waivable; 8] = [
        Waivable::ForwardPort,
        Waivable::KnownIssue,
        Waivable::Published,
        Waivable::Latest,
        Waivable::Line,
        Waivable::Push,
        Waivable::Preflight,
        Waivable::Verification,
    ];

    /// The word that people type.
    pub fn word(self) -> &'static str {
        match self {
            Waivable::ForwardPort => "forward-port",
            Waivable::KnownIssue => "known-issue",
            Waivable::Published => "published",
            Waivable::Latest => "latest",
            Waivable::Line => "line",
            Waivable::Push => "push",
            Waivable::Preflight => "preflight",
            Waivable::Verification => "verification",
        }
    }
}
