//! The forward-port: where the hotfix pull request conflicts with the default
//! branch, a second one carries the same change over.
//!
//! It never holds the tag up. Version, lock file and changelog are resolved by
//! rule; what else conflicts waits for a person on a draft. Step 6 is done when
//! it is open; step 10 waits until the default branch holds the fix.

use super::branch::Branched;
use super::fix::Fixed;
use super::ship::{OnMain, Shipped};
use super::{Step, write};
use crate::domain::effect::{Carry, Effect, Which};
use crate::domain::facts::{Base, Carried, Facts, Pull, Run, Ship};
use crate::domain::ids::Millis;
use crate::domain::policy::Policy;
use crate::domain::view::{Need, What, Who};

/// A run that has not shown up for so long after the pull request was opened is
/// not waited for.
const RUNS_SHOW_UP: Millis = 10 * 60 * 1_000;

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
) -> crate::domain::effect::Wish {
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
    match pull.mergeable {
        None => return Step::looking("whether the forward-port merges"),
        Some(true) => {}
        // The default branch moved on; what a person pushed stays.
        Some(false) if pull.head == carried.commit => {
            return Step::wish(push(f, p, branched, fixed, Some(carried)));
        }
        Some(false) => return Step::wait(Who::Responder, What::Conflict { pull: number }),
    }
    if pull.draft {
        return Step::wait(Who::Responder, What::PortDraft { pull: number });
    }
    let waiting = runs(f, &branched.base, pull);
    if !waiting.is_empty() {
        return Step::Wait(waiting);
    }
    Step::wish(write(
        f,
        Effect::Merge {
            number,
            head: pull.head.clone(),
            method: super::ship::method(p, branched),
            title: String::new(),
            message: String::new(),
            which: Which::Port,
        },
        pull.head.as_str(),
    ))
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

/// The runs of the forward-port's head that are not through, or failed.
fn runs(f: &Facts, base: &Base, pull: &Pull) -> Vec<Need> {
    let port = &f.line.port;
    let Some(seen) = port.runs.get().filter(|r| r.sha == pull.head) else {
        return vec![Need {
            who: Who::Machine,
            what: What::Looking {
                subject: "the forward-port's runs".to_owned(),
            },
        }];
    };
    let newest: Vec<&Run> = seen
        .runs
        .iter()
        .filter(|run| {
            let same = |other: &&Run| other.path == run.path && other.event == run.event;
            seen.runs.iter().filter(same).map(|r| r.id).max() == Some(run.id)
        })
        .collect();
    let mut needs: Vec<Need> = newest
        .iter()
        .filter(|run| !run.passed() && !run.skipped())
        .map(|run| {
            if run.failed() {
                Need {
                    who: Who::Responder,
                    what: What::RunFailed {
                        run: (*run).clone(),
                        release: false,
                    },
                }
            } else {
                super::test::pending(run)
            }
        })
        .collect();
    let opened = port.opened.unwrap_or_default();
    if f.now < opened.saturating_add(RUNS_SHOW_UP) {
        let expected = base.main_workflows.iter().filter(|w| {
            w.file.starts_on_pull_request_to(&f.repo.default_branch)
                && !w
                    .file
                    .on
                    .pull_request
                    .as_ref()
                    .is_some_and(|on| on.by_paths())
        });
        let missing = expected.filter(|w| !seen.runs.iter().any(|run| run.file() == w.name()));
        needs.extend(missing.map(|w| Need {
            who: Who::Machine,
            what: What::RunMissing {
                file: w.name().to_owned(),
                can_start: true,
                by_paths: false,
            },
        }));
    }
    needs
}

/// The moment at which a run that has not shown up is given up.
pub fn runs_deadline(f: &Facts) -> Option<Millis> {
    let port = &f.line.port;
    let open = port.pull.get().is_some_and(|pull| pull.open);
    let at = port.opened.filter(|_| open)? + RUNS_SHOW_UP;
    (f.now < at).then_some(at)
}
