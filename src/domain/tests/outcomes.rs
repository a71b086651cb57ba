//! What may come of a wish, told by the facts of another case.

use crate::domain::effect::{Act, Effect, Slot};
use crate::domain::event::Outcome;
use crate::domain::facts::{Facts, Reverted};
use crate::domain::ids::{Sha, fingerprint};
use crate::domain::objects::{
    AdvisoryState, Branch, Carried, Checks, Jobs, Object, Observation, OldText, Page, Picked, Pull,
    RoleRead, Runs, Tag, Trial, Trouble, WordRead,
};
use crate::domain::obstacle::Obstacle;
use crate::domain::read::Read;
use crate::domain::undo::Undo;
use crate::domain::wish::Lane;

/// Somebody who may do everything.
pub const ADMIN: &str = "boss";
/// Somebody without a role.
pub const STRANGER: &str = "stranger";

/// The role that a read of it finds.
pub fn role_of(f: &Facts, login: &str) -> RoleRead {
    let role = match login {
        ADMIN => "admin",
        STRANGER => "none",
        _ => {
            let known = f.roles.get(login).and_then(|role| role.get());
            return known.cloned().unwrap_or_else(|| RoleRead {
                role_name: "read".into(),
                permission: "read".into(),
                id: 0,
                ..RoleRead::default()
            });
        }
    };
    RoleRead {
        role_name: role.into(),
        permission: role.into(),
        id: 0,
        ..RoleRead::default()
    }
}

