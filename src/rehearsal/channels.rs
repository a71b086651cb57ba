//! The channels of a rehearsal: they lead to the stand-in, which plays their
//! receivers.

use secrecy::SecretString;

use super::project::config;
use super::stage::Stage;
use crate::settings::{Channel, ChannelKind};
use crate::sim::chat;

/// One of each kind, named like it, and for whatever else somebody's own
/// configuration names a room of Slack; all open to the repository that is rehearsed.
pub fn channels(stage: &Stage) -> Vec<Channel> {
    let world = stage.sim.world();
    let Some(repo) = world.repos.get(&stage.scene.repo) else {
        return Vec::new();
    };
    let kinds = [
        (ChannelKind::Slack, "slack", chat::SLACK),
        (ChannelKind::Discord, "discord", chat::DISCORD),
        (ChannelKind::Webhook, "webhook", chat::WEBHOOK),
    ];
    let mut all: Vec<_> = kinds
        .map(|(kind, name, path)| (kind, name.to_owned(), path))
        .into();
    if stage.scene.script.is_none() {
        let head = repo.default_head();
        let text = head.and_then(|head| repo.git.file_at(&head, config::PATH));
        let text = String::from_utf8_lossy(&text.unwrap_or_default()).into_owned();
        all.extend(
            named(&text)
                .into_iter()
                .map(|name| (ChannelKind::Slack, name, chat::SLACK)),
        );
    }
    let one = |(kind, name, path): (ChannelKind, String, &str)| Channel {
        name,
        kind,
        url: SecretString::from(format!("{}{path}", world.api_url)),
        secrets: match kind {
            ChannelKind::Webhook => vec![SecretString::from(chat::SECRET)],
            ChannelKind::Slack | ChannelKind::Discord => Vec::new(),
        },
        repos: vec![repo.full_name()],
    };
    all.into_iter().map(one).collect()
}

/// The channels that a configuration names, beside those that are there anyway.
fn named(text: &str) -> Vec<String> {
    let table: toml::Table = text.parse().unwrap_or_default();
    let names = table.get("announce").and_then(|it| it.get("channels"));
    let names = names.and_then(toml::Value::as_array).into_iter().flatten();
    let names = names.filter_map(toml::Value::as_str);
    let others = names.filter(|it| !["slack", "discord", "webhook"].contains(it));
    others.map(str::to_owned).collect()
}
