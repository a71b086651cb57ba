//! What the release's workflows ask of the tag that starts them.

use std::collections::BTreeSet;

use super::branch::Branched;
use super::environments::started;
use super::step::Case;
use super::target;
use crate::domain::derive::tag::ReleaseName;
use crate::domain::need::Stopped;
use crate::domain::objects::Workflow;
use crate::domain::workflow_file::{Asks, Cause, DEFAULT_BRANCH, Led, Start, Sure};

/// Workflows call one another no deeper.
const DEPTH: usize = 4;

/// What each file that the release starts asks for, with the event that starts it.
pub fn all(branched: &Branched) -> Vec<(&Workflow, &'static str, Vec<&Asks>)> {
    let of = |(workflow, event, full_ref): (_, _, String)| {
        let start = Start {
            event,
            full_ref: &full_ref,
            repo: &branched.repo,
            by: None,
            head: None,
        };
        (
            workflow,
            event,
            asked(branched, workflow, Cause::Ref(start), DEPTH),
        )
    };
    started(branched).into_iter().map(of).collect()
}

/// The first file that a push of the tag starts and that goes by the message of the
/// commit.
pub fn by_message(branched: &Branched) -> Option<String> {
    let message = |it: &&Asks| matches!(it, Asks::Message(_));
    let mut all = all(branched).into_iter();
    let found = all.find(|(_, event, asks)| *event == "push" && asks.iter().any(message));
    found.map(|(workflow, ..)| workflow.name().to_owned())
}

/// The first file that takes no tag of the hotfix branch, and takes one of what is
/// merged where the hotfix goes to.
pub fn wants_merge(c: &Case<'_>, branched: &Branched) -> Option<String> {
    let wants = |it: &&Asks| refuses_for(branched, it).is_some() && takes_merge(c, it);
    let mut all = all(branched).into_iter();
    let found = all.find(|(_, _, asks)| asks.iter().any(wants));
    found.map(|(workflow, ..)| workflow.name().to_owned())
}

/// Whether it takes what is merged where the hotfix goes to, for sure.
pub fn takes_merge(c: &Case<'_>, asks: &Asks) -> bool {
    let branch = target::branch(c);
    let main = &c.facts.repo.default_branch;
    matches!(asks, Asks::Branch(pattern) if Asks::takes(&on(pattern, main), branch) == Some(true))
}

/// A pattern of branches with the default branch's name in it.
fn on(pattern: &str, main: &str) -> String {
    pattern.replace(DEFAULT_BRANCH, main)
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

/// Why what it asks for is not there where the tag stands on the hotfix branch.
pub fn refuses_for(branched: &Branched, asks: &Asks) -> Option<Stopped> {
    match asks {
        Asks::Branch(pattern) => {
            let pattern = on(pattern, branched.base.default_branch());
            let takes = Asks::takes(&pattern, &branched.branch);
            (takes == Some(false)).then_some(Stopped::Branch(pattern))
        }
        Asks::Section(path) => {
            let name = ReleaseName::read(&branched.tag);
            let path = Asks::path(path, name.map_or("", |it| it.prefix));
            let written = branched.base.package.logs().any(|log| log == path);
            // Somebody has added it, or has made the file another one.
            let files = branched.head.as_ref().map(|head| head.files.as_slice());
            let mut files = files.unwrap_or_default().iter();
            let by_hand = files.any(|file| file.path == path && file.additions > 0);
            (!written && !by_hand).then_some(Stopped::Section(path))
        }
        Asks::Checkout(_) | Asks::Message(_) | Asks::Tag => None,
    }
}
