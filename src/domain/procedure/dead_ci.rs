//! Tests that cannot pass today whatever the fix is: what their file asks for is
//! gone, or they failed on the bump alone.

use super::branch::Branched;
use super::commits::is_ours;
use super::step::Case;
use super::triggers;
use crate::domain::ids::Sha;
use crate::domain::objects::{FailedJob, Head};
use crate::domain::workflow_file::{Gone, Job};

/// What a workflow asks for and GitHub does not have any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dead<'a> {
    /// The job's key.
    pub job: &'a str,
    /// What.
    pub gone: &'a Gone,
    /// Whether the same file on the default branch asks for nothing of the kind.
    pub mended: bool,
}

/// What of it a file of the head asks for: the first.
pub fn dead<'a>(branched: &'a Branched, file: &str) -> Option<Dead<'a>> {
    dead_of(branched, file, |_| true)
}

/// The same of what failed: a job that passed, or did not run, explains nothing. Where
/// none is known that failed, any may have.
pub fn dead_in<'a>(branched: &'a Branched, file: &str, failed: &[FailedJob]) -> Option<Dead<'a>> {
    dead_of(branched, file, |job| {
        failed.is_empty()
            || failed
                .iter()
                .any(|it| it.name.checks(|name| job.leaves(name)))
    })
}

fn dead_of<'a>(
    branched: &'a Branched,
    file: &str,
    counts: impl Fn(&Job) -> bool,
) -> Option<Dead<'a>> {
    let there = triggers::at_head(branched, file)?;
    let mut jobs = there.file.jobs.iter().filter(|job| counts(job));
    let (job, gone) = jobs.find_map(|job| Some((job.id.as_str(), job.gone.first()?)))?;
    let mut main = branched.base.main_workflows.iter();
    let main = main.find(|it| it.name() == file);
    let mended = main.is_some_and(|it| it.file.jobs.iter().all(|job| job.gone.is_empty()));
    Some(Dead { job, gone, mended })
}

/// The commit on which the tests ran without any fix: the bot's own first one, where
/// somebody's work stands on it.
pub fn without_fix<'a>(c: &Case<'_>, head: &'a Head) -> Option<&'a Sha> {
    let first = head.commits.first().filter(|it| is_ours(c.line, it))?;
    let fixed = head.commits.iter().any(|it| !is_ours(c.line, it));
    fixed.then_some(&first.sha)
}
