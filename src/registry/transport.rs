//! How a registry is asked: one client for the addresses of the settings, with
//! bounds on time, size and redirects; another one, good for one question, where
//! somebody else names the address.

use std::sync::{Arc, Once, OnceLock};
use std::time::Duration;

use reqwest::header::{
    ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE,
};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url, redirect};

use super::error::Error;
use crate::clock::{Clock, Millis};
use crate::net::{self, Closed, Reach};
use crate::telemetry;

/// How long to wait when a limit names no time. crates.io asks for at most one
/// request a second.
const PATIENCE: Millis = 60_000;
/// One answer leads on to others no more often.
const REDIRECTS: usize = 3;
/// No longer text is read, bytes: npm's documents of packages with thousands of
/// versions have tens of megabytes.
const TEXT: usize = 64 * 1024 * 1024;

/// Asks; clones share connections.
#[derive(Clone, Debug)]
pub struct Transport(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Made at the first call: reading the system's certificates takes a while.
    http: OnceLock<Client>,
    user_agent: String,
    call_timeout: Duration,
    reach: Reach,
    clock: Clock,
}

/// What a file came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// There is none.
    Gone,
    /// It has more bytes than are fetched.
    TooLarge,
    /// Its bytes.
    Whole(Vec<u8>),
}

/// Who named an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The settings of this server: its host is asked wherever it is.
    Settings,
    /// Somebody else: public hosts alone.
    Others,
}

/// An answer to a question whose address somebody else named.
#[derive(Debug)]
pub enum Named {
    /// There is nothing.
    Gone,
    /// It wants a token; this is what it says of that.
    WantsToken(String),
    /// This.
    Answer(Response),
}

impl Transport {
    /// Nothing is called yet.
    pub fn new(user_agent: String, call_timeout: Duration, reach: Reach, clock: Clock) -> Self {
        install_provider();
        Transport(Arc::new(Inner {
            http: OnceLock::new(),
            user_agent,
            call_timeout,
            reach,
            clock,
        }))
    }

    /// Our clock's time.
    pub fn now(&self) -> Millis {
        self.0.clock.now()
    }

    /// Which hosts may be asked where somebody else names them.
    pub fn reach(&self) -> Reach {
        self.0.reach
    }

    /// Who asks.
    pub fn user_agent(&self) -> &str {
        &self.0.user_agent
    }

    fn http(&self) -> Result<&Client, Error> {
        if let Some(made) = self.0.http.get() {
            return Ok(made);
        }
        let made = Client::builder()
            .user_agent(&self.0.user_agent)
            .timeout(self.0.call_timeout)
            .connect_timeout(Duration::from_secs(5))
            .redirect(redirect::Policy::custom(followed))
            .build()
            .map_err(|why| Error::Invalid(format!("the client could not be made: {why}")))?;
        Ok(self.0.http.get_or_init(|| made))
    }

    /// A call that is not sent yet, for what is more than a question.
    ///
    /// # Errors
    /// The client cannot be made.
    pub fn call(&self, method: Method, url: &str) -> Result<RequestBuilder, Error> {
        Ok(self.http()?.request(method, url))
    }

    /// What was refused.
    pub fn classify(&self, status: StatusCode, headers: &HeaderMap, body: &str) -> Error {
        classify(status, headers, body, self.now())
    }

