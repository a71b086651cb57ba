//! Whose work is on the hotfix branch: author, committer, co-authors and pusher
//! of every commit that is not the bot's own. None of them approves it.

use super::commits::{is_ours, is_pick};
use super::step::Case;
use crate::domain::ids::{Person, Sha};
use crate::domain::need::{Part, Unclear};
use crate::domain::objects::{Commit, Hands};
use crate::domain::policy::AutoOr;

/// Whose work it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authors {
    /// All who are known, each with what they did.
    people: Vec<(Person, Part)>,
    /// The first commit of which a push was not heard of, or was no person's.
    pub unseen: Option<Sha>,
    /// The first commit with somebody of whom GitHub knows no account.
    pub unknown: Option<Sha>,
}

/// Whose work these commits are, which are in order.
pub fn authors(c: &Case<'_>, commits: &[Commit]) -> Authors {
    let mut authors = Authors::default();
    let pushes = c.line.pushes.of(commits);
    for (commit, pushes) in commits.iter().zip(pushes) {
        if is_ours(c.line, commit) {
            continue;
        }
        let Some(hands) = &commit.hands else {
            // Read by an earlier version; it is read anew before anything ships.
            let author = Person::new(0, commit.author.as_str());
            authors
                .people
                .push((author, Part::Wrote(commit.sha.clone())));
            continue;
        };
        authors.wrote(hands, &commit.sha);
        let picked = is_pick(c.line, commit);
        if hands.unknown || (hands.by_bot && !picked) {
            authors.unknown.get_or_insert(commit.sha.clone());
        }
        if picked {
            // Who asked for it stands where else who pushed it would.
            let asked = c.line.picks.iter().map(|pick| &pick.by);
            authors.add(asked, Part::Picked, &commit.sha);
            continue;
        }
        if pushes.is_empty() || pushes.iter().any(|push| push.by.is_none()) {
            authors.unseen.get_or_insert(commit.sha.clone());
        }
        let by = pushes.iter().filter_map(|push| push.by.as_ref());
        authors.add(by, Part::Pushed, &commit.sha);
    }
    if authors.unclear().is_some() {
        // Who pushed anything here, gone or not, may be the one that is missing.
        let all = c.line.pushes.people().iter().cloned();
        let all = all.map(|person| (person, Part::PushedOnce));
        authors.people.extend(all);
    }
    authors
}

impl Authors {
    /// What nobody can tell.
    pub fn unclear(&self) -> Option<Unclear> {
        let unseen = self.unseen.clone().map(Unclear::Push);
        unseen.or_else(|| self.unknown.clone().map(Unclear::Address))
    }

    /// What they did of it, as far as it is known.
    pub fn part(&self, person: &Person) -> Option<&Part> {
        let mut all = self.people.iter();
        all.find_map(|(who, part)| person.is(who).then_some(part))
    }

    /// Whose work a commit is by itself.
    fn wrote(&mut self, hands: &Hands, sha: &Sha) {
        let committed = |it: &Person| hands.committers.contains(it);
        let named = |it: &Person| hands.co_authors.contains(it);
        let wrote = hands
            .people
            .iter()
            .filter(|it| !committed(it) && !named(it));
        self.add(wrote, Part::Wrote, sha);
        self.add(hands.committers.iter(), Part::Committed, sha);
        self.add(hands.co_authors.iter(), Part::CoWrote, sha);
    }

    fn add<'a>(
        &mut self,
        people: impl Iterator<Item = &'a Person>,
        part: fn(Sha) -> Part,
        sha: &Sha,
    ) {
        let people = people.map(|person| (person.clone(), part(sha.clone())));
        self.people.extend(people);
    }
}

/// The only person who may write here, where nobody else pushed any of it:
/// nobody else could approve, so their decision is the approval. None where
/// `merge.approvals` is a number.
pub fn single_handed<'a>(c: &Case<'a>, commits: &[Commit]) -> Option<&'a Person> {
    if c.policy.merge.approvals.written().is_some() {
        return None;
    }
    let [one] = c.line.seen.writers.get()?.as_deref()? else {
        return None;
    };
    let alone = c.line.pushes.people().iter().all(|person| person.is(one));
    (alone && authors(c, commits).unseen.is_none()).then_some(one)
}

/// How many approvals there must be.
pub fn wanted(c: &Case<'_>, commits: &[Commit]) -> u64 {
    match c.policy.merge.approvals {
        AutoOr::Auto if single_handed(c, commits).is_some() => 0,
        AutoOr::Auto => 1,
        AutoOr::Is(n) => u64::from(n),
    }
}
