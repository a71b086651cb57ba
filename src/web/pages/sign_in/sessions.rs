//! Who is signed in. Of a cookie only its SHA-256 is kept. No IO, no clock: the time
//! is told.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;
use sha2::{Digest as _, Sha256};

use super::authority::Person;
use crate::clock::Millis;
use crate::web::browser::random;

/// A session lasts so long at most, milliseconds: as long as GitHub's tokens do.
pub const LASTS: Millis = 8 * 3_600_000;
/// So many sessions may one person have; an older one makes room.
const EACH: usize = 10;
/// So many are there at all.
const ALL: usize = 10_000;

type Key = [u8; 32];

/// Somebody in one browser.
pub struct Session {
    /// GitHub's id of who it is.
    pub user: i64,
    /// Their login when they signed in.
    pub login: String,
    /// Their token.
    pub(super) token: SecretString,
    key: Key,
    began: Millis,
    until: Millis,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({})", self.login)
    }
}

/// All of them.
#[derive(Default)]
pub struct Sessions(HashMap<Key, Arc<Session>>);

fn key_of(cookie: &str) -> Key {
    Sha256::digest(cookie.as_bytes()).into()
}

impl Sessions {
    /// Somebody signed in; gives the cookie, and for how long it counts, milliseconds.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn open(&mut self, person: Person, now: Millis) -> Result<(String, Millis), String> {
        let cookie = random()?;
        let lasts = person.lasts.unwrap_or(LASTS).clamp(0, LASTS);
        self.0.retain(|_, it| now < it.until);
        let user = person.id;
        while self.0.values().filter(|it| it.user == user).count() >= EACH {
            self.drop_oldest(|it| it.user == user);
        }
        while self.0.len() >= ALL {
            self.drop_oldest(|_| true);
        }
        let key = key_of(&cookie);
        let session = Session {
            user,
            login: person.login,
            token: person.token,
            key,
            began: now,
            until: now + lasts,
        };
        self.0.insert(key, Arc::new(session));
        Ok((cookie, lasts))
    }

    fn drop_oldest(&mut self, of: impl Fn(&Session) -> bool) {
        let all = self.0.values().filter(|it| of(it));
        if let Some(key) = all.min_by_key(|it| it.began).map(|it| it.key) {
            self.0.remove(&key);
        }
    }

    /// Whose cookie it is.
    pub fn of(&self, cookie: &str, now: Millis) -> Option<Arc<Session>> {
        let found = self.0.get(&key_of(cookie));
        found.filter(|it| now < it.until).cloned()
    }

    /// Whether it is not over yet.
    pub fn has(&self, session: &Session, now: Millis) -> bool {
        self.0
            .get(&session.key)
            .is_some_and(|it| it.user == session.user && now < it.until)
    }

    /// Whether somebody has any.
    pub fn has_user(&self, user: i64) -> bool {
        self.0.values().any(|it| it.user == user)
    }

    /// It is over.
    pub fn end(&mut self, session: &Session) {
        self.0.remove(&session.key);
    }

    /// All of somebody's are over.
    pub fn end_all_of(&mut self, user: i64) {
        self.0.retain(|_, it| it.user != user);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_700_000_000_000;

    fn person(id: i64, lasts: Option<Millis>) -> Person {
        Person {
            id,
            login: "mia".into(),
            token: SecretString::from("ghu_s3cret"),
            lasts,
        }
    }

    #[test]
    fn a_session_ends_with_its_token_and_after_eight_hours() {
        let mut all = Sessions::default();
        for (lasts, until) in [
            (None, LASTS),
            (Some(60_000), 60_000),
            (Some(99 * LASTS), LASTS),
        ] {
            let (cookie, told) = all.open(person(1, lasts), NOW).unwrap();
            assert_eq!(told, until);
            assert_eq!(all.of(&cookie, NOW + until - 1).unwrap().user, 1);
            assert!(all.of(&cookie, NOW + until).is_none());
        }
        assert!(all.of("", NOW).is_none());
    }

    #[test]
    fn an_older_session_makes_room_and_nobody_elses() {
        let mut all = Sessions::default();
        let (theirs, _) = all.open(person(2, None), NOW).unwrap();
        let mine: Vec<String> = (0..11)
            .map(|at| all.open(person(1, None), NOW + at).unwrap().0)
            .collect();
        let live: Vec<bool> = mine.iter().map(|it| all.of(it, NOW).is_some()).collect();
        assert_eq!(live, [vec![false], vec![true; 10]].concat());
        assert!(all.of(&theirs, NOW).is_some());
    }

    #[test]
    fn an_end_is_one() {
        let mut all = Sessions::default();
        let (one, _) = all.open(person(1, None), NOW).unwrap();
        let (two, _) = all.open(person(1, None), NOW).unwrap();
        let session = all.of(&one, NOW).unwrap();
        all.end(&session);
        assert!(all.of(&one, NOW).is_none() && !all.has(&session, NOW));
        assert!(all.of(&two, NOW).is_some() && all.has_user(1));
        all.end_all_of(1);
        assert!(all.of(&two, NOW).is_none() && !all.has_user(1));
    }

    #[test]
    fn neither_token_nor_cookie_shows() {
        let mut all = Sessions::default();
        let (cookie, _) = all.open(person(1, None), NOW).unwrap();
        let session = all.of(&cookie, NOW).unwrap();
        let shown = format!("{session:?} {:?}", person(1, None));
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(!all.0.keys().any(|key| key[..] == cookie.as_bytes()[..32]));
    }
}
