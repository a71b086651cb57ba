//! Whose the commits on the hotfix branch are: which the bot's own calls made,
//! and who pushed the others.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::domain::ids::{Person, Sha};
use crate::domain::objects::Commit;

/// The commits that the bot's own calls made, oldest first. Each is noted before
/// a ref leads to it; what only looks like one is a person's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Made(Option<Vec<Sha>>);

/// More are kept only while the branch holds them.
const MADE: usize = 50;

impl Default for Made {
    fn default() -> Self {
        Made(Some(Vec::new()))
    }
}

impl Made {
    /// An earlier version did not keep them.
    pub(super) fn unkept() -> Self {
        Made(None)
    }

    /// What an earlier version took for the bot's own stays that.
    pub(super) fn or_those<'a>(&mut self, earlier: impl Iterator<Item = &'a Sha>) {
        self.0.get_or_insert_with(|| earlier.cloned().collect());
    }

    /// Whether it is one of them.
    pub fn has(&self, commit: &Sha) -> bool {
        self.0.iter().flatten().any(|made| made == commit)
    }

    /// One more. Those of attempts that came to nothing are forgotten in time;
    /// what `is_there` says is not.
    pub fn note(&mut self, commit: Sha, is_there: impl Fn(&Sha) -> bool) {
        let made = self.0.get_or_insert_default();
        if made.contains(&commit) {
            return;
        }
        made.push(commit);
        let newest = made.len().saturating_sub(MADE);
        let mut at = 0;
        made.retain(|commit| {
            at += 1;
            at > newest || is_there(commit)
        });
    }
}

/// A push to the hotfix branch, as its delivery told it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// Where the branch stood.
    pub before: Sha,
    /// Where it stands since.
    pub after: Sha,
    /// What it brought, where it was forced: what stood there before may be
    /// among what stands there now.
    pub brought: Option<Vec<Sha>>,
    /// Who pushed; none: no person, and nobody can tell on whose behalf.
    pub by: Option<Person>,
}

/// The pushes to the hotfix branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushes {
    /// The newest ones, in the order in which they were heard of.
    newest: Vec<Push>,
    /// Everybody who ever pushed.
    people: Vec<Person>,
}

/// So many pushes are kept. Who pushed what came with others is not known.
const PUSHES: usize = 50;

impl Pushes {
    /// One more was heard of, perhaps once more.
    pub fn heard(&mut self, push: Push) {
        if self.newest.contains(&push) {
            return;
        }
        if let Some(by) = push.by.as_ref().filter(|by| !by.is_among(&self.people)) {
            self.people.push(by.clone());
        }
        self.newest.push(push);
        let old = self.newest.len().saturating_sub(PUSHES);
        self.newest.drain(..old);
    }

    /// Everybody who ever pushed.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// Who moved the branch there, as far as it was heard of.
    pub fn moved_to(&self, head: &Sha) -> Option<&Person> {
        let push = self.newest.iter().rev().find(|push| push.after == *head);
        push.and_then(|push| push.by.as_ref())
    }

    /// Whether one of the newest left a commit on top whose hash begins so.
    pub fn brought(&self, hash: &str) -> bool {
        self.newest.iter().any(|push| push.after.has_prefix(hash))
    }

    /// The pushes that brought each of these commits, which are in order.
    pub fn of<'a>(&'a self, commits: &[Commit]) -> Vec<Vec<&'a Push>> {
        let places = commits.iter().enumerate();
        let places: HashMap<&Sha, usize> = places.map(|(at, c)| (&c.sha, at)).collect();
        let mut of = vec![Vec::new(); commits.len()];
        for push in &self.newest {
            let brought: Vec<usize> = match (&push.brought, places.get(&push.after)) {
                (Some(brought), _) => brought
                    .iter()
                    .filter_map(|sha| places.get(sha).copied())
                    .collect(),
                (None, Some(last)) => {
                    let first = places.get(&push.before).map_or(0, |before| before + 1);
                    (first..=*last).collect()
                }
                (None, None) => Vec::new(),
            };
            for at in brought {
                of.get_mut(at).into_iter().for_each(|of| of.push(push));
            }
        }
        of
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sha(digit: char) -> Sha {
        Sha::new(digit.to_string().repeat(40))
    }

    fn push(before: char, after: char, by: &str) -> Push {
        Push {
            before: sha(before),
            after: sha(after),
            brought: None,
            by: Some(Person::new(0, by)),
        }
    }

    fn of(pushes: &Pushes, commits: &str) -> Vec<Vec<String>> {
        let commit = |digit| Commit {
            sha: sha(digit),
            ..Commit::default()
        };
        let commits: Vec<Commit> = commits.chars().map(commit).collect();
        let login = |push: &&Push| push.by.clone().unwrap_or_default().login;
        let of = pushes.of(&commits);
        let of = of.iter().map(|of| of.iter().map(login).collect());
        of.collect()
    }

    #[test]
    fn a_push_brought_what_follows_where_the_branch_stood() {
        let mut pushes = Pushes::default();
        pushes.heard(push('0', '2', "mia"));
        pushes.heard(push('3', '4', "leo"));
        pushes.heard(push('3', '4', "leo"));
        let none = Vec::<String>::new;
        assert_eq!(
            of(&pushes, "1234"),
            [
                vec!["mia".into()],
                vec!["mia".into()],
                none(),
                vec!["leo".into()]
            ],
            "the push of 3 was not heard of"
        );
        let forced = Push {
            brought: Some(vec![sha('5')]),
            ..push('4', '5', "kim")
        };
        pushes.heard(forced);
        assert_eq!(
            of(&pushes, "135"),
            [none(), none(), vec!["kim".to_owned()]],
            "who forces a push did not write what was there"
        );
        assert_eq!(pushes.people().len(), 3);
    }

    #[test]
    fn what_is_kept_is_bounded_and_nobody_who_pushed_is_forgotten() {
        let mut pushes = Pushes::default();
        let digit = |n: usize| Sha::new(format!("{n:040}"));
        for n in 0..500 {
            pushes.heard(Push {
                before: digit(n),
                after: digit(n + 1),
                ..push('0', '1', if n == 0 { "mia" } else { "leo" })
            });
        }
        assert_eq!((pushes.newest.len(), pushes.people.len()), (PUSHES, 2));

        let mut made = Made::default();
        for n in 0..500 {
            made.note(digit(n), |commit| *commit == digit(3));
        }
        assert!(made.has(&digit(3)) && made.has(&digit(499)) && !made.has(&digit(9)));
        assert_eq!(made.0.unwrap().len(), MADE + 1);
    }
}
