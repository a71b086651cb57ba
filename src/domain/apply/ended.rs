//! The end of an effect.

use std::sync::Arc;

use super::labels;
use super::outcome::wrote;
use crate::domain::effect::Slot;
use crate::domain::event::{Event, Outcome};
use crate::domain::facts::{Facts, Line, News, Notice, Refusal, Reverted, Unanswered};
use crate::domain::ids::{LineId, Millis, Sha};
use crate::domain::objects::{
    Branch, CommentKind, Halt, LineSeen, Object, Observation, Pull, Run, Runs, Seen,
};
use crate::domain::obstacle::Obstacle;
use crate::domain::procedure::{halted, looked};
use crate::domain::slot::Place;

/// What is looked at again when a write was refused.
const DOUBTED: [Object; 3] = [Object::Branch, Object::Pull, Object::Port];

/// Takes the end of an effect in.
pub(super) fn ended(f: &mut Facts, event: &Event, now: Millis) {
    let Event::Ended {
        line,
        slot,
        subject,
        generation,
        began,
        outcome,
    } = event
    else {
        return;
    };
    let place = Place {
        line: line.clone(),
        slot: slot.clone(),
    };
    let refusal = |obstacle: Obstacle| Refusal {
        subject: subject.clone(),
        generation: *generation,
        obstacle,
        at: now,
    };
    if let Outcome::Unanswered { message, since } = outcome {
        f.unanswered.entry(place).or_insert_with(|| Unanswered {
            message: message.as_str().into(),
            since: *since,
        });
        return;
    }
    f.unanswered.remove(&place);
    f.blocked.remove(&place);
    match outcome {
        Outcome::Refused { obstacle } => {
            if let (Slot::Untag, Some(line)) = (slot, f.lines.get_mut(line))
                && let Some(rollback) = line.rollback.as_mut()
            {
                rollback.tag_stays = Some(obstacle.clone());
            }
            // Nothing of the rollback waits for it: what is in the way is told.
            if let (Slot::Revert, Some(line)) = (slot, f.lines.get_mut(line))
                && let Some(revert) = line.revert_mut()
            {
                revert.done = Some(Reverted {
                    why: Some(obstacle.clone()),
                    ..Reverted::default()
                });
            }
            f.refused.insert(place, refusal(obstacle.clone()));
            // The refusal itself says that something is not as it was thought.
            if !slot.is_read() && !matches!(slot, Slot::Announce(_)) {
                DOUBTED.iter().for_each(|object| f.touch(*object));
            }
            return;
        }
        Outcome::Blocked { message } => {
            let words = Obstacle::Refused(message.as_str().into());
            f.blocked.insert(place, refusal(words));
            return;
        }
        _ => f.refused.remove(&place),
    };
    let answer = Answer {
        generation: *generation,
        began: *began,
        now,
    };
    match (outcome, slot) {
        (Outcome::Role(role), Slot::Role(login)) => {
            // Whose role nobody waits for any more is forgotten.
            if let Some(seen) = f.roles.get_mut(login) {
                seen.answer(Some(role.clone()), *generation, *began, now);
            }
        }
        (Outcome::Word(read), Slot::Word(comment)) => {
            if let Some(seen) = f.reread.get_mut(comment) {
                seen.answer(Some(read.clone()), *generation, *began, now);
            }
        }
        (Outcome::Same, Slot::Read(object)) => answer.of_nothing(f, line, *object),
        (Outcome::Seen(seen), Slot::Read(object)) => match &**seen {
            Observation::Policy(read) => {
                let another = f.policy.get().is_some_and(|it| it.policy != read.policy);
                f.policy
                    .answer(Some(read.clone()), *generation, *began, now);
                if another {
                    let lines = f.lines.values_mut().filter(|line| line.asks_for_a_base());
                    lines.for_each(|line| line.seen.touch(Object::Base));
                }
            }
            Observation::Issue(issue) => {
                f.issue
                    .answer(Some(issue.clone()), *generation, *began, now);
                let ours = issue.closed_by.as_deref() == Some(f.bot.as_str());
                if !issue.open && ours && f.is_posted(CommentKind::Closing) {
                    f.issue_closed.get_or_insert(now);
                }
            }
            of_line => {
                if let Observation::Labellers(log) = of_line {
                    labels::logged(f, log, *began);
                }
                if let Observation::Advisory(state) = of_line {
                    let linked = f.advisory.as_deref_mut();
                    // Another one may be linked since.
                    let Some(advisory) = linked.filter(|it| it.id.as_str() == subject) else {
                        return;
                    };
                    if state.was_published() {
                        advisory.published.get_or_insert(now);
                    }
                }
                let cancelled = f.cancelled.is_some();
                let Some(line) = f.lines.get_mut(line) else {
                    return;
                };
                let news = answer.of_line(line, *object, of_line.clone(), cancelled);
                f.notices.extend(news.map(|what| Notice { at: now, what }));
            }
        },
        // A write that found its object to be another one: what it saw is known
        // now, and the write may be wanted again under a key of its own.
        (Outcome::Seen(seen), _) => {
            *f.retries.entry(place).or_default() += 1;
            let Some(line) = f.lines.get_mut(line) else {
                return;
            };
            let object = seen.object();
            let answer = Answer {
                generation: line.seen.state(object).map_or(0, |state| state.dirty),
                ..answer
            };
            let news = answer.of_line(line, object, (**seen).clone(), false);
            line.seen.touch(object);
            f.notices.extend(news.map(|what| Notice { at: now, what }));
        }
        _ => wrote(f, line, slot, outcome, now),
    }
}

