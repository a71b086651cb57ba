//! What a workflow file may ship when it is started, with the files that it
//! calls.

use crate::domain::objects::Workflow;
use crate::domain::workflow_file::{Cause, Shipping, Sure};

/// Workflows call one another no deeper.
const DEPTH: usize = 4;

/// What a file may ship, each with how sure that is.
pub type Ships = Vec<(Shipping, Sure)>;

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
        .filter_map(|(name, sure)| Some((find(&name)?, sure)));
    for (called, reached) in called.collect::<Vec<_>>() {
        let ships = follow(find, called, cause, depth - 1);
        all.extend(
            ships
                .into_iter()
                .map(|(what, sure)| (what, sure.min(reached))),
        );
    }
    all
}

/// Whether one of them is this.
pub fn has(ships: &Ships, what: Shipping) -> bool {
    ships.iter().any(|(ship, _)| *ship == what)
}
