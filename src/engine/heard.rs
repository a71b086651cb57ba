//! What a delivery says to a case, as events. Payloads are believed for what a
//! person did. Of everything else only the names are taken: the object is read
//! again.

use crate::clock::Millis;
use crate::domain::command::{speaks_to_us, ticked};
use crate::domain::event::{Event, Heard, print};
use crate::domain::facts::Push;
use crate::domain::ids::{Actor, Sha};
use crate::domain::objects::Issue;
use crate::domain::objects::{Object, RUNS};
use crate::github::ops;
use crate::github::webhook::{Delivery, RepoRef, What};
use crate::store::KeptDelivery;

/// When, and in which way, a delivery is heard.
#[derive(Clone, Copy, Debug)]
pub struct Hearing<'a> {
    /// The time at GitHub, as well as we know it.
    pub now: Millis,
    /// GitHub could not deliver it: it was found in the log.
    pub late: bool,
    /// The bot's own login: what its calls made, their answers told.
    pub bot: &'a str,
}

/// What a delivery says that waited. Nothing if it is of another shape.
pub fn kept(stored: &KeptDelivery, now: Millis) -> Vec<Event> {
    let hearing = Hearing {
        now,
        late: stored.fetched,
        // Long ago: it is looked at whoever did it.
        bot: "",
    };
    match serde_json::from_str::<Delivery>(&stored.fact) {
        Ok(delivery) => match &delivery.repo {
            Some(repo) => events(repo, &delivery, hearing),
            None => Vec::new(),
        },
        Err(_) => Vec::new(),
    }
}

/// What a delivery says to a case.
pub fn events(repo: &RepoRef, delivery: &Delivery, hearing: Hearing<'_>) -> Vec<Event> {
    let by = delivery.sender.as_ref().map(actor).unwrap_or_default();
    let ours = !hearing.bot.is_empty() && by.login == hearing.bot;
    if ours && is_echo(&delivery.what) {
        return Vec::new();
    }
    let touched = |objects: &[Object]| {
        vec![Event::Touched {
            objects: objects.to_vec(),
        }]
    };
    match &delivery.what {
        What::IssueLabeled { issue, label } => vec![Event::Labeled {
            label: label.clone(),
            by,
            issue: issue_of(issue),
            changed: issue.updated_at.unwrap_or_default(),
        }],
        What::IssueUnlabeled { issue, label } => vec![Event::Unlabeled {
            label: label.clone(),
            by,
            changed: issue.updated_at.unwrap_or_default(),
        }],
        What::IssueClosed { issue } | What::IssueReopened { issue } => vec![Event::IssueState {
            open: matches!(delivery.what, What::IssueReopened { .. }),
            by,
            changed: issue.updated_at.unwrap_or_default(),
        }],
        What::IssueEdited { .. } | What::IssueTransferred { .. } | What::IssueDeleted { .. } => {
            touched(&[Object::Issue])
        }
        What::CommentCreated {
            issue,
            comment,
            is_pull,
        } => {
            let pull = is_pull.then(|| id(issue.number));
            commented(comment, pull, hearing)
        }
        What::CommentEdited {
            comment, before, ..
        } if concerns_us(comment, before.as_deref()) => vec![Event::CommentEdited {
            comment: id(comment.id),
            ticked: before
                .as_deref()
                .and_then(|before| ticks(comment, before, &by, hearing)),
            by,
        }],
        What::CommentDeleted { comment, .. } if concerns_us(comment, None) => {
            vec![Event::CommentDeleted {
                comment: id(comment.id),
            }]
        }
        What::PullLabel {
            pull, label, on, ..
        } => vec![Event::PullLabeled {
            pull: id(pull.number),
            label: label.clone(),
            by,
            on: *on,
            issue: issue_of_pull(pull),
            changed: pull.updated_at.unwrap_or_default(),
        }],
        // Whichever of a hotfix's pull requests is looked at is read.
        What::Pull { pull, .. } if pull.base.name == repo.default_branch => {
            touched(&[Object::Pull, Object::Port, Object::Known])
        }
        What::Pull { .. } => touched(&[Object::Pull, Object::Port, Object::Known, Object::Offers]),
        What::Review { .. } => touched(&[Object::Reviews]),
        What::Push { name, .. } => {
            if name.strip_prefix("refs/heads/") == Some(&repo.default_branch) {
                touched(&[
                    Object::Main,
                    Object::Fixes,
                    Object::Pull,
                    Object::Policy,
                    Object::Trial,
                    Object::Port,
                    Object::Holds,
                    Object::Known,
                ])
            } else if name.starts_with("refs/tags/") {
                match &delivery.what {
                    What::Push { deleted: true, .. } => vec![Event::TagDeleted { by }],
                    _ => touched(&[Object::Tag]),
                }
            } else {
                // Whose branch it is, and what is known of it, the case knows.
                match pushed(&delivery.what, by) {
                    Some(pushed) => {
                        let mut events = touched(&[Object::Port, Object::Known]);
                        events.insert(0, pushed);
                        events
                    }
                    None => touched(&[Object::Branch, Object::Port, Object::Known]),
                }
            }
        }
        What::RefDeleted { kind, .. } if kind == "tag" => vec![Event::TagDeleted { by }],
        What::RefCreated { kind, .. } | What::RefDeleted { kind, .. } => {
            touched(&[if kind == "tag" {
                Object::Tag
            } else {
                Object::Branch
            }])
        }
        What::WorkflowRun { action, run } if action == "in_progress" => vec![Event::Running {
            run: id(run.id),
            attempt: id(run.run_attempt),
        }],
        What::WorkflowRun { .. } => touched(&RUNS),
        What::Release { .. } => touched(&[Object::Release]),
        _ => Vec::new(),
    }
}

