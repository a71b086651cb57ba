//! What GitHub said of what somebody may read, for a short while. No IO, no clock: the
//! time is told.

use std::collections::HashMap;

use super::authority::{Grant, Word};
use crate::clock::Millis;

/// A yes counts so long, milliseconds: so long after a right was taken away its holder
/// may still see.
pub const YES: Millis = 5 * 60_000;
/// A no counts so long, milliseconds, where somebody asked for it by its name.
pub const NO: Millis = 30_000;
/// Where GitHub does not answer a yes counts so long, milliseconds, and no longer.
pub const HOLDS: Millis = 3_600_000;
/// So many answers are kept of one person.
const EACH: usize = 500;

/// What is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// GitHub said so a moment ago.
    Answer(Word),
    /// It has to be asked.
    Ask,
}

struct Answer {
    at: Millis,
    word: Word,
}

/// Where the answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Somebody asked for this one.
    ByName,
    /// It may stand in a list, which a page that is open asks for again and again: with
    /// calls of its reader's own, of whom GitHub takes so many an hour.
    InAList,
}

/// The answers, by whom they are of and by the name that was asked for: also of what
/// is not there, so that the time of an answer tells nobody whether it is.
#[derive(Default)]
pub struct Rights {
    of: HashMap<i64, HashMap<String, Answer>>,
    /// Raised whenever something is forgotten: what was asked before is not kept.
    forgotten: u64,
}

/// A name, without regard to case.
pub fn key(owner: &str, name: &str) -> String {
    format!("{owner}/{name}").to_ascii_lowercase()
}

impl Rights {
    /// What is known of somebody and a name.
    pub fn known(&self, user: i64, key: &str, asked: Asked, now: Millis) -> Known {
        match self.of.get(&user).and_then(|of| of.get(key)) {
            Some(it) => {
                let counts = match (&it.word, asked) {
                    (Word::Yes(_), _) | (_, Asked::InAList) => YES,
                    (_, Asked::ByName) => NO,
                };
                match (it.at..it.at + counts).contains(&now) {
                    true => Known::Answer(it.word.clone()),
                    false => Known::Ask,
                }
            }
            None => Known::Ask,
        }
    }

    /// The last yes, and when GitHub said it, while it holds.
    pub fn last_yes(&self, user: i64, key: &str, now: Millis) -> Option<(Grant, Millis)> {
        let it = self.of.get(&user)?.get(key)?;
        let holds = (it.at..it.at + HOLDS).contains(&now);
        match &it.word {
            Word::Yes(grant) if holds => Some((grant.clone(), it.at)),
            _ => None,
        }
    }

    /// To be told with an answer to what is asked from now on.
    pub fn asks(&self) -> u64 {
        self.forgotten
    }

    /// GitHub answered at `now` what was asked at `asked`.
    pub fn learn(&mut self, (user, key): (i64, String), word: Word, asked: u64, now: Millis) {
        if asked != self.forgotten {
            return;
        }
        let of = self.of.entry(user).or_default();
        if of.len() >= EACH && !of.contains_key(&key) {
            let oldest = of.iter().min_by_key(|(_, it)| it.at);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                of.remove(&oldest);
            }
        }
        of.insert(key, Answer { at: now, word });
    }

    /// Somebody left.
    pub fn forget_user(&mut self, user: i64) {
        self.forgotten += 1;
        self.of.remove(&user);
    }

    /// Something changed about a repository.
    pub fn forget_repo(&mut self, id: i64) {
        self.forgotten += 1;
        for of in self.of.values_mut() {
            of.retain(|_, it| matches!(&it.word, Word::Yes(grant) if grant.id != id));
        }
    }

    /// Something changed about many.
    pub fn forget_all(&mut self) {
        self.forgotten += 1;
        self.of.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_700_000_000_000;
    const ME: i64 = 7;

    fn grant(id: i64) -> Grant {
        Grant {
            id,
            full_name: "acme/lantern".into(),
            private: true,
            push: false,
        }
    }

    fn learnt(rights: &mut Rights, name: &str, word: Word) {
        rights.learn((ME, key("acme", name)), word, rights.asks(), NOW);
    }

    fn known(rights: &Rights, user: i64, key: &str, now: Millis) -> Known {
        rights.known(user, key, Asked::ByName, now)
    }

    #[test]
    fn a_yes_counts_five_minutes_and_a_no_half_a_minute() {
        let mut rights = Rights::default();
        let sso = Word::SingleSignOn(None);
        learnt(&mut rights, "Lantern", Word::Yes(grant(1)));
        learnt(&mut rights, "cellar", Word::No);
        learnt(&mut rights, "vault", sso.clone());
        for (name, counts, answer) in [
            ("lantern", YES, Word::Yes(grant(1))),
            ("CELLAR", NO, Word::No),
            ("vault", NO, sso),
        ] {
            let key = key("ACME", name);
            let last = NOW + counts - 1;
            let answer = Known::Answer(answer);
            assert_eq!(known(&rights, ME, &key, last), answer);
            assert_eq!(known(&rights, ME, &key, NOW + counts), Known::Ask);
            // A clock that was put back makes nothing last longer.
            assert_eq!(known(&rights, ME, &key, NOW - 1), Known::Ask);
            assert_eq!(known(&rights, ME + 1, &key, NOW), Known::Ask);
            // A list that stays open does not ask twice a minute.
            let listed = |at| rights.known(ME, &key, Asked::InAList, at);
            assert_eq!(listed(NOW + YES - 1), answer);
            assert_eq!(listed(NOW + YES), Known::Ask);
        }
    }

    #[test]
    fn a_yes_holds_an_hour_and_a_no_never() {
        let mut rights = Rights::default();
        learnt(&mut rights, "lantern", Word::Yes(grant(1)));
        learnt(&mut rights, "cellar", Word::No);
        let key = |name| key("acme", name);
        let last = NOW + HOLDS - 1;
        let yes = rights.last_yes(ME, &key("lantern"), last);
        assert_eq!(yes, Some((grant(1), NOW)));
        assert_eq!(rights.last_yes(ME, &key("lantern"), NOW + HOLDS), None);
        assert_eq!(rights.last_yes(ME, &key("cellar"), NOW), None);
        rights.forget_repo(1);
        assert_eq!(rights.last_yes(ME, &key("lantern"), NOW), None);
    }

    #[test]
    fn what_was_asked_before_something_changed_is_not_kept() {
        for forget in [
            |it: &mut Rights| it.forget_repo(1),
            |it: &mut Rights| it.forget_user(ME),
            |it: &mut Rights| it.forget_all(),
        ] {
            let mut rights = Rights::default();
            let asked = rights.asks();
            forget(&mut rights);
            let lantern = key("acme", "lantern");
            rights.learn((ME, lantern.clone()), Word::Yes(grant(1)), asked, NOW);
            assert_eq!(known(&rights, ME, &lantern, NOW), Known::Ask);
        }
    }

    #[test]
    fn one_person_fills_no_memory() {
        let mut rights = Rights::default();
        for at in 0..600 {
            learnt(&mut rights, &format!("r{at}"), Word::No);
        }
        assert_eq!(rights.of[&ME].len(), EACH);
    }
}
