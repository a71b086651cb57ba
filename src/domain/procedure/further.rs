//! A further pull request of the bot's, on the way to the default branch: merged
//! when its own runs are through.

use super::branch::Branched;
use super::{Step, write};
use crate::domain::effect::{Effect, Which, Wish};
use crate::domain::facts::{Base, Facts, Further, Pull, Run};
use crate::domain::ids::Millis;
use crate::domain::policy::Policy;
use crate::domain::view::{Need, What, Who};

/// A run that has not shown up for so long after the pull request was opened is
/// not waited for.
const RUNS_SHOW_UP: Millis = 10 * 60 * 1_000;

/// Merged; else the next thing to do. `again` is the wish for its commit anew,
/// where the default branch moved on.
pub fn merge(
    f: &Facts,
    p: &Policy,
    branched: &Branched,
    which: Which,
    again: impl FnOnce() -> Wish,
) -> Step<()> {
    let subject = match which {
        Which::Known => "the pull request of the known issue",
        _ => "the forward-port",
    };
    let Some(further) = f.line.further(which) else {
        return Step::looking(subject);
    };
    let (Some(number), Some(carried), Some(pull)) =
        (further.number, &further.carried, further.pull.get())
    else {
        return Step::looking(subject);
    };
    if pull.merged {
        return Step::Done(());
    }
    match pull.mergeable {
        None => return Step::looking(&format!("whether #{number} merges")),
        Some(true) => {}
        // What a person pushed stays.
        Some(false) if pull.head == carried.commit => return Step::wish(again()),
        Some(false) => {
            return Step::wait(
                Who::Responder,
                What::Conflict {
                    pull: number,
                    which,
                },
            );
        }
    }
    if pull.draft {
        return Step::wait(
            Who::Responder,
            What::Draft {
                pull: number,
                which,
            },
        );
    }
    let waiting = runs(f, &branched.base, further, pull);
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
            which,
        },
        pull.head.as_str(),
    ))
}

/// The runs of its head that are not through, or failed.
fn runs(f: &Facts, base: &Base, further: &Further, pull: &Pull) -> Vec<Need> {
    let Some(seen) = further.runs.get().filter(|r| r.sha == pull.head) else {
        return vec![Need {
            who: Who::Machine,
            what: What::Looking {
                subject: format!("the runs of #{}", further.number.unwrap_or_default()),
            },
        }];
    };
    let is_newest = |run: &&Run| {
        let same = |other: &&Run| other.path == run.path && other.event == run.event;
        seen.runs.iter().filter(same).map(|r| r.id).max() == Some(run.id)
    };
    let open = |run: &&Run| !run.passed() && !run.skipped();
    let mut needs: Vec<Need> = seen
        .runs
        .iter()
        .filter(is_newest)
        .filter(open)
        .map(|run| {
            if !run.failed() {
                return super::test::pending(run);
            }
            Need {
                who: Who::Responder,
                what: What::RunFailed {
                    run: run.clone(),
                    release: false,
                },
            }
        })
        .collect();
    let opened = further.opened.unwrap_or_default();
    if f.now < opened.saturating_add(RUNS_SHOW_UP) {
        let expected = base.main_workflows.iter().filter(|w| {
            let on = w.file.on.pull_request.as_ref();
            w.file.starts_on_pull_request_to(&f.repo.default_branch)
                && !on.is_some_and(|on| on.by_paths())
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
    let deadline = |further: &Further| {
        let open = further.pull.get().is_some_and(|pull| pull.open);
        let at = further.opened.filter(|_| open)? + RUNS_SHOW_UP;
        (f.now < at).then_some(at)
    };
    f.line.all_further().into_iter().filter_map(deadline).min()
}
