//! Which moments are told: those that are, and those that come now.

use std::borrow::Cow;

use super::command::{Duty, Phase};
use super::facts::{News, Told};
use super::gates::{gates, needs};
use super::ids::{Millis, Sha};
use super::moment::{Failure, Moment};
use super::need::Need;
use super::outlook::Outlook;
use super::policy::{Standing, may};
use super::procedure::Case;
use super::reads::{self, Look};
use super::role::{Rank, Role};
use super::step_name::StepName;
use super::timeline::{Row, Timeline, timeline};

/// Who was called so lately is looking still: what comes again is told by an
/// edit.
const LATELY: Millis = 5 * 60 * 1_000;

/// As many moments of a case are told: something else is wrong by then.
const MOST: usize = 40;

/// As many people are called where nobody is named for it.
const CALLED: usize = 3;

/// What the moments of a case follow from.
#[derive(Clone, Debug)]
pub struct Stand<'a> {
    /// The first step that is not proven.
    pub phase: Option<StepName>,
    /// The head for which nothing but the decision is missing.
    pub ready: Option<&'a Sha>,
    /// What is waited for.
    pub needs: Cow<'a, [Need]>,
    /// The times.
    pub timeline: Cow<'a, Timeline>,
    /// What is looked at.
    pub looks: &'a [Look],
}

/// What the moments of a case follow from, as its survey answers.
pub fn stand<'a>(c: &Case<'_>, outlook: &'a Outlook) -> Stand<'a> {
    // Times are those of the way to the release, not of the way back.
    let phase = outlook
        .survey
        .phase()
        .filter(|_| outlook.rollback.is_none());
    let undecided = c.line.decision.is_none() && c.facts.hold.is_none();
    let fixed = outlook.survey.proofs.fixed.as_ref();
    let ready = fixed.filter(|_| undecided && phase == Some(StepName::Ship));
    let ready = ready.filter(|_| gates(c, outlook).is_empty());
    Stand {
        phase,
        ready: ready.map(|fixed| &fixed.head),
        needs: Cow::Owned(needs(c, outlook)),
        timeline: Cow::Owned(timeline(c)),
        looks: &outlook.looks,
    }
}

/// How a moment that was told stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Now {
    /// It is so.
    So,
    /// Nobody can tell before something is read or through.
    Unsure,
    /// It is over.
    Over,
}

/// The moments as they are told now, oldest first: those of the facts, each over
/// or not, and those that come.
pub fn moments(c: &Case<'_>, stand: &Stand<'_>) -> Vec<Told> {
    let f = c.facts;
    let ended = f.over.is_some() || f.cancelled.is_some() || f.along().is_some();
    let mut told = f.moments.clone();
    for it in &mut told {
        match how(&it.moment, stand, f.now) {
            _ if ended => it.over = it.over.or(Some(f.now)),
            Now::So if it.over.is_some_and(|at| !comes_anew(c, it, at)) => it.over = None,
            Now::So | Now::Unsure => {}
            Now::Over => it.over = it.over.or(Some(f.now)),
        }
    }
    if ended || !c.policy.announce.nudge {
        return told;
    }
    let ready = stand.ready.map(|head| Moment::Ready { head: head.clone() });
    let failed = stand.needs.iter().filter_map(Failure::of);
    let failed = failed.map(|what| Moment::Failed { what });
    let late = overdue(c, stand, &told)
        // It may be done by now, and nobody heard of it.
        .filter(|_| reads::are_fresh(c, stand.looks));
    for moment in ready.into_iter().chain(failed).chain(late) {
        let known = told.iter().rev().find(|it| it.moment == moment);
        let new = known.is_none_or(|it| it.over.is_some_and(|at| comes_anew(c, it, at)));
        if new && told.len() < MOST {
            told.push(Told {
                at: f.now,
                calls: calls(c, &moment),
                over: None,
                moment,
            });
        }
    }
    told
}

/// Whether a moment that was over and is there again is told anew.
fn comes_anew(c: &Case<'_>, told: &Told, over: Millis) -> bool {
    match &told.moment {
        // Told for this head, unless a decision about it did not hold.
        Moment::Ready { .. } => c
            .facts
            .notices
            .iter()
            .any(|notice| matches!(notice.what, News::Lapsed { .. }) && notice.at >= told.at),
        Moment::Failed { .. } => c.facts.now >= over.saturating_add(LATELY),
        Moment::Late { .. } => false,
    }
}

fn how(moment: &Moment, stand: &Stand<'_>, now: Millis) -> Now {
    let looking = stand.needs.iter().any(Need::is_looking);
    let (so, unsure) = match moment {
        Moment::Ready { head } => (stand.ready == Some(head), looking),
        Moment::Failed { what } => (
            stand
                .needs
                .iter()
                .any(|need| Failure::of(need).as_ref() == Some(what)),
            stand.needs.iter().any(|need| what.is_at_work(need)),
        ),
        Moment::Late { phase, maximum } => {
            let due = due(*phase, stand);
            let over = |row: &Row| row.due().is_some_and(|(_, at)| at <= now);
            let same = due.filter(|row| row.maximum == *maximum);
            (same.is_some_and(over), false)
        }
    };
    match (so, unsure) {
        (true, _) => Now::So,
        (false, true) => Now::Unsure,
        (false, false) => Now::Over,
    }
}

