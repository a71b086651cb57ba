//! Whose work a commit is, as GitHub tells it. Pure.

use super::commits::picked;
use crate::domain::ids::Person;
use crate::domain::objects::Hands;
use crate::github::ops::{Actor, CommitAuthor, RepoCommit, Signature};

/// GitHub's own account: committer of what is done in the browser.
const WEB_FLOW: &str = "web-flow";

/// Before a person's address without a mailbox: `id+login@users.noreply.<host>`,
/// or `login@…` of older accounts.
const NO_REPLY: &str = "@users.noreply.";

/// Whose work it is, while addresses are left that only GitHub can tell.
#[derive(Debug, Default)]
pub struct Told {
    hands: Hands,
    /// How many of its people are authors by the commit itself, and how many those and
    /// the committers are.
    before: (usize, usize),
    /// Addresses of co-authors whose accounts are not known yet.
    pub untold: Vec<String>,
}

/// What the commit itself tells, and the others of its list: author and
/// committer with their accounts, co-authors by their addresses.
pub fn of(commit: &RepoCommit, others: &[RepoCommit], is_bot: impl Fn(&str) -> bool) -> Told {
    let mut told = Told::default();
    let detail = &commit.commit;
    told.account(commit.author.as_ref(), &detail.author);
    let authors = told.hands.people.len();
    let by_github = commit.committer.as_ref().is_some_and(is_web_flow);
    // Of a pick the author tells; whether it is one of ours is judged elsewhere.
    let by_bot = picked(&detail.message).is_some()
        && match &commit.committer {
            Some(account) => is_bot(&account.login),
            None => {
                let mut named = no_reply(&detail.committer.email).into_iter();
                named.any(|it| is_bot(&it.login))
            }
        };
    told.hands.by_bot = by_bot;
    if !by_github && !by_bot {
        told.account(commit.committer.as_ref(), &detail.committer);
    }
    told.before = (authors, told.hands.people.len());
    for address in co_authors(&detail.message) {
        let known = account_of(&address, others);
        match (known, no_reply(&address).is_empty()) {
            (Some(account), _) => told.actor(account),
            (None, false) => told.people(no_reply(&address)),
            (None, true) if address.contains('@') => told.untold.push(address),
            (None, true) => told.hands.unknown = true,
        }
    }
    told
}

impl Told {
    /// The account behind an author's or committer's address. Where GitHub knows
    /// none, whom the address names is one of them, too.
    fn account(&mut self, account: Option<&Actor>, by: &Signature) {
        match account {
            Some(account) => self.actor(account),
            None => {
                self.hands.unknown = true;
                self.people(no_reply(&by.email));
            }
        }
    }

    /// GitHub's own account, an App or a placeholder is nobody who could say what
    /// they wrote.
    fn actor(&mut self, account: &Actor) {
        if !account.is_person() || is_web_flow(account) {
            self.hands.unknown = true;
            return;
        }
        let id = u64::try_from(account.id).unwrap_or_default();
        self.people([Person::new(id, account.login.as_str())]);
    }

    fn people(&mut self, people: impl IntoIterator<Item = Person>) {
        for person in people {
            if !self.hands.people.contains(&person) {
                self.hands.people.push(person);
            }
        }
    }

    /// What GitHub says of the addresses that are left.
    pub fn tell(&mut self, authors: &[CommitAuthor]) {
        for address in std::mem::take(&mut self.untold) {
            let is_it = |author: &&CommitAuthor| author.email.eq_ignore_ascii_case(&address);
            let user = authors.iter().find(is_it).and_then(|a| a.user.as_ref());
            match user {
                Some(user) => {
                    let id = user.database_id.unwrap_or_default();
                    let id = u64::try_from(id).unwrap_or_default();
                    self.people([Person::new(id, user.login.as_str())]);
                }
                None => self.untold.push(address),
            }
        }
    }

