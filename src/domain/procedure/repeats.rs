//! What a re-run of failed jobs would do a second time: a job that failed may
//! have published before it did, and not everything can be done twice.

use super::branch::Branched;
use super::does::{self, packages};
use super::halted;
use super::out::{has_registry, released};
use super::step::Case;
use crate::domain::objects::{FailedJob, Part, Run};
use crate::domain::shipping::Repeats;
use crate::domain::workflow_file::{Job, Ship, Shipping};

/// What running the failed jobs of a run of the release again would do twice;
/// none: nothing that is known of.
pub fn repeats(c: &Case<'_>, branched: &Branched, run: &Run) -> Option<Repeats> {
    let file = does::named(branched, run.file())?;
    let failed = halted::of(c, run).map_or(&[][..], |it| it.jobs.as_slice());
    let jobs = file.file.jobs.iter();
    let again: Vec<&Job> = jobs.clone().filter(|job| is_of(job, failed)).collect();
    let again = match again.is_empty() {
        // Of a job that is not known it may be any.
        true => jobs.collect(),
        false => again,
    };
    let of_job = |job| does::of_job(branched, job);
    let ships: Vec<&Ship> = again.into_iter().flat_map(of_job).collect();
    let has = |what: &[Shipping]| ships.iter().any(|it| what.contains(&it.what));
    let registry = has_registry(c, branched);
    let unclear = has(&[Shipping::Unclear, Shipping::Elsewhere]);
    let own = packages(branched);
    let twice = |ship: &&Ship| match ship.what {
        what if what == own => is_there(c, &ship.packages),
        Shipping::Unclear | Shipping::Elsewhere => is_there(c, &[]),
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
