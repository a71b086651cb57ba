//! What stands around each page: headers, and the cookie.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;

/// The browser that was let in, where the server is reached by https.
const SECURE: &str = "__Host-hotfix-setup";
/// The same by plain http, on this machine alone, where browsers take no
/// `__Host-` cookie.
const PLAIN: &str = "hotfix-setup";

pub(super) use crate::web::browser::prefix;

/// Whether the browser speaks https: by the server's address, else by what the
/// browser says of the page it posts from, which it alone can set.
pub(super) fn by_https(headers: &HeaderMap, ours: Option<&str>) -> bool {
    match ours {
        Some(url) => url.starts_with("https:"),
        None => headers
            .get(header::ORIGIN)
            .is_some_and(|it| it.as_bytes().starts_with(b"https:")),
    }
}

/// The cookie that lets the browser in, for an hour.
pub(super) fn cookie(value: &str, secure: bool) -> String {
    let (name, more) = match secure {
        true => (SECURE, "; Secure"),
        false => (PLAIN, ""),
    };
    format!("{name}={value}; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax{more}")
}

/// What the browser shows, under either name.
pub(super) fn shown(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).into_iter();
    let all = all.filter_map(|it| it.to_str().ok());
    let mut pairs = all.flat_map(|it| it.split(';'));
    pairs.find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        matches!(name, SECURE | PLAIN).then_some(value)
    })
}

/// The headers of a page whose forms may lead to `github` as well.
pub(super) fn protected(mut response: Response, github: Option<&str>) -> Response {
    let github = github.map(|it| format!(" {it}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src \
         'self'; form-action 'self'{github}; base-uri 'none'; frame-ancestors 'none'"
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    for (name, value) in fixed {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        let all = all.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        all.collect()
    }

    #[test]
    fn the_cookie_is_bound_to_the_host_where_that_is_possible() {
        let secure = cookie("x", true);
        assert_eq!(
            secure,
            "__Host-hotfix-setup=x; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(!cookie("x", false).contains("Secure"));
        let shown_by = |text| {
            let mut all = HeaderMap::new();
            all.insert(header::COOKIE, HeaderValue::from_static(text));
            shown(&all).map(str::to_owned)
        };
        assert_eq!(shown_by("a=b; __Host-hotfix-setup=x").as_deref(), Some("x"));
        assert_eq!(shown_by("hotfix-setup=y").as_deref(), Some("y"));
        assert_eq!(shown_by("hotfix-setup2=y; z"), None);
    }

    #[test]
    fn https_is_told_by_our_address_and_never_by_a_proxy() {
        let forwarded = headers(&[("x-forwarded-proto", "https"), ("host", "h.example")]);
        assert!(!by_https(&forwarded, None));
        assert!(by_https(&headers(&[("origin", "https://h.example")]), None));
        assert!(!by_https(
            &headers(&[("origin", "https://h.example")]),
            Some("http://127.0.0.1:3000")
        ));
    }
}
