//! An event adds to the facts.

mod further;

use crate::domain::command::{CommandError, parse_comment};
use crate::domain::effect::Which;
use crate::domain::event::{Claim, Event, Object, Outcome};
use crate::domain::facts::{
    Branch, CommentFact, Dispatches, Facts, Head, Notice, Pull, Refusal, Runs, Said, SaidState,
    Stop, Trigger, Unanswered,
};
use crate::domain::ids::{Actor, By, Millis, Sha};
use crate::domain::procedure::observe::{age, looks, touch};
use crate::domain::procedure::{cancel, locked, survey};
use crate::domain::text;

/// Everything that is looked at from time to time.
const ALL: [Object; 14] = [
    Object::Policy,
    Object::Issue,
    Object::Branch,
    Object::Pull,
    Object::Reviews,
    Object::Runs,
    Object::Tag,
    Object::Release,
    Object::Registry,
    Object::Port,
    Object::PortRuns,
    Object::Holds,
    Object::Known,
    Object::KnownRuns,
];

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
            if !open && by.login == f.bot {
                f.line.issue_closed.get_or_insert(now);
            }
            f.issue.touch();
        }
        Event::Commented {
            comment,
            by,
            body,
            edited,
        } => commented(f, *comment, by, body, *edited, now),
        Event::CommentEdited { comment, by } => {
            if by.login != f.bot {
                // Ticks and hand edits are put back: the truth is here.
                for fact in f.comments.values_mut() {
                    if fact.id == Some(*comment) {
                        fact.hash = None;
                    }
                }
            }
        }
        Event::CommentDeleted { comment } => {
            for fact in f.comments.values_mut() {
                if fact.id == Some(*comment) {
                    fact.id = None;
                    fact.hash = None;
                }
            }
        }
        Event::Touched { objects } => objects.iter().for_each(|o| touch(f, *o)),
        Event::Ended {
            slot,
            subject,
            generation,
            began,
            outcome,
        } => ended(f, slot, subject, *generation, *began, outcome, now),
        Event::Claimed { claim, behind } => claimed(f, claim, *behind),
        Event::Wake => {
            look_past_another(f);
            let policy = policy_of(f);
            let looks = looks(f, &policy, &survey(f, &policy));
            age(f, &looks, now);
        }
        Event::Back { since } => {
            if let Some(since) = since {
                f.notices.push(Notice {
                    at: now,
                    text: text::was_away(*since, now),
                });
            }
            look_past_another(f);
            ALL.iter().for_each(|o| touch(f, *o));
        }
    }
}

/// The hotfix that this one waits for ends in a release: that is the base then,
/// and not the one that was read at the beginning.
fn look_past_another(f: &mut Facts) {
    if f.line.behind.is_some() {
        f.line.base.touch();
    }
}

/// The pinned policy, or the defaults until it is read.
pub fn policy_of(f: &Facts) -> crate::domain::policy::Policy {
    f.policy
        .get()
        .map(|read| read.policy.clone())
        .unwrap_or_default()
}

fn labeled(
    f: &mut Facts,
    label: &str,
    by: &Actor,
    issue: &crate::domain::facts::Issue,
    now: Millis,
) {
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
    let stop = |quiet| Stop {
        by: By {
            login: by.login.clone(),
            at: now,
        },
        reason: text::label_taken_off(label),
        quiet,
    };
    if locked(f).is_some() {
        f.notices.push(Notice {
            at: now,
            text: text::label_without_effect(label, &by.login),
        });
        return;
    }
    let grace = policy_of(f).trigger.grace.millis();
    if now - f.trigger.at <= grace && cancel::is_ours_alone(f) {
        f.cancelled = Some(stop(true));
    } else if f.hold.is_none() {
        f.hold = Some(stop(false));
    }
}

fn commented(f: &mut Facts, comment: u64, by: &Actor, body: &str, edited: bool, now: Millis) {
    if by.bot || f.said.iter().any(|s| s.comment == comment) {
        return;
    }
    let lines = parse_comment(body);
    if lines.is_empty() {
        return;
    }
    let role = f.roles.entry(by.login.to_lowercase()).or_default();
    // The role counts at the time of execution.
    if role.is_current() {
        role.touch();
    }
    for line in lines {
        let (command, state) = match line.result {
            Ok(_) if edited => (
                None,
                SaidState::Confused(text::refused(&text::Refused::EditedBeforeSeen)),
            ),
            Ok(command) => (Some(command), SaidState::Waiting),
            Err(error @ CommandError::NotYet { .. }) => {
                (None, SaidState::Refused(text::confused(&error)))
            }
            Err(error) => (None, SaidState::Confused(text::confused(&error))),
        };
        f.said.push(Said {
            comment,
            line: u32::try_from(line.line_number).unwrap_or(u32::MAX),
            by: by.clone(),
            at: now,
            text: line.text,
            command,
            state,
        });
    }
}

