//! What a re-run of failed jobs would do a second time: a job that failed may
//! have published before it did, and not everything can be done twice.

use std::collections::BTreeSet;

use super::branch::Branched;
use super::halted;
use super::out::{has_registry, released};
use super::publishing::packages;
use super::step::Case;
use crate::domain::objects::{FailedJob, Part, Run, Workflow};
use crate::domain::shipping::Repeats;
use crate::domain::workflow_file::{Job, Ship, Shipping, is_own};

/// Workflows call one another no deeper.
const DEPTH: usize = 4;

/// What running the failed jobs of a run of the release again would do twice;
/// none: nothing that is known of.
pub fn repeats(c: &Case<'_>, branched: &Branched, run: &Run) -> Option<Repeats> {
    let file = named(branched, run.file())?;
    let failed = halted::of(c, run).map_or(&[][..], |it| it.jobs.as_slice());
    let jobs = file.file.jobs.iter();
    let again: Vec<&Job> = jobs.clone().filter(|job| is_of(job, failed)).collect();
    let mut ships = Vec::new();
    match again.is_empty() {
        // Of a job that is not known it may be any.
        true => jobs.for_each(|job| of_job(branched, job, DEPTH, &mut ships)),
        false => again
            .into_iter()
            .for_each(|job| of_job(branched, job, DEPTH, &mut ships)),
    }
    let has = |what: &[Shipping]| ships.iter().any(|it| what.contains(&it.what));
    let registry = has_registry(c, branched);
    let unclear = has(&[Shipping::Unclear]);
    let own = packages(branched);
    let twice = |ship: &&Ship| match ship.what {
        what if what == own => is_there(c, &ship.packages),
        Shipping::Unclear => is_there(c, &[]),
        _ => false,
    };
    if registry && ships.iter().any(twice) {
        return Some(Repeats::Registry);
    }
    if released(c).is_some() && has(&[Shipping::Release, Shipping::Uploads]) {
        return Some(Repeats::Release);
    }
    // Of what nobody can look at nobody knows whether it is there.
    let elsewhere = has(&[Shipping::Others]) && own != Shipping::Others;
    (elsewhere || unclear && !registry).then_some(Repeats::Elsewhere)
}

/// Whether the registry has one of these packages already; of the release, where none
/// is named.
fn is_there(c: &Case<'_>, packages: &[String]) -> bool {
    let seen = &c.line.seen;
    let there = || seen.registry.get().is_some_and(Option::is_some);
    let named = |part: &&Part| packages.is_empty() || packages.contains(&part.package);
    match seen.parts.get() {
        // One that is not known may be called by a variable: it may be any.
        Some(parts) if !parts.iter().any(|part| named(&part)) => {
            there() || parts.iter().any(|part| part.there)
        }
        Some(parts) => parts.iter().filter(named).any(|part| part.there),
        None => there(),
    }
}

fn named<'a>(branched: &'a Branched, name: &str) -> Option<&'a Workflow> {
    let at_tag = branched.at_tag().iter().find(|w| w.name() == name);
    at_tag.or_else(|| branched.base.workflow(name))
}

/// Whether one of these that failed is this job.
fn is_of(job: &Job, failed: &[FailedJob]) -> bool {
    let lower = |text: &String| text.to_lowercase();
    let job = Job {
        id: lower(&job.id),
        name: job.name.as_ref().map(lower),
        ..job.clone()
    };
    failed.iter().any(|it| job.leaves(&it.name.folded()))
}

/// What an action of the repository ships, with those that it uses; that of the
/// step itself where it was not read.
fn of_action<'a>(branched: &'a Branched, step: &'a Ship, folder: &str, into: &mut Vec<&'a Ship>) {
    let actions = branched.actions();
    let (mut open, mut known) = (vec![folder], BTreeSet::new());
    while let Some(folder) = open.pop().filter(|folder| known.insert(folder.to_string())) {
        let mut all = actions.iter().flat_map(|all| all.iter());
        let action = all.find(|action| action.folder == folder);
        let Some(ships) = action.and_then(|action| action.ships.as_ref()) else {
            // A script that was not read is told by its name, beside it.
            into.extend((!is_own(folder)).then_some(step));
            continue;
        };
        for ship in ships {
            match &ship.uses {
                Some(folder) => open.push(folder),
                None => into.push(ship),
            }
        }
    }
}

/// What a job ships, and what it calls.
fn of_job<'a>(branched: &'a Branched, job: &'a Job, depth: usize, into: &mut Vec<&'a Ship>) {
    for ship in &job.ships {
        match &ship.uses {
            Some(folder) => of_action(branched, ship, folder, into),
            None => into.push(ship),
        }
    }
    let called = job.called().filter(|_| depth > 0);
    let Some(file) = called.and_then(|file| named(branched, &file)) else {
        return;
    };
    for job in &file.file.jobs {
        of_job(branched, job, depth - 1, into);
    }
}
