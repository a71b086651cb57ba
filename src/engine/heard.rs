//! What a delivery says to a case, as events. Payloads are believed for what a
//! person did. Of everything else only the names are taken: the object is read
//! again.

use crate::domain::command::speaks_to_us;
use crate::domain::event::Event;
use crate::domain::ids::Actor;
use crate::domain::objects::Issue;
use crate::domain::objects::Object;
use crate::github::ops;
use crate::github::webhook::{Delivery, RepoRef, What, decode};
use crate::store::Delivery as Stored;

/// What a stored delivery says. Nothing if its body is of another shape.
pub fn kept(stored: &Stored) -> Vec<Event> {
    match decode(&stored.event, stored.body.as_bytes()) {
        Ok(delivery) => match &delivery.repo {
            Some(repo) => events(repo, &delivery),
            None => Vec::new(),
        },
        Err(_) => Vec::new(),
    }
}

/// What a delivery says to a case.
pub fn events(repo: &RepoRef, delivery: &Delivery) -> Vec<Event> {
    let by = delivery.sender.as_ref().map(actor).unwrap_or_default();
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
        }],
        What::IssueUnlabeled { label, .. } => vec![Event::Unlabeled {
            label: label.clone(),
            by,
        }],
        What::IssueClosed { .. } => vec![Event::IssueState { open: false, by }],
        What::IssueReopened { .. } => vec![Event::IssueState { open: true, by }],
        What::IssueEdited { .. } | What::IssueTransferred { .. } | What::IssueDeleted { .. } => {
            touched(&[Object::Issue])
        }
        What::CommentCreated { comment, .. } => commented(comment),
        What::CommentEdited { comment, .. } => vec![Event::CommentEdited {
            comment: id(comment.id),
            by,
        }],
        What::CommentDeleted { comment, .. } => vec![Event::CommentDeleted {
            comment: id(comment.id),
        }],
        // Whichever of a hotfix's pull requests is looked at is read.
        What::Pull { .. } => touched(&[Object::Pull, Object::Port, Object::Known]),
        What::Review { .. } => touched(&[Object::Reviews]),
        What::Push { name, .. } => {
            if name.strip_prefix("refs/heads/") == Some(&repo.default_branch) {
                touched(&[
                    Object::Main,
                    Object::Pull,
                    Object::Policy,
                    Object::Trial,
                    Object::Port,
                    Object::Holds,
                    Object::Known,
                ])
            } else if name.starts_with("refs/tags/") {
                touched(&[Object::Tag])
            } else {
                touched(&[Object::Branch, Object::Port, Object::Known])
            }
        }
        What::RefCreated { kind, .. } | What::RefDeleted { kind, .. } => {
            touched(&[if kind == "tag" {
                Object::Tag
            } else {
                Object::Branch
            }])
        }
        What::WorkflowRun { .. } => touched(&[
            Object::Runs,
            Object::Checks,
            Object::PortRuns,
            Object::KnownRuns,
        ]),
        What::Release { .. } => touched(&[Object::Release]),
        _ => Vec::new(),
    }
}

fn commented(comment: &ops::Comment) -> Vec<Event> {
    let by = comment.user.as_ref().map(actor).unwrap_or_default();
    // Only lines that may be commands are kept: the rest is people's talk.
    if !speaks_to_us(&comment.body) {
        return Vec::new();
    }
    vec![Event::Commented {
        comment: id(comment.id),
        by,
        body: comment.body.clone(),
        edited: comment.created_at != comment.updated_at,
    }]
}

fn id(id: i64) -> u64 {
    u64::try_from(id).unwrap_or_default()
}

/// An actor in the domain's words.
pub fn actor(actor: &ops::Actor) -> Actor {
    Actor {
        login: actor.login.clone(),
        bot: actor.kind == "Bot",
    }
}

/// An issue in the domain's words.
pub fn issue_of(issue: &ops::Issue) -> Issue {
    Issue {
        title: issue.title.clone(),
        author: issue
            .user
            .as_ref()
            .map(|u| u.login.clone())
            .unwrap_or_default(),
        created_at: issue.created_at.unwrap_or_default(),
        open: issue.state != "closed",
        closed_by: issue.closed_by.as_ref().map(|u| u.login.clone()),
        labels: issue.labels.iter().map(|l| l.name.clone()).collect(),
    }
}
