//! The cookies: of each sign-in that is under way, and of a session.

use axum::http::{HeaderMap, header};

use crate::web::browser::prefix;

/// So many sign-ins of one browser are under way at one time; an older one makes room,
/// so that no head grows past what proxies take.
const UNDER_WAY: usize = 4;

/// Which cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie<'a> {
    /// A sign-in that is under way with this state, for ten minutes. Each window has
    /// one of its own: after a night several ask for it at once.
    Login(&'a str),
    /// A session, for eight hours.
    Session,
}

/// How our cookies are called, and where browsers show them.
pub struct Jar {
    /// In front of their names.
    front: &'static str,
    /// Below which path.
    path: String,
    /// What else the header says.
    more: &'static str,
}

impl Jar {
    /// Of a server that people reach there. Where https is spoken no other host, no page
    /// by http and no path can set a cookie of the name `__Host-…`. A server below a path
    /// shares its host, so its cookies are not shown to the others there; that is what
    /// `__Host-` cannot say. By plain http, on this machine alone, browsers take neither.
    pub fn of(public_url: &str) -> Jar {
        let path = prefix(public_url);
        let (front, more) = match (public_url.starts_with("https:"), path.is_empty()) {
            (true, true) => ("__Host-", "; Secure"),
            (true, false) => ("__Secure-", "; Secure"),
            (false, _) => ("", ""),
        };
        let path = if path.is_empty() { "/".into() } else { path };
        Jar { front, path, more }
    }

    /// What those of sign-ins begin with.
    fn logins(&self) -> String {
        format!("{}hotfix-login-", self.front)
    }

    fn name(&self, of: Cookie<'_>) -> String {
        match of {
            Cookie::Login(state) => {
                let letter = |c: &char| c.is_ascii_alphanumeric();
                let which: String = state.chars().filter(letter).take(8).collect();
                format!("{}{which}", self.logins())
            }
            Cookie::Session => format!("{}hotfix", self.front),
        }
    }

    /// The header that sets it, for so many seconds. Lax: a link from elsewhere finds
    /// its reader signed in, a form from elsewhere does not.
    pub fn set(&self, of: Cookie<'_>, value: &str, seconds: i64) -> String {
        self.header(&self.name(of), value, seconds)
    }

    fn header(&self, name: &str, value: &str, seconds: i64) -> String {
        let (path, more) = (&self.path, self.more);
        format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{more}")
    }

    /// The header that takes it away.
    pub fn clear(&self, of: Cookie<'_>) -> String {
        self.set(of, "", 0)
    }

    /// The headers that take away sign-ins for which another has no room; browsers show
    /// the oldest first (RFC 6265, 5.4).
    pub fn crowd_out(&self, headers: &HeaderMap) -> Vec<String> {
        let front = self.logins();
        let all: Vec<&str> = pairs(headers)
            .map(|(name, _)| name)
            .filter(|name| name.starts_with(&front) && name.bytes().all(|b| b.is_ascii_graphic()))
            .collect();
        let too_many = (all.len() + 1).saturating_sub(UNDER_WAY);
        let oldest = all.iter().take(too_many);
        oldest.map(|name| self.header(name, "", 0)).collect()
    }

    /// What the browser shows; nothing where it shows several: one of them is forged.
    pub fn shown<'a>(&self, of: Cookie<'_>, headers: &'a HeaderMap) -> Option<&'a str> {
        let ours = self.name(of);
        let mut ours = pairs(headers).filter_map(|(name, value)| (name == ours).then_some(value));
        let first = ours.next().filter(|it| !it.is_empty())?;
        ours.next().is_none().then_some(first)
    }
}

/// What a browser shows: names and values.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let all = headers.get_all(header::COOKIE).into_iter();
    let all = all.filter_map(|it| it.to_str().ok());
    all.flat_map(|it| it.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(text: &str) -> HeaderMap {
        let mut all = HeaderMap::new();
        all.insert(header::COOKIE, HeaderValue::from_str(text).unwrap());
        all
    }

    #[test]
    fn a_cookie_is_bound_to_the_host_where_that_is_possible() {
        let jar = Jar::of("https://h.example");
        assert_eq!(
            jar.set(Cookie::Session, "x", 60),
            "__Host-hotfix=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(jar.clear(Cookie::Login("s")).contains("Max-Age=0"));
        let plain = Jar::of("http://127.0.0.1:3000");
        assert!(!plain.set(Cookie::Session, "x", 60).contains("Secure"));
    }

    #[test]
    fn below_a_path_it_is_shown_to_nobody_else_of_the_host() {
        let jar = Jar::of("https://h.example/bot");
        assert_eq!(
            jar.set(Cookie::Session, "x", 60),
            "__Secure-hotfix=x; Path=/bot; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        let shown = |text| jar.shown(Cookie::Session, &headers(text)).is_some();
        assert!(shown("__Secure-hotfix=x"));
        assert!(!shown("hotfix=x") && !shown("__Host-hotfix=x"));
    }

    #[test]
    fn what_another_could_have_set_is_none() {
        let shown = |text, url| {
            let jar = Jar::of(url);
            let all = headers(text);
            jar.shown(Cookie::Session, &all).map(str::to_owned)
        };
        let (https, http) = ("https://h.example", "http://localhost:3000");
        assert_eq!(shown("a=b; __Host-hotfix=x", https).as_deref(), Some("x"));
        assert_eq!(shown("hotfix=x", http).as_deref(), Some("x"));
        // A page of another host below the same domain can set this one.
        assert_eq!(shown("hotfix=x", https), None);
        assert_eq!(shown("__Host-hotfix=x; __Host-hotfix=y", https), None);
        assert_eq!(shown("__Host-hotfix-login-a=x", https), None);
        assert_eq!(shown("__Host-hotfix=", https), None);
    }

    #[test]
    fn the_oldest_of_many_sign_ins_makes_room() {
        let jar = Jar::of("https://h.example");
        let names = |all: &[String]| -> Vec<String> {
            let all = all.iter().map(|it| it.split('=').next().unwrap());
            all.map(str::to_owned).collect()
        };
        let of = |n: usize| {
            let all: Vec<String> = (0..n)
                .map(|n| format!("__Host-hotfix-login-{n}=x"))
                .collect();
            headers(&format!("__Host-hotfix=s; {}", all.join("; ")))
        };
        assert!(jar.crowd_out(&of(3)).is_empty());
        let six = jar.crowd_out(&of(6));
        let oldest = ["0", "1", "2"].map(|n| format!("__Host-hotfix-login-{n}"));
        assert_eq!(names(&six), oldest);
    }
}
