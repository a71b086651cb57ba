//! What is looked into when a release is verified: files of checksums, and
//! further addresses.

use serde::{Deserialize, Serialize};

/// A file of checksums that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SumsFile {
    /// The asset's id.
    pub id: u64,
    /// Its name.
    pub name: String,
}

/// What such a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Which.
    pub file: SumsFile,
    /// Names and SHA-256; none: it could not be read.
    #[serde(default)]
    pub says: Option<Vec<(String, String)>>,
}

/// An address that must show something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Where.
    pub url: String,
    /// What.
    pub contains: String,
}

/// What was found there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Answered {
    /// It shows it.
    #[default]
    Shows,
    /// It answers, and does not show it.
    Lacks,
    /// It answers with this status.
    Status {
        /// HTTP's number.
        code: u16,
    },
    /// It leads to another place.
    Elsewhere,
    /// It is none that is asked: not public, or not `https`.
    Forbidden,
    /// It does not answer.
    Silent,
}

impl Answered {
    /// The word of metrics.
    pub fn word(self) -> &'static str {
        match self {
            Answered::Shows => "shows",
            Answered::Lacks => "lacks",
            Answered::Status { .. } => "status",
            Answered::Elsewhere => "elsewhere",
            Answered::Forbidden => "forbidden",
            Answered::Silent => "silent",
        }
    }
}

/// An address, and what was found there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// Which.
    pub at: Address,
    /// What.
    pub found: Answered,
}
