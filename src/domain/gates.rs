//! What is waited for, and what of it stands between now and the decision.

use super::effect::Slot;
use super::facts::Unanswered;
use super::need::{Looking, Need, NeedKind, Who};
use super::outlook::Outlook;
use super::procedure::release::{AFTER, UNTIL};
use super::procedure::rollback::{out, token};
use super::procedure::{Case, dispatch, pick, ship};
use super::slot::Place;
use super::timeline::{Pace, timeline};

/// What still stands between now and `release`; empty: it may be given, or was.
pub fn gates(c: &Case<'_>, outlook: &Outlook) -> Vec<Need> {
    if c.line.locked().is_some() || goes_along(c) {
        return Vec::new();
    }
    let survey = &outlook.survey;
    let mut gates: Vec<Need> = survey.needs(UNTIL).cloned().collect();
    if let Some(fixed) = &survey.proofs.fixed {
        gates.extend(ship::gates(c, fixed));
    }
    gates.extend(stuck(c, outlook));
    gates
}

/// What is waited for, the most urgent first.
pub fn needs(c: &Case<'_>, outlook: &Outlook) -> Vec<Need> {
    let mut needs = unanswered(c);
    needs.extend(stuck(c, outlook));
    if goes_along(c) {
        return needs;
    }
    if let Some(survey) = &outlook.rollback {
        let asked = survey.needs(0).filter(|need| !need.is_looking());
        let looked = survey.needs(0).filter(|need| need.is_looking());
        needs.extend(asked.chain(looked).cloned());
        return needs;
    }
    needs.extend(asked_back(c, outlook));
    if let Some(hold) = &c.facts.hold {
        let (login, why) = (hold.by.login.clone(), hold.why.clone());
        needs.push(Need::new(Who::Responder, NeedKind::Held { login, why }));
    }
    let branched = outlook.survey.proofs.branched.as_ref();
    needs.extend(branched.and_then(|branched| dispatch::unconfirmed(c, branched)));
    needs.extend(branched.and_then(|branched| pick::untaken(c, branched)));
    let survey = &outlook.survey;
    for need in survey.needs(UNTIL).chain(survey.needs(AFTER)) {
        if !needs.contains(need) {
            needs.push(need.clone());
        }
    }
    needs.extend(too_long(c));
    needs
}

/// Whether another case's release is what is waited for, so that nothing of its own is.
fn goes_along(c: &Case<'_>) -> bool {
    let (f, given_up) = (c.facts, c.facts.cancelled.is_some());
    !given_up && (f.along().is_some() || f.has_left())
}

/// What a rollback would do was asked for: it is looked at, then decided.
fn asked_back(c: &Case<'_>, outlook: &Outlook) -> Option<Need> {
    let rollback = c.line.rollback.as_deref()?;
    let branched = outlook.survey.proofs.branched.as_ref()?;
    let out = match &rollback.decided {
        Some(_) => None,
        None => out(c, branched, rollback.by.at),
    };
    Some(match out {
        Some(out) => Need::new(
            Who::Commander,
            NeedKind::ConfirmRollback {
                token: token(c, rollback, &out),
            },
        ),
        None => Need::looking(Looking::Out),
    })
}

/// The document's question at the maximum of the whole, as long as it can be
/// answered by a no.
fn too_long(c: &Case<'_>) -> Option<Need> {
    let begun = c.facts.cancelled.is_none() && !c.facts.is_unbegun();
    let open = begun && c.line.decision.is_none();
    let pace = timeline(c).total.pace(c.facts.now);
    let over = matches!(pace, Some(Pace::OverMaximum { .. }));
    (open && over).then(|| Need::new(Who::Commander, NeedKind::TooLong))
}

/// Effects that were refused or that lack a right, as far as they are still
/// wanted.
fn stuck(c: &Case<'_>, outlook: &Outlook) -> Vec<Need> {
    let mut needs = Vec::new();
    for (place, refusal) in &c.facts.refused {
        if outlook.wants(place, refusal) {
            let kind = NeedKind::Stuck {
                slot: place.slot.clone(),
                obstacle: refusal.obstacle.clone(),
            };
            needs.push(Need::new(Who::Responder, kind));
        }
    }
    for (place, refusal) in &c.facts.blocked {
        if outlook.wants(place, refusal) {
            let kind = NeedKind::Blocked {
                slot: place.slot.clone(),
                obstacle: refusal.obstacle.clone(),
            };
            needs.push(Need::new(Who::Commander, kind));
        }
    }
    needs
}

/// What has had no answer for long, the longest first.
fn unanswered(c: &Case<'_>) -> Vec<Need> {
    let mut silent: Vec<_> = c.facts.unanswered.iter().collect();
    silent.sort_by_key(|(_, it)| it.since);
    // Nothing waits for channels.
    silent.retain(|(place, _)| !matches!(place.slot, Slot::Announce(_)));
    let need = |(place, it): (&Place, &Unanswered)| {
        let kind = NeedKind::Unanswered {
            slot: place.slot.clone(),
            message: it.message.clone(),
            since: it.since,
        };
        Need::new(Who::Machine, kind)
    };
    silent.into_iter().map(need).collect()
}
