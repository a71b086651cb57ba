//! An event comes in, a plan goes out.

use super::among;
use super::apply::apply;
use super::commands;
use super::decision;
use super::event::Event;
use super::facts::{Change, Facts, Refusal};
use super::forget::forget;
use super::happenings;
use super::ids::Millis;
use super::item::Item;
use super::labels;
use super::moments;
use super::objects::Object;
use super::outlook::{Outlook, outlook};
use super::plan::{self, Plan};
use super::procedure::{Case, at_merge, monitor, verify};
use super::reads;
use super::rolling;
use super::security::is_security;
use super::slot::Place;
use super::step_name::StepName;
use super::wish::Lane;

/// Takes an event in and says what follows.
pub fn decide(f: &mut Facts, event: &Event, now: Millis) -> Plan {
    let outlook = take_in(f, event, now);
    plan_of(f, &outlook)
}

/// Takes in one of several events that come together: only the last of them needs
/// a plan, and others where the case may be over by them.
pub fn settle(f: &mut Facts, event: &Event, now: Millis) -> Option<Plan> {
    let outlook = take_in(f, event, now);
    let policy = f.policy();
    let may_be_over = plan::may_be_over(&Case::of(f, &policy), &outlook);
    may_be_over.then(|| plan_of(f, &outlook))
}

fn plan_of(f: &mut Facts, outlook: &Outlook) -> Plan {
    let policy = f.policy();
    let planned = plan::of(&Case::of(f, &policy), outlook);
    if planned.over && f.over.is_none() {
        f.over = Some(f.now);
    }
    planned
}

/// Everything but the plan.
fn take_in(f: &mut Facts, event: &Event, now: Millis) -> Outlook {
    let was_over = f.over.is_some();
    apply(f, event, now);
    let policy = f.policy();
    if was_over && f.over.is_some() {
        // It only hears what became of its messages, and answers who still says
        // something: nothing is carried out any more.
        let outlook = loop {
            let case = Case::of(f, &policy);
            let outlook = outlook(&case);
            match commands::next(&case, &outlook) {
                Some(change) => change(f),
                None => break outlook,
            }
        };
        forget(f);
        return outlook;
    }
    // Once said, it stays said.
    f.security = is_security(f, &policy);
    let wakes = matches!(event, Event::Wake);
    // The outlook is made once, and anew whenever the facts changed by it.
    let mut outlook = loop {
        let case = Case::of(f, &policy);
        let outlook = outlook(&case);
        let change = wakes
            .then(|| look_again(&case, &outlook))
            .flatten()
            .or_else(|| labels::judge(&case))
            .or_else(|| among::judge(&case, &outlook))
            .or_else(|| commands::next(&case, &outlook))
            .or_else(|| decision::judge(&case, &outlook))
            .or_else(|| rolling::judge(&case, &outlook));
        match change {
            Some(change) => change(f),
            None => break outlook,
        }
    };
    let silent = f.unanswered.len();
    forget_refusals(f, &outlook);
    let changed = prove(f, &outlook) | stand_still(f, &outlook);
    if changed || f.unanswered.len() != silent {
        outlook = self::outlook(&Case::of(f, &policy));
    }
    come(f, &outlook);
    forget(f);
    outlook
}

/// The clocks stand still while something fails or is late and a status page
/// says why. What a page said is forgotten once there is nothing to explain: it is
/// read anew the next time. Whether anything changed.
fn stand_still(f: &mut Facts, outlook: &Outlook) -> bool {
    let policy = f.policy();
    let case = Case::of(f, &policy);
    let said = reads::outages(&case, &outlook.survey);
    let services: Vec<_> = said.into_iter().map(|it| it.service).collect();
    let explained = reads::is_explained(&case, &outlook.survey);
    let turns = services.is_empty() != f.pause().is_none();
    f.stands_still(services);
    let seen = &mut f.lines.only_mut().seen.outages;
    let forgets = !explained && seen.value.take().is_some();
    if forgets {
        seen.touch();
    }
    turns || forgets
}

