//! Which workflow files must pass on the head.
//!
//! A workflow with `paths` or `paths-ignore` runs on some heads only, and which
//! pushes brought a head is known to GitHub alone: it compares what one push
//! changed. (GitHub: workflow syntax, `on.<push|pull_request>.paths`.) What is
//! known is each commit's paths, and the last commit always is part of the last
//! push. So such a file counts
//!
//! - when the last commit passes the filter: then its run comes;
//! - when there is a run of it on the head, for whatever reason it started;
//! - when the fix passes the filter and the bot can see to a run: by a dispatch,
//!   or by `test enable` where the trigger leaves out the branch.
//!
//! Else it is not waited for. A run that comes all the same begins together
//! with those of the other files, long before those are through; and where
//! there are none, no head is taken as tested without a person's word.

use super::branch::Branched;
use super::ci;
use super::fix::is_fix;
use super::locked;
use super::test::newest;
use crate::domain::facts::{Commit, Facts, Workflow};
use crate::domain::ids::Sha;
use crate::domain::policy::{AutoOr, Policy};
use crate::domain::workflow_file::RefFilter;

/// The workflow files that must pass on the head. Without a list: those that
/// run on the default branch's pushes or on pull requests, as far as their
/// filters by path let them.
pub fn required(f: &Facts, p: &Policy, branched: &Branched) -> Vec<String> {
    match &p.test.workflows {
        AutoOr::Is(files) => files.clone(),
        AutoOr::Auto => found(f, branched, true),
    }
}

/// The files that would be required, if their filters by path did not leave out
/// what is changed.
pub fn left_out(f: &Facts, p: &Policy, branched: &Branched) -> Vec<String> {
    match &p.test.workflows {
        AutoOr::Is(_) => Vec::new(),
        AutoOr::Auto => found(f, branched, false),
    }
}

fn found(f: &Facts, branched: &Branched, counting: bool) -> Vec<String> {
    let all = branched.base.workflows.iter();
    all.filter_map(|workflow| {
        let filters = filters(f, workflow);
        let by_paths = filters.iter().all(|filter| filter.by_paths());
        let counts = !by_paths || counts(f, branched, workflow.name(), &filters);
        (!filters.is_empty() && counts == counting).then(|| workflow.name().to_owned())
    })
    .collect()
}

/// The triggers by which it tests what goes to the default branch.
fn filters<'a>(f: &Facts, workflow: &'a Workflow) -> Vec<&'a RefFilter> {
    let (file, main) = (&workflow.file, &f.repo.default_branch);
    let push = file.on.push.as_ref();
    let pull = file.on.pull_request.as_ref();
    let push = push.filter(|_| file.starts_on_branch(main));
    let pull = pull.filter(|_| file.starts_on_pull_request_to(main));
    push.into_iter().chain(pull).collect()
}

fn counts(f: &Facts, branched: &Branched, file: &str, filters: &[&RefFilter]) -> bool {
    let Some((head, commits)) = head(f, branched) else {
        return false;
    };
    let asked = f.line.tests.get(file).is_some_and(|t| t.head == *head);
    if asked
        || newest(f, file, head, &branched.branch).is_some()
        || ci::starts_on_push(f, branched, file)
    {
        return true;
    }
    let may_be_had = ci::can_dispatch(branched, file) || !ci::takes_branch(branched, file);
    let mut of_the_fix = commits.iter().filter(|commit| is_fix(commit));
    may_be_had && of_the_fix.any(|commit| filters.iter().any(|filter| passes(filter, commit)))
}

/// The head and the commits up to it: those of the decision once it is locked.
fn head<'a>(f: &'a Facts, branched: &'a Branched) -> Option<(&'a Sha, &'a [Commit])> {
    match (locked(f), &branched.head) {
        (Some(ship), _) => Some((&ship.head, &ship.record.commits)),
        (None, Some(head)) => Some((&head.sha, &head.commits)),
        (None, None) => None,
    }
}

/// Whether the filter by path lets the push start that brought the head, as far
/// as its last commit tells.
pub fn last_commit_passes(f: &Facts, branched: &Branched, filter: &RefFilter) -> bool {
    if !filter.by_paths() {
        return true;
    }
    let last = head(f, branched).and_then(|(_, commits)| commits.last());
    last.is_some_and(|commit| passes(filter, commit))
}

fn passes(filter: &RefFilter, commit: &Commit) -> bool {
    filter.takes_paths(commit.paths.iter().map(String::as_str))
}
