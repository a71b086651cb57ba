//! What follows from the labels on the issue: which of them is the trigger, and
//! what it means that the last one was taken off.

use super::facts::{Change, Facts, LabelChange, News, Notice, Stop, Trigger};
use super::ids::{Actor, By};
use super::need::StopReason;
use super::objects::{Object, PolicyRead};
use super::policy::Policy;
use super::procedure::{Case, cancel, labels};

/// The next change of the facts that the labels ask for.
pub fn judge(c: &Case<'_>) -> Option<Change> {
    let f = c.facts;
    let known = f.policy.get().is_some_and(|read| !read.is_wrong());
    if !known || f.cancelled.is_some() || f.over.is_some() {
        return None;
    }
    if c.line.locked().is_some() {
        return decided(c);
    }
    let unexplained = labels::unexplained(c);
    if !unexplained.is_empty() {
        return explain(c, &unexplained);
    }
    let there: Vec<&LabelChange> = labels::present(c).collect();
    let may = there.iter().find(|it| labels::may_start(c, it));
    if !labels::is_triggered(c) {
        return may.or(there.first()).map(|it| becomes_trigger(it));
    }
    if f.trigger.by_word {
        // A word is not taken back by a label; who may start lends theirs.
        return may.filter(|_| !has_begun(c)).map(|it| becomes_trigger(it));
    }
    let is_on = there.iter().any(|it| is_trigger(&f.trigger, it));
    if is_on || f.trigger.off.is_some() {
        // Who may start lends a word to who may not, and takes a withdrawal back.
        let lacks = f.trigger.off.is_some() || !has_begun(c);
        return may
            .filter(|it| lacks && !is_trigger(&f.trigger, it))
            .map(|it| becomes_trigger(it));
    }
    if may.is_some() || !there.is_empty() {
        // It changed hands: whose it is counts once their role is known.
        let read = there.iter().all(|it| labels::role(f, it).is_some());
        return may
            .or(there.first().filter(|_| read))
            .map(|it| becomes_trigger(it));
    }
    withdrawn(c)
}

/// What a case that was given up leaves to the next one: trigger labels that
/// were put there when it was on its way out already.
pub fn left_behind(f: &Facts, policy: &Policy) -> Vec<LabelChange> {
    let unknown = f.policy.get().is_none_or(PolicyRead::is_wrong);
    if f.cancelled.is_none() || unknown {
        return Vec::new();
    }
    let left =
        |it: &&LabelChange| it.late && it.on && it.counts() && policy.trigger.starts(&it.label);
    f.labels.values().filter(left).cloned().collect()
}

fn is_trigger(trigger: &Trigger, it: &LabelChange) -> bool {
    trigger.label.eq_ignore_ascii_case(&it.label) && trigger.by == it.by && trigger.at == it.at
}

fn has_begun(c: &Case<'_>) -> bool {
    let role = super::access::role_of(c.facts, &c.facts.trigger.by);
    c.facts.start_confirmed.is_some() || role.is_some_and(|role| role >= c.policy.trigger.who)
}

/// The trigger is this one now. What was held for want of a label goes on.
fn becomes_trigger(it: &LabelChange) -> Change {
    let trigger = Trigger::of(it);
    Box::new(move |f| {
        let off = |hold: &Stop| matches!(hold.why, StopReason::LabelOff(_));
        if f.trigger.off.is_some() && f.hold.as_ref().is_some_and(off) {
            f.hold = None;
        }
        f.trigger = trigger;
    })
}

/// GitHub's log of the issue is asked who put these labels there. What it does
/// not say, nobody knows.
fn explain(c: &Case<'_>, unexplained: &[&str]) -> Option<Change> {
    let log = &c.line.seen.labellers;
    if !log.is_current() {
        return None;
    }
    if log.began < c.facts.issue.began {
        return Some(Box::new(|f| f.touch(Object::Labellers)));
    }
    let unexplained: Vec<String> = unexplained.iter().map(|l| (*l).to_owned()).collect();
    Some(Box::new(move |f| {
        for label in unexplained {
            let change = LabelChange {
                label,
                at: f.now,
                on: true,
                ..LabelChange::default()
            };
            f.note(change);
        }
    }))
}

/// No trigger label is on the issue any more, and nobody has decided: within the
/// grace, and where the bot is alone, that is the end. Else somebody must say
/// what is meant. While a person holds it, that is asked afterwards.
fn withdrawn(c: &Case<'_>) -> Option<Change> {
    let f = c.facts;
    if !labels::is_bare(c) {
        return None;
    }
    let asked = |hold: &Stop| matches!(hold.why, StopReason::LabelOff(_));
    if f.hold.as_ref().is_some_and(|hold| !asked(hold)) {
        return None;
    }
    let (label, by) = off(f);
    let grace = c.policy.trigger.grace.millis();
    let soon = by.at - f.trigger.at <= grace && f.now - by.at <= grace;
    let quiet = soon && cancel::is_ours_alone(c);
    Some(Box::new(move |f| {
        take_off(f, &by);
        let why = StopReason::LabelOff(label.into());
        let stop = Stop {
            by,
            why,
            quiet,
            written: None,
        };
        if quiet {
            f.cancelled = Some(stop);
        } else {
            f.hold.get_or_insert(stop);
        }
    }))
}

/// After the decision labels change nothing. Each way that is told once.
fn decided(c: &Case<'_>) -> Option<Change> {
    let f = c.facts;
    let at = c.line.decision.as_ref().map_or(f.now, |it| it.by.at);
    let by_label = !f.trigger.by_word && labels::is_triggered(c);
    if f.trigger.off.is_none() && by_label && labels::is_bare(c) {
        let (label, by) = off(f);
        return Some(Box::new(move |f| {
            take_off(f, &by);
            let login = by.login;
            let what = News::LabelWithoutEffect { label, login };
            f.notices.push(Notice { at: f.now, what });
        }));
    }
    let told = |it: &Notice| matches!(it.what, News::LabelAfterDecision { .. });
    if f.notices.iter().any(told) {
        return None;
    }
    let again = labels::present(c).find(|it| it.at > at)?;
    let (label, login) = (again.label.clone(), again.by.login.clone());
    Some(Box::new(move |f| {
        let what = News::LabelAfterDecision { label, login };
        f.notices.push(Notice { at: f.now, what });
    }))
}

/// Which label was taken off last, by whom and when. Where nobody heard of it:
/// the trigger, by somebody.
fn off(f: &Facts) -> (String, By) {
    let heard = f.label(&f.trigger.label).filter(|it| !it.on);
    let (label, login, at) = match heard {
        Some(it) => (&it.label, it.by.login.clone(), it.at),
        None => (&f.trigger.label, String::new(), f.issue.at),
    };
    (label.clone(), By { login, at })
}

/// The trigger is off, and that was looked at.
fn take_off(f: &mut Facts, by: &By) {
    let label = f.trigger.label.clone();
    f.trigger.off = Some(by.clone());
    if f.label(&label).is_none_or(|it| it.on) {
        let by = Actor::person(by.login.clone());
        let change = LabelChange {
            label,
            by,
            at: f.now,
            ..LabelChange::default()
        };
        f.note(change);
    }
}
