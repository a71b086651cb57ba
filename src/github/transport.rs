//! One HTTP call, through octocrab's raw service: no retries, every answer
//! counted, every failure named by whether the request may have arrived.

use std::time::{Duration, Instant};

use http::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, IF_NONE_MATCH, LOCATION, USER_AGENT,
};
use http::{HeaderMap, StatusCode, Uri};
use http_body_util::BodyExt as _;
use hyper::body::{Body, Bytes};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use octocrab::{AuthState, OctoBody, Octocrab, OctocrabBuilder};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OnceCell, Semaphore};

use super::budget::{Budget, Budgets};
use super::call::{Call, MayWrite, Reply};
use super::error::{Error, Seen, text};
use super::json;
use crate::clock::Millis;
use crate::telemetry;

const JSON: &str = "application/vnd.github+json";
const BYTES: &str = "application/octet-stream";
/// A renamed repository answers with a redirect; more than these is a circle.
const REDIRECTS: usize = 3;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest answer that is read, bytes. A blob of 20 MB fits in.
const LONGEST: usize = 32 * 1024 * 1024;
/// Answers longer than this are read a few at a time, bytes ...
const LONG: usize = 1024 * 1024;
/// ... so many.
const LONG_AT_ONCE: usize = 4;
/// As much is read of a text that stands elsewhere, bytes.
pub(super) const TEXT: usize = 4 * 1024 * 1024;

/// Whom a call is made for, as a label.
pub(super) struct Bearer<'a> {
    /// None: anybody may call.
    pub secret: Option<&'a SecretString>,
    /// Empty: whose budget it is is nothing to watch.
    pub label: &'a str,
}

/// The way to GitHub.
pub(super) struct Transport {
    /// Made at the first call: reading the system's certificates takes a while.
    crab: OnceCell<Octocrab>,
    tls: bool,
    /// Scheme and authority of the API.
    origin: String,
    /// The API's path below it, without a trailing slash (`/api/v3` on GitHub
    /// Enterprise, else empty).
    prefix: String,
    graphql: Uri,
    user_agent: HeaderValue,
    api_version: HeaderValue,
    timeout: Duration,
    may_write: Option<MayWrite>,
    /// Places for long answers.
    long: Semaphore,
    budgets: Budgets,
}

/// octocrab on a plain client. Its default one is not for us: it sends a second
/// user agent, turns a redirected POST into a GET, and logs every 5xx as an
/// error. Without TLS no certificates are read.
fn connected(tls: bool) -> Result<Octocrab, String> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let client = Client::builder(TokioExecutor::new());
    let builder = OctocrabBuilder::new_empty();
    let built = if tls {
        let provider = rustls::crypto::ring::default_provider();
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(provider)
            .map_err(|why| format!("no certificates to trust were found: {why}"))?
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let service = client.build::<_, OctoBody>(https);
        builder
            .with_service(service)
            .with_auth(AuthState::None)
            .build()
    } else {
        let service = client.build::<_, OctoBody>(tcp);
        builder
            .with_service(service)
            .with_auth(AuthState::None)
            .build()
    };
    match built {
        Ok(crab) => Ok(crab),
        Err(never) => match never {},
    }
}

/// What the answer is to be. GitHub's pages for signing in know plain JSON alone.
fn accepts(call: &Call) -> &'static str {
    match (&call.form, call.raw) {
        (Some(_), _) => "application/json",
        (None, true) => BYTES,
        (None, false) => JSON,
    }
}

/// The header that carries a token.
fn authorization(secret: &SecretString) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", secret.expose_secret()))
        .map_err(|_| Failure::Ours("the token cannot be sent in a header".into()))?;
    value.set_sensitive(true);
    Ok(value)
}

