//! Which runs are looked into: those that failed, and those that wait for
//! somebody, as far as anybody waits for them.

use super::dead_ci;
use super::step::Case;
use crate::domain::ids::Millis;
use crate::domain::need::{Need, NeedKind};
use crate::domain::objects::{Halt, Halted, Run, Runs};
use crate::domain::read::Read;

/// So many are looked into.
const MOST: usize = 4;

/// What a run waits for may change without its being told.
const WAITS: Millis = 2 * 60 * 1_000;

/// A run as one that is looked into; none: there is nothing to look for.
fn halt(run: &Run) -> Option<Halt> {
    let waits = run.status == "waiting";
    (waits || run.failed()).then_some(Halt {
        run: run.id,
        attempt: run.attempt,
        waits,
        file: run.file().to_owned(),
    })
}

/// All of a commit's that could be looked into.
pub fn of_runs(runs: &Runs) -> Vec<Halt> {
    let all = runs.runs.iter().chain(&runs.chained);
    all.filter_map(halt).collect()
}

/// The look at those that somebody waits for, what it is about, and how long its
/// answer is good.
pub fn look<'a>(
    c: &Case<'_>,
    needs: impl Iterator<Item = &'a Need>,
) -> Option<(Read, String, Millis)> {
    let mut runs: Vec<Halt> = Vec::new();
    for need in needs {
        let of = match &need.kind {
            NeedKind::RunFailed { run, .. } | NeedKind::RunWaiting { run } => halt(run),
            _ => None,
        };
        runs.extend(of.filter(|of| !runs.contains(of)));
    }
    runs.truncate(MOST);
    let known = c.line.seen.halted.get().map_or(&[][..], Vec::as_slice);
    let is_known = |of: &Halt| known.iter().any(|it| it.of.is(of));
    let over = runs.iter().all(|of| !of.waits && is_known(of));
    let one = |of: &Halt| format!("{}.{}", of.run, of.attempt);
    let subject: Vec<String> = runs.iter().map(one).collect();
    let every = if over { Millis::MAX } else { WAITS };
    let head = c.line.seen.branch.get().and_then(|it| it.head.as_deref());
    // After the decision nothing more is to be learnt of the fix.
    let head = head.filter(|_| c.line.decision.is_none());
    let without_fix = head.and_then(|head| dead_ci::without_fix(c, head)).cloned();
    let read = Read::Halted { runs, without_fix };
    (!subject.is_empty()).then(|| (read, subject.join(","), every))
}

/// What a run shows, once that was read.
pub fn of<'a>(c: &Case<'a>, run: &Run) -> Option<&'a Halted> {
    let halt = halt(run)?;
    let all = c.line.seen.halted.get()?;
    all.iter().find(|it| it.of.is(&halt))
}
