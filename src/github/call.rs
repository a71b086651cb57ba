//! A call as data, and the answer to it.

use http::{HeaderMap, Method, StatusCode, Uri};
use hyper::body::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::SecretString;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::error::{Error, Seen, classify, message_of, text};
use super::json;
use super::memory::{Known, is_hash};
use crate::clock::Millis;

/// Says whether a call that changes something may leave at this moment.
pub type MayWrite = std::sync::Arc<dyn Fn() -> bool + Send + Sync>;

/// What may stand unencoded in one segment of a path (RFC 3986, unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A path from its segments, each percent-encoded as a whole: a slash within a
/// segment (a branch's name) becomes `%2F`, as GitHub asks.
pub(super) fn path(segments: &[&str]) -> String {
    segments.iter().fold(String::new(), |mut path, segment| {
        path.push('/');
        path.extend(utf8_percent_encode(segment, SEGMENT));
        path
    })
}

/// A file's path, its slashes kept.
pub(super) fn file_path(file: &str) -> String {
    let parts: Vec<&str> = file.split('/').filter(|part| !part.is_empty()).collect();
    path(&parts)
}

/// A call to make: a REST endpoint below the API's root, or GraphQL.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub operation: &'static str,
    pub method: Method,
    /// `None` is GraphQL's address.
    pub path: Option<String>,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<Value>,
    /// Whether it changes something, so that a lost answer is `Ambiguous`.
    pub write: bool,
    /// Whether the endpoint, a list, takes a size for its pages.
    pub paged: bool,
    /// Whether the answer stands with another host, and is text of any length.
    pub elsewhere: bool,
    /// Whether the answer can never change, because a hash names what it is of.
    pub fixed: bool,
    /// The `ETag` of the answer that is known already.
    pub known: Option<String>,
    /// Whether the thing itself is asked for, where GitHub would describe it.
    pub raw: bool,
    /// The fields of a form, in place of a body: the one way in which GitHub's pages
    /// for signing in are documented to be asked. They hold secrets.
    pub form: Option<SecretString>,
}

impl Call {
    fn new(operation: &'static str, method: Method, path: String, body: Option<Value>) -> Self {
        Call {
            write: method != Method::GET,
            operation,
            method,
            path: Some(path),
            query: Vec::new(),
            body,
            paged: true,
            elsewhere: false,
            fixed: false,
            known: None,
            raw: false,
            form: None,
        }
    }
    pub(super) fn get(operation: &'static str, path: String) -> Self {
        Self::new(operation, Method::GET, path, None)
    }
    pub(super) fn post(operation: &'static str, path: String, body: Value) -> Self {
        Self::new(operation, Method::POST, path, Some(body))
    }
    pub(super) fn patch(operation: &'static str, path: String, body: Value) -> Self {
        Self::new(operation, Method::PATCH, path, Some(body))
    }
    pub(super) fn put(operation: &'static str, path: String, body: Value) -> Self {
        Self::new(operation, Method::PUT, path, Some(body))
    }
    pub(super) fn delete(operation: &'static str, path: String) -> Self {
        Self::new(operation, Method::DELETE, path, None)
    }
    pub(super) fn graphql(operation: &'static str, body: Value, write: bool) -> Self {
        let mut call = Self::post(operation, String::new(), body);
        call.path = None;
        call.write = write;
        call
    }
    pub(super) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }
    /// For a list that comes in one piece.
    pub(super) fn unpaged(mut self) -> Self {
        self.paged = false;
        self
    }
    /// With the fields of a form in place of a body.
    pub(super) fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.form = Some(SecretString::from(form.finish()));
        self.body = None;
        self
    }
    /// For what GitHub only leads to.
    pub(super) fn elsewhere(mut self) -> Self {
        self.elsewhere = true;
        self
    }
    /// For a file that GitHub keeps, or leads to.
    pub(super) fn raw(mut self) -> Self {
        self.raw = true;
        self.elsewhere()
    }
    /// For what is named by this name: if that is a hash, the answer never changes.
    pub(super) fn named_by(mut self, name: &str) -> Self {
        self.fixed = is_hash(name);
        self
    }
    /// Path and query of what is read.
    pub(super) fn address(&self) -> Option<String> {
        let path = self.path.as_ref().filter(|_| self.method == Method::GET)?;
        if self.query.is_empty() {
            return Some(path.clone());
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.query);
        Some(format!("{path}?{}", query.finish()))
    }
    /// The same call at another address below the root (a further page).
    pub(super) fn at(&self, path: String) -> Self {
        Call {
            path: Some(path),
            query: Vec::new(),
            ..self.clone()
        }
    }
}

/// Whether it is an object of git's, or a folder's list of them.
fn is_object(body: &Value) -> bool {
    let named = |it: &Value| it.get("sha").is_some_and(Value::is_string);
    match body.as_array() {
        Some(all) => !all.is_empty() && all.iter().all(named),
        None => named(body),
    }
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(super) struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// GitHub's clock when it answered, if it told.
    pub date: Option<Millis>,
    pub seen: Seen,
}