/// When an answer was asked for, and when it came.
struct Answer {
    generation: u64,
    began: Millis,
    now: Millis,
}

impl Answer {
    /// Nothing changed.
    fn of_nothing(&self, f: &mut Facts, line: &LineId, object: Object) {
        let (g, began, now) = (self.generation, self.began, self.now);
        match object {
            Object::Policy => f.policy.answer(None, g, began, now),
            Object::Issue => f.issue.answer(None, g, began, now),
            object => {
                if let Some(line) = f.lines.get_mut(line) {
                    line.seen.answer(object, None, g, began, now);
                }
            }
        }
    }

    /// An object of a line's, with what follows from it for the others.
    fn of_line(
        &self,
        line: &mut Line,
        object: Object,
        mut seen: Observation,
        cancelled: bool,
    ) -> Option<News> {
        let mut news = None;
        match &mut seen {
            Observation::Base(base) => {
                let known = line.seen.base.get();
                if !base.package.stale.is_empty() && known.is_none() {
                    let entries = base.package.stale.clone();
                    news = Some(News::StaleLock { entries });
                }
                // What is claimed was named by what was found first.
                if let (Some(known), Some(_)) = (known, &line.version) {
                    Arc::make_mut(base)
                        .tag_pattern
                        .clone_from(&known.tag_pattern);
                }
            }
            Observation::Runs(runs) => keep_ends(line, runs),
            Observation::Branch(branch) if !cancelled => news = lost(line, branch),
            _ => {}
        }
        let follow = seen.clone();
        let passed_before = passed(line.seen.runs.get());
        let halted_before = halted_of(&line.seen, object);
        let sums_before = looked::files_of(line.seen.release.get());
        let files_before = looked::digests_of(line.seen.release.get());
        let was_merged = line.seen.pull.get().is_some_and(|pull| pull.merged);
        let (g, began, now) = (self.generation, self.began, self.now);
        line.seen.answer(object, Some(seen), g, began, now);
        if halted_of(&line.seen, object) != halted_before && line.seen.halted.get().is_some() {
            line.seen.halted.touch();
        }
        if looked::files_of(line.seen.release.get()) != sums_before
            && line.seen.sums.get().is_some()
        {
            line.seen.sums.touch();
        }
        if looked::digests_of(line.seen.release.get()) != files_before
            && line.seen.attested.get().is_some()
        {
            line.seen.attested.touch();
        }
        match follow {
            Observation::Runs(runs)
                if passed(Some(&runs)) != passed_before && line.seen.jobs.get().is_some() =>
            {
                line.seen.jobs.touch();
            }
            Observation::Branch(_) => head_changed(line, cancelled, now),
            Observation::Pull(pull) if pull.merged && !was_merged => {
                line.seen.branch.touch();
                line.seen.holds.touch();
                let base = line.seen.base.get();
                let target = base.and_then(|base| base.line.as_ref());
                let target = target.map_or(&pull.way.default_branch, |it| &it.at.branch);
                if pull.way.base != *target {
                    news = Some(News::MergedElsewhere {
                        base: pull.way.base,
                    });
                }
            }
            Observation::Holds(holds) => match holds.by {
                Some(_) => line.missing_since = None,
                None => {
                    line.missing_since.get_or_insert(now);
                }
            },
            Observation::Port(pull) => {
                if !pull.open {
                    // Merged or closed: the fix is looked for.
                    line.seen.holds.touch();
                }
                new_head(&pull, &mut line.seen.port_runs);
            }
            Observation::Known(pull) => new_head(&pull, &mut line.seen.known_runs),
            Observation::Release(Some(release)) if release.notes.is_some() => {
                line.notes = release.notes;
            }
            _ => {}
        }
        news
    }
}

