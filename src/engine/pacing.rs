//! When each installation may be called again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::Millis;
use crate::github::Limit;

/// GitHub's advice: at least a second between calls that change something.
const PACE: Millis = 1_000;

/// Told to slow down again so soon after it went on, an installation waits twice
/// as long as the last time, milliseconds.
const AGAIN: Millis = 10 * 60_000;

/// The longest wait that nobody asked for, milliseconds.
const LONGEST: Millis = 30 * 60_000;

/// The moments from which each installation may be written to, or asked at
/// all, again.
#[derive(Default)]
pub struct Pacing(Mutex<HashMap<i64, Turn>>);

#[derive(Clone, Copy, Default)]
struct Turn {
    write: Millis,
    any: Millis,
    /// How long the last wait was of which GitHub did not say how long.
    waited: Millis,
}

impl Turn {
    fn matters(&self, now: Millis) -> bool {
        let again = if self.waited > 0 { AGAIN } else { 0 };
        self.any + again > now || self.write > now
    }
}

impl Pacing {
    fn with<T>(&self, look: impl FnOnce(&mut HashMap<i64, Turn>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From when on the installation may be written to, or asked; in the past
    /// where it may be now. Asked before anything is taken from the outbox. It
    /// changes nothing: who asks has their own idea of the present, and nobody
    /// else may find their turn gone by it.
    pub fn opens(&self, installation: i64, write: bool) -> Millis {
        self.with(|turns| {
            let turn = turns.get(&installation).copied().unwrap_or_default();
            if write {
                turn.any.max(turn.write)
            } else {
                turn.any
            }
        })
    }

    /// The turn is taken.
    pub fn take(&self, installation: i64, write: bool, now: Millis) {
        if write {
            self.with(|turns| {
                turns.retain(|_, turn| turn.matters(now));
                turns.entry(installation).or_default().write = now + PACE;
            });
        }
    }

    /// The clock was put back by so much.
    pub fn put_back(&self, by: Millis) {
        self.with(|turns| {
            for turn in turns.values_mut() {
                turn.write -= by;
                turn.any -= by;
            }
        });
    }

    /// A limit is reached: nobody calls before `until`, or later where GitHub does
    /// not say how long it lasts and it is not the first time. GitHub's advice:
    /// a minute, then exponentially more (rate limits page of its REST
    /// documentation).
    pub fn limited(&self, installation: i64, until: Millis, limit: Limit, now: Millis) {
        self.with(|turns| {
            let turn = match limit {
                Limit::Elsewhere => return,
                Limit::Told | Limit::Untold => turns.entry(installation).or_default(),
            };
            let mut until = until;
            if limit == Limit::Untold && turn.any <= now {
                turn.waited = match turn.matters(now) {
                    true => (turn.waited * 2).clamp(until - now, LONGEST),
                    false => until - now,
                };
                until = until.max(now + turn.waited);
            }
            turn.any = turn.any.max(until);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_are_spaced_for_each_installation_and_a_limit_holds_all() {
        let pacing = Pacing::default();
        let opens = |installation, write, now| {
            let at = pacing.opens(installation, write);
            Some(at).filter(|at| *at > now)
        };
        assert_eq!(opens(1, true, 10_000), None);
        pacing.take(1, true, 10_000);
        assert_eq!(opens(1, true, 11_000), None, "somebody is ahead");
        assert_eq!(opens(1, true, 10_500), Some(11_000), "to whoever is not");
        assert_eq!(opens(1, false, 10_500), None, "reads are not spaced");
        assert_eq!(opens(2, true, 10_500), None);
        assert_eq!(opens(1, true, 11_000), None);
        pacing.limited(1, 60_000, Limit::Told, 12_000);
        assert_eq!(opens(1, false, 12_000), Some(60_000));
        assert_eq!(opens(2, false, 12_000), None);
        pacing.put_back(5_000);
        assert_eq!(opens(1, false, 12_000), Some(55_000));
    }

    #[test]
    fn who_is_told_again_to_slow_down_waits_longer_each_time() {
        let (pacing, minute) = (Pacing::default(), 60_000);
        let mut now = 1_000_000;
        let mut waits = Vec::new();
        for _ in 0..7 {
            pacing.limited(1, now + minute, Limit::Untold, now);
            // Others that were under way are told the same; that is once.
            pacing.limited(1, now + minute, Limit::Untold, now);
            let opens = pacing.opens(1, false);
            waits.push((opens - now) / minute);
            now = opens + minute;
            pacing.take(1, true, now);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
        now += AGAIN + 31 * minute;
        pacing.limited(1, now + minute, Limit::Untold, now);
        assert_eq!(pacing.opens(1, false), now + minute, "long ago");
    }

    #[test]
    fn another_services_limit_holds_nobody_up() {
        let pacing = Pacing::default();
        pacing.limited(1, 60_000, Limit::Elsewhere, 0);
        assert_eq!(pacing.opens(1, true), 0);
    }
}
