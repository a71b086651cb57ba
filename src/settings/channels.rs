//! The channels: `CHANNEL_<NAME>`, and beside it `CHANNEL_<NAME>_REPOS` and
//! `CHANNEL_<NAME>_SECRET`. Their names are the operator's own, so they have no flags,
//! and no value of theirs is ever shown.

use std::collections::BTreeMap;
use std::ffi::OsString;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::wrong::{CHANNEL, Wrong, wrong};

const REPOS: &str = "_REPOS";
const SECRET: &str = "_SECRET";
/// Before the key of a secret.
const KEY: &str = "whsec_";
/// The length of a key, bytes, as Standard Webhooks has it.
const LENGTH: std::ops::RangeInclusive<usize> = 24..=64;
/// The longest name.
const LONGEST: usize = 40;

/// What stands at the other end of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// An incoming webhook of Slack.
    Slack,
    /// A webhook of Discord.
    Discord,
    /// A program that takes signed JSON.
    Webhook,
}

/// A channel, looked at.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its name, in small letters.
    pub name: String,
    /// What stands at its other end.
    pub kind: ChannelKind,
    /// Its address.
    pub url: SecretString,
    /// What its messages are signed with; empty where they are not.
    pub secrets: Vec<SecretString>,
    /// The repositories that may use it: `owner/name`, or `owner/*`.
    pub repos: Vec<String>,
}

/// The settings of channels among these variables.
pub fn channels_of(
    all: impl IntoIterator<Item = (OsString, OsString)>,
) -> Vec<(String, SecretString)> {
    let ours = all.into_iter().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        // What is no text is said to be wrong where it is looked at.
        let value = value
            .into_string()
            .unwrap_or_else(|_| "\u{fffd}".to_owned());
        name.starts_with(CHANNEL).then(|| (name, value.into()))
    });
    ours.collect()
}

/// Looks at them.
///
/// # Errors
/// The first that is wrong, by name.
pub fn read(all: Vec<(String, SecretString)>) -> Result<Vec<Channel>, Wrong> {
    let filled = |(_, value): &(String, SecretString)| !value.expose_secret().trim().is_empty();
    // What stands beside one that is switched off by a blank address waits for it.
    let blank: Vec<String> = all
        .iter()
        .filter(|it| !filled(it))
        .map(|(setting, _)| setting.clone())
        .collect();
    let all: BTreeMap<String, SecretString> = all.into_iter().filter(filled).collect();
    let mut channels = Vec::new();
    for (setting, value) in &all {
        let name = setting.strip_prefix(CHANNEL).unwrap_or(setting);
        let of = [REPOS, SECRET].iter().find_map(|it| name.strip_suffix(it));
        if let Some(of) = of {
            let of_it = format!("{CHANNEL}{of}");
            if !all.contains_key(&of_it) && !blank.contains(&of_it) {
                return Err(wrong(
                    setting.clone(),
                    format!("is set without {CHANNEL}{of}: there is no such channel"),
                ));
            }
            continue;
        }
        let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        if name.is_empty() || name.len() > LONGEST || !name.bytes().all(plain) {
            return Err(wrong(
                setting.clone(),
                "is wrong: expected a name of at most 40 capital letters, digits and underscores after CHANNEL_",
            ));
        }
        let (kind, url) = address(setting, value)?;
        let beside = |suffix: &str| {
            let setting = format!("{setting}{suffix}");
            let value = all.get(&setting);
            (setting, value)
        };
        channels.push(Channel {
            name: name.to_ascii_lowercase(),
            kind,
            url,
            secrets: secrets(kind, beside(SECRET))?,
            repos: repos(beside(REPOS))?,
        });
    }
    Ok(channels)
}

/// A name that no public host has (RFC 6761, RFC 6762).
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let last = name.rsplit('.').next().unwrap_or(name);
    ["localhost", "local"]
        .iter()
        .any(|it| last.eq_ignore_ascii_case(it))
}

