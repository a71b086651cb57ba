//! What the doctor found of a repository when it looked last, and since when each of it
//! is there.

use serde::{Deserialize, Serialize};

use super::ids::Millis;
use super::quiet_day::Examined;
use super::text::verdict;

const DAY: Millis = 24 * 3_600_000;

/// So often an active repository is looked at, milliseconds.
const AGAIN: Millis = 7 * DAY;

/// One that could not be looked at is tried again after this.
const FAILED: Millis = DAY;

/// A repository is active while its last hotfix is no older than this.
const ACTIVE: Millis = 180 * DAY;

/// A finding, and since when it was found each time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its name.
    pub name: String,
    /// What it comes to: the word of its grade.
    pub grade: String,
    /// What it is, and what it would have cost.
    pub costs: String,
    /// When it was found first, of all looks since which found it.
    pub since: Millis,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkup {
    /// When it was looked at.
    pub at: Millis,
    /// The findings, the worst first.
    pub findings: Vec<Standing>,
    /// So much could not be looked at.
    pub unread: usize,
}

impl Checkup {
    /// What was found at `at`, after what was found before. Words change with numbers,
    /// so a finding is known again by its name; of several with one name, in their order.
    pub fn after(before: Option<&Checkup>, found: &Examined, at: Millis) -> Checkup {
        let mut known: Vec<&Standing> = before.iter().flat_map(|it| &it.findings).collect();
        let findings = found.findings.iter().map(|it| {
            let same = known.iter().position(|known| known.name == it.name);
            Standing {
                name: it.name.to_owned(),
                grade: it.grade.to_owned(),
                costs: it.costs.clone(),
                since: same.map_or(at, |same| known.remove(same).since),
            }
        });
        Checkup {
            at,
            findings: findings.collect(),
            unread: found.unread.len(),
        }
    }

    /// What all of it comes to.
    pub fn verdict(&self) -> String {
        let grades = self.findings.iter().map(|it| it.grade.as_str());
        verdict(grades, self.unread)
    }
}

/// When a repository is looked at next that was looked at now, or could not be.
pub fn next_look(now: Millis, looked: bool) -> Millis {
    now + if looked { AGAIN } else { FAILED }
}

/// A repository is looked at each week whose last hotfix was over after this.
pub fn active_after(now: Millis) -> Millis {
    now - ACTIVE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Told;

    fn found(all: &[(&'static str, &'static str)]) -> Examined {
        let told = |(name, costs): &(&'static str, &str)| Told {
            name,
            grade: "stops",
            costs: (*costs).to_owned(),
            mend: String::new(),
            docs: String::new(),
        };
        Examined {
            findings: all.iter().map(told).collect(),
            unread: Vec::new(),
            proposed: Default::default(),
            workflows: Vec::new(),
        }
    }

    #[test]
    fn a_finding_stands_since_it_was_found_first_and_begins_anew_after_it_was_gone() {
        let one = Checkup::after(None, &found(&[("old-ci-dead", "a"), ("archived", "b")]), 10);
        let two = [("permission-missing", "c"), ("old-ci-dead", "a, by now 3")];
        let two = Checkup::after(Some(&one), &found(&two), 20);
        let of = |it: &Checkup| -> Vec<(String, Millis)> {
            let all = it.findings.iter();
            all.map(|it| (it.name.clone(), it.since)).collect()
        };
        let expected = [("permission-missing", 20), ("old-ci-dead", 10)];
        assert_eq!(of(&two), expected.map(|(name, at)| (name.to_owned(), at)));
        assert_eq!(two.findings[1].costs, "a, by now 3", "in today's words");
        let three = Checkup::after(Some(&two), &found(&[("archived", "b")]), 30);
        assert_eq!(of(&three), [("archived".to_owned(), 30)]);
        assert!(three.verdict().starts_with("1 would stop a hotfix"));
    }

    #[test]
    fn several_of_one_name_keep_their_own_times() {
        let name = "permission-missing";
        let one = Checkup::after(None, &found(&[(name, "contents")]), 10);
        let two = found(&[(name, "contents"), (name, "issues")]);
        let two = Checkup::after(Some(&one), &two, 20);
        let since: Vec<Millis> = two.findings.iter().map(|it| it.since).collect();
        assert_eq!(since, [10, 20]);
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let one = Checkup::after(None, &found(&[("archived", "b")]), 10);
        let text = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<Checkup>(&text).unwrap(), one);
    }
}
