//! Two issues, one release: a case that goes along with another's release, and the
//! other's list of them.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{By, Person};
use crate::domain::outside::Outside;
use crate::domain::refused::NoJoin;

/// This issue is fixed by the release of another one's case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// That issue.
    pub to: u64,
    /// Its case; 0 while it was not asked.
    pub case: i64,
    /// Who said so.
    pub by: By,
    /// How far it is.
    pub is: Along,
    /// Whether the other knows that this one is about a vulnerability.
    #[serde(default)]
    pub secret: bool,
}

/// How far a case is that goes along with another's release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "along", rename_all = "snake_case")]
pub enum Along {
    /// The other case is to be asked, in the same step.
    Asked,
    /// Its release is awaited.
    Awaited,
    /// It is to be told, in the same step, that this one goes its own way.
    Leaves,
    /// Users have the release.
    Out {
        /// Its tag.
        tag: String,
    },
    /// The release was taken back.
    Back {
        /// Its tag.
        tag: String,
    },
    /// This one goes its own way. What it had built was taken away, so it ends, and
    /// the next case of the issue begins.
    Left,
}

/// An issue that this case's release fixes, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// Its case.
    pub case: i64,
    /// Its title; none: it is about a vulnerability, or was not read.
    pub title: Option<Outside>,
    /// Whether it is about a vulnerability.
    #[serde(default)]
    pub secret: bool,
    /// Who reported it.
    pub reporter: Option<Person>,
    /// Who said that it goes along.
    pub by: By,
    /// What it was told last.
    pub told: GuestTold,
}

/// What a case that goes along was told of the release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuestTold {
    /// Nothing yet.
    #[default]
    Nothing,
    /// That users have it.
    Out,
    /// That it was taken back.
    Back,
}

/// What a case says to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "word", rename_all = "snake_case")]
pub enum Word {
    /// It goes along with the other's release.
    Join(Box<Guest>),
    /// The other goes along with its own: who waits for it was asked for.
    Come {
        /// Who said so.
        by: By,
    },
    /// It is about a vulnerability, as is known by now.
    Secret,
    /// It goes its own way.
    Leave,
    /// Users have the release.
    Out {
        /// Its tag.
        tag: String,
    },
    /// The release is taken back.
    Back {
        /// Its tag.
        tag: String,
    },
    /// There will be no release.
    Alone,
}

/// What the other answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// It took it.
    Yes,
    /// It waits for who asked: it is the one that goes along.
    Turned(Box<Guest>),
    /// It cannot be.
    No {
        /// Why.
        why: NoJoin,
    },
}
