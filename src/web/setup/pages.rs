//! The pages as HTML. Their words are `domain::text::setup`'s; askama escapes
//! whatever else is put into them.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::domain::text::{self, Permission, setup as words};

/// What somebody chose, as they typed it.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    pub is_org: bool,
    pub org: String,
    pub name: String,
    pub url: String,
    pub wished: Vec<String>,
}

impl Choice {
    fn has(&self, name: &str) -> bool {
        self.wished.iter().any(|it| it == name)
    }
}

#[derive(Template)]
#[template(path = "setup/unlock.html")]
pub(super) struct Unlock<'a> {
    pub base: &'a str,
    pub title: &'a str,
    pub told: Option<String>,
    /// Whether a token is taken at all.
    pub open: bool,
}

#[derive(Template)]
#[template(path = "setup/choice.html")]
pub(super) struct Choose<'a> {
    pub base: &'a str,
    pub title: &'a str,
    pub told: Option<String>,
    pub choice: &'a Choice,
    pub address: Option<&'a str>,
    pub permissions: &'a [Permission],
    pub optional: &'a [Permission],
}

#[derive(Template)]
#[template(path = "setup/handover.html")]
pub(super) struct Handover<'a> {
    pub base: &'a str,
    pub title: &'a str,
    pub action: &'a str,
    pub manifest: String,
    pub shown: String,
}

#[derive(Template)]
#[template(path = "setup/told.html")]
pub(super) struct Told<'a> {
    pub base: &'a str,
    pub title: &'a str,
    pub lines: &'a [String],
    pub link: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "setup/keep.html")]
pub(super) struct Keep<'a> {
    pub base: &'a str,
    pub title: &'a str,
    pub why: String,
}

#[derive(Template)]
#[template(path = "setup/done.html")]
pub(super) struct Done<'a> {
    pub base: &'a str,
    pub title: &'a str,
    pub created: String,
    pub is_heard: bool,
    pub heard: String,
    pub is_installed: bool,
    pub installed: String,
    pub repos: &'a [String],
    pub install: String,
}

/// The page that asks for the token, or says why none is taken.
pub(super) fn unlock(base: &str, why: Option<words::Locked<'_>>) -> Response {
    let closed = matches!(
        why,
        Some(words::Locked::Expired | words::Locked::Elsewhere(_))
    );
    let status = match why {
        None => StatusCode::OK,
        Some(words::Locked::TooMany) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::FORBIDDEN,
    };
    let page = Unlock {
        base,
        title: words::UNLOCK,
        told: why.map(words::locked),
        open: !closed,
    };
    html(status, &page)
}

/// The page on which the App is described.
pub(super) fn choose(
    base: &str,
    choice: &Choice,
    address: Option<&str>,
    why: Option<&words::NotTaken>,
) -> Response {
    let status = match why {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = Choose {
        base,
        title: words::CHOICE,
        told: why.map(words::not_taken),
        choice,
        address,
        permissions: text::PERMISSIONS,
        optional: text::OPTIONAL,
    };
    html(status, &page)
}

/// Something did not work, and what to do.
pub(super) fn failed(base: &str, status: StatusCode, why: &words::Failed) -> Response {
    told(base, status, words::FAILED, &words::failed(why), None)
}

/// A few sentences.
pub(super) fn told(
    base: &str,
    status: StatusCode,
    title: &str,
    lines: &[String],
    link: Option<&str>,
) -> Response {
    let page = Told {
        base,
        title,
        lines,
        link,
    };
    html(status, &page)
}

/// A page.
pub(super) fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => {
            let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
            (status, kind, html).into_response()
        }
        // Only what implements `Display` and fails could bring it about; none does.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The style and the scripts.
pub(super) async fn style() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (kind, include_str!("style.css")).into_response()
}

pub(super) async fn again() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (kind, include_str!("again.js")).into_response()
}

pub(super) async fn script() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (kind, include_str!("unlock.js")).into_response()
}
