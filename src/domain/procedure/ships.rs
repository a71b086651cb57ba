//! What a workflow file may ship when it is started, with the files that it
//! calls, and the repository's own actions that it uses.

use std::collections::BTreeSet;

use crate::domain::objects::{LocalAction, Workflow};
use crate::domain::workflow_file::{
    Cause, Led, Reaches, Shipping, Sure, holds, is_own, says_reaching,
};

/// Workflows call one another no deeper.
const DEPTH: usize = 4;

/// What a file may ship, each with how sure that is.
pub type Ships = Vec<(Shipping, Sure)>;

/// Where what a file names is found.
pub struct Around<'a> {
    /// The files that it calls, by their names.
    pub find: &'a dyn Fn(&str) -> Option<&'a Workflow>,
    /// The repository's own actions, the first of a folder first.
    pub actions: [&'a [LocalAction]; 2],
    /// The repository, as `owner/name`.
    pub repo: &'a str,
    /// What was not read, or cannot be, may ship something if it could reach so far;
    /// none: it ships nothing.
    pub unread: Option<Reaches>,
}

/// What it may ship.
pub fn ships<'a>(around: &Around<'a>, workflow: &'a Workflow, cause: Cause<'_>) -> Ships {
    follow(around, workflow, cause, DEPTH)
}

fn follow<'a>(
    around: &Around<'a>,
    workflow: &'a Workflow,
    cause: Cause<'_>,
    depth: usize,
) -> Ships {
    let shipped = workflow.file.may_ship(cause);
    let mut all = shipped.ships;
    for led in shipped.uses {
        let ships = used(around, &led, cause);
        all.extend(under(ships, led.sure));
    }
    let called = shipped.calls.into_iter().filter(|_| depth > 0);
    for led in called {
        match (around.find)(&led.to) {
            Some(called) => {
                let ships = follow(around, called, cause, depth - 1);
                all.extend(under(ships, led.sure));
            }
            None => all.extend(unread(around, &led)),
        }
    }
    all
}

/// What may be shipped by what was not read. Its name alone says that it reaches
/// outside, and tells as much as what it is handed.
fn unread(around: &Around<'_>, led: &Led) -> Option<(Shipping, Sure)> {
    let least = around.unread?;
    // The repository's own product, which is tried there.
    if led.to.is_empty() && !says_reaching(around.repo.rsplit('/').next().unwrap_or_default()) {
        return None;
    }
    let named = led.reaches == Reaches::ByDefault && !is_own(&led.to) && says_reaching(&led.to);
    let reaches = match named {
        true => Reaches::Handed,
        false => led.reaches,
    };
    // A script that every job runs is judged by its name, where nothing is handed to it.
    let least = match is_own(&led.to) {
        true => Reaches::Handed,
        false => least,
    };
    (reaches >= least).then_some((Shipping::Unclear, Sure::No))
}

/// What is no surer than what leads to it.
fn under(ships: Ships, reached: Sure) -> impl Iterator<Item = (Shipping, Sure)> {
    let ships = ships.into_iter();
    ships.map(move |(what, sure)| (what, sure.min(reached)))
}

/// What an action or a script of the repository ships, with those that it uses.
fn used(around: &Around<'_>, led: &Led, cause: Cause<'_>) -> Ships {
    let mut all = Vec::new();
    let (mut open, mut known) = (vec![(led.to.clone(), Sure::Yes)], BTreeSet::new());
    while let Some((folder, reached)) = open.pop() {
        if !known.insert(folder.clone()) {
            continue;
        }
        let mut there = around.actions.iter().flat_map(|all| all.iter());
        let action = there.find(|action| action.folder == folder);
        // What was looked for and is not there is none of the repository's.
        if action.is_some_and(|action| action.ships.is_none()) && is_own(&folder)
            || folder.starts_with('?')
        {
            continue;
        }
        let Some(ships) = action.and_then(|action| action.ships.as_ref()) else {
            let led = Led {
                to: folder,
                ..led.clone()
            };
            all.extend(unread(around, &led));
            continue;
        };
        // Of a script nobody knows which of its lines are reached.
        let reached = match folder.starts_with("./") {
            true => reached.min(Sure::No),
            false => reached,
        };
        for ship in ships {
            let sure = match ship
                .when
                .as_ref()
                .map_or(Some(true), |when| holds(when, cause))
            {
                Some(false) => continue,
                Some(true) => reached,
                None => Sure::No,
            };
            match &ship.uses {
                Some(folder) => open.push((folder.clone(), sure)),
                None => all.push((ship.what, sure)),
            }
        }
    }
    all
}

/// Whether one of them is this.
pub fn has(ships: &Ships, what: Shipping) -> bool {
    ships.iter().any(|(ship, _)| *ship == what)
}

/// Whether it says by its name that what it releases is no stable release: nobody is
/// told to release one by it, and no merge releases one by it.
pub fn is_for_prereleases(workflow: &Workflow) -> bool {
    let file = workflow.name().to_ascii_lowercase();
    let mut words = file.split(|c: char| !c.is_ascii_alphanumeric());
    let says = [
        "alpha",
        "beta",
        "canary",
        "nightly",
        "preview",
        "prerelease",
        "snapshot",
        "experimental",
        "insiders",
    ];
    words.any(|word| says.contains(&word))
}

/// Whether a workflow that people start, and that may ship this, may make the tag:
/// it asks for a version or a tag, and calls what nobody reads.
pub fn may_tag(workflow: &Workflow, ships: &Ships) -> bool {
    let inputs = workflow.file.on.workflow_dispatch.iter().flatten();
    let mut names = inputs.map(|input| input.name.to_lowercase());
    let asks = names.any(|name| {
        let mut words = name.split(['_', '-']);
        words.any(|word| matches!(word, "version" | "tag" | "bump" | "level"))
    });
    let may = [Shipping::Unclear, Shipping::Tag, Shipping::Release];
    asks && may.iter().any(|what| has(ships, *what))
}
