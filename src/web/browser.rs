//! What a browser says of itself, and what it is given to keep.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};

/// 32 random bytes, base64url.
///
/// # Errors
/// The system has no randomness to give.
pub fn random() -> Result<String, String> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| "the system gives no random bytes".to_owned())?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Whether a POST came from a page of this server: by `Sec-Fetch-Site`, which
/// browsers send where they trust the connection and pages cannot forge, else by
/// `Origin`, where it is known which one is ours.
pub fn same_origin(headers: &HeaderMap, ours: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => match (text("origin"), ours.and_then(origin)) {
            (Some(origin), Some(ours)) => origin == ours,
            _ => false,
        },
    }
}

/// The path of an address, without a closing slash: what a proxy takes away.
pub fn prefix(url: &str) -> String {
    let path = url::Url::parse(url).ok().map(|url| url.path().to_owned());
    path.unwrap_or_default().trim_end_matches('/').to_owned()
}

/// Scheme, host and port of an address.
pub fn origin(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    Some(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

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
    fn what_is_random_is_32_bytes_and_another_each_time() {
        let (a, b) = (random().unwrap(), random().unwrap());
        assert_eq!(URL_SAFE_NO_PAD.decode(&a).unwrap().len(), 32);
        assert_ne!(a, b);
    }

    #[test]
    fn a_post_of_another_site_is_none_of_ours() {
        let ours = Some("https://h.example/bot");
        for (all, ours, is_ours) in [
            (&[("sec-fetch-site", "same-origin")][..], None, true),
            (&[("sec-fetch-site", "cross-site")], ours, false),
            (&[("sec-fetch-site", "same-site")], ours, false),
            (&[("sec-fetch-site", "none")], ours, false),
            (&[("origin", "https://h.example")], ours, true),
            (&[("origin", "http://h.example")], ours, false),
            (&[("origin", "null")], ours, false),
            (&[("origin", "https://h.example")], None, false),
            (
                &[
                    ("origin", "https://h.example"),
                    ("sec-fetch-site", "cross-site"),
                ],
                ours,
                false,
            ),
            (&[], ours, false),
        ] {
            assert_eq!(
                same_origin(&headers(all), ours),
                is_ours,
                "{all:?} {ours:?}"
            );
        }
    }
}
