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
    /// Takes the next place, or says when there is one.
    pub fn take(&self, installation: i64, write: bool, now: Millis) -> Result<(), Millis> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = turns.entry(installation).or_default();
        let at = if write {
            turn.any.max(turn.write)
        } else {
            turn.any
        };
        if at > now {
            return Err(at);
        }
        if write {
            turn.write = now + PACE;
        }
        Ok(())
    }

    /// GitHub said that a limit is reached: nobody calls before `until`.
    pub fn hold(&self, installation: i64, until: Millis) {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = turns.entry(installation).or_default();
        turn.any = turn.any.max(until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_are_spaced_for_each_installation_and_a_limit_holds_all() {
        let pacing = Pacing::default();
        assert_eq!(pacing.take(1, true, 10_000), Ok(()));
        assert_eq!(pacing.take(1, true, 10_500), Err(11_000));
        assert_eq!(
            pacing.take(1, false, 10_500),
            Ok(()),
            "reads are not spaced"
        );
        assert_eq!(pacing.take(2, true, 10_500), Ok(()));
        assert_eq!(pacing.take(1, true, 11_000), Ok(()));
        pacing.hold(1, 60_000);
        assert_eq!(pacing.take(1, false, 12_000), Err(60_000));
        assert_eq!(pacing.take(2, false, 12_000), Ok(()));
    }
}
