//! What a workflow file may ship when it is started, with the files that it
//! calls.

use crate::domain::objects::Workflow;
use crate::domain::workflow_file::{Cause, Shipping};

/// Workflows call one another no deeper.
const DEPTH: usize = 4;

/// What a file may ship, each with whether it is certain.
pub type Ships = Vec<(Shipping, bool)>;

/// What it may ship; the files that it calls are found by their names.
pub fn ships<'a>(
    find: &dyn Fn(&str) -> Option<&'a Workflow>,
    workflow: &'a Workflow,
    cause: Cause<'_>,
) -> Ships {
    follow(find, workflow, cause, DEPTH)
}

fn follow<'a>(
    find: &dyn Fn(&str) -> Option<&'a Workflow>,
    workflow: &'a Workflow,
    cause: Cause<'_>,
    depth: usize,
) -> Ships {
    let (mut all, calls) = workflow.file.may_ship(cause);
    let called = calls
        .into_iter()
        .filter(|_| depth > 0)
        .filter_map(|name| find(&name));
    for called in called.collect::<Vec<_>>() {
        all.extend(follow(find, called, cause, depth - 1));
    }
    all
}

/// Whether one of them is this.
pub fn has(ships: &Ships, what: Shipping) -> bool {
    ships.iter().any(|(ship, _)| *ship == what)
}