/// The row of a phase that is still under way, or of the whole.
fn due<'a>(phase: Phase, stand: &'a Stand<'_>) -> Option<&'a Row> {
    let released = stand.timeline.row(Phase::Verify).until.is_some();
    match phase {
        Phase::Total => stand
            .phase
            .filter(|_| !released)
            .map(|_| &stand.timeline.total),
        phase => {
            let row = stand.timeline.of(stand.phase?);
            (row.phase == phase).then_some(row)
        }
    }
}

/// The maximum that is over, the newest of those that fell due since the last one
/// was told. On hold the whole alone counts.
fn overdue(c: &Case<'_>, stand: &Stand<'_>, told: &[Told]) -> Option<Moment> {
    let last = told.iter().rev();
    let last = last.filter(|it| matches!(it.moment, Moment::Late { .. }));
    let last = last.map(|it| it.at).next();
    let phase = stand.phase.map(|step| stand.timeline.of(step).phase);
    let phase = phase.filter(|_| c.facts.hold.is_none());
    // What has not begun has no times, and nobody is called for what a service's
    // incident holds up.
    if c.facts.is_unbegun() || c.facts.pause().is_some() {
        return None;
    }
    let rows = phase.into_iter().chain([Phase::Total]);
    let rows = rows.filter_map(|phase| due(phase, stand));
    let over = rows.filter_map(|row| Some((row.due()?.1, row)));
    let over = over.filter(|(at, _)| *at <= c.facts.now && last.is_none_or(|last| *at > last));
    let (_, row) = over.max_by_key(|(at, _)| *at)?;
    Some(Moment::Late {
        phase: row.phase,
        maximum: row.maximum,
    })
}

/// Who is called at a moment: who was named for it, else people of the case who
/// may do something about it.
fn calls(c: &Case<'_>, moment: &Moment) -> Vec<String> {
    let (duty, rank) = match moment {
        Moment::Ready { .. } => (Duty::Commander, Rank::Commander),
        Moment::Failed { what } => match what {
            Failure::Tests(_) | Failure::Check(_) => (Duty::Fix, Rank::Responder),
            Failure::Release(_) | Failure::Files => (Duty::Release, Rank::Responder),
            Failure::Refused(_) => (Duty::Release, Rank::Responder),
            Failure::Tag
            | Failure::TagGone
            | Failure::Lightweight
            | Failure::Published(_)
            | Failure::Withdrawn
            | Failure::Latest
            | Failure::Broken => (Duty::Commander, Rank::Commander),
        },
        Moment::Late { .. } => {
            let named = &c.policy.roles.escalation;
            if !named.is_empty() {
                let names = named.iter().map(|name| name.trim_start_matches('@'));
                return names.map(str::to_owned).collect();
            }
            (Duty::Commander, Rank::Commander)
        }
    };
    known(c, rank, Some(duty))
}

/// Who of those that are known could do it: who was named for it, else some of
/// those whose role does.
pub fn known(c: &Case<'_>, rank: Rank, duty: Option<Duty>) -> Vec<String> {
    if let Some(named) = duty.and_then(|duty| c.facts.assigned.get(&duty)) {
        return vec![named.login.clone()];
    }
    let known = c.facts.roles.iter().filter(|(login, role)| {
        role.get().is_some_and(|read| {
            let who = Standing {
                role: Role::from_api(Some(&read.role_name), Some(&read.permission)),
                login,
                teams: Some(&read.teams),
            };
            may(who, false, rank, &c.policy.roles)
        })
    });
    let known = known.map(|(login, _)| spelled(c, login));
    known.take(CALLED).collect()
}

/// A login as its owner spells it.
fn spelled(c: &Case<'_>, login: &str) -> String {
    let f = c.facts;
    let labelled = f.labels.values().map(|it| &it.by);
    let said = f.said.iter().map(|it| &it.by);
    let mut people = [&f.trigger.by].into_iter().chain(labelled).chain(said);
    let found = people.find(|it| it.login.eq_ignore_ascii_case(login));
    found.map_or(login, |it| &it.login).to_owned()
}

/// When a moment may come by the clock alone: the next maximum.
pub fn next(c: &Case<'_>, stand: &Stand<'_>) -> Option<Millis> {
    if c.facts.pause().is_some() {
        return None;
    }
    let phase = stand.phase.map(|step| stand.timeline.of(step).phase)?;
    let rows = [phase, Phase::Total].into_iter();
    let rows = rows.filter_map(|phase| due(phase, stand));
    let at = rows.filter_map(|row| row.next_mark(c.facts.now));
    at.min()
}