/// What comes of a wish, one way or another.
pub fn outcome(f: &Facts, effect: &Effect, how: u8, other: &Facts) -> Outcome {
    let words = || "no, and *that* is all".to_owned();
    let refused = |obstacle| Outcome::Refused { obstacle };
    match how {
        0 => return refused(Obstacle::Refused(words().into())),
        1 if effect.lane() == Lane::Write => return refused(Obstacle::Found(words().into())),
        2 => return Outcome::Blocked { message: words() },
        3 => {
            return Outcome::Unanswered {
                message: words(),
                since: f.now,
            };
        }
        _ => {}
    }
    let line = f.lines.only().1;
    let head = line.seen.branch.get().and_then(|b| b.head.as_ref());
    let head = head.map(|head| head.sha.clone()).unwrap_or_default();
    match effect {
        Act::Read(Read::Role { login, .. }) => Outcome::Role(role_of(f, login)),
        Act::Read(Read::Word { comment }) => {
            let said = f.said.iter().find(|said| said.comment == *comment);
            Outcome::Word(match (how, said) {
                (4, _) | (_, None) => WordRead::Gone,
                (5, _) => WordRead::Stands("another".into()),
                (_, Some(said)) => WordRead::Stands(said.print.clone()),
            })
        }
        Act::Read(read) => {
            // Now and then it is as it was.
            let seen = (how > 4).then(|| observed(read, other, &head)).flatten();
            seen.map_or(Outcome::Same, Outcome::seen)
        }
        Act::CreateBranch { sha, .. } => Outcome::BranchMade {
            sha: sha.clone(),
            bumped: None,
        },
        Act::PushBump { .. }
        | Act::EnableTests { .. }
        | Act::Rerun { .. }
        | Act::Reply { .. }
        | Act::React { .. }
        | Act::ReopenIssue => Outcome::Done,
        Act::Dispatch { file, head, .. } => Outcome::Dispatched {
            file: file.clone(),
            head: head.clone(),
            trial: None,
        },
        Act::Launch {
            file, at, after, ..
        } => Outcome::Launched {
            file: file.clone(),
            at: at.clone(),
            after: *after,
            run: how.is_multiple_of(2).then_some(7),
        },
        Act::OpenPull { .. } => Outcome::PullOpened {
            number: 300 + u64::from(how),
            pull: Pull {
                open: true,
                draft: how.is_multiple_of(2),
                mergeable: Some(how.is_multiple_of(3)),
                head,
                ..Pull::default()
            },
        },
        Act::PushPicks {
            sources, parent, ..
        } => Outcome::Picked(Picked {
            head: parent.clone(),
            commits: Vec::new(),
            trouble: sources
                .first()
                .filter(|_| how.is_multiple_of(2))
                .map(|source| {
                    let source = source.clone();
                    Trouble::Unknown { source }
                }),
        }),
        Act::PushPort { .. } | Act::PushEntry { .. } => Outcome::Carried(Carried {
            commit: Sha::new("c".repeat(40)),
            by_hand: match how % 2 {
                0 => Vec::new(),
                _ => vec![("src/lib.rs".into(), "both changed it".into())],
            },
            ..Carried::default()
        }),
        Act::State { head, .. } => Outcome::StateWritten {
            id: 61,
            head: head.clone(),
            hash: String::new(),
        },
        Act::Guard { head, .. } => Outcome::GuardWritten {
            id: 60,
            head: head.clone(),
            hash: String::new(),
        },
        Act::Comment { kind, .. } if how == 4 => Outcome::CommentGone { kind: *kind },
        Act::Comment {
            kind, body, shown, ..
        } => Outcome::CommentWritten {
            kind: *kind,
            id: 50,
            url: String::new(),
            hash: fingerprint(body),
            page: shown.as_deref().map(|shown| {
                Box::new(Page {
                    at: f.now,
                    shown: shown.clone(),
                })
            }),
        },
        Act::CreateTag { commit, .. } => Outcome::Tagged(Tag {
            object: Sha::new("7".repeat(40)),
            commit: commit.clone(),
            annotated: true,
        }),
        Act::Describe { .. } => Outcome::Described {
            hash: String::new(),
        },
        Act::Point { tag, was, .. } => Outcome::Pointed {
            tag: tag.clone(),
            was: was.clone(),
            object: Sha::new("7".repeat(40)),
        },
        Act::MarkReady { .. } => Outcome::Readied,
        Act::Merge { .. } => Outcome::Merged {
            commit: Sha::new("d".repeat(40)),
        },
        Act::WriteNotes { block, .. } => Outcome::NotesWritten {
            was: None,
            hash: fingerprint(block),
        },
        Act::Discuss { .. } => Outcome::Discussed {
            url: how
                .is_multiple_of(2)
                .then(|| "https://x.test/discussions/9".to_owned()),
        },
        Act::PublishAdvisory { .. } if how.is_multiple_of(2) => Outcome::AdvisoryKept {
            state: AdvisoryState::Draft,
        },
        Act::PublishAdvisory { .. } => Outcome::Done,
        Act::CloseIssue => Outcome::IssueClosed,
        Act::DeleteBranch { .. } => Outcome::BranchDeleted,
        Act::ClosePull { pull, .. } => Outcome::PullClosed { pull: *pull },
        Act::Undo(Undo::Revert { .. }) => Outcome::Reverted(Reverted {
            pull: how.is_multiple_of(2).then(|| 500 + u64::from(how)),
            ..Reverted::default()
        }),
        Act::Undo(Undo::Report { .. }) => Outcome::Reported {
            number: 400 + u64::from(how),
        },
        Act::Announce(it) => Outcome::Announced {
            id: how.is_multiple_of(2).then(|| format!("m{how}")),
            print: it
                .bulletin
                .as_ref()
                .map_or_else(String::new, |it| it.print()),
            edited: it.edits.is_some(),
        },
        Act::Undo(_) | Act::Label { .. } => Outcome::Done,
    }
}