impl Transport {
    pub(super) fn new(
        api_url: &str,
        graphql_url: Option<&str>,
        user_agent: &str,
        api_version: &str,
        timeout: Duration,
    ) -> Result<Self, Error> {
        let wrong = |what: &str, url: &str| {
            Error::invalid(format!(
                "{what} must be an http or https address, not {url:?}"
            ))
        };
        let api = api_url.trim().trim_end_matches('/');
        let url: url::Url = api
            .parse()
            .map_err(|_| wrong("GitHub's API URL", api_url))?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(wrong("GitHub's API URL", api_url));
        }
        let origin = url.origin().ascii_serialization();
        let prefix = url.path().trim_end_matches('/').to_owned();
        let graphql = match graphql_url.map(str::trim).filter(|u| !u.is_empty()) {
            Some(given) => given.to_owned(),
            // GitHub Enterprise serves REST at /api/v3 and GraphQL at /api/graphql.
            None => match prefix.strip_suffix("/v3") {
                Some(root) => format!("{origin}{root}/graphql"),
                None => format!("{origin}{prefix}/graphql"),
            },
        };
        let graphql: Uri = graphql
            .parse::<Uri>()
            .ok()
            .filter(|u| u.authority().is_some())
            .ok_or_else(|| wrong("GitHub's GraphQL URL", &graphql))?;
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::invalid("the client must be made within tokio"));
        }
        let header = |what: &str, value: &str| {
            HeaderValue::try_from(value).map_err(|_| {
                Error::invalid(format!("{what} cannot be sent in a header: {value:?}"))
            })
        };
        let tls = url.scheme() == "https" || graphql.scheme_str() == Some("https");
        Ok(Transport {
            crab: OnceCell::new(),
            tls,
            origin,
            prefix,
            graphql,
            user_agent: header("the user agent", user_agent)?,
            api_version: header("GitHub's API version", api_version)?,
            timeout,
            may_write: None,
            long: Semaphore::new(LONG_AT_ONCE),
            budgets: Budgets::default(),
        })
    }

    /// It is asked before each call that changes something whether it may leave.
    pub(super) fn asking(self, may_write: Option<MayWrite>) -> Self {
        Transport { may_write, ..self }
    }

    /// What GitHub said last of somebody's budget of calls.
    pub(super) fn budget(&self, label: &str) -> Option<Budget> {
        self.budgets.of(label)
    }

    /// Makes the call, follows a renamed repository, and counts it. An answer
    /// of any status is `Ok`.
    pub(super) async fn send(
        &self,
        call: &Call,
        bearer: &Bearer<'_>,
        now: Millis,
        offset: Millis,
    ) -> Result<Reply, Error> {
        let started = Instant::now();
        let result = match tokio::time::timeout(self.timeout, self.exchange(call, bearer)).await {
            Ok(result) => result,
            Err(_) => Err(Failure::Lost("timeout", "no answer in time".into())),
        };
        let status = match &result {
            Ok((status, ..)) => status.as_u16().to_string(),
            Err(failure) => failure.label().to_owned(),
        };
        telemetry::count_github_call(call.operation, &status);
        tracing::debug!(
            operation = call.operation,
            status,
            ms = started.elapsed().as_millis() as u64,
            "github call"
        );
        let operation = call.operation;
        let (status, headers, body) = result.map_err(|failure| match failure {
            Failure::Ours(why) => Error::invalid(format!("{operation}: {why}")),
            Failure::Connect(why) => {
                let host = self.host(call);
                let why = unreached(&host, &why, proxy());
                Error::Transient(format!("{operation}: {why}"))
            }
            Failure::Astray(why) => Error::Transient(format!("{operation}: {why}")),
            Failure::Lost(_, why) if call.write => Error::Ambiguous(format!("{operation}: {why}")),
            Failure::Lost(_, why) => Error::Transient(format!("{operation}: {why}")),
        })?;
        if !bearer.label.is_empty()
            && let Some(left) = text(&headers, "x-ratelimit-remaining").and_then(|v| v.parse().ok())
        {
            let resource = text(&headers, "x-ratelimit-resource").unwrap_or("core");
            telemetry::set_rate_limit_left(resource, bearer.label, left);
            if resource == "core"
                && let Some(budget) = Budget::read(&headers, offset)
            {
                self.budgets.note(bearer.label, budget);
            }
        }
        let date = text(&headers, "date").and_then(json::parse_http_date);
        Ok(Reply {
            status,
            headers,
            body,
            date,
            seen: Seen {
                operation,
                write: call.write,
                now,
                offset,
            },
        })
    }

    /// Whom a call is made to.
    fn host(&self, call: &Call) -> String {
        let graphql = self.graphql.authority().map(ToString::to_string);
        let rest = self
            .origin
            .split_once("://")
            .map(|(_, host)| host.to_owned());
        let named = if call.path.is_none() { graphql } else { rest };
        named.unwrap_or_else(|| self.origin.clone())
    }

    fn target(&self, call: &Call) -> Result<Uri, Failure> {
        let Some(path) = &call.path else {
            return Ok(self.graphql.clone());
        };
        // A next page's address carries the prefix already.
        let prefix = if path.starts_with(&format!("{}/", self.prefix)) {
            ""
        } else {
            self.prefix.as_str()
        };
        let mut target = format!("{}{prefix}{path}", self.origin);
        if !call.query.is_empty() {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&call.query)
                .finish();
            target.push('?');
            target.push_str(&query);
        }
        target
            .parse()
            .map_err(|why| Failure::Ours(format!("not an address: {why}")))
    }

    async fn exchange(
        &self,
        call: &Call,
        bearer: &Bearer<'_>,
    ) -> Result<(StatusCode, HeaderMap, Bytes), Failure> {
        let mut target = self.target(call)?;
        for _ in 0..=REDIRECTS {
            let builder = http::Request::builder()
                .method(call.method.clone())
                .uri(target.clone())
                .header(ACCEPT, accepts(call))
                .header(USER_AGENT, self.user_agent.clone())
                .header("x-github-api-version", self.api_version.clone());
            let builder = match bearer.secret {
                Some(secret) => builder.header(AUTHORIZATION, authorization(secret)?),
                None => builder,
            };
            let builder = match &call.known {
                Some(etag) => builder.header(IF_NONE_MATCH, etag),
                None => builder,
            };
            let request = match (&call.form, &call.body) {
                (Some(form), _) => builder
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(OctoBody::from(form.expose_secret().to_owned())),
                (None, Some(body)) => builder
                    .header(CONTENT_TYPE, "application/json")
                    .body(OctoBody::from(body.to_string())),
                (None, None) => builder.body(OctoBody::empty()),
            }
            .map_err(|why| Failure::Ours(why.to_string()))?;
            let crab = self.crab().await.map_err(Failure::Connect)?;
            if call.write && self.may_write.as_ref().is_some_and(|may| !may()) {
                return Err(Failure::Astray(
                    "not sent: another server may lead by now".into(),
                ));
            }
            let response = crab.execute(request).await.map_err(Failure::sent)?;
            if call.elsewhere
                && let Some(link) = location(&target, &response)
            {
                return self.download(link).await;
            }
            if call.form.is_none()
                && let Some(next) = moved(&target, &response)
            {
                target = next;
                continue;
            }
            let (parts, body) = response.into_parts();
            let body = self.gather(body).await?;
            return Ok((parts.status, parts.headers, body));
        }
        Err(Failure::Astray("redirected in a circle".into()))
    }

    /// What stands behind a link that GitHub gave, which is its own key: nothing of
    /// ours goes there. Of a long text the beginning is enough.
    async fn download(&self, link: Uri) -> Result<(StatusCode, HeaderMap, Bytes), Failure> {
        if self.origin.starts_with("https:") && link.scheme_str() != Some("https") {
            return Err(Failure::Astray("led to a place without TLS".into()));
        }
        let request = http::Request::get(link)
            .header(USER_AGENT, self.user_agent.clone())
            .body(OctoBody::empty())
            .map_err(|why| Failure::Ours(why.to_string()))?;
        let crab = self.crab().await.map_err(Failure::Connect)?;
        let response = crab.execute(request).await.map_err(Failure::sent)?;
        let (parts, mut body) = response.into_parts();
        let mut whole = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(Failure::sent)?;
            let part = frame.data_ref().map(|part| part.as_ref());
            let part: &[u8] = part.unwrap_or_default();
            let room = TEXT - whole.len();
            whole.extend_from_slice(part.get(..room).unwrap_or(part));
            if whole.len() >= TEXT {
                break;
            }
        }
        Ok((parts.status, HeaderMap::new(), whole.into()))
    }

    async fn crab(&self) -> Result<&Octocrab, String> {
        let make = async || match self.tls {
            // Some hundred files may be read.
            true => {
                let made = tokio::task::spawn_blocking(|| connected(true)).await;
                made.unwrap_or_else(|why| Err(why.to_string()))
            }
            false => connected(false),
        };
        self.crab.get_or_try_init(make).await
    }

    /// The whole body, or why there is none: memory is not the sender's to fill.
    async fn gather<B>(&self, mut body: B) -> Result<Bytes, Failure>
    where
        B: Body<Data = Bytes, Error = octocrab::Error> + Unpin,
    {
        let mut whole = Vec::new();
        let mut place = None;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(Failure::sent)?;
            let Some(part) = frame.data_ref() else {
                continue;
            };
            if whole.len() + part.len() > LONGEST {
                let words = format!("the answer is longer than {LONGEST} bytes");
                return Err(Failure::Lost("long", words));
            }
            if place.is_none() && whole.len() + part.len() > LONG {
                place = self.long.acquire().await.ok();
            }
            whole.extend_from_slice(part);
        }
        Ok(whole.into())
    }
}

