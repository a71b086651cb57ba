//! A case begins: by a label on an issue that has none, by somebody's `start`, or
//! by what the one before it left behind.

use std::collections::BTreeMap;

use crate::clock::Millis;
use crate::domain::among;
use crate::domain::command::Command;
use crate::domain::event::Event;
use crate::domain::facts::{Facts, Failed, LabelChange, SCHEMA, SaidState, Start, stored};
use crate::domain::forget::PACE;
use crate::domain::ids::By;
use crate::domain::line_name::LineName;
use crate::domain::objects::{CommentKind, Issue, Repo};
use crate::domain::refused::Refused;
use crate::domain::withdrawal;
use crate::store::{CaseRow, NewCase};

/// How long before the label that opens a case others may have been put on with
/// it, of which nobody heard.
const TOGETHER: Millis = 60 * 60_000;

/// What a case is opened with.
pub(super) struct Opening {
    /// The repository.
    pub repo: Repo,
    /// The issue's number.
    pub number: u64,
    /// Labels that were put on before this belong to an earlier time (GitHub's
    /// time).
    pub since: Millis,
    /// What happened.
    pub events: Vec<Event>,
    /// The release that a person named when the case before was built on another
    /// one already.
    pub start: Option<Start>,
    /// What happened is older than what the case before knew of the same label.
    pub overtaken: bool,
    /// It was told that the issue's level waits for a regular release.
    pub told_regular: bool,
    /// The hotfix of the issue before, where its release was taken back.
    pub failed: Option<Failed>,
    /// When people without a part in this were answered last.
    pub strangers: BTreeMap<String, Millis>,
    /// The release line that begins, and the one beside which it does.
    pub beside: Option<(LineName, Box<Facts>)>,
}

/// The release that was named last, and came too late for a case that was then
/// given up.
fn named(ended: &Facts) -> Option<Start> {
    ended.cancelled.as_ref()?;
    let mut said = ended.said.iter().rev();
    said.find_map(|said| match (&said.command, &said.state) {
        (
            Some(Command::Start {
                tag: Some(tag),
                line,
                ..
            }),
            SaidState::Refused(Refused::BuiltOn { .. }),
        ) => Some(Start {
            by: By {
                login: said.by.login.clone(),
                at: said.at,
            },
            tag: tag.clone(),
            branch: line.clone(),
        }),
        _ => None,
    })
}

/// Whether it was told that its level waits for a regular release.
fn told(ended: &Facts) -> bool {
    ended.told_regular || ended.comments.contains_key(&CommentKind::Regular)
}

impl Opening {
    /// Something happened to an issue whose last case is over, or which had none.
    pub(super) fn by(
        repo: Repo,
        issue: i64,
        event: Event,
        changed: Millis,
        last: Option<&CaseRow>,
    ) -> Self {
        // What was on the issue when the last case ended was that one's.
        let facts = last.and_then(|row| stored::read(row.schema, &row.facts).ok());
        let start = facts.as_ref().and_then(named);
        let told_regular = facts.as_ref().is_some_and(told);
        let failed = facts.as_ref().and_then(withdrawal::failed);
        let strangers = facts.as_ref().map(|facts| facts.strangers.clone());
        let overtaken = facts.as_ref().is_some_and(|facts| match &event {
            Event::Labeled { label, by, .. } | Event::PullLabeled { label, by, .. } => {
                facts.overtook(label, by, changed)
            }
            _ => false,
        });
        let seen = facts
            .and_then(|facts| facts.issue.value)
            .unwrap_or_default();
        Opening {
            repo,
            number: u64::try_from(issue).unwrap_or_default(),
            since: (changed - TOGETHER).max(seen.updated_at + 1),
            events: vec![event],
            start,
            overtaken,
            failed,
            told_regular,
            strangers: strangers.unwrap_or_default(),
            beside: None,
        }
    }

    /// Labels came when the case before was on its way out.
    pub(super) fn after(ended: &Facts, left: &[LabelChange]) -> Self {
        let issue = ended.issue.value.clone().unwrap_or_default();
        let label = |it: &LabelChange| {
            let (label, by, changed) = (it.label.clone(), it.by.clone(), it.changed);
            let issue = Issue {
                labels: vec![it.label.clone()],
                ..issue.clone()
            };
            match it.pull {
                Some(pull) => Event::PullLabeled {
                    pull,
                    label,
                    by,
                    on: true,
                    issue,
                    changed,
                },
                None => Event::Labeled {
                    label,
                    by,
                    issue,
                    changed,
                },
            }
        };
        Opening {
            repo: ended.repo.clone(),
            number: ended.number,
            since: left.iter().map(|it| it.changed).min().unwrap_or_default(),
            events: left.iter().map(label).collect(),
            start: named(ended),
            overtaken: false,
            failed: withdrawal::failed(ended),
            told_regular: told(ended),
            strangers: ended.strangers.clone(),
            beside: None,
        }
    }

    /// Another release line of the issue begins; `last` is the hotfix that it had
    /// before.
    pub(super) fn beside(facts: &Facts, line: &LineName, last: Option<&CaseRow>) -> Self {
        let last = last.and_then(|row| stored::read(row.schema, &row.facts).ok());
        Opening {
            repo: facts.repo.clone(),
            number: facts.number,
            since: facts.labels_since,
            events: vec![Event::Wake],
            start: None,
            overtaken: false,
            failed: last.as_ref().and_then(withdrawal::failed),
            told_regular: facts.told_regular,
            strangers: facts.strangers.clone(),
            beside: Some((line.clone(), Box::new(facts.clone()))),
        }
    }

    /// Whether it is the word of somebody who has no part in this and was answered
    /// just now.
    pub(super) fn is_too_much(&self, now: Millis) -> bool {
        let lately = |event: &Event| match event {
            Event::Commented(heard) => {
                let at = self.strangers.get(&heard.by.login.to_lowercase());
                at.is_some_and(|at| now < at.saturating_add(PACE))
            }
            _ => false,
        };
        self.events.iter().any(lately)
    }

    /// What is stored of it first.
    pub(super) fn row(&self, now: Millis) -> NewCase {
        NewCase {
            repo_id: self.repo.id,
            issue: i64::try_from(self.number).unwrap_or_default(),
            line: match &self.beside {
                Some((line, _)) => line.to_string(),
                None => String::new(),
            },
            facts: "{}".to_owned(),
            schema: i64::from(SCHEMA),
            policy_src: None,
            policy: None,
            phase: "assess".to_owned(),
            wake_at: None,
            opened_at: now,
        }
    }

    /// What is known of it, once it has a number, and what happened.
    pub(super) fn begins(self, case: i64, bot: &str, now: Millis) -> (Facts, Vec<Event>) {
        if let Some((line, beside)) = &self.beside {
            let mut facts = among::beside(beside, line, case);
            facts.lines.only_mut().failed = self.failed.map(Box::new);
            return (facts, self.events);
        }
        let mut facts = Facts {
            schema: SCHEMA,
            case,
            repo: self.repo,
            bot: bot.to_owned(),
            number: self.number,
            labels_since: self.since,
            now,
            ..Facts::default()
        };
        let line = facts.lines.only_mut();
        line.start = self.start;
        line.failed = self.failed.map(Box::new);
        facts.told_regular = self.told_regular;
        facts.strangers = self.strangers;
        (facts, self.events)
    }
}