impl Reply {
    /// An answer that is known already, as if it had come `at` this moment.
    pub(super) fn again(known: Known, seen: Seen, date: Option<Millis>) -> Self {
        Reply {
            status: StatusCode::OK,
            headers: known.headers,
            body: known.body,
            date,
            seen,
        }
    }

    /// What to keep of it: a whole answer that GitHub gave a mark, and that is
    /// one. What is never asked for again must be of an object of git's.
    pub(super) fn known(&self, fixed: bool) -> Option<Known> {
        let etag = text(&self.headers, "etag").filter(|etag| !etag.is_empty());
        if !self.is(200) || (etag.is_none() && !fixed) {
            return None;
        }
        let body: Value = serde_json::from_slice(&self.body).ok()?;
        if fixed && !is_object(&body) {
            return None;
        }
        let mut headers = HeaderMap::new();
        if let Some(link) = self.headers.get("link") {
            headers.insert("link", link.clone());
        }
        Some(Known {
            etag: etag.unwrap_or_default().to_owned(),
            headers,
            body: self.body.clone(),
        })
    }

    pub(super) fn is(&self, code: u16) -> bool {
        self.status.as_u16() == code
    }

    /// GitHub's words on a refusal.
    pub(super) fn message(&self) -> String {
        message_of(self.status, &self.body)
    }

    pub(super) fn error(&self) -> Error {
        classify(self.status, &self.headers, &self.body, self.seen)
    }

    /// A success, whose body is JSON or empty: a page of a proxy's is no word of
    /// GitHub's, whatever its status.
    pub(super) fn ok(self) -> Result<Self, Error> {
        if !self.status.is_success() {
            return Err(self.error());
        }
        match self.body.trim_ascii() {
            [] | [b'{' | b'[', ..] | b"null" => Ok(self),
            _ => Err(self.strange("it is no JSON")),
        }
    }

    /// The answer is none of GitHub's: nothing is learnt from it.
    pub(super) fn strange(&self, why: impl std::fmt::Display) -> Error {
        let operation = self.seen.operation;
        self.seen.strange(format!(
            "the answer to {operation} could not be read: {why}"
        ))
    }

    /// A success of which little is wanted: its body is whole all the same, or
    /// there is none.
    pub(super) fn whole(self) -> Result<Self, Error> {
        let reply = self.ok()?;
        if reply.body.trim_ascii().is_empty() {
            return Ok(reply);
        }
        match serde_json::from_slice::<IgnoredAny>(&reply.body) {
            Ok(_) => Ok(reply),
            Err(why) => Err(reply.strange(why)),
        }
    }

    /// A success of which nothing is wanted.
    pub(super) fn done(self) -> Result<(), Error> {
        self.whole().map(drop)
    }

    /// The decoded body of a success. What cannot be read of a write that
    /// succeeded is `Ambiguous`: it happened, but we do not know its result. Of
    /// a read it is no answer yet.
    pub(super) fn json<T: DeserializeOwned>(self) -> Result<T, Error> {
        let reply = self.ok()?;
        serde_json::from_slice::<Value>(&reply.body)
            .and_then(json::decode)
            .map_err(|why| reply.strange(why))
    }

    /// As [`Self::json`], with 404 as "there is none".
    pub(super) fn maybe<T: DeserializeOwned>(self) -> Result<Option<T>, Error> {
        match self.error_if_failed() {
            Some(Error::NotFound) => Ok(None),
            Some(error) => Err(error),
            None => self.json().map(Some),
        }
    }

    fn error_if_failed(&self) -> Option<Error> {
        (!self.status.is_success()).then(|| self.error())
    }

    /// Whether GitHub wants an organisation's single sign-on first, and at which address
    /// if it says. (GitHub documentation: authenticating to the REST API with SAML SSO:
    /// 403 with `X-GitHub-SSO: required; url=…`.)
    pub(super) fn single_sign_on(&self) -> Option<Option<&str>> {
        let said = text(&self.headers, "x-github-sso").filter(|_| self.is(403))?;
        let mut parts = said.split(';').map(str::trim);
        parts.next().filter(|it| *it == "required")?;
        Some(parts.find_map(|it| it.strip_prefix("url=")))
    }

    /// Path and query of the next page, from the `link` header.
    pub(super) fn next_page(&self) -> Option<String> {
        let links = text(&self.headers, "link")?;
        let target = links.split(',').find_map(|link| {
            let (target, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
            rest.split(';')
                .any(|p| matches!(p.trim(), r#"rel="next""# | "rel=next"))
                .then_some(target)
        })?;
        let uri: Uri = target.parse().ok()?;
        uri.path_and_query().map(|p| p.as_str().to_owned())
    }
}
