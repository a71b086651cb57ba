//! GitHub's pages for a browser: HTML with forms, and who is signed in there.

use std::collections::BTreeMap;

use crate::sim::router::{Access, Answer, Body, Call, Handler, Route};
use crate::sim::world::{UserId, World};

/// The cookie of a browser in which somebody signed in.
pub(super) const COOKIE: &str = "user_session";

/// A page that anybody may open.
pub(super) fn open(
    method: &'static str,
    path: &'static str,
    operation: &'static str,
    run: Handler,
) -> Route {
    Route {
        method,
        path,
        operation,
        access: Access::Open,
        permission: "",
        run,
    }
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

pub(super) fn page(status: u16, title: &str, body: &str) -> Answer {
    let html = format!(
        "<!doctype html><html lang=\"en\"><title>{title}</title><h1>{title}</h1>{body}</html>",
        title = escape(title)
    );
    Answer {
        status,
        headers: Vec::new(),
        body: Body::Bytes("text/html; charset=utf-8", html.into_bytes()),
    }
}

/// A form with hidden fields and one button.
pub(super) fn form(action: &str, fields: &[(&str, &str)], button: &str) -> String {
    let fields: String = fields
        .iter()
        .map(|(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
                escape(value)
            )
        })
        .collect();
    format!(
        "<form method=\"post\" action=\"{}\">{fields}<button>{}</button></form>",
        escape(action),
        escape(button)
    )
}

pub(super) fn fields(call: &Call) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(&call.raw)
        .into_owned()
        .collect()
}

pub(super) fn with(url: &str, pairs: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("{url}?{query}")
}

/// Who sits at the browser: by its cookie, or else in the one that a test has.
pub(super) fn at_browser(world: &World, call: &Call) -> Option<UserId> {
    let cookies = call.headers.get("cookie").map_or("", String::as_str);
    let shown = cookies.split(';').find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE).then_some(value)
    });
    let by_cookie = shown.and_then(|it| world.oauth.browsers.get(it));
    by_cookie.copied().or(world.manifests.signed_in)
}
