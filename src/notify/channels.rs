//! The channels that the server has, and how a message is brought to one.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::{Instant, timeout};

use super::signed::{key, signature};
use super::{Error, discord, slack, webhook};
use crate::clock::{Clock, Millis};
use crate::domain::bulletin::Bulletin;
use crate::domain::objects::{ChannelKind, ChannelState, channel_name};
use crate::net::{self, Closed, Reach};
use crate::telemetry;

/// A message takes no longer, its host's name looked up and its answer read.
const PATIENCE: Duration = Duration::from_secs(5);
/// As much of an answer is read.
const ANSWER: usize = 64 * 1024;
/// Nobody is waited for longer, seconds.
const LONGEST: u64 = 3_600;
/// The same, where it is not said how long.
const BUSY: u64 = 30;
const AGENT: &str = concat!("hotfix-bot/", env!("CARGO_PKG_VERSION"));

/// A channel, as the server's settings have it.
#[derive(Clone)]
pub struct Channel {
    /// Its name, as a configuration writes it.
    pub name: String,
    /// What stands at its other end.
    pub kind: ChannelKind,
    /// Its address, which is a secret.
    pub url: SecretString,
    /// What a program's messages are signed with; several while it is changed.
    pub secrets: Vec<SecretString>,
    /// The repositories that may use it: `owner/name`, or `owner/*`.
    pub repos: Vec<String>,
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .field("repos", &self.repos)
            .finish_non_exhaustive()
    }
}

impl Channel {
    /// Whether a repository may use it.
    fn opens_to(&self, repo: &str) -> bool {
        let repo = repo.to_lowercase();
        let owner = repo.split_once('/').map_or("", |(owner, _)| owner);
        self.repos.iter().any(|allowed| {
            let allowed = allowed.to_lowercase();
            match allowed.strip_suffix("/*") {
                Some(all_of) => !owner.is_empty() && all_of == owner,
                None => allowed == repo,
            }
        })
    }
}

/// What came of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its id, by which it can be edited.
    pub id: Option<String>,
}

/// The channels of this server; clones share them.
#[derive(Clone, Debug)]
pub struct Channels(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    all: BTreeMap<String, Channel>,
    clock: Clock,
}

impl Channels {
    /// These.
    pub fn new(all: impl IntoIterator<Item = Channel>, clock: Clock) -> Self {
        let named = all.into_iter().map(|it| (channel_name(&it.name), it));
        let all = named.collect();
        Channels(Arc::new(Inner { all, clock }))
    }

    /// The channel of a name.
    pub fn get(&self, name: &str) -> Option<&Channel> {
        self.0.all.get(&channel_name(name))
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.all.keys().map(String::as_str)
    }

    /// The present moment.
    pub fn now(&self) -> Millis {
        self.0.clock.now()
    }

    /// How the channel of a name stands for a repository, `owner/name`.
    pub fn state(&self, name: &str, repo: &str) -> ChannelState {
        match self.get(name) {
            None => ChannelState::Unknown,
            Some(channel) if channel.opens_to(repo) => ChannelState::Open(channel.kind),
            Some(_) => ChannelState::Closed,
        }
    }

    /// Tells a channel, or edits what it was told: one request.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn tell(
        &self,
        name: &str,
        bulletin: &Bulletin,
        edits: Option<&str>,
    ) -> Result<Told, Error> {
        let Some(channel) = self.get(name) else {
            return Err(Error::Refused("the server has no such channel".into()));
        };
        let told = ask(channel, bulletin, edits, self.now()).await;
        telemetry::count_channel_call(channel.kind.word(), word(&told));
        told
    }
}

/// The word of metrics.
fn word(told: &Result<Told, Error>) -> &'static str {
    match told {
        Ok(_) => "told",
        Err(Error::Unsent(_)) => "unsent",
        Err(Error::Unclear(_)) => "unclear",
        Err(Error::Busy(_)) => "busy",
        Err(Error::Refused(_) | Error::NotTaken(_)) => "refused",
    }
}

