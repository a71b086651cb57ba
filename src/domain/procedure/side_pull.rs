//! A side pull request of the bot's, on the way to the default branch: merged
//! when its own runs are through.

use super::branch::Branched;
use super::publishing::holds_merge;
use super::runs::{age, pending};
use super::step::{Case, Step};
use super::tagged::tagged;
use super::{names, on_main, preflight, target};
use crate::domain::effect::{Act, Intent};
use crate::domain::facts::SidePull;
use crate::domain::ids::Millis;
use crate::domain::need::{Looking, Need, NeedKind, PullNeed, Who};
use crate::domain::objects::{Base, Pull, PullKind, Run, Runs};
use crate::domain::wish::Wish;

/// A run that has not shown up for so long after the pull request was opened is
/// not waited for.
const RUNS_SHOW_UP: Millis = 10 * 60 * 1_000;

/// What was read of it: the pull request, and the runs of its head.
pub fn seen<'a>(c: &Case<'a>, kind: PullKind) -> (Option<&'a Pull>, Option<&'a Runs>) {
    let seen = &c.line.seen;
    let runs = match kind {
        PullKind::Hotfix => seen.runs.get(),
        PullKind::Port => seen.port_runs.get(),
        PullKind::Known => seen.known_runs.get(),
    };
    (c.line.pull(kind), runs)
}

/// When the read of those runs began.
fn began(c: &Case<'_>, kind: PullKind) -> Millis {
    let seen = &c.line.seen;
    match kind {
        PullKind::Hotfix => seen.runs.began,
        PullKind::Port => seen.port_runs.began,
        PullKind::Known => seen.known_runs.began,
    }
}

/// Merged; else the next thing to do. `again` is the wish for its commit anew,
/// where the default branch moved on.
pub fn merge(
    c: &Case<'_>,
    branched: &Branched,
    kind: PullKind,
    again: impl FnOnce() -> Wish<Intent>,
) -> Step<()> {
    let looking = || {
        Step::looking(match kind {
            PullKind::Known => Looking::Known,
            _ => Looking::Port,
        })
    };
    let Some(side) = c.line.side_pull(kind) else {
        return looking();
    };
    let (pull, runs) = seen(c, kind);
    let (Some(number), Some(carried), Some(pull)) = (side.number, &side.carried, pull) else {
        return looking();
    };
    if let Some(straying) = on_main::straying(c, kind, number) {
        return Step::Wait(vec![straying]);
    }
    if pull.merged {
        return Step::Done(());
    }
    match pull.mergeable {
        None => return Step::looking(Looking::SideMerges(number)),
        Some(true) => {}
        // What a person pushed stays.
        Some(false) if pull.head == carried.commit => return Step::wish(again()),
        Some(false) => {
            let conflict = NeedKind::Pull(PullNeed::Conflict {
                pull: number,
                pull_kind: kind,
            });
            return Step::wait(Who::Responder, conflict);
        }
    }
    // What somebody resolved is their word; where there was nothing to resolve,
    // what they pushed is nobody's that was looked at.
    if pull.head != carried.commit && carried.by_hand.is_empty() {
        let foreign = NeedKind::Pull(PullNeed::Foreign {
            pull: number,
            pull_kind: kind,
            head: pull.head.clone(),
        });
        return Step::wait(Who::Responder, foreign);
    }
    if pull.draft {
        let draft = NeedKind::Pull(PullNeed::Draft {
            pull: number,
            pull_kind: kind,
        });
        return Step::wait(Who::Responder, draft);
    }
    if let Some(decision) = c.line.locked()
        && let Some(waiting) = holds_merge(c, branched, &decision.head, kind)
    {
        return Step::Wait(vec![waiting]);
    }
    let waiting = waits(c, &branched.base, side, pull, (runs, began(c, kind)));
    if !waiting.is_empty() {
        return Step::Wait(waiting);
    }
    let main = branched.base.default_branch();
    if let Some(finding) = preflight::by_hand_merge(c, &branched.base, main) {
        let kind = NeedKind::MergeNow {
            pull: number,
            pull_kind: kind,
            finding: Box::new(finding),
        };
        return Step::wait(Who::Responder, kind);
    }
    let act = Act::Merge {
        number,
        head: pull.head.clone(),
        method: target::merge_method(c, &branched.base, kind),
        title: (),
        message: (),
        pull: kind,
        branch: names::pull_branch(c, kind),
        to: None,
        // A known issue was reviewed, whatever becomes of the tag; a fix comes to the
        // default branch as what was released.
        after: match kind {
            PullKind::Port => tagged(c, branched).map(|it| it.standing()),
            PullKind::Known | PullKind::Hotfix => None,
        },
    };
    Step::wish(c.write(act, pull.head.as_str()))
}

/// The runs of its head that are not through, or failed.
fn waits(
    c: &Case<'_>,
    base: &Base,
    side: &SidePull,
    pull: &Pull,
    (runs, began): (Option<&Runs>, Millis),
) -> Vec<Need> {
    let Some(seen) = runs.filter(|r| r.sha == pull.head) else {
        return vec![Need::looking(Looking::SideRuns(
            side.number.unwrap_or_default(),
        ))];
    };
    let is_newest = |run: &&Run| {
        let same = |other: &&Run| other.path == run.path && other.event == run.event;
        seen.runs.iter().filter(same).map(age).max() == Some(age(run))
    };
    let open = |run: &&Run| !run.passed() && !run.skipped();
    let mut needs: Vec<Need> = seen
        .runs
        .iter()
        .filter(is_newest)
        .filter(open)
        .map(|run| {
            if !run.failed() {
                return pending(run);
            }
            Need::new(
                Who::Responder,
                NeedKind::RunFailed {
                    run: run.clone(),
                    release: false,
                },
            )
        })
        .collect();
    let opened = side.opened.unwrap_or_default();
    // What was read before says nothing of what came in that time.
    if began < opened.saturating_add(RUNS_SHOW_UP) {
        let expected = base.main_workflows.iter().filter(|w| {
            let on = w.file.on.pull_request.as_ref();
            w.file
                .starts_on_pull_request_to(&c.facts.repo.default_branch)
                && !on.is_some_and(|on| on.by_paths())
        });
        let missing = expected.filter(|w| !seen.runs.iter().any(|run| run.file() == w.name()));
        needs.extend(missing.map(|w| {
            Need::new(
                Who::Machine,
                NeedKind::RunMissing {
                    file: w.name().to_owned(),
                    can_start: true,
                    by_paths: false,
                    harm: Vec::new(),
                },
            )
        }));
    }
    needs
}
