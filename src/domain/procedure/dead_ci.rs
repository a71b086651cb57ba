//! Tests that cannot pass today whatever the fix is: what their file asks for is
//! gone, or they failed on the bump alone.

use super::branch::Branched;
use super::commits::is_ours;
use super::step::Case;
use super::triggers;
use crate::domain::ids::Sha;
use crate::domain::objects::Head;
use crate::domain::workflow_file::Gone;

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
    let there = triggers::at_head(branched, file)?;
    let mut jobs = there.file.jobs.iter();
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
