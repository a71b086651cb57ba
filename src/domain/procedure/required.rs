//! Which workflow files must pass on the head.
//!
//! A workflow with `paths` or `paths-ignore` runs on some heads only, and which
//! pushes brought a head is known to GitHub alone: it compares what one push
//! changed. (GitHub: workflow syntax, `on.<push|pull_request>.paths`.) what is
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
use super::commits::is_fix;
use super::runs::counting;
use super::step::Case;
use super::triggers::{can_dispatch, head, passes, starts_on_push, takes_branch};
use crate::domain::objects::Workflow;
use crate::domain::policy::AutoOr;
use crate::domain::workflow_file::RefFilter;

/// The workflow files that must pass on the head. Without a list: those that
/// run on the default branch's pushes or on pull requests, as far as their
/// filters by path let them.
pub fn required(c: &Case<'_>, branched: &Branched) -> Vec<String> {
    match &c.policy.test.workflows {
        AutoOr::Is(files) => files.clone(),
        AutoOr::Auto => found(c, branched, true),
    }
}

/// The files that would be required, if their filters by path did not leave out
/// what is changed.
pub fn left_out(c: &Case<'_>, branched: &Branched) -> Vec<String> {
    match &c.policy.test.workflows {
        AutoOr::Is(_) => Vec::new(),
        AutoOr::Auto => found(c, branched, false),
    }
}

fn found(c: &Case<'_>, branched: &Branched, counting: bool) -> Vec<String> {
    let all = branched.base.workflows.iter();
    all.filter_map(|workflow| {
        let filters = filters(c, workflow);
        let by_paths = filters.iter().all(|filter| filter.by_paths());
        let counts = !by_paths || counts(c, branched, workflow.name(), &filters);
        (!filters.is_empty() && counts == counting).then(|| workflow.name().to_owned())
    })
    .collect()
}

/// The triggers by which it tests what goes to the default branch.
fn filters<'a>(c: &Case<'_>, workflow: &'a Workflow) -> Vec<&'a RefFilter> {
    let (file, main) = (&workflow.file, &c.facts.repo.default_branch);
    let push = file.on.push.as_ref();
    let pull = file.on.pull_request.as_ref();
    let push = push.filter(|_| file.starts_on_branch(main));
    let pull = pull.filter(|_| file.starts_on_pull_request_to(main));
    push.into_iter().chain(pull).collect()
}

fn counts(c: &Case<'_>, branched: &Branched, file: &str, filters: &[&RefFilter]) -> bool {
    let Some((head, commits)) = head(c, branched) else {
        return false;
    };
    let asked = c.line.tests.get(file).is_some_and(|t| t.head == *head);
    if asked
        || counting(c, file, head, &branched.branch).is_some()
        || starts_on_push(c, branched, file)
    {
        return true;
    }
    let may_be_had = can_dispatch(branched, file) || !takes_branch(branched, file);
    let mut of_the_fix = commits.iter().filter(|commit| is_fix(c.line, commit));
    may_be_had && of_the_fix.any(|commit| filters.iter().any(|filter| passes(filter, commit)))
}
