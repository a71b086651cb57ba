//! How many effects are carried out at the same time: nobody who gets no answers
//! takes the places of others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Effects at the same time.
const AT_ONCE: usize = 64;

/// Of them, one installation's.
const OF_INSTALLATION: usize = 8;

/// Of them, one case's.
const OF_CASE: usize = 4;

/// Messages at the same time, beside the effects.
const MESSAGES: usize = 8;

/// Of them, one channel's.
const OF_CHANNEL: usize = 2;

/// An installation that has hung so often in a row has [`WHEN_HUNG`] places
/// until it answers.
const HANGS: u32 = 4;

/// Places of an installation that hangs: enough to learn that it does no more.
const WHEN_HUNG: usize = 2;

/// The places that there are, and who has them.
#[derive(Clone, Default)]
pub struct Slots(Arc<Mutex<Taken>>);

#[derive(Default)]
struct Taken {
    all: usize,
    installations: HashMap<i64, Of>,
    cases: HashMap<i64, Of>,
    /// Messages under way, by channel.
    channels: HashMap<String, usize>,
}

#[derive(Default)]
struct Of {
    taken: usize,
    /// Attempts in a row that hung.
    hangs: u32,
}

impl Of {
    fn of_installation(&self) -> usize {
        match self.hangs {
            HANGS.. => WHEN_HUNG,
            _ => OF_INSTALLATION,
        }
    }

    fn of_case(&self) -> usize {
        match self.hangs {
            0 => OF_CASE,
            _ => 1,
        }
    }
}