/// The kind and the address: `slack:https://…`.
fn address(setting: &str, value: &SecretString) -> Result<(ChannelKind, SecretString), Wrong> {
    let bad = |why: &str| Err(wrong(setting.to_owned(), format!("is wrong: {why}")));
    let text = value.expose_secret().trim();
    let (kind, url) = match text.split_once(':') {
        Some(("slack", url)) => (ChannelKind::Slack, url),
        Some(("discord", url)) => (ChannelKind::Discord, url),
        Some(("webhook", url)) => (ChannelKind::Webhook, url),
        _ => {
            return bad(
                "expected slack:, discord: or webhook: and an address, such as slack:https://…",
            );
        }
    };
    let Ok(url) = Url::parse(url.trim()) else {
        return bad("what stands behind the kind is no address");
    };
    let here = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        _ => false,
    };
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return bad("expected an address without user name, password and #");
    }
    let local = match url.host() {
        Some(Host::Domain(name)) => is_local(name),
        _ => false,
    };
    match url.scheme() {
        "https" if local => {
            bad("expected a host of the public net; on this machine, http://127.0.0.1")
        }
        "https" if url.port().is_some() => bad("expected https:// without a port"),
        "https" if here => bad("expected a host of the public net; on this machine, http://"),
        "https" => Ok((kind, url.as_str().into())),
        "http" if here => Ok((kind, url.as_str().into())),
        _ => bad("expected https:// (http:// to 127.0.0.1 and [::1] alone)"),
    }
}

fn secrets(
    kind: ChannelKind,
    (setting, value): (String, Option<&SecretString>),
) -> Result<Vec<SecretString>, Wrong> {
    let Some(value) = value else {
        return match kind {
            ChannelKind::Webhook => Err(wrong(
                setting,
                "is missing: what the messages are signed with, whsec_ and 24 to 64 bytes in base64",
            )),
            ChannelKind::Slack | ChannelKind::Discord => Ok(Vec::new()),
        };
    };
    if kind != ChannelKind::Webhook {
        return Err(wrong(
            setting,
            "is set, and only messages of webhook: are signed",
        ));
    }
    let all = value.expose_secret().split(',').map(str::trim);
    let mut secrets = Vec::new();
    for one in all {
        let key = one
            .strip_prefix(KEY)
            .and_then(|it| STANDARD.decode(it).ok());
        if !key.is_some_and(|key| LENGTH.contains(&key.len())) {
            return Err(wrong(
                setting,
                "is wrong: expected whsec_ and 24 to 64 bytes in base64, or several separated by commas",
            ));
        }
        secrets.push(SecretString::from(one));
    }
    Ok(secrets)
}

