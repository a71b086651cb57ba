//! When each installation may be called again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::Millis;

/// GitHub's advice: at least a second between calls that change something.
const PACE: Millis = 1_000;

/// The moments from which each installation may be written to, or asked at
/// all, again.
#[derive(Default)]
pub struct Pacing(Mutex<HashMap<i64, Turn>>);

#[derive(Clone, Copy, Default)]
struct Turn {
    write: Millis,
    any: Millis,
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
                turns.retain(|_, turn| turn.any > now || turn.write > now);
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

    /// GitHub said that a limit is reached: nobody calls before `until`.
    pub fn hold(&self, installation: i64, until: Millis) {
        self.with(|turns| {
            let turn = turns.entry(installation).or_default();
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
        pacing.hold(1, 60_000);
        assert_eq!(opens(1, false, 12_000), Some(60_000));
        assert_eq!(opens(2, false, 12_000), None);
        pacing.put_back(5_000);
        assert_eq!(opens(1, false, 12_000), Some(55_000));
    }
}