/// The attempts that passed.
fn passed(runs: Option<&Runs>) -> Vec<(u64, u64)> {
    let all = runs.into_iter().flat_map(|runs| &runs.runs);
    let passed = all.filter(|run| run.passed());
    passed.map(|run| (run.id, run.attempt)).collect()
}

/// Those that failed or wait, of an object that holds runs.
fn halted_of(seen: &LineSeen, object: Object) -> Vec<Halt> {
    let runs = match object {
        Object::Runs => seen.runs.get(),
        Object::PortRuns => seen.port_runs.get(),
        Object::KnownRuns => seen.known_runs.get(),
        _ => None,
    };
    runs.map(halted::of_runs).unwrap_or_default()
}

/// A new head of a side pull request: its runs are other ones.
fn new_head(pull: &Pull, runs: &mut Seen<Runs>) {
    if runs.get().is_some_and(|r| r.sha != pull.head) {
        runs.touch();
    }
}

/// The moment at which an attempt was first seen as over stays.
fn keep_ends(line: &Line, runs: &mut Runs) {
    let seen = line.seen.runs.get().into_iter();
    let known: Vec<_> = seen
        .flat_map(|seen| seen.runs.iter().chain(&seen.chained))
        .filter_map(|run| Some((run.id, run.attempt, run.ended()?)))
        .collect();
    let ended = |run: &Run| {
        let mut known = known.iter();
        let known = known.find(|(id, attempt, _)| (*id, *attempt) == (run.id, run.attempt));
        known.map(|(.., ended)| *ended).or_else(|| run.ended())
    };
    for run in runs.runs.iter_mut().chain(&mut runs.chained) {
        run.ended_at = ended(run);
    }
}

/// What of the branch is there no more, where it did not move forward. After the
/// decision nothing of it is needed.
fn lost(line: &Line, now: &Branch) -> Option<News> {
    let was = line.seen.branch.get()?.head.as_ref()?;
    if line.locked().is_some() || line.branch_deleted.is_some() {
        return None;
    }
    let is = now.head.as_ref();
    let there = |sha: &Sha| is.is_some_and(|head| head.commits.iter().any(|c| c.sha == *sha));
    let gone = was.commits.iter().filter(|commit| !there(&commit.sha));
    let commits: Vec<_> = gone.map(|c| (c.sha.clone(), c.subject.clone())).collect();
    let is = is.map(|head| head.sha.clone());
    let by = is.as_ref().and_then(|head| line.pushes.moved_to(head));
    (!commits.is_empty() && is.as_ref() != Some(&was.sha)).then(|| News::Lost {
        login: by.map_or_else(String::new, |by| by.login.clone()),
        was: was.sha.clone(),
        is,
        commits,
    })
}

/// A new head: what was asked of the old one is asked of it again, and a
/// deletion by somebody else is taken as ours.
fn head_changed(line: &mut Line, cancelled: bool, now: Millis) {
    let locked = line.locked().is_some();
    let head = line.seen.branch.get().and_then(|b| b.head.as_ref());
    let Some(head) = head.map(|head| head.sha.clone()) else {
        if locked || cancelled {
            line.branch_deleted.get_or_insert(now);
        }
        return;
    };
    line.branch_made = true;
    let seen = &mut line.seen;
    if seen.pull.get().is_some_and(|p| p.head != head) {
        seen.pull.touch();
    }
    if seen.runs.get().is_some_and(|r| r.sha != head) && !locked {
        seen.runs.touch();
        seen.reviews.touch();
        seen.checks.touch();
    }
    if seen.trial.get().is_some_and(|t| t.head != head) {
        seen.trial.touch();
    }
}
