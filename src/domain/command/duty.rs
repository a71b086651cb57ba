//! What `/hotfix assign` and `/hotfix extend` take: who does what, and phases.

use serde::{Deserialize, Serialize};

/// What somebody takes on in a hotfix. It gives no right: it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// Decides.
    Commander,
    /// Writes the fix.
    Fix,
    /// Tests it.
    Test,
    /// Watches the release.
    Release,
    /// Tells everybody.
    Communication,
    /// Is asked where it is about a vulnerability.
    Security,
}

impl Duty {
    /// All of them, as they are shown.
    pub const ALL: &'static [Duty] = &[
        Duty::Commander,
        Duty::Fix,
        Duty::Test,
        Duty::Release,
        Duty::Communication,
        Duty::Security,
    ];

    /// The word that people type.
    pub fn word(self) -> &'static str {
        match self {
            Duty::Commander => "commander",
            Duty::Fix => "fix",
            Duty::Test => "test",
            Duty::Release => "release",
            Duty::Communication => "communication",
            Duty::Security => "security",
        }
    }
}

/// A row of the document's table of times.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Assess and branch.
    Assess,
    /// Apply the fix.
    Fix,
    /// Test.
    Test,
    /// Version bump.
    Bump,
    /// Merge and tag.
    Merge,
    /// CI/CD.
    Ci,
    /// Verification.
    Verify,
    /// Communication.
    Communicate,
    /// The whole.
    #[default]
    Total,
}

impl Phase {
    /// All of them, in the document's order, the total last.
    pub const ALL: &'static [Phase] = &[
        Phase::Assess,
        Phase::Fix,
        Phase::Test,
        Phase::Bump,
        Phase::Merge,
        Phase::Ci,
        Phase::Verify,
        Phase::Communicate,
        Phase::Total,
    ];

    /// The word that people type, as in `[timeline]`.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Assess => "assess",
            Phase::Fix => "fix",
            Phase::Test => "test",
            Phase::Bump => "bump",
            Phase::Merge => "merge",
            Phase::Ci => "ci",
            Phase::Verify => "verify",
            Phase::Communicate => "communicate",
            Phase::Total => "total",
        }
    }
}
