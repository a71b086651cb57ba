//! The two cookies: of a sign-in that is under way, and of a session.

use axum::http::{HeaderMap, header};

/// Which cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// A sign-in that is under way, for ten minutes.
    Login,
    /// A session, for eight hours.
    Session,
}

impl Cookie {
    /// Where https is spoken no other host, no page by http and no path can set a
    /// cookie of this name. By plain http, on this machine alone, browsers take none.
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Cookie::Login, true) => "__Host-hotfix-login",
            (Cookie::Login, false) => "hotfix-login",
            (Cookie::Session, true) => "__Host-hotfix",
            (Cookie::Session, false) => "hotfix",
        }
    }

    /// The header that sets it, for so many seconds. Lax: a link from elsewhere finds
    /// its reader signed in, a form from elsewhere does not.
    pub fn set(self, value: &str, seconds: i64, secure: bool) -> String {
        let name = self.name(secure);
        let more = if secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{more}")
    }

    /// The header that takes it away.
    pub fn clear(self, secure: bool) -> String {
        self.set("", 0, secure)
    }

    /// What the browser shows; nothing where it shows several: one of them is forged.
    pub fn shown(self, headers: &HeaderMap, secure: bool) -> Option<&str> {
        let all = headers.get_all(header::COOKIE).into_iter();
        let all = all.filter_map(|it| it.to_str().ok());
        let pairs = all.flat_map(|it| it.split(';'));
        let mut ours = pairs.filter_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == self.name(secure)).then_some(value)
        });
        let first = ours.next().filter(|it| !it.is_empty())?;
        ours.next().is_none().then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_cookie_is_bound_to_the_host_where_that_is_possible() {
        assert_eq!(
            Cookie::Session.set("x", 60, true),
            "__Host-hotfix=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(!Cookie::Session.set("x", 60, false).contains("Secure"));
        assert!(Cookie::Login.clear(true).contains("Max-Age=0"));
    }

    #[test]
    fn what_another_could_have_set_is_none() {
        let shown = |text: &'static str, secure| {
            let mut all = HeaderMap::new();
            all.insert(header::COOKIE, HeaderValue::from_static(text));
            let shown = Cookie::Session.shown(&all, secure);
            shown.map(str::to_owned)
        };
        assert_eq!(shown("a=b; __Host-hotfix=x", true).as_deref(), Some("x"));
        assert_eq!(shown("hotfix=x", false).as_deref(), Some("x"));
        // A page of another host below the same domain can set this one.
        assert_eq!(shown("hotfix=x", true), None);
        assert_eq!(shown("__Host-hotfix=x; __Host-hotfix=y", true), None);
        assert_eq!(shown("__Host-hotfix-login=x", true), None);
        assert_eq!(shown("__Host-hotfix=", true), None);
    }
}