fn claimed(f: &mut Facts, claim: &Claim, behind: Option<i64>) {
    match behind {
        None => {
            if !f.line.claims.contains(claim) {
                f.line.claims.push(claim.clone());
            }
            match claim {
                Claim::Base(_) => f.line.behind = None,
                Claim::Version(version) => f.line.version = Some(version.clone()),
                _ => {}
            }
        }
        Some(case) => match claim {
            Claim::Base(_) => f.line.behind = Some(case),
            Claim::Version(version) => {
                if let Some(base) = f.line.base.value.as_mut() {
                    base.taken.insert(version.clone());
                }
            }
            _ => {}
        },
    }
}

fn ended(
    f: &mut Facts,
    slot: &str,
    subject: &str,
    generation: u64,
    began: Millis,
    outcome: &Outcome,
    now: Millis,
) {
    let refusal = |message: &str| Refusal {
        subject: subject.to_owned(),
        generation,
        message: message.to_owned(),
        at: now,
    };
    if let Outcome::Unanswered { message, since } = outcome {
        let known = f.unanswered.entry(slot.to_owned());
        known.or_insert_with(|| Unanswered {
            message: message.clone(),
            since: *since,
        });
        return;
    }
    f.unanswered.remove(slot);
    match outcome {
        Outcome::Refused { message } => {
            f.blocked.remove(slot);
            f.refused.insert(slot.to_owned(), refusal(message));
            // The refusal itself says that something is not as it was thought.
            if !slot.starts_with("read/") {
                touch(f, Object::Branch);
                touch(f, Object::Pull);
                touch(f, Object::Port);
            }
            return;
        }
        Outcome::Blocked { message } => {
            f.blocked.insert(slot.to_owned(), refusal(message));
            return;
        }
        _ => {
            f.blocked.remove(slot);
            f.refused.remove(slot);
        }
    }
    let g = generation;
    match outcome {
        Outcome::Same => match slot {
            "read/branch" => f.line.branch.answer(None, g, began, now),
            "read/policy" => f.policy.answer(None, g, began, now),
            _ => {}
        },
        Outcome::Policy(read) => f.policy.answer(Some((**read).clone()), g, began, now),
        Outcome::Issue(issue) => {
            f.issue.answer(Some(issue.clone()), g, began, now);
            if !issue.open && issue.closed_by.as_deref() == Some(f.bot.as_str()) {
                f.line.issue_closed.get_or_insert(now);
            }
        }
        Outcome::Role(role) => {
            if let Some(login) = slot.strip_prefix("read/role/") {
                f.roles.entry(login.to_owned()).or_default().answer(
                    Some(role.clone()),
                    g,
                    began,
                    now,
                );
            }
        }
        Outcome::Base(base) => {
            if !base.package.stale.is_empty() && f.line.base.get().is_none() {
                f.notices.push(Notice {
                    at: now,
                    text: text::stale_lock(&base.package.stale),
                });
            }
            let mut base = (**base).clone();
            // What is claimed was named by what was found first.
            let named = f.line.base.get().map(|known| known.tag_pattern.clone());
            if let (Some(named), true) = (named, f.line.version.is_some()) {
                base.tag_pattern = named;
            }
            f.line.base.answer(Some(base), g, began, now);
        }
        Outcome::Branch(branch) => {
            f.line.branch.answer(Some(branch.clone()), g, began, now);
            head_changed(f, now);
        }
        Outcome::Pull(pull) if Which::of(slot) != Which::Hotfix => {
            if let Some(further) = f.line.further_mut(Which::of(slot)) {
                further::seen(further, pull, g, began, now);
            }
        }
        Outcome::Pull(pull) => {
            f.line.pull.answer(Some(pull.clone()), g, began, now);
            if pull.merged {
                touch(f, Object::Branch);
            }
        }
        Outcome::Reviews { reviews } => f.line.reviews.answer(Some(reviews.clone()), g, began, now),
        Outcome::Writers { logins } => f.line.writers.answer(Some(logins.clone()), g, began, now),
        Outcome::Runs(runs) if Which::of(slot) != Which::Hotfix => {
            if let Some(further) = f.line.further_mut(Which::of(slot)) {
                further.runs.answer(Some(runs.clone()), g, began, now);
            }
        }
        Outcome::Trial(trial) => f.line.port.trial.answer(Some(trial.clone()), g, began, now),
        Outcome::Holds(holds) => f.line.port.holds.answer(Some(holds.clone()), g, began, now),
        Outcome::Runs(runs) => {
            let mut runs = runs.clone();
            keep_ends(f, &mut runs);
            f.line.runs.answer(Some(runs), g, began, now);
        }
        Outcome::Tag { tag } => f.line.tag.answer(Some(tag.clone()), g, began, now),
        Outcome::Release { release } => {
            f.line.release.answer(Some(release.clone()), g, began, now);
            if let Some(notes) = release.as_ref().and_then(|r| r.notes.clone()) {
                f.line.notes = Some(notes);
            }
        }
        Outcome::Registry { version } => {
            f.line.registry.answer(Some(version.clone()), g, began, now)
        }
        written if Which::of(slot) != Which::Hotfix => {
            if let Some(further) = f.line.further_mut(Which::of(slot)) {
                further::wrote(further, written, now);
            }
        }
        written => wrote(f, written, now),
    }
}

