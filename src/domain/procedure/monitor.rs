//! Step 7: the workflows that the tag started.

use super::Step;
use super::branch::Branched;
use super::ship::Tagged;
use super::test::{newest, pending};
use crate::domain::facts::{Facts, Run};
use crate::domain::policy::{Policy, StartedBy};
use crate::domain::view::{Need, ReleaseWorkflow, What, Who};

/// Every required workflow concluded with success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitored {
    /// Their runs.
    pub runs: Vec<Run>,
    /// The tag.
    pub tagged: Tagged,
}

/// What follows the tag: as configured, or the workflows that it starts.
pub fn workflows(p: &Policy, branched: &Branched) -> Vec<ReleaseWorkflow> {
    let found = &branched.base.workflows;
    let on_tag = |file: &str| {
        found
            .iter()
            .any(|w| w.file() == file && w.runs_on_push_of_tag(&branched.tag))
    };
    if p.release.workflow.is_empty() {
        return found
            .iter()
            .filter(|w| w.runs_on_push_of_tag(&branched.tag))
            .map(|w| ReleaseWorkflow {
                file: w.file().to_owned(),
                start: "on the tag".to_owned(),
                required: true,
                expect: None,
                timeout: None,
            })
            .collect();
    }
    p.release
        .workflow
        .iter()
        .map(|w| ReleaseWorkflow {
            file: w.file.clone(),
            start: match w.on {
                StartedBy::Tag => "on the tag",
                StartedBy::Auto if on_tag(&w.file) => "on the tag",
                StartedBy::After => "after another workflow",
                StartedBy::Auto | StartedBy::Dispatch => "by hand",
            }
            .to_owned(),
            required: w.required,
            expect: w.expect.map(|e| e.millis()),
            timeout: Some(w.timeout.millis()),
        })
        .collect()
}

/// The newest attempt of each required workflow's run for the tag passed.
pub fn monitor(f: &Facts, p: &Policy, branched: &Branched, tagged: &Tagged) -> Step<Monitored> {
    let mut runs = Vec::new();
    let mut needs = Vec::new();
    for workflow in workflows(p, branched).into_iter().filter(|w| w.required) {
        match newest(f, &workflow.file, &tagged.tag.commit, &tagged.name) {
            Some(run) if run.passed() => runs.push(run.clone()),
            Some(run) if run.failed() => needs.push(Need {
                who: Who::Responder,
                what: What::RunFailed {
                    run: run.clone(),
                    release: true,
                },
            }),
            Some(run) => needs.push(pending(run)),
            None => needs.push(Need {
                who: if workflow.start == "on the tag" {
                    Who::Machine
                } else {
                    Who::Responder
                },
                what: What::ReleaseRunMissing {
                    file: workflow.file,
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
