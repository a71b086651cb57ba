//! What the bot says in comments and reactions.

use serde::{Deserialize, Serialize};

/// The bot's comments on the issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommentKind {
    /// The one sticky status comment.
    Status,
    /// The release-verification comment.
    Verification,
    /// The closing comment with the timeline.
    Closing,
    /// That the case's facts cannot be read; never among them.
    Unreadable,
}

impl CommentKind {
    /// Those that follow from the facts, in the order in which they come.
    pub const PLANNED: [CommentKind; 3] = [
        CommentKind::Status,
        CommentKind::Verification,
        CommentKind::Closing,
    ];

    /// The word in slots and markers.
    pub fn name(self) -> &'static str {
        match self {
            CommentKind::Status => "status",
            CommentKind::Verification => "verification",
            CommentKind::Closing => "closing",
            CommentKind::Unreadable => "unreadable",
        }
    }
}

/// The bot's answer to a comment with commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reaction {
    /// Seen; a command waits.
    #[serde(rename = "eyes")]
    Eyes,
    /// Carried out.
    #[serde(rename = "+1")]
    Done,
    /// Refused.
    #[serde(rename = "-1")]
    Refused,
    /// Not understood.
    #[serde(rename = "confused")]
    Confused,
}

impl Reaction {
    /// All of them.
    pub const ALL: [Reaction; 4] = [
        Reaction::Eyes,
        Reaction::Done,
        Reaction::Refused,
        Reaction::Confused,
    ];

    /// GitHub's word. (REST, "Create reaction for an issue comment".)
    pub fn word(self) -> &'static str {
        match self {
            Reaction::Eyes => "eyes",
            Reaction::Done => "+1",
            Reaction::Refused => "-1",
            Reaction::Confused => "confused",
        }
    }
}

/// A comment of the bot's as it was last written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentFact {
    /// GitHub's id, once it exists.
    pub id: Option<u64>,
    /// Its page.
    pub url: String,
    /// The fingerprint of the body that stands there; unknown after a hand edit.
    pub hash: Option<String>,
    /// How often it was written.
    pub writes: u64,
}