    /// Whose work it is; an address that nobody could tell is somebody's.
    pub fn done(mut self) -> Hands {
        self.hands.unknown |= !self.untold.is_empty();
        let (authors, committers) = self.before;
        let people = &self.hands.people;
        self.hands.co_authors = people.iter().skip(committers).cloned().collect();
        let rest = people.iter().take(committers).skip(authors);
        self.hands.committers = rest.cloned().collect();
        self.hands
    }
}

fn is_web_flow(account: &Actor) -> bool {
    account.login.eq_ignore_ascii_case(WEB_FLOW)
}

/// The addresses of a message's `Co-authored-by` lines, wherever they stand and
/// however they are written: rather one too many. A line without an address
/// gives the empty one.
fn co_authors(message: &str) -> Vec<String> {
    const TRAILER: &str = "co-authored-by:";
    let of = |line: &str| {
        let line = line.trim();
        let name = line.get(..TRAILER.len())?;
        let rest = line.get(TRAILER.len()..)?;
        let address = rest.rsplit_once('<').map_or(rest, |(_, address)| address);
        let address = address.split('>').next().unwrap_or_default().trim();
        let plain = !address.contains(char::is_whitespace) && address.contains('@');
        let address = if plain { address } else { "" };
        name.eq_ignore_ascii_case(TRAILER)
            .then(|| address.to_owned())
    };
    message.lines().filter_map(of).collect()
}

/// The account that GitHub shows for an address elsewhere in the list.
fn account_of<'a>(address: &str, commits: &'a [RepoCommit]) -> Option<&'a Actor> {
    commits.iter().find_map(|commit| {
        let detail = &commit.commit;
        let both = [
            (&detail.author, &commit.author),
            (&detail.committer, &commit.committer),
        ];
        let its = both
            .into_iter()
            .find(|(by, _)| by.email.eq_ignore_ascii_case(address));
        its.and_then(|(_, account)| account.as_ref())
    })
}

