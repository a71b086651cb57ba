//! Tags beside the release's: what was decided of them, and what was done.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Sha;

/// What a decision to release does to a tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointing {
    /// Its name.
    pub tag: String,
    /// What its ref names before; none: there is none.
    #[serde(default)]
    pub was: Option<Sha>,
    /// Whether it is an annotated one.
    #[serde(default)]
    pub annotated: bool,
    /// Whether it is one of those that follow the releases, which are moved once the
    /// release is verified.
    #[serde(default)]
    pub moves: bool,
}

impl Pointing {
    /// One that is made with the release's.
    pub fn new(tag: String, was: Option<Sha>, annotated: bool) -> Self {
        Pointing {
            tag,
            was,
            annotated,
            moves: false,
        }
    }
}

/// A tag that was made or moved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointed {
    /// What its ref named before; none: there was none.
    #[serde(default)]
    pub was: Option<Sha>,
    /// What it names since.
    pub object: Sha,
}