/// Whether it tells what the answer to a call told already, if we made that. A
/// call without an answer is looked for, whatever is heard.
fn is_echo(what: &What) -> bool {
    match what {
        What::RefCreated { .. } => true,
        What::Push { name, created, .. } => *created && name.starts_with("refs/tags/"),
        What::Pull { action, .. } => matches!(action.as_str(), "opened" | "ready_for_review"),
        _ => false,
    }
}

/// So many commits of a forced push are kept.
const BROUGHT: usize = 100;

/// Who pushed what to a branch.
fn pushed(what: &What, by: Actor) -> Option<Event> {
    let What::Push {
        name,
        before,
        after,
        deleted,
        forced,
        commits,
        ..
    } = what
    else {
        return None;
    };
    let branch = name.strip_prefix("refs/heads/").filter(|_| !deleted)?;
    let brought = || commits.iter().take(BROUGHT).map(Sha::new).collect();
    Some(Event::Pushed {
        branch: branch.to_owned(),
        push: Push {
            before: Sha::new(before),
            after: Sha::new(after),
            brought: forced.then(brought),
            by: (!by.bot).then(|| by.account()),
        },
    })
}

/// Only lines that may be commands are kept: the rest is people's talk.
fn commented(comment: &ops::Comment, pull: Option<u64>, hearing: Hearing<'_>) -> Vec<Event> {
    let by = comment.user.as_ref().map(actor).unwrap_or_default();
    let heard = Heard::of(id(comment.id), by, &comment.body);
    if heard.lines.is_empty() {
        return Vec::new();
    }
    let written = comment.created_at;
    vec![Event::Commented(Heard {
        pull,
        edited: written != comment.updated_at,
        written,
        age: written.map_or(0, |at| (hearing.now - at).max(0)),
        late: hearing.late,
        ..heard
    })]
}

/// What somebody ticked in a comment, if they did: said in the moment of the edit.
fn ticks(
    comment: &ops::Comment,
    before: &str,
    by: &Actor,
    hearing: Hearing<'_>,
) -> Option<Box<Heard>> {
    let lines = ticked(before, &comment.body);
    let written = comment.updated_at;
    (!lines.is_empty()).then(|| {
        Box::new(Heard {
            comment: id(comment.id),
            by: by.clone(),
            lines,
            print: print(&comment.body),
            written,
            age: written.map_or(0, |at| (hearing.now - at).max(0)),
            late: hearing.late,
            ..Heard::default()
        })
    })
}