/// Whom an address without a mailbox names. Its two halves may name two: both
/// are taken.
fn no_reply(address: &str) -> Vec<Person> {
    let lower = address.to_ascii_lowercase();
    let Some((name, _)) = lower.split_once(NO_REPLY) else {
        return Vec::new();
    };
    match name.split_once('+') {
        Some((id, login)) => {
            let id = id.parse().ok().map(|id| Person::new(id, ""));
            id.into_iter().chain([Person::new(0, login)]).collect()
        }
        None => vec![Person::new(0, name)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::github::ops::CommitUser;

    fn account(id: i64, login: &str, kind: &str) -> Option<Actor> {
        Some(Actor {
            id,
            login: login.into(),
            kind: kind.into(),
        })
    }

    fn commit(author: Option<Actor>, committer: Option<Actor>, message: &str) -> RepoCommit {
        let mut commit = RepoCommit {
            author,
            committer,
            ..RepoCommit::default()
        };
        commit.commit.author.email = "mia@work.example".into();
        commit.commit.committer.email = "kim@work.example".into();
        commit.commit.message = message.into();
        commit
    }

    fn mia() -> Option<Actor> {
        account(7, "mia", "User")
    }

    fn logins(hands: &Hands) -> (Vec<&str>, bool) {
        let people = hands.people.iter().map(|p| p.login.as_str()).collect();
        (people, hands.unknown)
    }

    #[test]
    fn author_and_committer_are_those_whom_github_knows() {
        let kim = || account(8, "kim", "User");
        let web = || account(19864447, "web-flow", "User");
        let app = || account(9, "some[bot]", "Bot");
        for (author, committer, expected) in [
            (mia(), mia(), (vec!["mia"], false)),
            (mia(), kim(), (vec!["mia", "kim"], false)),
            (mia(), web(), (vec!["mia"], false)),
            (web(), web(), (vec![], true)),
            (mia(), None, (vec!["mia"], true)),
            (None, kim(), (vec!["kim"], true)),
            (app(), kim(), (vec!["kim"], true)),
            (mia(), account(3, "ghost", "Mannequin"), (vec!["mia"], true)),
            (
                mia(),
                account(3, "org", "Organization"),
                (vec!["mia"], true),
            ),
        ] {
            let told = of(&commit(author, committer, "fix"), &[], |_| false).done();
            assert_eq!(logins(&told), expected);
        }
    }

    #[test]
    fn every_co_author_is_found_however_they_are_written() {
        for (line, expected) in [
            (
                "Co-authored-by: Leo <5+Leo@users.noreply.github.com>",
                (vec!["mia", "", "leo"], false),
            ),
            (
                "co-AUTHORED-by: Leo <leo@users.noreply.ghe.example>",
                (vec!["mia", "leo"], false),
            ),
            (
                "  Co-authored-by:Leo <KIM@work.example>",
                (vec!["mia", "kim"], false),
            ),
            ("Co-authored-by: leo@home.example", (vec!["mia"], true)),
            ("Co-authored-by: @leo", (vec!["mia"], true)),
            ("Co-authored-by: Leo <leo", (vec!["mia"], true)),
            ("Co-authored-by:", (vec!["mia"], true)),
            ("It was co-authored-by: nobody", (vec!["mia"], false)),
            ("Authored-by: Leo <leo@home.example>", (vec!["mia"], false)),
        ] {
            let others = [commit(None, account(8, "kim", "User"), "other")];
            for message in [
                format!("fix\n\n{line}"),
                format!("fix\n\n{line}\n\nmore words\n"),
                format!("fix\r\n\r\n{line}\r\n"),
            ] {
                let told = of(&commit(mia(), mia(), &message), &others, |_| false).done();
                assert_eq!(logins(&told), expected, "{message:?}");
            }
        }
        let told = of(
            &commit(mia(), mia(), "Co-authored-by: L <5+kim@users.noreply.x>"),
            &[],
            |_| false,
        );
        let people = told.done().people;
        let named = |person: &Person| person.is_among(&people);
        assert!(named(&Person::new(5, "leo")), "by the id");
        assert!(named(&Person::new(6, "kim")), "and by the login");
    }

    #[test]
    fn what_each_did_of_it_is_kept_apart() {
        let kim = account(8, "kim", "User");
        let by_leo =
            "fix\n\nCo-authored-by: L <leo@home.example>\nCo-authored-by: M <mia@work.example>";
        let mut told = of(
            &commit(mia(), kim, by_leo),
            &[commit(mia(), None, "")],
            |_| false,
        );
        told.tell(&[CommitAuthor {
            email: "leo@home.example".into(),
            user: Some(CommitUser {
                login: "leo".into(),
                database_id: Some(5),
            }),
        }]);
        let hands = told.done();
        let person = |id, login: &str| vec![Person::new(id, login)];
        assert_eq!(hands.people.first(), person(7, "mia").first());
        assert_eq!(hands.committers, person(8, "kim"));
        assert_eq!(hands.co_authors, person(5, "leo"));
        // One who did both wrote it.
        let both = of(&commit(mia(), mia(), "fix"), &[], |_| false).done();
        assert!(both.committers.is_empty() && both.co_authors.is_empty());
    }

    #[test]
    fn what_an_address_does_not_tell_github_does() {
        let message =
            "fix\n\nCo-authored-by: L <leo@home.example>\nCo-authored-by: N <n@x.example>";
        let author = |email: &str, user: Option<&str>| CommitAuthor {
            email: email.into(),
            user: user.map(|login| CommitUser {
                login: login.into(),
                database_id: Some(5),
            }),
        };
        let mut told = of(&commit(mia(), mia(), message), &[], |_| false);
        assert_eq!(told.untold, ["leo@home.example", "n@x.example"]);
        told.tell(&[
            author("Leo@home.example", Some("leo")),
            author("n@x.example", None),
        ]);
        assert_eq!(logins(&told.done()), (vec!["mia", "leo"], true));
    }
}