/// Where to repeat the call, its method kept, if its object has moved (a
/// renamed repository answers 301 or 307). A token never goes to another host.
fn moved<B>(asked: &Uri, response: &http::Response<B>) -> Option<Uri> {
    if !matches!(response.status().as_u16(), 301 | 302 | 307 | 308) {
        return None;
    }
    let to = location(asked, response)?;
    let same_origin = to.scheme() == asked.scheme() && to.authority() == asked.authority();
    (same_origin && to != *asked).then_some(to)
}

/// Where an answer leads.
fn location<B>(asked: &Uri, response: &http::Response<B>) -> Option<Uri> {
    if !response.status().is_redirection() {
        return None;
    }
    let location = text(response.headers(), LOCATION.as_str())?;
    let base: url::Url = asked.to_string().parse().ok()?;
    base.join(location).ok()?.as_str().parse().ok()
}

/// Why there is no answer.
enum Failure {
    /// The request could not be built.
    Ours(String),
    /// No connection was made: nothing was sent.
    Connect(String),
    /// It was led away each time: nobody carried it out.
    Astray(String),
    /// Something may have been sent. The label is for the metric.
    Lost(&'static str, String),
}

impl Failure {
    fn sent(why: octocrab::Error) -> Self {
        let text = chain(&why);
        let mut link: Option<&(dyn std::error::Error + 'static)> = Some(&why);
        while let Some(error) = link {
            if let Some(error) = error.downcast_ref::<hyper_util::client::legacy::Error>()
                && error.is_connect()
            {
                return Failure::Connect(text);
            }
            link = error.source();
        }
        Failure::Lost("cut", text)
    }

    fn label(&self) -> &'static str {
        match self {
            Failure::Ours(_) => "invalid",
            Failure::Connect(_) => "connect",
            Failure::Astray(_) => "redirect",
            Failure::Lost(label, _) => label,
        }
    }
}

/// An error with its causes, on one line, each once: some repeat their cause.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut link = Some(error);
    while let Some(error) = link {
        let text = error.to_string();
        let text = text.lines().next().unwrap_or_default().to_owned();
        // What an error says of its cause the cause says itself.
        while let Some(last) = parts.last_mut() {
            match last.strip_suffix(text.as_str()) {
                Some(own) => *last = own.trim_end_matches([':', ' ']).to_owned(),
                None => break,
            }
            if last.is_empty() {
                parts.pop();
            }
        }
        parts.push(text);
        link = error.source();
    }
    parts.join(": ")
}

