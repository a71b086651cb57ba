//! What is heard of the issue's labels.

use crate::domain::facts::{Facts, LabelChange, Trigger};
use crate::domain::ids::{Actor, Millis};
use crate::domain::objects::Labelled;
use crate::domain::policy::Policy;

/// Whether it is the label that our own call put on the issue, as its answer said.
pub(super) fn is_echo(f: &Facts, label: &str, by: &Actor) -> bool {
    let own = f.policy.get().map(|read| &read.policy.announce.label);
    let own = own.is_some_and(|own| own.eq_ignore_ascii_case(label));
    own && f.labelled.is_some() && by.login == f.bot
}

/// A label was put on the issue or taken off, or on a merged pull request that
/// fixes it. What it means is judged once the issue was read after that.
pub(super) fn heard(
    f: &mut Facts,
    label: &str,
    by: &Actor,
    (changed, on): (Millis, bool),
    pull: Option<u64>,
) {
    f.issue.touch();
    let known = f.policy.get().filter(|read| !read.is_wrong());
    let means = |policy: &Policy| policy.trigger.starts(label) || policy.severity.is_regular(label);
    if known.is_some_and(|read| !means(&read.policy)) {
        return;
    }
    let change = LabelChange {
        label: label.to_owned(),
        by: by.clone(),
        at: f.now,
        changed,
        on,
        old: false,
        late: f.cancelled.is_some(),
        pull,
    };
    let last = f.label(label);
    // The issue's own label stands, whatever is said of the pull request's.
    let its_own = |last: &LabelChange| match on {
        true => last.on && last.pull.is_none(),
        false => last.pull != pull,
    };
    if pull.is_some() && last.is_some_and(its_own) {
        return;
    }
    if last.is_some_and(|last| !is_news(last, &change)) {
        return;
    }
    if on && !by.bot && f.is_unbegun() {
        f.trigger = Trigger::of(&change);
    }
    take(f, change);
}

/// Whether what is heard comes after what is known: deliveries come late and
/// more than once.
fn is_news(last: &LabelChange, change: &LabelChange) -> bool {
    let dated = last.changed != 0 && change.changed != 0;
    if dated && change.changed < last.changed {
        return false;
    }
    let same = last.on == change.on && last.by == change.by;
    !same || change.late && !last.late && !(dated && change.changed == last.changed)
}

/// What GitHub's log says of the labels stands above what was heard before it
/// was asked.
pub(super) fn logged(f: &mut Facts, log: &[Labelled], began: Millis) {
    for it in log {
        let known = f.label(&it.label);
        let later = known.is_some_and(|last| last.at > began);
        let same = known.is_some_and(|last| last.on == it.on && last.by == it.by);
        // What stands on a pull request is in no log of the issue's.
        let elsewhere = known.is_some_and(|last| last.on && last.pull.is_some() && !it.on);
        if later || same || elsewhere {
            continue;
        }
        let change = LabelChange {
            label: it.label.clone(),
            by: it.by.clone(),
            at: f.now,
            changed: it.at,
            on: it.on,
            old: it.at < f.labels_since,
            late: f.cancelled.is_some(),
            pull: None,
        };
        take(f, change);
    }
}

fn take(f: &mut Facts, change: LabelChange) {
    if change.on && change.counts() && !change.by.login.is_empty() {
        // The role counts that they have when they put it there.
        let role = f.role_mut(&change.by.login);
        if role.is_current() {
            role.touch();
        }
    }
    f.note(change);
}

/// Earlier versions knew of one label only.
pub(super) fn carry_over(f: &mut Facts) {
    let trigger = &f.trigger;
    if f.labels.is_empty() && !trigger.label.is_empty() && trigger.off.is_none() {
        let change = LabelChange {
            label: trigger.label.clone(),
            by: trigger.by.clone(),
            at: trigger.at,
            on: true,
            ..LabelChange::default()
        };
        f.note(change);
    }
}