/// What another case saw of it, as far as it goes with this head; else the
/// least that there can be.
fn observed(read: &Read, other: &Facts, head: &Sha) -> Option<Observation> {
    let seen = &other.lines.only().1.seen;
    let pull = |pull: Option<&Pull>| {
        let mut pull = pull.cloned().unwrap_or_else(|| Pull {
            open: true,
            ..Pull::default()
        });
        pull.head = head.clone();
        pull
    };
    let runs = |sha: &Sha, seen: Option<&Runs>| {
        let mut runs = seen.cloned().unwrap_or_default();
        runs.sha = sha.clone();
        runs.runs.iter_mut().for_each(|run| run.sha = sha.clone());
        runs
    };
    let Slot::Read(object) = read.slot() else {
        return None;
    };
    let sha = match read {
        Read::Runs { sha, .. } => sha.clone(),
        _ => Sha::default(),
    };
    Some(match object {
        Object::Policy => Observation::Policy(other.policy.get()?.clone()),
        Object::Issue => Observation::Issue(other.issue.get()?.clone()),
        Object::Base => Observation::Base(seen.base.get()?.clone()),
        Object::Channels => Observation::Channels(seen.channels.get().cloned().unwrap_or_default()),
        Object::Guards => Observation::Guards(seen.guards.get().cloned().unwrap_or_default()),
        Object::Labellers => Observation::Labellers(Vec::new()),
        Object::Fixes => Observation::Fixes(seen.fixes.get().cloned().unwrap_or_default()),
        Object::Offers => Observation::Offers(seen.offers.get().cloned().unwrap_or_default()),
        Object::OldLines => Observation::OldLines(OldText::default()),
        Object::Advisory => Observation::Advisory(AdvisoryState::Draft),
        Object::Duplicates => Observation::Duplicates(Vec::new()),
        Object::Main => Observation::Main(seen.main.get().cloned().unwrap_or_default()),
        Object::Branch => {
            Observation::Branch(seen.branch.get().cloned().unwrap_or(Branch { head: None }))
        }
        Object::Pull => Observation::Pull(pull(seen.pull.get())),
        Object::Closer => Observation::Closer(seen.closer.get().cloned().flatten()),
        Object::Reviews => {
            let mut reviews = seen.reviews.get().cloned().unwrap_or_default();
            reviews.iter_mut().for_each(|r| r.commit = head.clone());
            Observation::Reviews(reviews)
        }
        Object::Writers => Observation::Writers(seen.writers.get().cloned().flatten()),
        Object::Runs => Observation::Runs(runs(&sha, seen.runs.get())),
        Object::Checks => Observation::Checks(Checks {
            sha: match read {
                Read::Checks { sha, .. } => sha.clone(),
                _ => Sha::default(),
            },
            ..seen.checks.get().cloned().unwrap_or_default()
        }),
        Object::Jobs => Observation::Jobs(Jobs {
            sha: match read {
                Read::Jobs { sha, .. } => sha.clone(),
                _ => Sha::default(),
            },
            ..seen.jobs.get().cloned().unwrap_or_default()
        }),
        Object::Halted => Observation::Halted(seen.halted.get().cloned().unwrap_or_default()),
        Object::Attested => Observation::Attested(seen.attested.get().cloned().unwrap_or_default()),
        Object::Sums => Observation::Sums(seen.sums.get().cloned().unwrap_or_default()),
        Object::Addresses => {
            Observation::Addresses(seen.addresses.get().cloned().unwrap_or_default())
        }
        Object::Tag => Observation::Tag(seen.tag.get().cloned().flatten()),
        Object::Pointers => Observation::Pointers(seen.pointers.get().cloned().unwrap_or_default()),
        Object::Release => Observation::Release(seen.release.get().cloned().flatten()),
        Object::Parts => Observation::Parts(seen.parts.get().cloned().unwrap_or_default()),
        Object::Registry => Observation::Registry(seen.registry.get().cloned().flatten()),
        Object::Trial => Observation::Trial(Trial {
            head: head.clone(),
            ..seen.trial.get().cloned().unwrap_or_default()
        }),
        Object::Port => Observation::Port(pull(seen.port.get())),
        Object::PortRuns => Observation::PortRuns(runs(&sha, seen.port_runs.get())),
        Object::Holds => Observation::Holds(seen.holds.get().cloned().unwrap_or_default()),
        Object::OnLine => Observation::OnLine(seen.on_line.get().cloned().unwrap_or_default()),
        Object::Known => Observation::Known(pull(seen.known.get())),
        Object::KnownRuns => Observation::KnownRuns(runs(&sha, seen.known_runs.get())),
        Object::Outages => Observation::Outages(seen.outages.get().cloned().unwrap_or_default()),
    })
}
