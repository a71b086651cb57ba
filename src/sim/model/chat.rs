//! What the receivers of messages took: a channel of Slack, one of Discord, and a
//! program that takes signed JSON.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::sim::clock::Millis;

/// The path of Slack's incoming webhook; what stands last is its secret.
pub const SLACK: &str = "/chat/slack/services/T0SIM/B0SIM/slack-s3cret";
/// The path of Discord's webhook; what stands last is its secret.
pub const DISCORD: &str = "/chat/discord/api/webhooks/1001/discord-s3cret";
/// The path of the program.
pub const WEBHOOK: &str = "/chat/webhook/hook-s3cret";
/// What the program's messages are signed with.
pub const SECRET: &str = "whsec_c3RhbmQtaW4tc2lnbmluZy1rZXktMjQh";

/// A receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Receiver {
    /// Slack.
    Slack,
    /// Discord.
    Discord,
    /// A program.
    Webhook,
}

impl Receiver {
    /// All of them.
    pub const ALL: [Receiver; 3] = [Receiver::Slack, Receiver::Discord, Receiver::Webhook];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Receiver::Slack => "slack",
            Receiver::Discord => "discord",
            Receiver::Webhook => "webhook",
        }
    }
}

/// How a receiver answers instead of taking what it is sent as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mood {
    /// With this status, and takes nothing.
    Status(u16),
    /// 429, with so many seconds to wait; takes nothing.
    Limited(u64),
    /// It takes it, and the answer is a 502.
    Lost,
    /// It leads elsewhere.
    Redirect(String),
}

/// A message that was taken.
#[derive(Clone, Debug)]
pub struct Posted {
    /// By whom.
    pub receiver: Receiver,
    /// When.
    pub at: Millis,
    /// Its id: Discord's number, or what the sender called it.
    pub id: String,
    /// What it says now.
    pub body: Value,
    /// What it said before, oldest first.
    pub before: Vec<Value>,
}

impl Posted {
    /// Its headline.
    pub fn title(&self) -> &str {
        let title = match self.receiver {
            Receiver::Slack => &self.body["text"],
            Receiver::Discord => &self.body["embeds"][0]["title"],
            Receiver::Webhook => &self.body["title"],
        };
        title.as_str().unwrap_or_default()
    }

    /// All that it says, and ever said.
    pub fn texts(&self) -> impl Iterator<Item = String> + '_ {
        self.before.iter().chain([&self.body]).map(Value::to_string)
    }
}

/// What the receivers took, and how they are.
#[derive(Clone, Debug, Default)]
pub struct Chat {
    /// The messages, oldest first.
    pub posted: Vec<Posted>,
    /// How each answers next, one after the other; then as it should.
    pub moods: BTreeMap<Receiver, Vec<Mood>>,
    /// Messages of the program that it had already.
    pub repeated: u64,
    /// Why something was not taken, in the receivers' words.
    pub refused: Vec<String>,
}

impl Chat {
    /// How a receiver answers now, if otherwise than it should.
    pub fn mood(&mut self, receiver: Receiver) -> Option<Mood> {
        let next = self.moods.get_mut(&receiver)?;
        (!next.is_empty()).then(|| next.remove(0))
    }

    /// What a receiver took.
    pub fn of(&self, receiver: Receiver) -> impl Iterator<Item = &Posted> {
        self.posted.iter().filter(move |it| it.receiver == receiver)
    }

    /// How many messages a receiver took since then.
    pub fn since(&self, receiver: Receiver, at: Millis) -> usize {
        self.of(receiver).filter(|it| it.at > at).count()
    }
}