impl Slots {
    fn with<T>(&self, look: impl FnOnce(&mut Taken) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether there is no place for anybody.
    pub fn is_full(&self) -> bool {
        self.with(|taken| taken.all >= AT_ONCE && taken.messages() >= MESSAGES)
    }

    /// The cases that have all the places that they may have.
    pub fn full_cases(&self) -> Vec<i64> {
        self.with(|taken| {
            let full = taken.cases.iter();
            let full = full.filter(|(_, of)| of.taken >= of.of_case());
            full.map(|(case, _)| *case).collect()
        })
    }

    /// A place, if there is one for this case of this installation.
    pub fn enter(&self, installation: i64, case: i64) -> Option<Place> {
        self.with(|taken| {
            let of_installation = taken.installations.entry(installation).or_default();
            let of_case = taken.cases.entry(case).or_default();
            let room = taken.all < AT_ONCE
                && of_installation.taken < of_installation.of_installation()
                && of_case.taken < of_case.of_case();
            if !room {
                return None;
            }
            taken.all += 1;
            of_installation.taken += 1;
            of_case.taken += 1;
            Some(Place {
                slots: self.clone(),
                whose: Whose::GitHub { installation, case },
                answered: true,
            })
        })
    }

    /// A place for a message on this channel, if there is one. It is none of those
    /// that call GitHub: who waits for a channel keeps nobody from working.
    pub fn tell(&self, channel: &str) -> Option<Place> {
        self.with(|taken| {
            let mine = taken.channels.get(channel).copied().unwrap_or_default();
            if taken.messages() >= MESSAGES || mine >= OF_CHANNEL {
                return None;
            }
            taken.channels.insert(channel.to_owned(), mine + 1);
            Some(Place {
                slots: self.clone(),
                whose: Whose::Channel(channel.to_owned()),
                answered: true,
            })
        })
    }
}

impl Taken {
    fn messages(&self) -> usize {
        self.channels.values().sum()
    }
}

/// Whose place it is.
enum Whose {
    GitHub { installation: i64, case: i64 },
    Channel(String),
}

/// A place that is taken; given back when it is dropped.
pub struct Place {
    slots: Slots,
    whose: Whose,
    answered: bool,
}

impl Place {
    /// The attempt is over. Whether there was an answer, or quickly none.
    pub fn ended(mut self, answered: bool) {
        self.answered = answered;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let answered = self.answered;
        let (installation, case) = match &self.whose {
            Whose::GitHub { installation, case } => (*installation, *case),
            Whose::Channel(name) => {
                self.slots.with(|taken| {
                    if let Some(mine) = taken.channels.get_mut(name) {
                        *mine = mine.saturating_sub(1);
                    }
                    taken.channels.retain(|_, mine| *mine > 0);
                });
                return;
            }
        };
        self.slots.with(|taken| {
            taken.all -= 1;
            for (all, key) in [
                (&mut taken.installations, installation),
                (&mut taken.cases, case),
            ] {
                let of = all.entry(key).or_default();
                of.taken = of.taken.saturating_sub(1);
                of.hangs = match answered {
                    true => 0,
                    false => of.hangs.saturating_add(1),
                };
                if of.taken == 0 && of.hangs == 0 {
                    all.remove(&key);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_installation_and_one_case_have_their_share() {
        let slots = Slots::default();
        let of_one: Vec<_> = (0..OF_CASE).map(|_| slots.enter(1, 10).unwrap()).collect();
        assert!(slots.enter(1, 10).is_none(), "a case has its share");
        assert_eq!(slots.full_cases(), [10]);
        let other: Vec<_> = (0..OF_CASE).map(|_| slots.enter(1, 11).unwrap()).collect();
        assert!(slots.enter(1, 12).is_none(), "and so has an installation");
        assert!(slots.enter(2, 20).is_some());
        drop((of_one, other));
        assert!(slots.enter(1, 12).is_some());
        assert_eq!(slots.with(|taken| (taken.all, taken.cases.len())), (0, 0));
    }

    #[test]
    fn who_hangs_keeps_few_places_until_there_is_an_answer() {
        let slots = Slots::default();
        slots.enter(1, 10).unwrap().ended(false);
        let alone = slots.enter(1, 10).unwrap();
        assert!(slots.enter(1, 10).is_none(), "one at a time");
        alone.ended(true);
        let two = [slots.enter(1, 10).unwrap(), slots.enter(1, 10).unwrap()];
        drop(two);
        for case in 0..HANGS {
            slots.enter(1, i64::from(case)).unwrap().ended(false);
        }
        let few: Vec<_> = (100..110).filter_map(|case| slots.enter(1, case)).collect();
        assert_eq!(few.len(), WHEN_HUNG);
        for place in few {
            place.ended(true);
        }
        let many: Vec<_> = (100..110).filter_map(|case| slots.enter(1, case)).collect();
        assert_eq!(many.len(), OF_INSTALLATION);
    }

    #[test]
    fn messages_have_places_of_their_own() {
        let slots = Slots::default();
        let hung: Vec<_> = (0..20).filter_map(|_| slots.tell("pager")).collect();
        assert_eq!(hung.len(), OF_CHANNEL);
        let others: Vec<_> = (0..20).filter_map(|n| slots.tell(&n.to_string())).collect();
        assert_eq!(hung.len() + others.len(), MESSAGES);
        assert!(slots.full_cases().is_empty() && !slots.is_full());
        // Neither a place nor patience of GitHub's is theirs.
        slots.enter(1, 10).unwrap().ended(false);
        for place in hung.into_iter().chain(others) {
            place.ended(true);
        }
        let _alone = slots.enter(1, 10).unwrap();
        assert!(slots.enter(1, 10).is_none(), "it hangs still");
        assert!(slots.tell("pager").is_some());
    }

    #[test]
    fn installations_that_hang_leave_room_for_one_that_does_not() {
        let slots = Slots::default();
        let mut held = Vec::new();
        for installation in 1..=20 {
            for round in 0..i64::from(HANGS) {
                slots.enter(installation, round).unwrap().ended(false);
            }
            held.extend((0..20).filter_map(|case| slots.enter(installation, 100 + case)));
        }
        assert_eq!(held.len(), 20 * WHEN_HUNG);
        assert!(slots.enter(99, 999).is_some());
    }
}
