//! The forward-port: where the hotfix pull request conflicts with the default
//! branch, a second one carries the same change over.
//!
//! It never holds the tag up. Version, lock file and changelog are resolved by
//! rule; what else conflicts waits for a person on a draft. Step 6 is done when
//! it is open; step 10 waits until the default branch holds the fix.

use super::branch::Branched;
use super::fix::Fixed;
use super::ship::{OnMain, Shipped};
use super::{Step, further, write};
use crate::domain::effect::{Carry, Effect, Which, Wish};
use crate::domain::facts::{Carried, Facts, Pull, Ship};
use crate::domain::policy::Policy;
use crate::domain::view::{What, Who};

/// The default branch holds the fix, or nobody waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landed;

/// Whether the fix needs a pull request of its own to the default branch.
pub fn is_needed(f: &Facts) -> bool {
    f.line.port.carried.is_some()
        || f.line
            .pull
            .get()
            .is_some_and(|pull| pull.open && pull.mergeable == Some(false))
}

/// The branch of a forward-port.
pub fn branch_name(p: &Policy, version: &str) -> String {
    let hotfix = super::branch::branch_name(p, version);
    let last = hotfix.rsplit('/').next().unwrap_or(&hotfix);
    format!("forward-port/{last}")
}

/// What is carried over.
pub fn carry(branched: &Branched, fixed: &Fixed) -> Carry {
    Carry {
        base: branched.base.commit.clone(),
        base_version: branched.base.version.clone(),
        head: fixed.head.clone(),
        branch: branched.branch.clone(),
        version: branched.version.clone(),
        package: branched.base.package.clone(),
    }
}

/// Commit, pull request, and the first one closed: then it is open.
pub fn open(
    f: &Facts,
    p: &Policy,
    branched: &Branched,
    fixed: &Fixed,
    ship: &Ship,
) -> Step<OnMain> {
    let port = &f.line.port;
    let branch = branch_name(p, &branched.version);
    let Some(carried) = &port.carried else {
        return Step::wish(push(f, p, branched, fixed, None));
    };
    if carried.commit == carried.onto {
        // All of it is there already; the first one has nothing to add.
        return match f.line.pull.get() {
            Some(pull) if pull.open && !pull.merged => Step::wish(write(
                f,
                Effect::ClosePull {
                    number: fixed.pull,
                    instead: None,
                },
                ship.head.as_str(),
            )),
            _ => Step::Done(OnMain::Merged(carried.onto.clone())),
        };
    }
    let Some(number) = port.number else {
        return Step::wish(write(
            f,
            Effect::OpenPull {
                head: branch.clone(),
                base: f.repo.default_branch.clone(),
                title: String::new(),
                body: String::new(),
                which: Which::Port,
                ready: carried.by_hand.is_empty(),
            },
            branch,
        ));
    };
    match f.line.pull.get() {
        Some(pull) if pull.open && !pull.merged => Step::wish(write(
            f,
            Effect::ClosePull {
                number: fixed.pull,
                instead: Some(number),
            },
            ship.head.as_str(),
        )),
        _ => Step::Done(OnMain::Port(number)),
    }
}

fn push(
    f: &Facts,
    p: &Policy,
    branched: &Branched,
    fixed: &Fixed,
    replaces: Option<&Carried>,
) -> Wish {
    write(
        f,
        Effect::PushPort {
            carry: carry(branched, fixed),
            branch: branch_name(p, &branched.version),
            replaces: replaces.cloned(),
            message: String::new(),
        },
        replaces.map_or(fixed.head.as_str(), |old| old.commit.as_str()),
    )
}

/// Whether the default branch holds the fix; if not, the next thing to do.
pub fn land(
    f: &Facts,
    p: &Policy,
    branched: &Branched,
    fixed: &Fixed,
    shipped: &Shipped,
) -> Step<Landed> {
    let OnMain::Port(number) = shipped.on_main else {
        return Step::Done(Landed);
    };
    let port = &f.line.port;
    if port.waived.is_some() || !p.merge.require_forward_port {
        return Step::Done(Landed);
    }
    let (Some(pull), Some(carried)) = (port.pull.get(), &port.carried) else {
        return Step::looking("the forward-port");
    };
    if !pull.open {
        return arrived(f, pull, carried, number);
    }
    let conflicts = |files: Vec<String>| {
        Step::wait(
            Who::Responder,
            What::PortConflicts {
                pull: number,
                branch: branch_name(p, &branched.version),
                files,
            },
        )
    };
    if !pull.marked.is_empty() {
        return conflicts(pull.marked.clone());
    }
    // Where one side deleted the file there are no markers: whoever takes it
    // out of draft has looked.
    if pull.draft && pull.head == carried.commit && !carried.by_hand.is_empty() {
        return conflicts(
            carried
                .by_hand
                .iter()
                .map(|(path, _)| path.clone())
                .collect(),
        );
    }
    let again = || push(f, p, branched, fixed, Some(carried));
    match further::merge(f, p, branched, Which::Port, again) {
        Step::Done(()) => arrived(f, pull, carried, number),
        Step::Do(wishes) => Step::Do(wishes),
        Step::Wait(needs) => Step::Wait(needs),
    }
}

/// Merged or closed: whether the fix came along.
fn arrived(f: &Facts, pull: &Pull, carried: &Carried, number: u64) -> Step<Landed> {
    // What a person resolved and merged is their word: the change may differ.
    if pull.merged && !carried.by_hand.is_empty() {
        return Step::Done(Landed);
    }
    let holds = &f.line.port.holds;
    match holds.get() {
        Some(holds) if holds.by.is_some() => Step::Done(Landed),
        Some(_) if holds.is_current() => Step::wait(
            Who::Responder,
            What::NotOnMain {
                pull: number,
                merged: pull.merged,
            },
        ),
        _ => Step::looking("whether the fix is on the default branch"),
    }
}
