//! What the release's workflows ask of the tag before they make the release: a
//! run that starts and refuses the tag leaves it without one.

use std::collections::BTreeSet;

use super::branch::Branched;
use super::environments::started;
use crate::domain::need::Stopped;
use crate::domain::objects::Workflow;
use crate::domain::workflow_file::{Asks, Cause, Led, Start, Sure};

/// Workflows call one another no deeper.
const DEPTH: usize = 4;

/// The files that would refuse the tag, each with the reason.
pub fn refuses(branched: &Branched) -> Vec<(String, Stopped)> {
    let mut all = Vec::new();
    for (workflow, event, full_ref) in started(branched) {
        let start = Start {
            event,
            full_ref: &full_ref,
            repo: &branched.repo,
            by: None,
        };
        for asks in asked(branched, workflow, Cause::Ref(start), DEPTH) {
            let found = refuses_for(branched, asks).map(|why| (workflow.name().to_owned(), why));
            all.extend(found.filter(|one| !all.contains(one)));
        }
    }
    all
}

/// What a file asks for, with the files that it calls, and what it uses of the
/// repository.
fn asked<'a>(
    branched: &'a Branched,
    workflow: &'a Workflow,
    cause: Cause<'_>,
    depth: usize,
) -> Vec<&'a Asks> {
    let mut all = workflow.file.asks(cause);
    let led = workflow.file.may_ship(cause);
    // What may be passed over fails nothing for sure.
    let sure = |led: &Led| led.sure > Sure::No;
    for led in led.calls.into_iter().filter(sure).filter(|_| depth > 0) {
        let there = branched.at_tag().iter().find(|it| it.name() == led.to);
        if let Some(called) = there.or_else(|| branched.base.workflow(&led.to)) {
            all.extend(asked(branched, called, cause, depth - 1));
        }
    }
    let uses = led.uses.into_iter().filter(sure).map(|led| led.to);
    let (mut open, mut known) = (uses.collect::<Vec<_>>(), BTreeSet::new());
    while let Some(folder) = open.pop() {
        if !known.insert(folder.clone()) {
            continue;
        }
        let mut there = branched.actions().into_iter().flatten();
        if let Some(used) = there.find(|it| it.folder == folder) {
            all.extend(&used.asks);
            let ships = used.ships.iter().flatten().filter(|it| it.when.is_none());
            open.extend(ships.filter_map(|ship| ship.uses.clone()));
        }
    }
    all
}

fn refuses_for(branched: &Branched, asks: &Asks) -> Option<Stopped> {
    match asks {
        Asks::Branch(pattern) => {
            let takes = Asks::takes(pattern, &branched.branch);
            (takes == Some(false)).then(|| Stopped::Branch(pattern.clone()))
        }
        Asks::Section(path) => {
            let written = branched.base.package.logs().any(|log| log == *path);
            // Somebody has added it, or has made the file another one.
            let files = branched.head.as_ref().map(|head| head.files.as_slice());
            let mut files = files.unwrap_or_default().iter();
            let by_hand = files.any(|file| file.path == *path && file.additions > 0);
            (!written && !by_hand).then(|| Stopped::Section(path.clone()))
        }
    }
}