/// Whether a change of a comment is of any interest: it is a bot's, perhaps our
/// own, or it says or said something to us.
fn concerns_us(comment: &ops::Comment, before: Option<&str>) -> bool {
    let is_bot = comment.user.as_ref().is_none_or(|user| user.kind == "Bot");
    is_bot || speaks_to_us(&comment.body) || before.is_some_and(speaks_to_us)
}

fn id(id: i64) -> u64 {
    u64::try_from(id).unwrap_or_default()
}

/// An actor in the domain's words.
pub fn actor(actor: &ops::Actor) -> Actor {
    Actor {
        login: actor.login.clone(),
        bot: !actor.is_person(),
        id: id(actor.id),
    }
}

/// An issue in the domain's words.
pub fn issue_of(issue: &ops::Issue) -> Issue {
    Issue {
        title: issue.title.as_str().into(),
        author: issue
            .user
            .as_ref()
            .map(|u| u.login.clone())
            .unwrap_or_default(),
        author_id: issue.user.as_ref().map_or(0, |u| id(u.id)),
        created_at: issue.created_at.unwrap_or_default(),
        open: issue.state != "closed",
        closed_by: issue.closed_by.as_ref().map(|u| u.login.clone()),
        labels: issue.labels.iter().map(|l| l.name.clone()).collect(),
        updated_at: issue.updated_at.unwrap_or_default(),
        pull: issue.is_pull(),
    }
}

/// The issue side of a merged pull request.
fn issue_of_pull(pull: &ops::Pull) -> Issue {
    Issue {
        title: pull.title.as_str().into(),
        author: pull
            .user
            .as_ref()
            .map(|u| u.login.clone())
            .unwrap_or_default(),
        author_id: pull.user.as_ref().map_or(0, |u| id(u.id)),
        created_at: pull.created_at.unwrap_or_default(),
        open: false,
        closed_by: None,
        labels: pull.labels.iter().map(|l| l.name.clone()).collect(),
        updated_at: pull.updated_at.unwrap_or_default(),
        pull: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_our_own_call_made_is_no_news_and_what_others_made_is() {
        let repo = RepoRef {
            default_branch: "main".into(),
            ..RepoRef::default()
        };
        let push = |name: &str, created| What::Push {
            name: name.into(),
            before: "a".into(),
            after: "b".into(),
            created,
            deleted: false,
            forced: false,
            commits: Vec::new(),
            settings: Vec::new(),
        };
        let created = |kind: &str| What::RefCreated {
            name: "x".into(),
            kind: kind.into(),
        };
        let pull = |action: &str| What::Pull {
            action: action.into(),
            pull: Box::default(),
        };
        for (what, echo) in [
            (created("branch"), true),
            (created("tag"), true),
            (push("refs/tags/v1", true), true),
            (push("refs/tags/v1", false), false),
            (push("refs/heads/x", true), false),
            (push("refs/heads/main", false), false),
            (pull("opened"), true),
            (pull("ready_for_review"), true),
            (pull("closed"), false),
            (pull("synchronize"), false),
        ] {
            for (login, ours) in [("bot[bot]", true), ("mia", false), ("", false)] {
                let delivery = Delivery {
                    event: String::new(),
                    action: None,
                    repo: None,
                    installation_id: None,
                    sender: Some(ops::Actor {
                        login: login.into(),
                        ..ops::Actor::default()
                    }),
                    what: what.clone(),
                };
                let heard = |bot| {
                    let hearing = Hearing {
                        now: 0,
                        late: false,
                        bot,
                    };
                    !events(&repo, &delivery, hearing).is_empty()
                };
                assert_eq!(heard("bot[bot]"), !(echo && ours), "{login}: {what:?}");
                assert!(heard(""), "nobody knows who the bot is: {what:?}");
            }
        }
    }
}
