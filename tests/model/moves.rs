//! What may happen beside the bot: people act, deliveries are lost, an answer
//! takes its time.

use hotfix_bot::domain::event::{Event, Heard};
use hotfix_bot::domain::facts::Push;
use hotfix_bot::domain::ids::Actor;
use hotfix_bot::domain::objects::{Commit, Hands, Object};

use crate::hub::{BOT, HubComment, HubCommit, account, person, role, sha};
use crate::state::{Delivery, State};

/// How a commit looks that the developer pushes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// As it is.
    Honest,
    /// Written by the writer, as its address says.
    LikeTheWriters,
    /// By an address that belongs to nobody.
    Unknown,
    /// Written by the writer, with the developer as co-author.
    TogetherWithTheWriter,
    /// By the bot's own address, with its trailer.
    LikeTheBots,
}

/// What somebody, or bad luck, does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Somebody says something on an issue.
    Say(usize, &'static str, &'static str),
    /// The newest comment is deleted by its author.
    Delete,
    /// The newest comment is edited to something else.
    Edit,
    /// The developer pushes another commit.
    Push(Looks),
    /// The tests pass on the head.
    Pass,
    /// Somebody approves the head.
    Approve(&'static str),
    /// Somebody sends the pull request to another branch.
    Retarget(&'static str),
    /// Somebody merges the pull request where it goes.
    Merge,
    /// Somebody puts a label on an issue.
    Label(usize, &'static str, &'static str),
    /// Somebody takes it off.
    Unlabel(usize, &'static str),
    /// The answer under way takes its time.
    Slow,
    /// The default branch moves: its configuration may have changed.
    MainMoves,
}

/// Whether the delivery of it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Heard,
    /// It is found in the log, later.
    Lost,
}

impl Move {
    /// Whether its delivery can be lost.
    pub fn is_told(self) -> bool {
        !matches!(self, Move::Slow)
    }

    /// Whether it can be made now.
    pub fn is_open(self, s: &State) -> bool {
        let hub = &s.hub;
        let last = hub.comments.last();
        match self {
            Move::Say(_, who, text) => {
                let said = hub.comments.iter().filter(|c| c.taken_back.is_none());
                let mut same = said.filter(|c| c.by.login == who && c.text == text);
                // What is about a commit is said once it is there.
                let commit = text.strip_prefix("/hotfix release ").map(str::to_owned);
                let there = commit.is_none_or(|c| {
                    let branch = hub.branch.iter().flatten();
                    branch.map(|it| it.sha.short().to_owned()).any(|it| it == c)
                });
                same.next().is_none() && there
            }
            Move::Delete | Move::Edit => last.is_some_and(|c| c.taken_back.is_none()),
            Move::Push(_) => hub.branch.as_ref().is_some_and(|c| c.len() < 4),
            Move::Pass => hub.has_fix() && hub.head().is_some_and(|h| !hub.green.contains(&h)),
            Move::Approve(who) => {
                let head = hub.head().unwrap_or_default();
                hub.has_fix() && !hub.reviews.contains(&(who, head))
            }
            Move::Retarget(to) => hub.pull.as_ref().is_some_and(|p| p.open && p.base != to),
            Move::Merge => hub.pull.as_ref().is_some_and(|p| p.open && hub.has_fix()),
            Move::Label(at, _, label) => !has(s, at, label),
            Move::Unlabel(at, label) => has(s, at, label),
            Move::Slow => s
                .bots
                .iter()
                .any(|b| !b.flights.is_empty() && b.slow.is_empty()),
            Move::MainMoves => s.labels_known,
        }
    }

    /// Makes it.
    pub fn make(self, s: &mut State, fate: Fate) {
        let now = s.hub.now;
        let tell = |issue: Option<usize>, event: Event| Delivery {
            issue,
            event,
            lost: fate == Fate::Lost,
        };
        let touched = |objects: &[Object]| Event::Touched {
            objects: objects.to_vec(),
        };
        let told = match self {
            Move::Say(at, who, text) => {
                let id = 500 + s.hub.comments.len() as u64;
                let saw = s.hub.issues.get(at).and_then(|issue| issue.shown.clone());
                let by = actor(who);
                s.hub.comments.push(HubComment {
                    id,
                    by: by.clone(),
                    text: text.into(),
                    created: now,
                    taken_back: None,
                    gone: false,
                    saw,
                    looked: None,
                });
                let heard = Heard {
                    written: Some(now),
                    late: fate == Fate::Lost,
                    ..Heard::of(id, by, text)
                };
                tell(Some(at), Event::Commented(heard))
            }
            Move::Delete | Move::Edit => {
                let gone = self == Move::Delete;
                let Some(comment) = s.hub.comments.last_mut() else {
                    return;
                };
                (comment.taken_back, comment.gone) = (Some(now), gone);
                let (comment, by) = (comment.id, comment.by.clone());
                let event = match gone {
                    true => Event::CommentDeleted { comment },
                    false => Event::CommentEdited {
                        comment,
                        by,
                        ticked: None,
                    },
                };
                tell(None, event)
            }
            Move::Push(looks) => {
                let before = s.hub.head().unwrap_or_default();
                push(s, looks);
                let after = s.hub.head().unwrap_or_default();
                let push = Push {
                    before,
                    after,
                    brought: None,
                    by: Some(person("developer")),
                };
                let branch = "hotfix/v1.0.5".into();
                s.deliveries
                    .push(tell(None, Event::Pushed { branch, push }));
                tell(
                    None,
                    touched(&[Object::Branch, Object::Port, Object::Known]),
                )
            }
            Move::Pass => {
                s.hub.green.extend(s.hub.head());
                tell(None, touched(&[Object::Runs, Object::PortRuns]))
            }
            Move::Approve(who) => {
                let head = s.hub.head().unwrap_or_default();
                s.hub.reviews.push((who, head));
                tell(None, touched(&[Object::Reviews]))
            }
            Move::Retarget(base) => {
                if let Some(pull) = s.hub.pull.as_mut() {
                    pull.base = base;
                }
                tell(None, touched(&[Object::Pull, Object::Port, Object::Known]))
            }
            Move::Merge => {
                let head = s.hub.head();
                if let Some(pull) = s.hub.pull.as_mut() {
                    (pull.open, pull.draft, pull.merged) = (false, false, Some(sha('d')));
                    if pull.base == "main" {
                        s.hub.main.extend(head);
                    }
                }
                tell(None, touched(&[Object::Pull, Object::Port, Object::Known]))
            }
            Move::Label(at, who, label) => {
                let by = actor(who);
                if let Some(issue) = s.hub.issues.get_mut(at) {
                    issue.labels.push((label.into(), by.clone()));
                    issue.updated = now;
                }
                let issue = s.hub.issue(at);
                let event = Event::Labeled {
                    label: label.into(),
                    by,
                    issue,
                    changed: now,
                };
                tell(Some(at), event)
            }
            Move::Unlabel(at, label) => {
                if let Some(issue) = s.hub.issues.get_mut(at) {
                    issue.labels.retain(|(name, _)| name != label);
                    issue.updated = now;
                }
                let event = Event::Unlabeled {
                    label: label.into(),
                    by: actor("maintainer"),
                    changed: now,
                };
                tell(Some(at), event)
            }
            Move::Slow => {
                let under_way = s.bots.iter_mut().find(|bot| !bot.flights.is_empty());
                if let Some(bot) = under_way {
                    let flight = bot.flights.remove(0);
                    bot.slow.push(flight);
                }
                return;
            }
            Move::MainMoves => {
                s.labels_known = false;
                tell(
                    None,
                    touched(&[Object::Pull, Object::Policy, Object::Holds]),
                )
            }
        };
        s.deliveries.push(told);
    }
}

/// Somebody, as a delivery names them.
fn actor(who: &str) -> Actor {
    Actor {
        bot: who.ends_with("[bot]"),
        id: account(who),
        ..Actor::person(who)
    }
}

fn has(s: &State, at: usize, label: &str) -> bool {
    let issue = s.hub.issues.get(at);
    issue.is_some_and(|issue| issue.labels.iter().any(|(name, _)| name == label))
}

fn push(s: &mut State, looks: Looks) {
    let Some(commits) = s.hub.branch.as_mut() else {
        return;
    };
    let digit = ['f', '9', '7', '6'][commits.len() % 4];
    let author = match looks {
        Looks::Honest => "developer",
        Looks::LikeTheWriters | Looks::TogetherWithTheWriter => "writer",
        Looks::Unknown => "A Name",
        Looks::LikeTheBots => BOT,
    };
    let mut people = std::collections::BTreeSet::from(["developer"]);
    if role(author) != "read" {
        people.insert(author);
    }
    let mut told = Vec::new();
    if role(author) != "read" {
        told.push(person(author));
    }
    if looks == Looks::TogetherWithTheWriter {
        told.push(person("developer"));
    }
    let effect = (looks == Looks::LikeTheBots).then(|| "7//bump/x/1".to_owned());
    commits.push(HubCommit {
        sha: sha(digit),
        people,
        told: Commit {
            sha: sha(digit),
            subject: "fix(critical): start again".into(),
            author: author.into(),
            hands: Some(Hands {
                people: told,
                unknown: matches!(looks, Looks::Unknown | Looks::LikeTheBots),
                ..Hands::default()
            }),
            effect,
            paths: vec!["src/lib.rs".into(), "tests/start.rs".into()],
            ..Commit::default()
        },
    });
}