    /// An answer, or `None` where there is nothing.
    ///
    /// # Errors
    /// When it could not be found out.
    pub async fn answer(
        &self,
        operation: &'static str,
        url: &str,
        accept: &'static str,
    ) -> Result<Option<Response>, Error> {
        let mut call = self.http()?.get(url);
        if !accept.is_empty() {
            call = call.header(ACCEPT, accept);
        }
        let sent = call.send().await;
        telemetry::count_registry_call(operation, &told(&sent));
        let answer = sent.map_err(|why| lost(operation, why))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(Some(answer));
        }
        if is_absence(status) {
            return Ok(None);
        }
        let headers = answer.headers().clone();
        let body = self.read(operation, answer, TEXT).await?;
        let body = String::from_utf8_lossy(body.as_deref().unwrap_or_default()).into_owned();
        Err(classify(status, &headers, &body, self.now()))
    }

    /// A body, or `None` where there is nothing.
    ///
    /// # Errors
    /// When it could not be found out, and where it is too long.
    pub async fn text(
        &self,
        operation: &'static str,
        url: &str,
        accept: &'static str,
    ) -> Result<Option<String>, Error> {
        let Some(answer) = self.answer(operation, url, accept).await? else {
            return Ok(None);
        };
        self.words(operation, answer).await.map(Some)
    }

    /// The body of an answer.
    ///
    /// # Errors
    /// It was cut off, or is too long.
    pub async fn words(&self, operation: &'static str, answer: Response) -> Result<String, Error> {
        let Some(body) = self.read(operation, answer, TEXT).await? else {
            return Err(Error::Invalid(format!(
                "{operation}: the answer is too long"
            )));
        };
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    /// A file of at most so many bytes.
    ///
    /// # Errors
    /// When it could not be fetched.
    pub async fn file(
        &self,
        operation: &'static str,
        url: &str,
        bound: usize,
    ) -> Result<Fetched, Error> {
        let Some(answer) = self.answer(operation, url, "").await? else {
            return Ok(Fetched::Gone);
        };
        self.whole(operation, answer, bound).await
    }

    /// A file whose address a registry told: on the host of this root, or on another
    /// public one.
    ///
    /// # Errors
    /// When it could not be fetched.
    pub async fn file_at(
        &self,
        operation: &'static str,
        root: &str,
        url: &str,
        bound: usize,
    ) -> Result<Fetched, Error> {
        let origin = |url: &str| url.parse::<Url>().ok().map(|url| url.origin());
        if origin(url).is_some() && origin(url) == origin(root) {
            return self.file(operation, url, bound).await;
        }
        match self.named(operation, (url, By::Others), "", None).await? {
            Named::Answer(answer) => self.whole(operation, answer, bound).await,
            Named::Gone => Ok(Fetched::Gone),
            Named::WantsToken(_) => Err(Error::Forbidden(format!("{url} wants a token"))),
        }
    }

    /// The bytes of an answer, if they are no more than so many.
    ///
    /// # Errors
    /// It was cut off.
    pub async fn whole(
        &self,
        operation: &'static str,
        answer: Response,
        bound: usize,
    ) -> Result<Fetched, Error> {
        Ok(match self.read(operation, answer, bound).await? {
            Some(bytes) => Fetched::Whole(bytes),
            None => Fetched::TooLarge,
        })
    }

    /// The bytes of an answer; none where they are more than so many.
    async fn read(
        &self,
        operation: &'static str,
        mut answer: Response,
        bound: usize,
    ) -> Result<Option<Vec<u8>>, Error> {
        let mut bytes = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|why| lost(operation, why))? {
            if bytes.len() + part.len() > bound {
                return Ok(None);
            }
            bytes.extend_from_slice(&part);
        }
        Ok(Some(bytes))
    }

    /// What stands at an address that is not one of a client of its own: of public
    /// hosts alone, over TLS, but for the host that the settings name. A token goes to
    /// the host of this address and to no other.
    ///
    /// # Errors
    /// When it could not be found out, and where it leads to what is not asked.
    pub async fn named(
        &self,
        operation: &'static str,
        (url, by): (&str, By),
        accept: &'static str,
        token: Option<&str>,
    ) -> Result<Named, Error> {
        let no_address = |_| Error::Invalid(format!("{url:?} is no address"));
        let first: Url = url.parse().map_err(no_address)?;
        let mut url = first.clone();
        for _ in 0..=REDIRECTS {
            let own = by == By::Settings && url.origin() == first.origin();
            let reach = if own { Reach::Anywhere } else { self.0.reach };
            let agent = &self.0.user_agent;
            let client = net::client(&url, reach, agent, self.0.call_timeout).await;
            let client = client.map_err(|closed| match closed {
                Closed::Forbidden => Error::Invalid(format!("{url} is no public address")),
                Closed::Silent => Error::Transient(format!("{url} leads nowhere")),
            })?;
            let mut call = client.get(url.clone());
            if !accept.is_empty() {
                call = call.header(ACCEPT, accept);
            }
            if let Some(token) = token.filter(|_| url.origin() == first.origin()) {
                call = call.header(AUTHORIZATION, bearer(token)?);
            }
            let sent = call.send().await;
            telemetry::count_registry_call(operation, &told(&sent));
            let answer = sent.map_err(|why| lost(operation, why))?;
            let status = answer.status();
            let headers = answer.headers();
            let word = |name| headers.get(name).and_then(|it| it.to_str().ok());
            if status.is_redirection() {
                let to = word(LOCATION).and_then(|to| url.join(to).ok());
                let nowhere = || Error::Invalid(format!("{url} leads nowhere"));
                url = to.ok_or_else(nowhere)?;
                continue;
            }
            if let (401, None, Some(how)) = (status.as_u16(), token, word(WWW_AUTHENTICATE)) {
                return Ok(Named::WantsToken(how.to_owned()));
            }
            if is_absence(status) {
                return Ok(Named::Gone);
            }
            if status.is_success() {
                return Ok(Named::Answer(answer));
            }
            let headers = headers.clone();
            let body = self.words(operation, answer).await?;
            return Err(classify(status, &headers, &body, self.now()));
        }
        Err(Error::Invalid(format!("{first} leads on and on")))
    }
}

