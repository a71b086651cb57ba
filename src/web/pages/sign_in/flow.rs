//! A sign-in from the browser that leaves to the one that comes back, which must be
//! the same. What is under way stands in the browser's own cookie, under our seal, so
//! that strangers fill nothing here; what was used is remembered until it is too old.
//! No IO, no clock: the time is told.

use std::collections::VecDeque;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::rand::SystemRandom;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::next::next_of;
use crate::clock::Millis;
use crate::web::browser::random;

/// A sign-in may take so long, milliseconds.
pub const TAKES: Millis = 10 * 60_000;
/// So many that came back are remembered. GitHub takes no code twice either.
const REMEMBERED: usize = 10_000;

/// The seal of one start of the server, and what was used.
pub struct Flow {
    key: hmac::Key,
    used: VecDeque<(Millis, [u8; 32])>,
}

/// What a browser leaves with.
pub struct Leaves {
    /// Its cookie.
    pub cookie: String,
    /// The state that goes to GitHub and comes back.
    pub state: String,
    /// PKCE's challenge, S256.
    pub challenge: String,
}

/// What a browser came back with.
#[derive(Debug, PartialEq, Eq)]
pub struct Returned {
    /// Where it goes on: a page of ours.
    pub next: String,
    /// What proves to GitHub that it is who left (PKCE).
    pub verifier: String,
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Flow {
    /// With a seal of its own.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn new() -> Result<Flow, String> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        Ok(Flow {
            key: key.map_err(|_| "the system gives no random bytes".to_owned())?,
            used: VecDeque::new(),
        })
    }

    /// What follows from a sign-in's secret, which the cookie alone holds.
    fn derived(&self, what: &str, secret: &str) -> String {
        text(hmac::sign(&self.key, format!("{what} {secret}").as_bytes()))
    }

    /// A browser leaves, to go on at `next` when it is back.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn leaves(&self, next: &str, now: Millis) -> Result<Leaves, String> {
        let secret = random()?;
        let body = format!("{secret}.{now}.{}", text(next_of(next)));
        let seal = self.derived("seal", &body);
        let verifier = self.derived("verifier", &secret);
        Ok(Leaves {
            cookie: format!("{body}.{seal}"),
            state: self.derived("state", &secret),
            challenge: text(Sha256::digest(verifier.as_bytes())),
        })
    }

    /// A browser with this cookie comes back with this state; none: it is another one,
    /// or it took too long, or it was back before.
    pub fn returns(&mut self, cookie: &str, state: &str, now: Millis) -> Option<Returned> {
        let same = |a: &str, b: &str| bool::from(a.as_bytes().ct_eq(b.as_bytes()));
        let (body, seal) = cookie.rsplit_once('.')?;
        if !same(&self.derived("seal", body), seal) {
            return None;
        }
        let (secret, rest) = body.split_once('.')?;
        let (left, next) = rest.split_once('.')?;
        let left: Millis = left.parse().ok()?;
        if !(left..left + TAKES).contains(&now) || !same(&self.derived("state", secret), state) {
            return None;
        }
        let hash: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
        if self.used.iter().any(|(_, it)| *it == hash) {
            return None;
        }
        while self.used.len() >= REMEMBERED
            || self.used.front().is_some_and(|(at, _)| now - at >= TAKES)
        {
            self.used.pop_front();
        }
        self.used.push_back((now, hash));
        let next = String::from_utf8(URL_SAFE_NO_PAD.decode(next).ok()?).ok()?;
        Some(Returned {
            next: next_of(&next).to_owned(),
            verifier: self.derived("verifier", secret),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_700_000_000_000;

    #[test]
    fn who_left_comes_back_once() {
        let mut flow = Flow::new().unwrap();
        let out = flow.leaves("/h/acme/lantern/1", NOW).unwrap();
        let back = flow.returns(&out.cookie, &out.state, NOW + 5).unwrap();
        assert_eq!(back.next, "/h/acme/lantern/1");
        assert_eq!(text(Sha256::digest(&back.verifier)), out.challenge);
        // RFC 7636, 4.1: 43 to 128 of these characters.
        assert_eq!(back.verifier.len(), 43);
        assert_eq!(flow.returns(&out.cookie, &out.state, NOW + 6), None);
    }

    #[test]
    fn the_state_of_another_browser_is_none() {
        let mut flow = Flow::new().unwrap();
        let (mine, theirs) = (
            flow.leaves("/", NOW).unwrap(),
            flow.leaves("/", NOW).unwrap(),
        );
        assert_ne!(mine.state, theirs.state);
        assert_eq!(flow.returns(&mine.cookie, &theirs.state, NOW), None);
        assert_eq!(flow.returns(&mine.cookie, "", NOW), None);
        assert_eq!(flow.returns("", &mine.state, NOW), None);
        // What is refused is not used up by it.
        assert!(flow.returns(&mine.cookie, &mine.state, NOW).is_some());
    }

    #[test]
    fn a_sign_in_takes_ten_minutes_at_most() {
        let mut flow = Flow::new().unwrap();
        let out = flow.leaves("/", NOW).unwrap();
        for at in [NOW + TAKES, NOW - 1] {
            assert_eq!(flow.returns(&out.cookie, &out.state, at), None);
        }
        let last = NOW + TAKES - 1;
        assert!(flow.returns(&out.cookie, &out.state, last).is_some());
    }

    #[test]
    fn a_cookie_that_was_changed_or_of_another_start_is_none() {
        let mut flow = Flow::new().unwrap();
        let out = flow.leaves("/", NOW).unwrap();
        let (body, seal) = out.cookie.rsplit_once('.').unwrap();
        let (secret, _) = body.split_once('.').unwrap();
        let elsewhere = text("//evil.example");
        for forged in [
            format!("{secret}.{NOW}.{elsewhere}.{seal}"),
            format!("{secret}.{}.{}.{seal}", NOW + 9, text("/")),
            body.to_owned(),
        ] {
            assert_eq!(flow.returns(&forged, &out.state, NOW + 9), None);
        }
        let mut another = Flow::new().unwrap();
        assert_eq!(another.returns(&out.cookie, &out.state, NOW), None);
    }
}
