//! Where the server is reached, and where GitHub's pages are. Both are said by
//! the operator, never taken from a request's headers.

use url::{Host, Url};

use super::defaults;
use super::wrong::{Wrong, wrong};

const PUBLIC: &str = "PUBLIC_URL";

/// An address at which the server is reached, without a closing slash.
///
/// # Errors
/// In words that follow the setting's name: it is none, or none to rely on.
pub fn public_url(text: &str) -> Result<String, String> {
    let url = base_url(PUBLIC, Some(text.to_owned()), "").map_err(|wrong| wrong.why)?;
    match Url::parse(&url) {
        Ok(it) if it.scheme() == "https" || local(&it) => Ok(url),
        _ => Err("is wrong: expected https:// (http:// for this machine alone)".to_owned()),
    }
}

/// The setting, where it is given.
pub(super) fn given_public_url(value: Option<String>) -> Result<Option<String>, Wrong> {
    let Some(text) = given(value) else {
        return Ok(None);
    };
    match public_url(&text) {
        Ok(url) => Ok(Some(url)),
        Err(why) => Err(wrong(PUBLIC, why)),
    }
}

/// Where GitHub's pages are: as given, else derived from its API's address:
/// `api.` in front (github.com, and GitHub Enterprise Cloud with its own name) or
/// `/api/v3` behind (GitHub Enterprise Server) are left out.
///
/// # Errors
/// What is given is no address.
pub fn web_url(value: Option<String>, api: &str) -> Result<String, Wrong> {
    base_url("GITHUB_WEB_URL", value, &derived(api))
}

fn derived(api: &str) -> String {
    if api == defaults::GITHUB_API_URL {
        return defaults::GITHUB_WEB_URL.to_owned();
    }
    if let Some(server) = api.strip_suffix("/api/v3") {
        return server.to_owned();
    }
    match api.split_once("://api.") {
        Some((scheme, host)) => format!("{scheme}://{host}"),
        None => api.to_owned(),
    }
}

/// Whether GitHub, whose pages are at `web`, cannot reach `public`: it stands on
/// another machine than this, and what is private is not its network's either,
/// unless it is a server of one's own.
pub fn unreachable(public: &str, web: &str) -> bool {
    let (Ok(public), Ok(github)) = (Url::parse(public), Url::parse(web)) else {
        return true;
    };
    if local(&github) {
        return false;
    }
    let on_github_com = web == defaults::GITHUB_WEB_URL;
    let private = match public.host() {
        Some(Host::Ipv4(ip)) => ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
        Some(Host::Ipv6(ip)) => {
            ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified()
        }
        Some(Host::Domain(name)) => !name.contains('.') || name.ends_with(".local"),
        None => true,
    };
    local(&public) || public.scheme() != "https" || (on_github_com && private)
}

/// The value without surrounding space; an empty one counts as not set.
pub(super) fn given(value: Option<String>) -> Option<String> {
    let value = value?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

pub(super) fn local(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

pub(super) fn base_url(
    setting: &'static str,
    value: Option<String>,
    default: &str,
) -> Result<String, Wrong> {
    let Some(text) = given(value) else {
        return Ok(default.to_owned());
    };
    // The value is repeated only once it is known to hold no password.
    let Ok(url) = Url::parse(&text) else {
        return Err(wrong(
            setting,
            "is wrong: not a URL; expected one with http:// or https://",
        ));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(
            setting,
            "is wrong: expected a URL without user name and password",
        ));
    }
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(wrong(
            setting,
            format!("is wrong: {text:?}; expected http:// or https://"),
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong(setting, "is wrong: expected a URL without ? and #"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_stand_beside_the_api() {
        for (api, web) in [
            (defaults::GITHUB_API_URL, defaults::GITHUB_WEB_URL),
            ("https://ghe.example/api/v3", "https://ghe.example"),
            ("https://api.octo.ghe.example", "https://octo.ghe.example"),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000"),
        ] {
            assert_eq!(web_url(None, api).unwrap(), web);
        }
        let given = web_url(
            Some("https://g.example/".into()),
            "https://ghe.example/api/v3",
        );
        assert_eq!(given.unwrap(), "https://g.example");
        assert!(web_url(Some("g.example".into()), "https://ghe.example/api/v3").is_err());
    }

    #[test]
    fn an_address_is_https_or_this_machine() {
        assert_eq!(
            public_url(" https://h.example/bot/ ").unwrap(),
            "https://h.example/bot"
        );
        assert!(public_url("http://127.0.0.1:3000").is_ok());
        for wrong in [
            "h.example",
            "http://h.example",
            "http://192.168.1.2:3000",
            "https://u:pw@h.example",
            "https://h.example/?a",
            "ftp://h.example",
        ] {
            let why = public_url(wrong).unwrap_err();
            assert!(!why.contains("pw"), "{why}");
        }
    }

    #[test]
    fn what_github_reaches() {
        let dot_com = defaults::GITHUB_WEB_URL;
        let server = "https://ghe.example";
        for (public, web, is_unreachable) in [
            ("https://h.example", dot_com, false),
            ("https://192.168.1.2", dot_com, true),
            ("https://hotfix", dot_com, true),
            ("https://hotfix.local", dot_com, true),
            ("https://[fd00::1]", dot_com, true),
            ("http://127.0.0.1:3000", dot_com, true),
            ("http://localhost:3000", dot_com, true),
            ("https://192.168.1.2", server, false),
            ("http://127.0.0.1:3000", server, true),
            ("http://127.0.0.1:3000", "http://127.0.0.1:4000", false),
            ("no address", dot_com, true),
        ] {
            assert_eq!(unreachable(public, web), is_unreachable, "{public} {web}");
        }
    }
}
