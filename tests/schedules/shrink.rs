//! A schedule that fails, with nothing in it that the failure does not need.

use super::play::play;
use super::schedule::Schedule;

/// The same promise: its words up to the first colon.
fn same(one: &str, other: &str) -> bool {
    let promise = |words: &str| words.split(':').next().map(str::to_owned);
    promise(one) == promise(other)
}

/// Leaves events out, one after the other, as long as the same promise is broken.
pub fn shrink(schedule: Schedule, broken: &str) -> Schedule {
    let mut least = schedule;
    for number in least.numbers() {
        let kept: Vec<usize> = least.numbers();
        let kept: Vec<usize> = kept.into_iter().filter(|it| *it != number).collect();
        let smaller = least.only(&kept);
        let found = play(&smaller).broken;
        if found.is_some_and(|found| same(&found, broken)) {
            least = smaller;
        }
    }
    least
}