/// The repositories; none where the setting is missing: it is open to nobody.
fn repos((setting, value): (String, Option<&SecretString>)) -> Result<Vec<String>, Wrong> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    let all = value.expose_secret().split(',').map(str::trim);
    let all: Vec<String> = all.map(str::to_owned).collect();
    let plain = |part: &str| {
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        !part.is_empty() && part.bytes().all(fits)
    };
    let is_one = |it: &String| {
        it.split_once('/')
            .is_some_and(|(owner, name)| plain(owner) && (name == "*" || plain(name)))
    };
    match all.iter().all(is_one) {
        true => Ok(all),
        false => Err(wrong(
            setting,
            "is wrong: expected repositories such as acme/lantern, or acme/*, separated by commas",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn of(all: &[(&str, &str)]) -> Result<Vec<Channel>, Wrong> {
        let all = all.iter().map(|(name, value)| (name.into(), value.into()));
        read(channels_of(all))
    }

    #[test]
    fn channels_are_read() {
        let all = of(&[
            ("CHANNEL_OPS", "slack:https://hooks.test/services/T/B/x"),
            ("CHANNEL_OPS_REPOS", "acme/*, acme2/lantern.rs"),
            (
                "CHANNEL_NEWS",
                "discord:https://discord.test/api/webhooks/1/x",
            ),
            ("CHANNEL_PAGER_2", "webhook:http://127.0.0.1:9000/hook"),
            ("CHANNEL_PAGER_2_SECRET", &format!("{KEY},{KEY}")),
            ("CHANNEL_OFF", " "),
            ("OTHER", "x"),
        ])
        .unwrap();
        let names: Vec<_> = all.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["news", "ops", "pager_2"]);
        assert_eq!(all[1].repos, ["acme/*", "acme2/lantern.rs"]);
        assert_eq!(
            (all[2].kind, all[2].secrets.len()),
            (ChannelKind::Webhook, 2)
        );
        assert!(of(&[]).unwrap().is_empty());
        // Switched off by a blank address, as compose writes one that is not set.
        let off = [("CHANNEL_OPS", " "), ("CHANNEL_OPS_REPOS", "acme/*")];
        assert!(of(&off).unwrap().is_empty());
    }

    #[test]
    fn what_is_wrong_is_named_and_its_value_never_shown() {
        let https = "slack:https://hooks.test/services/SECRET";
        for (all, named) in [
            (
                &[("CHANNEL_OPS", "https://hooks.test/SECRET")][..],
                "CHANNEL_OPS is wrong: expected slack:",
            ),
            (
                &[("CHANNEL_OPS", "teams:https://hooks.test/SECRET")],
                "expected slack:",
            ),
            (&[("CHANNEL_OPS", "slack:SECRET")], "no address"),
            (
                &[("CHANNEL_OPS", "slack:http://hooks.test/SECRET")],
                "expected https://",
            ),
            (
                &[("CHANNEL_OPS", "slack:http://localhost/SECRET")],
                "expected https://",
            ),
            (
                &[("CHANNEL_OPS", "slack:https://127.0.0.1/SECRET")],
                "public net",
            ),
            (
                &[("CHANNEL_OPS", "slack:https://hooks.test:8443/SECRET")],
                "without a port",
            ),
            (
                &[("CHANNEL_OPS", "slack:https://u:SECRET@hooks.test/")],
                "without user name",
            ),
            (
                &[("CHANNEL_OPS", "slack:ftp://hooks.test/SECRET")],
                "expected https://",
            ),
            (
                &[("CHANNEL_ops", https)],
                "CHANNEL_ops is wrong: expected a name",
            ),
            (&[("CHANNEL_", https)], "expected a name"),
            (
                &[("CHANNEL_OPS", "slack:https://LOCALHOST/SECRET")],
                "expected a host of the public net",
            ),
            (
                &[("CHANNEL_OPS", "slack:https://relay.local/SECRET")],
                "expected a host of the public net",
            ),
            (
                &[("CHANNEL_OPS_REPOS", "acme/*")],
                "is set without CHANNEL_OPS",
            ),
            (
                &[("CHANNEL_OPS", https), ("CHANNEL_OPS_REPOS", "acme")],
                "CHANNEL_OPS_REPOS is wrong",
            ),
            (
                &[("CHANNEL_OPS", https), ("CHANNEL_OPS_REPOS", "*/*")],
                "CHANNEL_OPS_REPOS is wrong",
            ),
            (
                &[("CHANNEL_OPS", https), ("CHANNEL_OPS_SECRET", "SECRET")],
                "only messages of webhook",
            ),
            (
                &[("CHANNEL_OPS", "webhook:https://h.test/SECRET")],
                "CHANNEL_OPS_SECRET is missing",
            ),
            (
                &[
                    ("CHANNEL_OPS", "webhook:https://h.test/SECRET"),
                    ("CHANNEL_OPS_SECRET", "SECRET"),
                ],
                "CHANNEL_OPS_SECRET is wrong: expected whsec_",
            ),
            (
                &[
                    ("CHANNEL_OPS", "webhook:https://h.test/"),
                    ("CHANNEL_OPS_SECRET", "whsec_AAAA"),
                ],
                "24 to 64 bytes",
            ),
        ] {
            let told = of(all).unwrap_err().to_string();
            assert!(told.contains(named), "{told}");
            assert!(
                !told.contains("SECRET@") && !told.contains("/SECRET"),
                "{told}"
            );
            assert!(!told.contains("--channel"), "{told}");
        }
        let shown = format!("{:?}", of(&[("CHANNEL_OPS", https)]).unwrap());
        assert!(!shown.contains("/SECRET"), "{shown}");
    }
}