/// Why a host is not reached, with what it may be due to.
fn unreached(host: &str, why: &str, proxy: Option<&str>) -> String {
    let own = ["Service Error: ", "client error (Connect): "];
    let why = own
        .iter()
        .fold(why, |why, own| why.strip_prefix(own).unwrap_or(why));
    let mut words = format!("{host} is not reached: {why}");
    if why.contains("dns error") {
        words.push_str("; does this machine's DNS know the name?");
    }
    if let Some(proxy) = proxy {
        words.push_str(&format!("; {proxy} is set, and no proxy is used here"));
    }
    words
}

/// The setting that names a proxy on this machine.
fn proxy() -> Option<&'static str> {
    const NAMES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let is_set = |name: &&str| std::env::var_os(name).is_some_and(|it| !it.is_empty());
    NAMES.into_iter().find(is_set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Link(&'static str, #[source] Option<Box<Link>>);

    #[test]
    fn a_cause_is_told_once() {
        let dns = Link("dns error", Some(Box::new(Link("not known", None))));
        let connect = Link("client error (Connect)", Some(Box::new(dns)));
        let outer = Link(
            "Service Error: client error (Connect)",
            Some(Box::new(connect)),
        );
        assert_eq!(
            chain(&outer),
            "Service Error: client error (Connect): dns error: not known"
        );
        let same = Link("a", Some(Box::new(Link("a", None))));
        assert_eq!(chain(&same), "a");
    }

    #[test]
    fn what_is_not_reached_is_named_with_what_it_may_be_due_to() {
        let why = "Service Error: client error (Connect): dns error: not known";
        let words = unreached("github.test", why, Some("HTTPS_PROXY"));
        assert_eq!(
            words,
            "github.test is not reached: dns error: not known; does this machine's DNS know the \
             name?; HTTPS_PROXY is set, and no proxy is used here"
        );
        assert_eq!(unreached("h", "refused", None), "h is not reached: refused");
    }
}
