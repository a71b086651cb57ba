//! What starts the tests' workflows on the hotfix branch, as far as their files
//! tell.

use super::branch::Branched;
use super::step::Case;
use crate::domain::ids::Sha;
use crate::domain::objects::{Commit, Workflow};
use crate::domain::workflow_file::RefFilter;

/// A workflow as the head has it.
pub fn at_head<'a>(branched: &'a Branched, file: &str) -> Option<&'a Workflow> {
    branched.at_tag().iter().find(|w| w.name() == file)
}

/// Whether a push of the hotfix branch starts it, paths aside.
pub fn takes_branch(branched: &Branched, file: &str) -> bool {
    at_head(branched, file).is_some_and(|w| w.file.starts_on_branch(&branched.branch))
}

/// Whether the push that brought the head starts it.
pub fn starts_on_push(c: &Case<'_>, branched: &Branched, file: &str) -> bool {
    let push = at_head(branched, file).and_then(|w| w.file.on.push.as_ref());
    takes_branch(branched, file) && push.is_some_and(|on| last_commit_passes(c, branched, on))
}

/// Whether the branch is taken and the changed paths decide.
pub fn is_by_paths(branched: &Branched, file: &str) -> bool {
    let push = at_head(branched, file).and_then(|w| w.file.on.push.as_ref());
    takes_branch(branched, file) && push.is_some_and(|on| on.by_paths())
}

/// Whether the bot can start it on the branch: its trigger asks for nothing
/// that has no default, and the default branch has the file, without which
/// GitHub dispatches nothing. (GitHub: `workflow_dispatch`.)
pub fn can_dispatch(branched: &Branched, file: &str) -> bool {
    let on_main = &branched.base.main_workflows;
    let inputs = at_head(branched, file).and_then(|w| w.file.on.workflow_dispatch.as_ref());
    inputs.is_some_and(|all| all.iter().all(|i| !i.required || i.default.is_some()))
        && (on_main.is_empty() || on_main.iter().any(|w| w.name() == file))
}

/// The head and the commits up to it: those of the decision once it is locked.
pub fn head<'a>(c: &Case<'a>, branched: &'a Branched) -> Option<(&'a Sha, &'a [Commit])> {
    match (c.line.locked(), &branched.head) {
        (Some(decision), _) => Some((&decision.head, &decision.record.commits)),
        (None, Some(head)) => Some((&head.sha, &head.commits)),
        (None, None) => None,
    }
}

/// Whether the filter by path lets the push start that brought the head, as far
/// as its last commit tells.
pub fn last_commit_passes(c: &Case<'_>, branched: &Branched, filter: &RefFilter) -> bool {
    if !filter.by_paths() {
        return true;
    }
    let last = head(c, branched).and_then(|(_, commits)| commits.last());
    last.is_some_and(|commit| passes(filter, commit))
}

pub fn passes(filter: &RefFilter, commit: &Commit) -> bool {
    filter.takes_paths(commit.paths.iter().map(String::as_str))
}