async fn ask(
    channel: &Channel,
    bulletin: &Bulletin,
    edits: Option<&str>,
    now: Millis,
) -> Result<Told, Error> {
    let began = Instant::now();
    let (method, url) = address(channel, edits)?;
    // On this machine: a rehearsal, or a relay of its operator's.
    let reach = match url.scheme() {
        "http" => Reach::Anywhere,
        _ => Reach::Public,
    };
    if reach == Reach::Anywhere && !is_loopback(&url) {
        return Err(Error::Refused("its address is not https".into()));
    }
    let client = found(net::client(&url, reach, AGENT, PATIENCE)).await?;
    let mut request = client
        .request(method, url)
        .header("content-type", "application/json");
    let body = match channel.kind {
        ChannelKind::Slack => slack::body(bulletin).to_string(),
        ChannelKind::Discord => discord::body(bulletin).to_string(),
        ChannelKind::Webhook => {
            let body = webhook::body(bulletin);
            let at = now.div_euclid(1_000);
            let signed = signature(&channel.secrets, &bulletin.id, at, &body);
            request = request
                .header("webhook-id", &bulletin.id)
                .header("webhook-timestamp", at.to_string())
                .header("webhook-signature", signed);
            body
        }
    };
    let answered = async {
        let answer = request.body(body).send().await.map_err(unanswered)?;
        judge(channel.kind, answer, edits).await
    };
    let left = PATIENCE.saturating_sub(began.elapsed());
    let told = timeout(left, answered).await;
    told.unwrap_or_else(|_| Err(Error::Unclear("no answer within 5 s".into())))
}

/// The client, once the name of the host is found: nothing was sent before that.
async fn found<C>(client: impl Future<Output = Result<C, Closed>>) -> Result<C, Error> {
    let client = timeout(PATIENCE.mul_f32(net::CONNECTED), client).await;
    match client.unwrap_or(Err(Closed::Silent)) {
        Ok(client) => Ok(client),
        Err(Closed::Forbidden) => Err(Error::Refused(
            "its address is none of the public net".into(),
        )),
        Err(Closed::Silent) => Err(Error::Unsent("its host was not found")),
    }
}

/// Why there is no answer. Its own words hold the address.
fn unanswered(error: reqwest::Error) -> Error {
    match error.is_connect() || error.is_builder() {
        true => Error::Unsent("no connection"),
        false => Error::Unclear("the connection ended without an answer".into()),
    }
}

/// Where a message goes.
fn address(channel: &Channel, edits: Option<&str>) -> Result<(Method, Url), Error> {
    let url = Url::parse(channel.url.expose_secret());
    let mut url = url.map_err(|_| Error::Refused("its address cannot be read".into()))?;
    if channel.kind == ChannelKind::Webhook
        && !channel.secrets.iter().any(|secret| key(secret).is_some())
    {
        return Err(Error::Refused("the server has no secret for it".into()));
    }
    if channel.kind != ChannelKind::Discord {
        return Ok((Method::POST, url));
    }
    match edits {
        Some(id) if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) => {
            if let Ok(mut path) = url.path_segments_mut() {
                path.pop_if_empty().push("messages").push(id);
            }
            Ok((Method::PATCH, url))
        }
        Some(_) => Err(Error::Refused("its message has no number".into())),
        None => {
            // Without it nobody says whether the message was kept, or its number.
            url.query_pairs_mut().append_pair("wait", "true");
            Ok((Method::POST, url))
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        _ => false,
    }
}

