//! An event adds to the facts. No conclusions are drawn here.

mod ended;
mod outcome;
mod said;

pub use self::ended::DOUBTED;

use std::sync::Arc;

use super::event::Event;
use super::facts::{Claim, Facts, Line, News, Notice, Stop, Trigger};
use super::ids::{Actor, By, Millis};
use super::need::StopReason;
use super::objects::{CommentKind, Issue, Object};
use super::procedure::{Case, cancel};

/// Takes the event in. `now` is our clock; a case never runs backwards.
pub fn apply(f: &mut Facts, event: &Event, now: Millis) {
    f.now = f.now.max(now);
    let now = f.now;
    match event {
        Event::Labeled { label, by, issue } => labeled(f, label, by, issue, now),
        Event::Unlabeled { label, by } => unlabeled(f, label, by, now),
        Event::IssueState { open, by } => {
            if let Some(issue) = f.issue.value.as_mut() {
                issue.open = *open;
                issue.closed_by = (!open).then(|| by.login.clone());
            }
            // A keyword in a merged commit closes it in the bot's name, too.
            if !open && by.login == f.bot && f.is_posted(CommentKind::Closing) {
                f.issue_closed.get_or_insert(now);
            }
            f.issue.touch();
        }
        Event::Commented(heard) => said::commented(f, heard, now),
        Event::CommentEdited { comment, by } => {
            if by.login != f.bot {
                // Ticks and hand edits are put back: the truth is here.
                for fact in f.comments.values_mut() {
                    if fact.id == Some(*comment) {
                        fact.hash = None;
                    }
                }
                said::changed(f, *comment, false);
            }
        }
        Event::CommentDeleted { comment } => {
            for fact in f.comments.values_mut() {
                if fact.id == Some(*comment) {
                    fact.id = None;
                    fact.hash = None;
                }
            }
            said::changed(f, *comment, true);
        }
        Event::Touched { objects } => objects.iter().for_each(|o| f.touch(*o)),
        Event::Ended { .. } => ended::ended(f, event, now),
        Event::Claimed {
            line,
            claim,
            behind,
        } => {
            if let Some(line) = f.lines.get_mut(line) {
                claimed(line, claim, *behind);
            }
        }
        Event::Wake => look_past_another(f),
        Event::Back { since } => {
            if let Some(since) = *since {
                let what = News::Away { since };
                f.notices.push(Notice { at: now, what });
            }
            look_past_another(f);
            for object in Object::ALL {
                match object {
                    // Read once for the life of the hotfix, or with the head.
                    Object::Base | Object::Writers | Object::Trial => {}
                    object => f.touch(*object),
                }
            }
        }
    }
}

/// The hotfix that this one waits for ends in a release: that is the base then,
/// and not the one that was read at the beginning.
fn look_past_another(f: &mut Facts) {
    for line in f.lines.values_mut() {
        if line.behind.is_some() {
            line.seen.base.touch();
        }
    }
}

fn labeled(f: &mut Facts, label: &str, by: &Actor, issue: &Issue, now: Millis) {
    if f.issue.get().is_none() {
        f.issue.learn(issue.clone(), now);
    }
    f.issue.touch();
    if f.trigger.label.is_empty() {
        f.trigger = Trigger {
            label: label.to_owned(),
            by: by.clone(),
            at: now,
        };
        f.roles.entry(by.login.to_lowercase()).or_default();
    }
}

fn unlabeled(f: &mut Facts, label: &str, by: &Actor, now: Millis) {
    f.issue.touch();
    if !label.eq_ignore_ascii_case(&f.trigger.label) || f.cancelled.is_some() || f.over.is_some() {
        return;
    }
    let policy = f.policy();
    let case = Case::of(f, &policy);
    let decided = case.line.locked().is_some();
    let in_grace = now - f.trigger.at <= policy.trigger.grace.millis();
    let quiet = in_grace && cancel::is_ours_alone(&case);
    if decided {
        let what = News::LabelWithoutEffect {
            label: label.to_owned(),
            login: by.login.clone(),
        };
        f.notices.push(Notice { at: now, what });
        return;
    }
    let stop = Stop {
        by: By {
            login: by.login.clone(),
            at: now,
        },
        why: StopReason::LabelOff(label.to_owned()),
        quiet,
        written: None,
    };
    if quiet {
        f.cancelled = Some(stop);
    } else if f.hold.is_none() {
        f.hold = Some(stop);
    }
}

fn claimed(line: &mut Line, claim: &Claim, behind: Option<i64>) {
    match (claim, behind) {
        (Claim::Base(_), behind) => line.behind = behind,
        (Claim::Version(version), None) => line.version = Some(version.clone()),
        (Claim::Version(version), Some(_)) => {
            if let Some(base) = line.seen.base.value.as_mut() {
                Arc::make_mut(base).taken.insert(version.clone());
            }
        }
        (Claim::Branch(_) | Claim::Tag(_) | Claim::Pull(_), _) => {}
    }
    if behind.is_none() && !line.claims.contains(claim) {
        line.claims.push(claim.clone());
    }
}
