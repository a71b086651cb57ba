//! Who may set the server up: the token from the log, the one browser that it let
//! in, and the state that goes to GitHub and comes back. Of each only its SHA-256
//! is kept. No IO, no clock: the time is told.

use std::collections::VecDeque;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::clock::Millis;

/// A token, a browser and a state are good for so long, milliseconds.
pub(super) const HOUR: Millis = 3_600_000;
const MINUTE: Millis = 60_000;
/// So many tokens may be tried within a minute, by all together.
const TRIES: usize = 10;

/// A secret as it is kept.
#[derive(Clone, Copy)]
struct Kept {
    hash: [u8; 32],
    until: Millis,
}

impl Kept {
    fn new(secret: &str, until: Millis) -> Self {
        let hash = Sha256::digest(secret.as_bytes()).into();
        Kept { hash, until }
    }

    /// Whether it is this one, in a time that does not tell how much of it fits.
    fn is(&self, given: &str) -> bool {
        let given: [u8; 32] = Sha256::digest(given.as_bytes()).into();
        bool::from(self.hash.ct_eq(&given))
    }

    fn fits(&self, given: &str, now: Millis) -> bool {
        now < self.until && self.is(given)
    }
}

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Wrong,
    TooMany,
    Expired,
    /// A browser was let in then.
    Burnt(Millis),
}

/// The lock of one start of the server.
pub(super) struct Lock {
    token: Kept,
    tries: VecDeque<Millis>,
    burnt_at: Option<Millis>,
    browser: Option<Kept>,
    state: Option<Kept>,
}

impl Lock {
    pub fn new(token: &str, now: Millis) -> Self {
        Lock {
            token: Kept::new(token, now + HOUR),
            tries: VecDeque::new(),
            burnt_at: None,
            browser: None,
            state: None,
        }
    }

    /// Why no token is taken any more, whichever it is.
    pub fn closed(&self, now: Millis) -> Option<Refused> {
        match self.burnt_at {
            Some(at) => Some(Refused::Burnt(at)),
            None if now >= self.token.until => Some(Refused::Expired),
            None => None,
        }
    }

    /// Lets the browser in that will show `browser`. The token burns by it.
    pub fn unlock(&mut self, token: &str, browser: &str, now: Millis) -> Result<(), Refused> {
        let closed = self.closed(now);
        if closed.is_some() || !self.token.is(token) {
            // Only what opens nothing is counted: a stranger's tries keep nobody out.
            while self.tries.front().is_some_and(|at| now - at >= MINUTE) {
                self.tries.pop_front();
            }
            if self.tries.len() >= TRIES {
                return Err(Refused::TooMany);
            }
            self.tries.push_back(now);
            return Err(closed.unwrap_or(Refused::Wrong));
        }
        self.burnt_at = Some(now);
        self.browser = Some(Kept::new(browser, now + HOUR));
        Ok(())
    }

    /// Another token, made on the server's machine, takes the place of the first one;
    /// whoever was let in by that is shut out.
    pub fn renew(&mut self, hash: [u8; 32], until: Millis) {
        *self = Lock {
            token: Kept { hash, until },
            tries: std::mem::take(&mut self.tries),
            burnt_at: None,
            browser: None,
            state: None,
        };
    }

    /// Whether it is the browser that was let in.
    pub fn knows(&self, browser: &str, now: Millis) -> bool {
        self.browser.is_some_and(|it| it.fits(browser, now))
    }

    /// The state that goes to GitHub now; an earlier one is worth nothing any more.
    pub fn hand_over(&mut self, state: &str, now: Millis) {
        self.state = Some(Kept::new(state, now + HOUR));
    }

    /// Whether it is the state that was handed over. It counts once.
    pub fn take_state(&mut self, state: &str, now: Millis) -> bool {
        let fits = self.state.is_some_and(|it| it.fits(state, now));
        if fits {
            self.state = None;
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_700_000_000_000;

    #[test]
    fn a_token_lets_one_browser_in_and_burns() {
        let mut lock = Lock::new("t0ken", NOW);
        assert!(!lock.knows("first", NOW));
        assert_eq!(lock.unlock("other", "first", NOW), Err(Refused::Wrong));
        assert_eq!(lock.unlock("t0ken", "first", NOW), Ok(()));
        assert_eq!(
            lock.unlock("t0ken", "second", NOW + 5),
            Err(Refused::Burnt(NOW))
        );
        assert!(lock.knows("first", NOW + HOUR - 1));
        assert!(!lock.knows("second", NOW));
        assert!(!lock.knows("first", NOW + HOUR), "an hour is over");
    }

    #[test]
    fn a_token_is_good_for_an_hour() {
        let mut lock = Lock::new("t0ken", NOW);
        assert_eq!(lock.closed(NOW + HOUR - 1), None);
        assert_eq!(lock.unlock("t0ken", "a", NOW + HOUR), Err(Refused::Expired));
        lock.renew(Sha256::digest(b"another").into(), NOW + 2 * HOUR);
        assert_eq!(lock.unlock("t0ken", "a", NOW + HOUR), Err(Refused::Wrong));
        assert_eq!(lock.unlock("another", "a", NOW + HOUR), Ok(()));
    }

    #[test]
    fn ten_tries_a_minute_are_enough_for_anybody() {
        let mut lock = Lock::new("t0ken", NOW);
        for at in 0..10 {
            assert_eq!(lock.unlock("x", "a", NOW + at), Err(Refused::Wrong));
        }
        let late = NOW + 59_999;
        assert_eq!(lock.unlock("x", "a", late), Err(Refused::TooMany));
        assert_eq!(lock.unlock("x", "a", NOW + MINUTE), Err(Refused::Wrong));
        assert_eq!(lock.unlock("t0ken", "a", late), Ok(()), "keeps nobody out");
    }

    #[test]
    fn a_state_counts_once_and_the_newest_alone() {
        let mut lock = Lock::new("t0ken", NOW);
        assert!(!lock.take_state("", NOW), "none was handed over");
        lock.hand_over("one", NOW);
        lock.hand_over("two", NOW);
        assert!(!lock.take_state("one", NOW));
        assert!(lock.take_state("two", NOW + HOUR - 1));
        assert!(!lock.take_state("two", NOW));
        lock.hand_over("three", NOW);
        assert!(!lock.take_state("three", NOW + HOUR));
    }
}
