//! What nobody asked for keeps to half of GitHub's budget: looks by the clock are
//! spaced once half of an installation's calls are gone, so that what people say
//! is carried out to the end of the hour.

use std::collections::HashMap;

use crate::clock::Millis;
use crate::github::Budget;

/// What one look costs, calls, as a rule.
const CALLS: u64 = 6;

/// When each installation's next look may be.
#[derive(Default)]
pub struct Thrift {
    next: HashMap<i64, Millis>,
    /// The moments that cases were put off to.
    granted: HashMap<i64, Millis>,
}

impl Thrift {
    /// When the case may look: now (`None`), or the moment that it waits for.
    pub fn put_off(
        &mut self,
        case: i64,
        installation: i64,
        budget: Option<Budget>,
        now: Millis,
    ) -> Option<Millis> {
        if self.granted.remove(&case).is_some_and(|at| at <= now) {
            return None;
        }
        let budget = budget.filter(|it| it.resets > now && it.left < it.limit / 2);
        let Some(budget) = budget else {
            self.next.remove(&installation);
            return None;
        };
        let looks = i64::try_from(budget.left / 2 / CALLS).unwrap_or(i64::MAX);
        if looks == 0 {
            return Some(budget.resets + 1_000);
        }
        let apart = ((budget.resets - now) / looks).max(1_000);
        let next = self.next.entry(installation).or_insert(now);
        let at = (*next).max(now);
        *next = at + apart;
        if at <= now {
            return None;
        }
        self.granted.insert(case, at);
        Some(at)
    }

    /// The clock was put back: everybody waits anew.
    pub fn forget(&mut self) {
        *self = Thrift::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Millis = 3_600_000;

    fn budget(left: u64) -> Option<Budget> {
        Some(Budget {
            limit: 5_000,
            left,
            resets: HOUR,
        })
    }

    #[test]
    fn with_half_of_the_budget_left_nobody_waits() {
        let mut thrift = Thrift::default();
        for case in 0..500 {
            assert_eq!(thrift.put_off(case, 1, budget(2_500), 0), None);
            assert_eq!(thrift.put_off(case, 2, None, 0), None);
        }
    }

    #[test]
    fn below_that_half_of_what_is_left_is_spread_to_the_reset() {
        let mut thrift = Thrift::default();
        assert_eq!(thrift.put_off(0, 1, budget(2_400), 0), None);
        let waits: Vec<_> = (1..200)
            .map(|case| thrift.put_off(case, 1, budget(2_400), 0).unwrap())
            .collect();
        assert_eq!(waits[..2], [18_000, 36_000]);
        assert!(waits.iter().all(|at| *at <= HOUR), "all within the hour");
        assert_eq!(thrift.put_off(1, 1, budget(2_400), 18_000), None);
        assert_eq!(thrift.put_off(900, 2, budget(4_000), 0), None);
        assert_eq!(thrift.put_off(901, 1, budget(3), 0), Some(HOUR + 1_000));
        assert_eq!(thrift.put_off(902, 1, budget(3), HOUR), None, "a new hour");
    }
}
