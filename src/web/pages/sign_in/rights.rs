//! What GitHub said of what somebody may read, for a short while. No IO, no clock: the
//! time is told.

use std::collections::HashMap;

use super::authority::Grant;
use crate::clock::Millis;

/// A yes counts so long, milliseconds: so long after a right was taken away its holder
/// may still see.
pub const YES: Millis = 5 * 60_000;
/// A no counts so long, milliseconds.
pub const NO: Millis = 30_000;
/// Where GitHub does not answer a yes counts so long, milliseconds, and no longer.
pub const HOLDS: Millis = 3_600_000;
/// So many answers are kept of one person.
const EACH: usize = 500;

/// What is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// GitHub said so a moment ago.
    Answer(Option<Grant>),
    /// It has to be asked.
    Ask,
}

struct Answer {
    at: Millis,
    grant: Option<Grant>,
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
    pub fn known(&self, user: i64, key: &str, now: Millis) -> Known {
        match self.of.get(&user).and_then(|of| of.get(key)) {
            Some(it) => {
                let counts = if it.grant.is_some() { YES } else { NO };
                match (it.at..it.at + counts).contains(&now) {
                    true => Known::Answer(it.grant.clone()),
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
        let grant = it.grant.clone().filter(|_| holds)?;
        Some((grant, it.at))
    }

    /// To be told with an answer to what is asked from now on.
    pub fn asks(&self) -> u64 {
        self.forgotten
    }

    /// GitHub answered at `now` what was asked at `asked`.
    pub fn learn(
        &mut self,
        (user, key): (i64, String),
        grant: Option<Grant>,
        asked: u64,
        now: Millis,
    ) {
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
        of.insert(key, Answer { at: now, grant });
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
            of.retain(|_, it| it.grant.as_ref().is_some_and(|grant| grant.id != id));
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

    fn grant(id: i64) -> Option<Grant> {
        Some(Grant {
            id,
            full_name: "acme/lantern".into(),
            private: true,
            push: false,
        })
    }

    fn learnt(rights: &mut Rights, name: &str, grant: Option<Grant>) {
        rights.learn((ME, key("acme", name)), grant, rights.asks(), NOW);
    }

    #[test]
    fn a_yes_counts_five_minutes_and_a_no_half_a_minute() {
        let mut rights = Rights::default();
        learnt(&mut rights, "Lantern", grant(1));
        learnt(&mut rights, "cellar", None);
        for (name, counts, answer) in [("lantern", YES, grant(1)), ("CELLAR", NO, None)] {
            let key = key("ACME", name);
            let last = NOW + counts - 1;
            assert_eq!(rights.known(ME, &key, last), Known::Answer(answer));
            assert_eq!(rights.known(ME, &key, NOW + counts), Known::Ask);
            // A clock that was put back makes nothing last longer.
            assert_eq!(rights.known(ME, &key, NOW - 1), Known::Ask);
            assert_eq!(rights.known(ME + 1, &key, NOW), Known::Ask);
        }
    }

    #[test]
    fn a_yes_holds_an_hour_and_a_no_never() {
        let mut rights = Rights::default();
        learnt(&mut rights, "lantern", grant(1));
        learnt(&mut rights, "cellar", None);
        let key = |name| key("acme", name);
        let last = NOW + HOLDS - 1;
        let yes = rights.last_yes(ME, &key("lantern"), last);
        assert_eq!(yes, Some((grant(1).unwrap(), NOW)));
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
            rights.learn((ME, key("acme", "lantern")), grant(1), asked, NOW);
            assert_eq!(rights.known(ME, &key("acme", "lantern"), NOW), Known::Ask);
        }
    }

    #[test]
    fn one_person_fills_no_memory() {
        let mut rights = Rights::default();
        for at in 0..600 {
            learnt(&mut rights, &format!("r{at}"), None);
        }
        assert_eq!(rights.of[&ME].len(), EACH);
    }
}
