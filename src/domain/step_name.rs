//! The ten steps' names.

use serde::{Deserialize, Serialize};

/// The document's ten steps, in the order in which they are proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// 1
    Assess,
    /// 2
    Branch,
    /// 5: the bump is the branch's first commit, a pull request needs one
    Bump,
    /// 3
    Fix,
    /// 4
    Test,
    /// 6: merge and tag
    Ship,
    /// 7
    Monitor,
    /// 8
    Verify,
    /// 9
    Communicate,
    /// 10
    Close,
}

impl StepName {
    /// All, in the order of proof.
    pub const ALL: [StepName; 10] = [
        StepName::Assess,
        StepName::Branch,
        StepName::Bump,
        StepName::Fix,
        StepName::Test,
        StepName::Ship,
        StepName::Monitor,
        StepName::Verify,
        StepName::Communicate,
        StepName::Close,
    ];

    /// Its number in the order of work, in which the bump comes before the fix.
    pub fn number(self) -> u8 {
        match self {
            StepName::Assess => 1,
            StepName::Branch => 2,
            StepName::Bump => 3,
            StepName::Fix => 4,
            StepName::Test => 5,
            StepName::Ship => 6,
            StepName::Monitor => 7,
            StepName::Verify => 8,
            StepName::Communicate => 9,
            StepName::Close => 10,
        }
    }

    /// The word that people read and that the store keeps as the phase.
    pub fn title(self) -> &'static str {
        match self {
            StepName::Assess => "Assess",
            StepName::Branch => "Branch",
            StepName::Bump => "Bump",
            StepName::Fix => "Fix",
            StepName::Test => "Test",
            StepName::Ship => "Release",
            StepName::Monitor => "Monitor",
            StepName::Verify => "Verify",
            StepName::Communicate => "Communicate",
            StepName::Close => "Close",
        }
    }
}
