//! When the status pages are looked at: only while something fails or is late,
//! and what they say counts for what that is alone.

use super::looks::{Looks, MINUTE};
use crate::domain::effect::Slot;
use crate::domain::need::NeedKind;
use crate::domain::objects::{Object, Outage, Service};
use crate::domain::procedure::release::{AFTER, UNTIL};
use crate::domain::procedure::{Case, Proofs, Survey};
use crate::domain::read::Read;
use crate::domain::timeline::{Pace, timeline};

/// What the pages say of a service by which something fails, or is late.
pub fn outages<'a>(c: &Case<'a>, survey: &Survey<Proofs>) -> Vec<&'a Outage> {
    let told = c.line.seen.outages.get().map_or(&[][..], Vec::as_slice);
    if told.is_empty() {
        return Vec::new();
    }
    let ailing = ailing(c, survey);
    let of = |it: &&Outage| ailing.contains(&it.service);
    told.iter().filter(of).collect()
}

/// The pages themselves, while there is something to explain.
pub(super) fn look(c: &Case<'_>, survey: &Survey<Proofs>, looks: &mut Looks) {
    if is_explained(c, survey) {
        looks.add(Read::Outages, c.facts.number.to_string(), 5 * MINUTE);
    }
}

/// Whether there is something that a status page may explain.
pub fn is_explained(c: &Case<'_>, survey: &Survey<Proofs>) -> bool {
    !ailing(c, survey).is_empty()
}

/// The services of which something fails, or is late.
fn ailing(c: &Case<'_>, survey: &Survey<Proofs>) -> Vec<Service> {
    let f = c.facts;
    if f.over.is_some() || f.cancelled.is_some() {
        return Vec::new();
    }
    let mut all = Vec::new();
    let mut ails = |service| {
        if !all.contains(&service) {
            all.push(service);
        }
    };
    for place in f.unanswered.keys() {
        match &place.slot {
            Slot::Read(Object::Outages | Object::Addresses) => {}
            Slot::Read(Object::Registry | Object::Parts) | Slot::Yank(_) => ails(Service::Registry),
            _ => ails(Service::Github),
        }
    }
    if c.line.rolled_back().is_some() || f.is_unbegun() {
        return all;
    }
    let mut publishes = false;
    for need in survey.needs(UNTIL).chain(survey.needs(AFTER)) {
        match &need.kind {
            NeedKind::RunFailed { release, .. } => {
                ails(Service::Github);
                if *release {
                    ails(Service::Registry);
                }
            }
            NeedKind::RunSlow { .. } | NeedKind::ReleaseRunMissing { late: true, .. } => {
                ails(Service::Github);
            }
            NeedKind::Registry { yanked: false, .. } => publishes = true,
            _ => {}
        }
    }
    let late = survey.phase().is_some_and(|step| {
        let pace = timeline(c).of(step).pace(f.now);
        pace.is_some_and(|pace| pace != Pace::InTime)
    });
    if late {
        ails(Service::Github);
        if publishes {
            ails(Service::Registry);
        }
    }
    all
}