/// A token as a header, which no log shows.
fn bearer(token: &str) -> Result<HeaderValue, Error> {
    let value = HeaderValue::from_str(&format!("Bearer {token}"));
    let mut value = value.map_err(|_| Error::Invalid("the token holds odd characters".into()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// As cargo reads a sparse index: these are "not there"; Go's proxy answers 410.
fn is_absence(status: StatusCode) -> bool {
    matches!(status.as_u16(), 404 | 410 | 451)
}

/// A registry may lead on to where its files lie, but not from TLS to none.
fn followed(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let bare = |url: &Url| url.scheme() != "https";
    let was_bare = attempt.previous().first().is_some_and(bare);
    match attempt.previous().len() > REDIRECTS || bare(attempt.url()) && !was_bare {
        true => attempt.stop(),
        false => attempt.follow(),
    }
}

/// What was cut off.
pub(super) fn lost(operation: &str, why: reqwest::Error) -> Error {
    Error::Transient(format!("{operation}: {why}"))
}

/// How a call ended, for the metrics.
pub(super) fn told(sent: &Result<Response, reqwest::Error>) -> String {
    match sent {
        Ok(answer) => answer.status().as_u16().to_string(),
        Err(why) if why.is_connect() => "connect".to_owned(),
        Err(why) if why.is_timeout() => "timeout".to_owned(),
        Err(_) => "cut".to_owned(),
    }
}

fn classify(status: StatusCode, headers: &HeaderMap, body: &str, now: Millis) -> Error {
    let body: String = body.trim().chars().take(300).collect();
    match status.as_u16() {
        429 => Error::RateLimited {
            until: headers
                .get(RETRY_AFTER)
                .and_then(|v| v.to_str().ok())
                .and_then(|v| retry_after(v, now))
                .unwrap_or(now + PATIENCE),
        },
        401 | 403 => Error::Forbidden(body),
        408 | 500..=599 => Error::Transient(format!("answered {status}: {body}")),
        _ => Error::Invalid(format!("answered {status}: {body}")),
    }
}

/// `retry-after` in seconds or as a date, never sooner than in a second.
fn retry_after(value: &str, now: Millis) -> Option<Millis> {
    let value = value.trim();
    let until = match value.parse::<i64>() {
        Ok(seconds) => now + seconds.clamp(0, 86_400) * 1_000,
        Err(_) => jiff::fmt::rfc2822::DateTimeParser::new()
            .parse_timestamp(value)
            .ok()?
            .as_millisecond(),
    };
    Some(until.max(now + 1_000))
}

/// Gives rustls its cryptography, once a process; one that is there already is
/// as good.
fn install_provider() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_in_both_forms() {
        assert_eq!(retry_after("30", 0), Some(30_000));
        assert_eq!(
            retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 0),
            Some(784_111_777_000)
        );
        assert_eq!(retry_after("0", 5), Some(1_005));
        assert_eq!(retry_after("soon", 0), None);
    }
}
