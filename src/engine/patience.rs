//! How long an effect has failed without an answer, so that a person hears of
//! it once. Kept in memory: after a start it is counted anew.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::Millis;

/// So many failures in a row are told.
const FAILURES: u32 = 6;

/// Failures are told after so long as well, milliseconds.
const FOR: Millis = 15 * 60_000;

/// Failures farther apart than this are not in a row, milliseconds: an attempt
/// waits no longer than 5 minutes and a quarter of that.
const APART: Millis = 15 * 60_000;

/// The failures of each slot of each case.
#[derive(Default)]
pub struct Patience(Mutex<HashMap<(i64, String), Failing>>);

struct Failing {
    row: i64,
    since: Millis,
    last: Millis,
    count: u32,
    told: bool,
}

impl Patience {
    /// An attempt got no answer: since when there is none, if a person is to be
    /// told now. That is so once for each row.
    pub fn failed(&self, case: i64, slot: &str, row: i64, now: Millis) -> Option<Millis> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, failing| now.saturating_sub(failing.last) <= APART);
        let failing = all.entry((case, slot.to_owned())).or_insert(Failing {
            row,
            since: now,
            last: now,
            count: 0,
            told: false,
        });
        failing.last = now;
        failing.count = failing.count.saturating_add(1);
        if failing.row != row {
            // Something else is wanted by now, and fails alike.
            (failing.row, failing.told) = (row, false);
        }
        let long = failing.count >= FAILURES || now.saturating_sub(failing.since) >= FOR;
        if failing.told || !long {
            return None;
        }
        failing.told = true;
        Some(failing.since)
    }

    /// It is not attempted before that, milliseconds: until then it fails still.
    pub fn waits(&self, case: i64, slot: &str, until: Millis) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failing) = all.get_mut(&(case, slot.to_owned())) {
            failing.last = failing.last.max(until);
        }
    }

    /// There was an answer.
    pub fn answered(&self, case: i64, slot: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&(case, slot.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Millis = 60_000;

    #[test]
    fn the_sixth_failure_in_a_row_is_told_once() {
        let patience = Patience::default();
        let fail = |row, now| patience.failed(1, "read/base", row, now);
        for at in 1..6 {
            assert_eq!(fail(7, at), None, "{at}");
        }
        assert_eq!(patience.failed(2, "read/base", 9, 6), None, "another case");
        assert_eq!(fail(7, 6), Some(1));
        assert_eq!(fail(7, 7), None);
        // The same is wanted for another cause.
        assert_eq!(fail(8, 8), Some(1));
        assert_eq!(fail(8, 9), None);
        patience.answered(1, "read/base");
        assert_eq!(fail(8, 10), None);
    }

    #[test]
    fn a_quarter_of_an_hour_is_told_and_what_is_long_past_is_forgotten() {
        let patience = Patience::default();
        let fail = |now| patience.failed(1, "tag", 7, now);
        assert_eq!((fail(0), fail(8 * MINUTE)), (None, None));
        assert_eq!(fail(16 * MINUTE), Some(0));
        assert_eq!(fail(60 * MINUTE), None);
        assert_eq!(fail(75 * MINUTE), Some(60 * MINUTE));
        // Who asks for an hour of patience is silent for that hour.
        patience.answered(1, "tag");
        assert_eq!(fail(200 * MINUTE), None);
        patience.waits(1, "tag", 260 * MINUTE);
        assert_eq!(fail(260 * MINUTE), Some(200 * MINUTE));
    }
}
