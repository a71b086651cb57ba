//! Step 7: the workflows that the tag started.

use super::branch::Branched;
use super::launch::workflows;
use super::release_runs::{Found, ReleaseWorkflow, run_of};
use super::runs::pending;
use super::ship::Tagged;
use super::step::{Case, Step};
use crate::domain::ids::{Millis, Sha};
use crate::domain::need::{Looking, Need, NeedKind, Start, Who};
use crate::domain::objects::Run;

/// A run that the tag starts has begun within this time.
const BEGINS: Millis = 10 * 60 * 1_000;

/// What a tag starts is to be seen within this time.
const SHOWS_UP: Millis = 60 * 1_000;

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
pub fn is_aside(c: &Case<'_>, branched: &Branched, workflow: &ReleaseWorkflow) -> bool {
    let file = branched.base.workflow(&workflow.file);
    let tests = file.is_some_and(|w| {
        branched
            .base
            .branches()
            .any(|it| w.file.starts_on_branch(it))
    });
    c.policy.release.workflow.is_empty() && tests
}

/// Whether a run should have begun by now: what the tag starts begins within
/// minutes, what follows another one when that is long over.
fn is_late(c: &Case<'_>, start: &Start) -> bool {
    let wait = match start {
        Start::Tag | Start::Bot => BEGINS,
        Start::After(_) => c.policy.timeline.ci.maximum.millis(),
        Start::Created | Start::Release | Start::Hand => return false,
    };
    let decided = c.line.locked().and_then(|decision| decision.locked);
    decided.is_some_and(|at| is_read_since(c, at.saturating_add(wait)))
}

/// Whether the runs were read after this moment: what was read before says nothing of
/// what should have been by then.
fn is_read_since(c: &Case<'_>, at: Millis) -> bool {
    let runs = &c.line.seen.runs;
    runs.get().is_some() && runs.began >= at
}

/// When a run that is under way takes too long: what waits for somebody is not
/// slow.
fn slow_from(run: &Run, workflow: &ReleaseWorkflow) -> Option<Millis> {
    let goes = run.ended().is_none() && run.status != "waiting" && run.started_at > 0;
    let timeout = workflow.timeout.filter(|_| goes)?;
    Some(run.started_at.saturating_add(timeout))
}

/// The moments by which a run that is waited for should have begun, or been over:
/// those that have come, and those to come.
pub fn deadlines(c: &Case<'_>, branched: &Branched) -> Vec<Millis> {
    let Some(decision) = c.line.locked() else {
        return Vec::new();
    };
    let waits = [BEGINS, c.policy.timeline.ci.maximum.millis()];
    let begun = decision.locked.into_iter();
    let begun = begun.flat_map(|at| waits.map(|wait| at.saturating_add(wait)));
    let all = workflows(c, branched).into_iter().filter(|w| w.required);
    let over = all.filter_map(|w| slow_from(run_of(c, branched, decision.commit(), &w).run()?, &w));
    begun.chain(over).collect()
}

/// Whether a commander took what this run did as it is.
fn is_taken(c: &Case<'_>, run: &Run) -> bool {
    let waived = c.line.verification_waived.as_ref();
    waived.is_some_and(|stop| run.ended().is_some_and(|ended| ended <= stop.by.at))
}

/// Where nothing is waited for: whatever runs for the tag all the same, once it
/// was looked for long enough after the tag. A run that is over is over, however
/// it ended: nobody counts on it.
fn unexpected(c: &Case<'_>, branched: &Branched, commit: &Sha) -> Vec<Need> {
    let decided = c.line.locked().and_then(|decision| decision.locked);
    let seen = &c.line.seen.runs;
    let since = decided.unwrap_or_default().saturating_add(SHOWS_UP);
    if !seen.state().since(since) {
        return vec![Need::looking(Looking::TagRuns)];
    }
    let runs = seen.get().map_or(&[][..], |runs| runs.runs.as_slice());
    let of_tag = |run: &&Run| run.sha == *commit && run.ref_name == branched.tag;
    let open = |run: &&Run| run.ended().is_none();
    runs.iter()
        .filter(of_tag)
        .filter(open)
        .map(pending)
        .collect()
}

/// The newest attempt of each required workflow's run for the tag passed. One
/// that was found by its triggers alone, and that had nothing to do after a
/// parent that passed, is not waited for; one that is configured is.
pub fn monitor(c: &Case<'_>, branched: &Branched, tagged: &Tagged) -> Step<Monitored> {
    let derived = c.policy.release.workflow.is_empty();
    let mut runs = Vec::new();
    let mut needs = Vec::new();
    for workflow in workflows(c, branched).into_iter().filter(|w| w.required) {
        match run_of(c, branched, &tagged.tag.commit, &workflow) {
            Found::One(run) if run.passed() => runs.push(run.clone()),
            Found::One(run) if run.failed() && is_taken(c, run) => {}
            Found::One(run) if run.failed() => needs.push(Need::new(
                Who::Responder,
                NeedKind::RunFailed {
                    run: run.clone(),
                    release: true,
                },
            )),
            Found::One(run) => {
                let slow = slow_from(run, &workflow).is_some_and(|at| is_read_since(c, at));
                let timeout = workflow.timeout.filter(|_| slow);
                needs.push(match timeout {
                    Some(timeout) => {
                        let run = run.clone();
                        Need::new(Who::Responder, NeedKind::RunSlow { run, timeout })
                    }
                    None => pending(run),
                });
            }
            Found::Skipped(_) if derived => {}
            Found::Idle(_) if is_aside(c, branched, &workflow) => {}
            Found::Idle(run) => needs.push(Need::new(
                Who::Responder,
                NeedKind::RunSkipped {
                    run: run.clone(),
                    conditions: branched
                        .base
                        .workflow(&workflow.file)
                        .map(|there| there.file.conditions())
                        .unwrap_or_default(),
                },
            )),
            Found::Several(runs) => needs.push(Need::new(
                Who::Responder,
                NeedKind::ReleaseRunUnclear {
                    file: workflow.file,
                    runs: runs.into_iter().cloned().collect(),
                },
            )),
            found @ (Found::Skipped(_) | Found::None) => {
                let late = found == Found::None && is_late(c, &workflow.start);
                needs.push(Need {
                    who: match &workflow.start {
                        _ if late => Who::Responder,
                        Start::Tag | Start::Bot => Who::Machine,
                        Start::After(files) if !files.is_empty() => Who::Machine,
                        _ => Who::Responder,
                    },
                    kind: NeedKind::ReleaseRunMissing {
                        file: workflow.file,
                        start: workflow.start,
                        late,
                    },
                });
            }
        }
    }
    if needs.is_empty() && runs.is_empty() {
        needs.extend(unexpected(c, branched, &tagged.tag.commit));
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
