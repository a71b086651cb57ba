//! What is looked into when a release is verified: files of checksums,
//! attestations, and further addresses.

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

/// A file of the release, of which it is asked whether it is attested, as the base
/// release's was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttestedFile {
    /// Its name.
    pub name: String,
    /// Its SHA-256, hex.
    pub digest: String,
    /// That of the base release's file.
    pub base: String,
}

/// Whether files are attested; none: GitHub did not tell. The base release's file is
/// asked first, and the other one only where that is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attested {
    /// Which.
    pub file: AttestedFile,
    /// The base release's.
    #[serde(default)]
    pub base: Option<bool>,
    /// This one.
    #[serde(default)]
    pub here: Option<bool>,
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
