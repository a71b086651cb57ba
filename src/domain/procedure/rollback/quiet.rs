//! Whatever the tag started is over: as long as it runs, it may publish.

use crate::domain::facts::RollbackDecision;
use crate::domain::need::{Looking, NeedKind, Who};
use crate::domain::objects::Run;
use crate::domain::procedure::branch::Branched;
use crate::domain::procedure::step::{Case, Step};

/// Nothing of the tag's runs any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet;

/// The runs of the tag that are not over.
pub fn running<'a>(c: &Case<'a>, branched: &Branched) -> Vec<&'a Run> {
    let Some(seen) = c.line.seen.runs.get() else {
        return Vec::new();
    };
    let head = c.line.decision.as_ref().map(|decision| decision.commit());
    let of_tag = |run: &&Run| Some(&run.sha) == head && run.ref_name == branched.tag;
    let all = seen.runs.iter().filter(of_tag).chain(&seen.chained);
    all.filter(|run| run.ended().is_none()).collect()
}

/// A person may cut them short; the bot waits for their end.
pub fn quiet(c: &Case<'_>, branched: &Branched, decided: &RollbackDecision) -> Step<Quiet> {
    let since = decided.by.at;
    let read = &c.line.seen.runs;
    if read.get().is_some() && (!read.is_current() || read.began < since) {
        return Step::looking(Looking::TagRuns);
    }
    let runs: Vec<Run> = running(c, branched).into_iter().cloned().collect();
    match runs.is_empty() {
        true => Step::Done(Quiet),
        false => Step::wait(Who::Responder, NeedKind::StillRuns { runs }),
    }
}
