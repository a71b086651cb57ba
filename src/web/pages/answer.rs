//! Answers with the headers that all of them have.

use std::sync::LazyLock;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::assets::PICTURE;
use super::seats::EACH;
use super::templates::{Around, Frame, Missing, SignOn, Unwell};

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// For a year, by anybody.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Adds what every answer has; what the answer has itself stays.
pub async fn guarded(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            header::HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (header::CACHE_CONTROL, "no-store"),
        (
            header::HeaderName::from_static("x-robots-tag"),
            "noindex, nofollow",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    answer
}

/// A template as HTML.
pub fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => {
            let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
            (kind, text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Not there, or not for whoever asks: nobody can tell which.
pub fn missing(around: Around) -> Response {
    let frame = Frame::new("Not found").of(around);
    (StatusCode::NOT_FOUND, page(&Missing { frame })).into_response()
}

/// Whoever asks has to sign in there first.
pub fn sign_in_first(way: String) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, way)]).into_response()
}

/// Whoever asks has to pass an organisation's single sign-on first.
pub fn sign_on_first(around: Around, at: Option<String>) -> Response {
    let frame = Frame::new("Single sign-on first").of(around);
    let at = at.unwrap_or_default();
    (StatusCode::FORBIDDEN, page(&SignOn { frame, at })).into_response()
}

/// The same to a script.
pub fn unauthorized() -> Response {
    StatusCode::UNAUTHORIZED.into_response()
}

/// It stands at another address by now. No browser keeps that: the answer has `no-store`.
pub fn elsewhere(to: &str) -> Response {
    match HeaderValue::try_from(to) {
        Ok(to) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Not now: too many ask, or the store or GitHub does not answer.
pub fn later(around: Around) -> Response {
    let frame = Frame::new("Not now").of(around);
    let wait = [(header::RETRY_AFTER, "5")];
    let status = StatusCode::SERVICE_UNAVAILABLE;
    (status, wait, page(&Unwell { frame })).into_response()
}

/// They have as many streams open as one person may; the page asks now and then instead.
pub fn enough() -> Response {
    let wait = [(header::RETRY_AFTER, "60")];
    let says = format!("You have {EACH} pages open that are told of changes. This one asks.\n");
    (StatusCode::TOO_MANY_REQUESTS, wait, says).into_response()
}

/// Data, for programs.
pub fn data(json: String) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, json).into_response()
}

/// A picture with its own style, which its policy names by its digest.
pub fn picture(template: &impl Template) -> Response {
    static OWN: LazyLock<String> = LazyLock::new(|| {
        let digest = STANDARD.encode(Sha256::digest(PICTURE.as_bytes()));
        format!("default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'")
    });
    let mut answer = page(template);
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("image/svg+xml"),
    );
    if let Ok(policy) = HeaderValue::from_str(&OWN) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

/// A file that never changes under its address.
pub fn kept(text: &'static str, kind: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, FOR_EVER),
    ];
    (headers, text).into_response()
}