/// The moment at which an attempt was first seen as over stays.
fn keep_ends(f: &Facts, runs: &mut Runs) {
    let known: Vec<_> = f
        .line
        .runs
        .get()
        .into_iter()
        .flat_map(|seen| seen.runs.iter().chain(&seen.chained))
        .filter_map(|run| Some((run.id, run.attempt, run.ended()?)))
        .collect();
    for run in runs.runs.iter_mut().chain(&mut runs.chained) {
        run.ended_at = known
            .iter()
            .find(|(id, attempt, _)| (*id, *attempt) == (run.id, run.attempt))
            .map(|(.., ended)| *ended)
            .or_else(|| run.ended());
    }
}

/// What a write of ours made.
fn wrote(f: &mut Facts, outcome: &Outcome, now: Millis) {
    match outcome {
        Outcome::BranchMade { sha } => {
            f.line.branch_made = true;
            if f.line.branch.get().is_none_or(|b| b.head.is_none()) {
                f.line.branch.learn(
                    Branch {
                        head: Some(Head {
                            sha: sha.clone(),
                            holds_base: true,
                            ..Head::default()
                        }),
                    },
                    now,
                );
                // Nothing on it but the base: the bump can follow at once.
                f.line.branch.answered = f.line.branch.dirty;
            }
        }
        Outcome::Bumped { .. } | Outcome::TestsEnabled { .. } => f.line.branch.touch(),
        Outcome::Dispatched { file, head } => {
            let tests = f.line.tests.entry(file.clone()).or_default();
            if tests.head != *head {
                *tests = Dispatches {
                    head: head.clone(),
                    ..Dispatches::default()
                };
            }
            tests.sent += 1;
            f.line.runs.touch();
        }
        Outcome::PullOpened { number, pull } => {
            f.line.pull_number = Some(*number);
            f.line.pull.learn(pull.clone(), now);
        }
        Outcome::CommentWritten {
            kind,
            id,
            url,
            hash,
        } => {
            let fact = f.comments.entry(*kind).or_default();
            *fact = CommentFact {
                id: Some(*id),
                url: url.clone(),
                hash: Some(hash.clone()),
                writes: fact.writes + 1,
            };
        }
        Outcome::CommentGone { kind } => {
            let fact = f.comments.entry(*kind).or_default();
            fact.id = None;
            fact.hash = None;
            fact.writes += 1;
        }
        Outcome::Reacted { comment, content } => {
            f.reacted.insert((*comment, content.clone()));
        }
        Outcome::Tagged(tag) => {
            f.line.tag.learn(Some(tag.clone()), now);
            f.line.tag.answered = f.line.tag.dirty;
            f.line.runs.touch();
        }
        Outcome::Readied => {
            if let Some(pull) = f.line.pull.value.as_mut() {
                pull.draft = false;
            }
        }
        Outcome::Merged { commit } => {
            if let Some(pull) = f.line.pull.value.as_mut() {
                pull.merged = true;
                pull.open = false;
                pull.merge_commit = Some(commit.clone());
            }
        }
        Outcome::Rerunning { .. } => {
            f.line.runs.touch();
            f.line.port.runs.touch();
            f.line.known.runs.touch();
        }
        Outcome::NotesWritten { hash } => f.line.notes = Some(hash.clone()),
        Outcome::IssueClosed => {
            f.line.issue_closed.get_or_insert(now);
            if let Some(issue) = f.issue.value.as_mut() {
                issue.open = false;
                issue.closed_by = Some(f.bot.clone());
            }
        }
        Outcome::BranchDeleted => {
            f.line.branch_deleted.get_or_insert(now);
        }
        Outcome::PullClosed => {
            if let Some(pull) = f.line.pull.value.as_mut() {
                pull.open = false;
            } else {
                f.line.pull.learn(Pull::default(), now);
            }
        }
        _ => {}
    }
}

/// A new head: what was asked of the old one is asked of it again, and a
/// deletion by somebody else is taken as ours.
fn head_changed(f: &mut Facts, now: Millis) {
    let head: Option<Sha> = f
        .line
        .branch
        .get()
        .and_then(|b| b.head.as_ref())
        .map(|h| h.sha.clone());
    match head {
        None => {
            if locked(f).is_some() || f.cancelled.is_some() {
                f.line.branch_deleted.get_or_insert(now);
            }
        }
        Some(head) => {
            f.line.branch_made = true;
            if f.line.pull.get().is_some_and(|p| p.head != head) {
                f.line.pull.touch();
            }
            if f.line.runs.get().is_some_and(|r| r.sha != head) && locked(f).is_none() {
                f.line.runs.touch();
                f.line.reviews.touch();
            }
            if f.line.port.trial.get().is_some_and(|t| t.head != head) {
                f.line.port.trial.touch();
            }
        }
    }
}
