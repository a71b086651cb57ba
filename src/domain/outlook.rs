//! What follows from the facts before any words are found for it: the survey,
//! what is looked at, and what is wanted. It is made once a decision and handed
//! down; whatever changes the facts makes it anew.

use super::effect::{Act, Intent};
use super::facts::Refusal;
use super::objects::{PullKind, Run};
use super::procedure::release::survey;
use super::procedure::{
    Case, Proofs, Survey, along, cancel, communicate, dispatch, install, launch, rollback,
    side_pull,
};
use super::reads::{self, Look};
use super::slot::Place;
use super::wish::{Lane, Wish};

/// The answers of a release line's procedure.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// Every step's answer.
    pub survey: Survey<Proofs>,
    /// The objects that are looked at.
    pub looks: Vec<Look>,
    /// Reads and writes that are wanted, whether or not they were refused
    /// before; what is said to people comes later.
    pub intents: Vec<Wish<Intent>>,
    /// The same survey of the rollback, once one is decided: then nothing else is
    /// written.
    pub rollback: Option<Survey<rollback::Proofs>>,
}

/// Makes the outlook of a case.
pub fn outlook(c: &Case<'_>) -> Outlook {
    let survey = survey(c);
    let looks = reads::looks(c, &survey);
    let mut intents = reads::wishes(c, &looks);
    let rollback = rollback::survey(c);
    match &c.facts.cancelled {
        Some(_) => intents.extend(cancel::wishes(c)),
        None if c.line.rolled_back().is_some() => {
            intents.extend(rollback.iter().flat_map(Survey::wishes));
        }
        None if c.facts.along().is_some() => {
            intents.extend(c.facts.along().iter().flat_map(|it| along::wishes(c, it)));
        }
        // What it had built goes before the next case begins under the same keys.
        None if c.facts.has_left() => intents.extend(cancel::wishes(c)),
        None if c.facts.hold.is_some() => {}
        None => {
            intents.extend(survey.wishes());
            intents.extend(reruns(c));
            let proofs = &survey.proofs;
            intents.extend(communicate::again(c, proofs.tagged.as_ref()));
            if let Some(branched) = &proofs.branched {
                let (bumped, fixed) = (proofs.bumped.as_ref(), proofs.fixed.as_ref());
                intents.extend(dispatch::wishes(c, branched, bumped, fixed));
                intents.extend(launch::wishes(c, branched, proofs.tagged.is_some()));
                intents.extend(install::wishes(c, branched, proofs.monitored.is_some()));
            }
        }
    }
    // Whatever becomes of this one.
    intents.extend(rollback::of_failed(c));
    Outlook {
        survey,
        looks,
        intents,
        rollback,
    }
}

/// Runs that somebody asked to be run again and that are still at an older
/// attempt.
fn reruns(c: &Case<'_>) -> Vec<Wish<Intent>> {
    let seen = &c.line.seen;
    let sides = [PullKind::Port, PullKind::Known].map(|kind| side_pull::seen(c, kind));
    // Just asked for, perhaps: what stands here is the attempt before.
    let stale = [&seen.port_runs, &seen.known_runs]
        .into_iter()
        .zip(&sides)
        .any(|(runs, (pull, _))| pull.is_some_and(|pull| pull.open) && !runs.is_current());
    if stale || !seen.runs.is_current() {
        return Vec::new();
    }
    let of_sides = sides.iter().filter_map(|(_, runs)| *runs);
    let all: Vec<&Run> = seen
        .runs
        .get()
        .into_iter()
        .chain(of_sides)
        .flat_map(|r| &r.runs)
        .collect();
    let wish = |(id, attempt): (&u64, &u64)| {
        let run = all.iter().find(|r| r.id == *id && r.attempt < *attempt)?;
        let act = Act::Rerun {
            run: *id,
            attempt: *attempt,
            whole: run.skipped(),
        };
        let again = run.failed() || run.skipped();
        again.then(|| Wish::new(act, id.to_string()).of(c.id).generation(*attempt))
    };
    c.line.reruns.iter().filter_map(wish).collect()
}

impl Outlook {
    /// Whether a refusal is about something that is still wanted. A read that was
    /// refused and is made again is refused until it is answered.
    pub fn wants(&self, place: &Place, refusal: &Refusal) -> bool {
        self.intents.iter().any(|wish| {
            wish.subject == refusal.subject
                && (wish.generation == refusal.generation || place.slot.is_read())
                && wish.is_at(place)
        })
    }

    /// Whether anything is wanted in a place.
    pub fn asks(&self, place: &Place) -> bool {
        self.intents.iter().any(|wish| wish.is_at(place))
    }

    /// Whether nothing is left to be written.
    pub fn is_at_rest(&self) -> bool {
        let write = |wish: &Wish<Intent>| wish.act.lane() == Lane::Write;
        !self.intents.iter().any(write)
    }
}