/// The moments that come or are over by now.
fn come(f: &mut Facts, outlook: &Outlook) {
    let policy = f.policy();
    let case = Case::of(f, &policy);
    let told = moments::moments(&case, &moments::stand(&case, outlook));
    f.moments = told;
    let case = Case::of(f, &policy);
    let happened = happenings::happened(&case, outlook);
    f.happened = happened;
}

/// What is too old is looked at again, and so are the runs where one is expected.
fn look_again(c: &Case<'_>, outlook: &Outlook) -> Option<Change> {
    let mut aged = reads::aged(c, &outlook.looks);
    aged.extend(expected(c, outlook));
    aged.sort_unstable();
    aged.dedup();
    if aged.is_empty() {
        return None;
    }
    Some(Box::new(move |f| aged.into_iter().for_each(|o| f.touch(o))))
}

/// The runs, where one of them should have begun or been over since they were read.
fn expected(c: &Case<'_>, outlook: &Outlook) -> Option<Object> {
    let proofs = &outlook.survey.proofs;
    let branched = proofs.branched.as_ref();
    let branched = branched.filter(|_| proofs.monitored.is_none())?;
    let come = monitor::deadlines(c, branched).into_iter();
    let at = come.filter(|at| *at <= c.facts.now).max()?;
    let old = reads::older(c, &outlook.looks, at);
    old.contains(&Object::Runs).then_some(Object::Runs)
}

/// Proofs get the time at which they were first seen; a proof that goes away
/// loses it. Whether there are others now: times follow from them.
fn prove(f: &mut Facts, outlook: &Outlook) -> bool {
    let now = f.now;
    let policy = f.policy();
    let case = Case::of(f, &policy);
    let outside = [
        (Item::Registry, verify::published(&case).is_some()),
        (Item::Release, verify::released(&case).is_some()),
    ];
    // What users were told stays told, and its times with it.
    let told = f.broken.as_ref().is_some_and(|it| it.told);
    let stays = |name: StepName| told && name >= StepName::Verify;
    let line = f.lines.only_mut();
    let back = outlook.rollback.as_ref();
    if let (Some(survey), Some(rollback)) = (back, line.rollback.as_mut())
        && survey.proofs.phase().is_none()
    {
        rollback.done.get_or_insert(now);
    }
    let before = line.proven.len();
    let mut gone = false;
    for (name, done) in outlook.survey.done() {
        if done {
            line.proven.entry(name).or_insert(now);
        } else if !stays(name) {
            gone |= line.proven.remove(&name).is_some();
        }
    }
    for (item, there) in outside {
        if there {
            line.first.entry(item).or_insert(now);
        } else {
            line.first.remove(&item);
        }
    }
    gone || line.proven.len() != before
}

/// A refusal of what nobody wants any more is history. Comments are wanted
/// elsewhere and keep theirs until their body changes.
fn forget_refusals(f: &mut Facts, outlook: &Outlook) {
    let policy = f.policy();
    // A step that looks first wants nothing meanwhile. To forget then would be to
    // try again, and to look again, for ever.
    let case = Case::of(f, &policy);
    let looks = reads::is_looking(&case, &outlook.looks, Object::ALL);
    let all = f.refused.keys().chain(f.blocked.keys());
    let later: Vec<Place> = all
        .filter(|it| at_merge::holds_on(&case, it))
        .cloned()
        .collect();
    let keep = |place: &Place, refusal: &mut Refusal| {
        let wanted = later.contains(place) || outlook.wants(place, refusal);
        looks || place.slot.lane() == Lane::Talk || wanted
    };
    f.refused.retain(keep);
    f.blocked.retain(keep);
    // Whatever is asked for there now: it is GitHub that is silent.
    let case = Case::of(f, &policy);
    let silent: Vec<Place> = f.unanswered.keys().cloned().collect();
    let asks = |place: &&Place| outlook.asks(place) || happenings::asks(&case, place);
    let silent: Vec<Place> = silent.iter().filter(asks).cloned().collect();
    f.unanswered.retain(|place, _| silent.contains(place));
}
