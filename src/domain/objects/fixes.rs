//! What the issue's log tells of the fix: which merged pull requests say that they
//! fix it, and whether a merge closed it.

use serde::{Deserialize, Serialize};

use crate::domain::closes::closes;
use crate::domain::ids::Millis;

/// GitHub closes an issue right after the merge that says so, milliseconds.
const WITH_THE_MERGE: Millis = 60 * 1_000;

/// So many are kept, the newest.
const MOST: usize = 5;

/// What the issue's log tells of the fix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fixes {
    /// Merged pull requests of the repository that say that they fix the issue, in
    /// the order of their merges.
    pub merged: Vec<MergedFix>,
    /// Whether what closed it last, and it is closed still, was such a merge, or
    /// a commit.
    pub closed_by_merge: bool,
}

/// A merged pull request that says that it fixes the issue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedFix {
    /// Its number.
    pub number: u64,
    /// When it was merged (GitHub's time).
    pub at: Millis,
}

/// An entry of the log of an issue, as far as it tells of this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Logged {
    /// Closed.
    Closed {
        /// When (GitHub's time).
        at: Millis,
        /// Whether GitHub names a commit that did.
        by_commit: bool,
    },
    /// Opened again.
    Reopened {
        /// When (GitHub's time).
        at: Millis,
    },
    /// A merged pull request of the repository speaks of it.
    Merged {
        /// Its number.
        number: u64,
        /// When it was merged (GitHub's time).
        at: Millis,
        /// Its text.
        text: String,
    },
}

impl Fixes {
    /// What the log of issue `number` tells.
    pub fn of(number: u64, log: &[Logged]) -> Fixes {
        let fix = |entry: &Logged| match entry {
            Logged::Merged {
                number: pull,
                at,
                text,
            } if closes(text).contains(&number) => Some(MergedFix {
                number: *pull,
                at: *at,
            }),
            _ => None,
        };
        let mut merged: Vec<MergedFix> = log.iter().filter_map(fix).collect();
        merged.sort_by_key(|fix| (fix.at, fix.number));
        // It is mentioned once for each text that speaks of it.
        merged.dedup_by_key(|fix| fix.number);
        merged.drain(..merged.len().saturating_sub(MOST));
        let state = |entry: &Logged| match entry {
            Logged::Closed { at, by_commit } => Some((*at, Some(*by_commit))),
            Logged::Reopened { at } => Some((*at, None)),
            Logged::Merged { .. } => None,
        };
        let last = log.iter().filter_map(state).max_by_key(|(at, _)| *at);
        let with = |at: Millis| {
            let mut merges = merged.iter().map(|fix| fix.at);
            merges.any(|merge| (merge..=merge + WITH_THE_MERGE).contains(&at))
        };
        let closed_by_merge = match last {
            Some((at, Some(by_commit))) => by_commit || with(at),
            _ => false,
        };
        Fixes {
            merged,
            closed_by_merge,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(number: u64, at: Millis, text: &str) -> Logged {
        Logged::Merged {
            number,
            at,
            text: text.to_owned(),
        }
    }

    fn closed(at: Millis) -> Logged {
        Logged::Closed {
            at,
            by_commit: false,
        }
    }

    #[test]
    fn what_says_that_it_fixes_the_issue_is_offered_and_what_only_names_it_is_not() {
        let log = [
            merged(9, 900, "see #7"),
            merged(8, 800, "Fixes #7"),
            merged(5, 500, "closes: #7, and more"),
            merged(8, 800, "Fixes #7"),
            merged(4, 400, "Fixes #70"),
        ];
        let numbers: Vec<_> = Fixes::of(7, &log)
            .merged
            .iter()
            .map(|it| it.number)
            .collect();
        assert_eq!(numbers, [5, 8]);
        let many: Vec<_> = (1..=9)
            .map(|n| merged(n, n as Millis, "Fixes #7"))
            .collect();
        let numbers: Vec<_> = Fixes::of(7, &many)
            .merged
            .iter()
            .map(|it| it.number)
            .collect();
        assert_eq!(numbers, [5, 6, 7, 8, 9]);
    }

    #[test]
    fn a_merge_closes_it_at_once_and_a_person_whenever_they_like() {
        let fix = || merged(5, 1_000, "Fixes #7");
        let commit = Logged::Closed {
            at: 9_000_000,
            by_commit: true,
        };
        for (log, by_merge) in [
            (vec![fix(), closed(1_000)], true),
            (vec![fix(), closed(3_000)], true),
            (vec![fix(), closed(999)], false),
            (vec![fix(), closed(61_001)], false),
            (vec![merged(5, 1_000, "see #7"), closed(1_000)], false),
            (
                vec![fix(), closed(2_000), Logged::Reopened { at: 5_000 }],
                false,
            ),
            (
                vec![
                    fix(),
                    closed(2_000),
                    Logged::Reopened { at: 5_000 },
                    closed(900_000),
                ],
                false,
            ),
            (vec![commit], true),
            (vec![fix()], false),
            (Vec::new(), false),
        ] {
            assert_eq!(Fixes::of(7, &log).closed_by_merge, by_merge, "{log:?}");
        }
    }
}
