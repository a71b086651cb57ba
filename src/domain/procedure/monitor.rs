//! Step 7: the workflows that the tag started.

use super::Step;
use super::branch::Branched;
use super::chain::{Found, run_of};
use super::ship::Tagged;
use super::test::pending;
use crate::domain::facts::{Facts, Run};
use crate::domain::policy::Policy;
use crate::domain::view::{Need, ReleaseWorkflow, Start, What, Who};

pub use super::chain::workflows;

/// Every required workflow concluded with success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitored {
    /// Their runs.
    pub runs: Vec<Run>,
    /// The tag.
    pub tagged: Tagged,
}

/// Whether a workflow that was found by its triggers alone tests every push and
/// not the release alone: where it skips the tag, nothing is missed.
pub fn is_aside(p: &Policy, branched: &Branched, workflow: &ReleaseWorkflow) -> bool {
    let main = branched.base.default_branch();
    let file = branched.base.workflow(&workflow.file);
    p.release.workflow.is_empty() && file.is_some_and(|w| w.file.starts_on_branch(main))
}

/// The newest attempt of each required workflow's run for the tag passed. One
/// that was found by its triggers alone, and that had nothing to do after a
/// parent that passed, is not waited for; one that is configured is.
pub fn monitor(f: &Facts, p: &Policy, branched: &Branched, tagged: &Tagged) -> Step<Monitored> {
    let derived = p.release.workflow.is_empty();
    let mut runs = Vec::new();
    let mut needs = Vec::new();
    for workflow in workflows(p, branched).into_iter().filter(|w| w.required) {
        match run_of(f, branched, &tagged.tag.commit, &workflow) {
            Found::One(run) if run.passed() => runs.push(run.clone()),
            Found::One(run) if run.failed() => needs.push(Need {
                who: Who::Responder,
                what: What::RunFailed {
                    run: run.clone(),
                    release: true,
                },
            }),
            Found::One(run) => needs.push(pending(run)),
            Found::Skipped(_) if derived => {}
            Found::Idle(_) if is_aside(p, branched, &workflow) => {}
            Found::Idle(run) => needs.push(Need {
                who: Who::Responder,
                what: What::RunSkipped { run: run.clone() },
            }),
            Found::Several(runs) => needs.push(Need {
                who: Who::Responder,
                what: What::ReleaseRunUnclear {
                    file: workflow.file,
                    runs: runs.into_iter().cloned().collect(),
                },
            }),
            Found::Skipped(_) | Found::None => needs.push(Need {
                who: match &workflow.start {
                    Start::Tag => Who::Machine,
                    Start::After(files) if !files.is_empty() => Who::Machine,
                    _ => Who::Responder,
                },
                what: What::ReleaseRunMissing {
                    file: workflow.file,
                    start: workflow.start,
                },
            }),
        }
    }
    if needs.is_empty() {
        Step::Done(Monitored {
            runs,
            tagged: tagged.clone(),
        })
    } else {
        Step::Wait(needs)
    }
}