/// What an answer says.
async fn judge(kind: ChannelKind, answer: Response, edits: Option<&str>) -> Result<Told, Error> {
    let status = answer.status();
    let code = status.as_u16();
    if status == StatusCode::TOO_MANY_REQUESTS {
        let header = answer.headers().get("retry-after");
        let header = header.and_then(|it| it.to_str().ok()).map(str::to_owned);
        let body = read(answer).await;
        return Err(Error::Busy(patience(header.as_deref(), &body)));
    }
    if kind == ChannelKind::Webhook && !status.is_success() && code != 410 {
        // Its sender's library may say so while it is being mended.
        return Err(Error::NotTaken(refusal(kind, code, "")));
    }
    if status.is_redirection() {
        return Err(Error::Refused(refusal(kind, code, "")));
    }
    if status.is_server_error() || code == 408 {
        return Err(Error::Unclear(format!("it answered {code}")));
    }
    if !status.is_success() {
        let body = read(answer).await;
        return Err(Error::Refused(refusal(kind, code, &body)));
    }
    if kind != ChannelKind::Discord {
        return Ok(Told { id: None });
    }
    let body: Value = serde_json::from_str(&read(answer).await).unwrap_or_default();
    let id = body.get("id").and_then(Value::as_str);
    let id = id.filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()));
    let id = id.or(edits).map(str::to_owned);
    Ok(Told { id })
}

/// How long to wait, whole seconds: by the header, else as Discord says it.
fn patience(header: Option<&str>, body: &str) -> u64 {
    let header = header.and_then(|it| it.trim().parse::<f64>().ok());
    let body = || {
        let body: Value = serde_json::from_str(body).ok()?;
        body.get("retry_after")?.as_f64()
    };
    let seconds = header
        .or_else(body)
        .filter(|it| it.is_finite() && *it >= 0.0);
    seconds.map_or(BUSY, |it| {
        // Within bounds: a whole number of seconds.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let whole = it.ceil().min(LONGEST as f64) as u64;
        whole.clamp(1, LONGEST)
    })
}

/// Why it does not take a message: by its status, and by Slack's own word for it.
/// Everything else that it wrote might repeat the address.
fn refusal(kind: ChannelKind, code: u16, body: &str) -> String {
    let word = body.trim();
    let plain = |b: u8| b.is_ascii_lowercase() || b == b'_';
    let is_word = (1..=40).contains(&word.len()) && word.bytes().all(plain);
    let said = match kind {
        ChannelKind::Slack if is_word => format!(" ({word})"),
        _ => String::new(),
    };
    match code {
        403 | 404 | 410 => format!("it answered {code}{said}: the channel is gone, or closed"),
        300..=399 => format!("it answered {code}: a redirect, which is not followed"),
        401 => format!("it answered {code}{said}: it does not know this server"),
        _ => format!("it answered {code}{said}"),
    }
}

