//! A message for a channel, whatever stands at its other end, and the effect that
//! brings it there.

use serde::{Deserialize, Serialize};

use super::happening::HappeningKind;
use super::ids::Millis;
use super::objects::ChannelKind;

/// A message on a channel, posted or edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announce {
    /// The channel's name.
    pub channel: String,
    /// What stands at its other end.
    pub kind: ChannelKind,
    /// Which of what happened it tells, from 0.
    pub n: u32,
    /// Whether it is told again rather than not at all.
    #[serde(default)]
    pub urgent: bool,
    /// The message that is edited; none: a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edits: Option<String>,
    /// What it says; none before it has its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulletin: Option<Box<Bulletin>>,
}

/// What a message says. Its texts are plain: nothing in them is markup, mentions
/// or escaped yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulletin {
    /// The same for each attempt: receivers tell by it what they have.
    pub id: String,
    /// What happened.
    pub event: HappeningKind,
    /// When.
    pub at: Millis,
    /// One line.
    pub title: String,
    /// A few lines; may be empty.
    pub text: String,
    /// Names and values that stand beside it.
    #[serde(default)]
    pub fields: Vec<(String, String)>,
    /// Where it leads; empty: nowhere.
    #[serde(default)]
    pub url: String,
    /// The same as data.
    #[serde(default)]
    pub details: Details,
}

impl Bulletin {
    /// What tells it from another one of the same id.
    pub fn print(&self) -> String {
        let fields: Vec<_> = self
            .fields
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let fields = fields.join("\n");
        super::ids::fingerprint(&format!(
            "{}\n{}\n{fields}\n{}",
            self.title, self.text, self.url
        ))
    }
}

/// What a program is told beside the words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// GitHub's id of the repository.
    pub repository: i64,
    /// `owner/name`.
    pub full_name: String,
    /// Whether only its people see it.
    pub private: bool,
    /// The issue's number.
    pub number: u64,
    /// Its title; none where nothing is told of it.
    pub title: Option<String>,
    /// Its page.
    pub issue_url: String,
    /// The hotfix's version.
    pub version: Option<String>,
    /// The tag of the release that is fixed.
    pub base: Option<String>,
    /// The commit that it is about.
    pub head: Option<String>,
    /// The step that is not proven yet; none: all are, or it is not told.
    pub phase: Option<String>,
    /// How it ended.
    pub result: Option<String>,
    /// Who is waited for, and since when, and the command that helps.
    pub waiting: Option<WaitsFor>,
    /// The phases that began, with their times.
    #[serde(default)]
    pub timeline: Vec<Span>,
    /// Who brought it about.
    pub actor: Option<String>,
}

/// Who is waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitsFor {
    /// The part that they have: `reporter`, `responder`, `commander`.
    pub role: String,
    /// Since when.
    pub since: Millis,
    /// The command that helps.
    pub command: Option<String>,
}

/// A phase against its times, milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Its word.
    pub phase: String,
    /// When it began.
    pub from: Millis,
    /// When it was over; none: it is not.
    pub until: Option<Millis>,
    /// Its target.
    pub target: Millis,
    /// Its maximum.
    pub maximum: Millis,
}
