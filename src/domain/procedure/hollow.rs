//! Runs that passed and tested nothing: GitHub left out the jobs that test, by
//! their conditions, by what an earlier job found out, or since the pull request
//! is a draft. Such a run passes, and for a required check that is enough. (GitHub:
//! a job that is skipped reports success.) For the head it shows nothing.
//!
//! Which jobs did something, GitHub says; which of them test, the file. A run is
//! hollow where a job that was left out says more of the code than every one that
//! was not.

use super::branch::Branched;
use super::step::Case;
use super::triggers::at_head;
use crate::domain::ids::Sha;
use crate::domain::objects::{Jobs, RanJob, Run};
use crate::domain::outside::Outside;
use crate::domain::workflow_file::{Act, Job, Proves, WorkflowFile};

/// Workflows call one another no deeper.
const DEPTH: usize = 4;

/// What the runs of this head show, once that was read.
pub fn shown<'a>(c: &Case<'a>, head: &Sha) -> Option<&'a Jobs> {
    let jobs = c.line.seen.jobs.get()?;
    (jobs.sha == *head).then_some(jobs)
}

/// The jobs that such a run left out, as GitHub calls them; none: it is not known
/// to be one.
pub fn left_out(c: &Case<'_>, branched: &Branched, head: &Sha, run: &Run) -> Option<Vec<Outside>> {
    if !run.passed() {
        return None;
    }
    let jobs = shown(c, head)?.jobs.iter();
    let jobs: Vec<&RanJob> = jobs.filter(|job| job.run == run.id).collect();
    let (idle, did): (Vec<&RanJob>, Vec<&RanJob>) = jobs.into_iter().partition(|job| job.idle);
    if idle.is_empty() {
        return None;
    }
    let file = &at_head(branched, run.file())?.file;
    let says = |job: &RanJob, left_out: bool| {
        let mut says = Proves::Nothing;
        job.name.checks(|name| {
            says = of(branched, file, name, left_out, DEPTH);
            true
        });
        says
    };
    let did = did.into_iter().map(|job| says(job, false)).max();
    let missing = idle.into_iter().filter(|job| match did {
        None => true,
        Some(did) => says(job, true) > did,
    });
    let missing: Vec<Outside> = missing.map(|job| job.name.clone()).collect();
    (!missing.is_empty()).then_some(missing)
}

/// Whether jobs of a file may be left out of a run that passes.
pub fn may_be(branched: &Branched, file: &str) -> bool {
    let depends = |job: &Job| job.when.is_some() || job.calls.is_some();
    at_head(branched, file).is_some_and(|workflow| workflow.file.jobs.iter().any(depends))
}

/// The conditions of the jobs that test, as far as the file tells.
pub fn conditions(branched: &Branched, file: &str) -> Vec<String> {
    let Some(workflow) = at_head(branched, file) else {
        return Vec::new();
    };
    let ships = |job: &&Job| job.acts.is_empty();
    let jobs = workflow.file.jobs.iter().filter(ships);
    let mut all: Vec<String> = jobs
        .filter_map(|job| job.when.as_deref())
        .map(|when| when.trim().to_owned())
        .filter(|when| !when.contains("always()"))
        .collect();
    all.dedup();
    all
}

/// How much a job of this name says. What nobody can tell counts as a test where it
/// ran, and as none where it was left out; and so does what reaches outside, for
/// it waits for a release.
fn of(
    branched: &Branched,
    file: &WorkflowFile,
    name: &str,
    left_out: bool,
    depth: usize,
) -> Proves {
    let settled = |job: &Job, says: Proves| match says {
        _ if left_out && !job.acts.iter().all(is_call) => Proves::Nothing,
        Proves::Unclear if left_out => Proves::Looks,
        Proves::Unclear => Proves::Tests,
        says => says,
    };
    let shown = |job: &Job| job.name.clone().unwrap_or_else(|| job.id.clone());
    // What it calls names its own jobs behind it.
    let inner = file.jobs.iter().find_map(|job| {
        let called = at_head(branched, &job.called()?)?;
        let (_, rest) = name.split_once(" / ").filter(|_| job.leaves(name))?;
        (depth > 0).then(|| of(branched, &called.file, rest, left_out, depth - 1))
    });
    if let Some(says) = inner {
        return says;
    }
    // A name is one job's before it is what an expression may come to.
    let exact = file.jobs.iter().find(|job| shown(job) == name);
    let jobs: Vec<&Job> = match exact {
        Some(job) => vec![job],
        None => file.jobs.iter().filter(|job| job.leaves(name)).collect(),
    };
    let says = jobs.iter().map(|job| {
        let called = job.called().and_then(|called| at_head(branched, &called));
        match called.filter(|_| depth > 0) {
            Some(called) => whole(branched, &called.file, left_out, depth - 1),
            None => settled(job, job.proves),
        }
    });
    says.max().unwrap_or(match left_out {
        true => Proves::Nothing,
        false => Proves::Tests,
    })
}

/// The most that a job of a called file says, none of whose jobs is named.
fn whole(branched: &Branched, file: &WorkflowFile, left_out: bool, depth: usize) -> Proves {
    let names = file.jobs.iter().map(|job| {
        let name = job.name.as_deref().unwrap_or(&job.id);
        of(branched, file, name, left_out, depth)
    });
    names.max().unwrap_or_default()
}

/// Calling another workflow is no more than what that one does.
fn is_call(act: &Act) -> bool {
    matches!(act, Act::Calls(_) | Act::Uses(_))
}