/// The beginning of an answer.
async fn read(mut answer: Response) -> String {
    let mut all = Vec::new();
    while let Ok(Some(part)) = answer.chunk().await {
        all.extend_from_slice(&part);
        if all.len() >= ANSWER {
            all.truncate(ANSWER);
            break;
        }
    }
    String::from_utf8_lossy(&all).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(kind: ChannelKind, url: &str, repos: &[&str]) -> Channel {
        Channel {
            name: "OPS".into(),
            kind,
            url: url.into(),
            secrets: vec!["whsec_AAAA".into()],
            repos: repos.iter().map(|it| (*it).to_owned()).collect(),
        }
    }

    #[test]
    fn a_name_works_for_the_repositories_that_it_is_open_to() {
        let open = |repos: &[&str], repo: &str| {
            let one = channel(ChannelKind::Slack, "https://h.test/x", repos);
            Channels::new([one], Clock::owned(1)).state("Ops", repo)
        };
        let yes = ChannelState::Open(ChannelKind::Slack);
        for (repos, repo) in [
            (&["acme/*"][..], "acme/lantern"),
            (&["acme/*"], "ACME/Lantern"),
            (&["x/y", "acme/lantern"], "acme/lantern"),
        ] {
            assert_eq!(open(repos, repo), yes, "{repos:?} {repo}");
        }
        for (repos, repo) in [
            (&[][..], "acme/lantern"),
            (&["acme/*"], "acme2/lantern"),
            (&["acme/*"], "acme"),
            (&["/*"], "/x"),
            (&["acme/lantern"], "acme/lantern2"),
            (&["*"], "acme/lantern"),
        ] {
            assert_eq!(open(repos, repo), ChannelState::Closed, "{repos:?} {repo}");
        }
        let none = Channels::new([], Clock::owned(1));
        assert_eq!(none.state("ops", "a/b"), ChannelState::Unknown);
    }

    /// What must never be seen.
    const SECRET: &str = "T0ken-that-nobody-sees";

    #[tokio::test]
    async fn nothing_of_an_address_is_ever_said() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let bulletin = crate::domain::text::try_out("ops", 1);
        let addresses = [
            format!("http://hooks.test/{SECRET}"),
            format!("https://{SECRET}.invalid/x"),
            format!("https://127.0.0.1/{SECRET}"),
            format!("https://10.0.0.1/{SECRET}"),
            format!("https://hooks.test:8443/{SECRET}"),
            format!("https://user:{SECRET}@hooks.test/x"),
            format!("http://127.0.0.1:1/{SECRET}"),
            format!("{SECRET}:no address"),
            SECRET.to_owned(),
        ];
        for url in addresses {
            for kind in [
                ChannelKind::Slack,
                ChannelKind::Discord,
                ChannelKind::Webhook,
            ] {
                let one = channel(kind, &url, &[]);
                let all = Channels::new([one.clone()], Clock::owned(1));
                let error = all.tell("ops", &bulletin, None).await.unwrap_err();
                let shown = format!("{error} {error:?} {one:?} {all:?}");
                assert!(!shown.contains(SECRET), "{shown}");
            }
        }
    }

    #[test]
    fn what_a_receiver_wrote_is_said_only_where_it_is_a_word() {
        let said = |kind, body| refusal(kind, 404, body);
        assert_eq!(
            said(ChannelKind::Slack, "channel_not_found\n"),
            "it answered 404 (channel_not_found): the channel is gone, or closed"
        );
        for (kind, body) in [
            (ChannelKind::Slack, "no /services/T0/B0/secret here"),
            (ChannelKind::Slack, "Secret1"),
            (ChannelKind::Discord, "secret"),
            (ChannelKind::Webhook, "secret"),
            (ChannelKind::Slack, ""),
        ] {
            assert_eq!(
                said(kind, body),
                "it answered 404: the channel is gone, or closed"
            );
        }
    }

    #[test]
    fn patience_is_bounded() {
        for (header, body, seconds) in [
            (Some("7"), "", 7),
            (Some("0"), "", 1),
            (Some("99999999"), "", LONGEST),
            (Some("soon"), r#"{"retry_after":1.3}"#, 2),
            (None, r#"{"retry_after":-1}"#, BUSY),
            (None, "NaN", BUSY),
            (Some("NaN"), "", BUSY),
            (Some("inf"), "", BUSY),
        ] {
            assert_eq!(patience(header, body), seconds, "{header:?} {body}");
        }
    }

    #[test]
    fn a_message_of_discord_is_edited_by_its_number_alone() {
        let url = "https://discord.test/api/webhooks/1/t?thread_id=5";
        let one = channel(ChannelKind::Discord, url, &[]);
        let (method, url) = address(&one, Some("77")).unwrap();
        assert_eq!(method, Method::PATCH);
        assert_eq!(url.path(), "/api/webhooks/1/t/messages/77");
        assert_eq!(url.query(), Some("thread_id=5"));
        let (_, url) = address(&one, None).unwrap();
        assert_eq!(url.query(), Some("thread_id=5&wait=true"));
        assert!(address(&one, Some("../x")).is_err());
    }
}
