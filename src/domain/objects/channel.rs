//! The channels that a configuration names, as the server has them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What stands at the other end of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// An incoming webhook of Slack: posted, never edited, never found again.
    Slack,
    /// A webhook of Discord: what was posted can be edited by its id.
    Discord,
    /// Whoever takes signed JSON; told twice, it counts once.
    Webhook,
}

impl ChannelKind {
    /// The word of settings and metrics.
    pub fn word(self) -> &'static str {
        match self {
            ChannelKind::Slack => "slack",
            ChannelKind::Discord => "discord",
            ChannelKind::Webhook => "webhook",
        }
    }
}

/// How a channel of a name stands for a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelState {
    /// It may be told.
    Open(ChannelKind),
    /// The server has none of the name.
    Unknown,
    /// The server has one, and not for this repository.
    Closed,
}

/// The channels by name, as [`channel_name`] writes it.
pub type Channels = BTreeMap<String, ChannelState>;

/// A channel's name as it is compared: those of the server's settings are in
/// capitals, and have no hyphens.
pub fn channel_name(written: &str) -> String {
    written.trim().to_lowercase().replace('-', "_")
}
