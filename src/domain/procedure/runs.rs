//! The runs on the head, and whose word stands beside or in place of them.

use std::collections::BTreeMap;

use super::branch::Branched;
use super::hollow;
use super::step::Case;
use crate::domain::ids::{Millis, Sha};
use crate::domain::item::Item;
use crate::domain::need::{Need, NeedKind, Who};
use crate::domain::objects::Run;
use crate::domain::outside::Outside;

/// The run that counts for a file on a commit: of every way in which it ran, the
/// newest attempt; of these the worst, for a run that failed is not made good by
/// one that was started otherwise. A run that says nothing (`skipped`,
/// `neutral`, or passed without those of its jobs that test) does not count.
pub fn counting<'a>(c: &Case<'a>, branched: &Branched, file: &str, head: &Sha) -> Option<&'a Run> {
    let newest = newest(c, branched, file, head).into_values();
    let says = |run: &&Run| hollow::left_out(c, branched, head, run).is_none();
    let worst = |run: &&Run| (run.failed(), !run.passed(), age(run));
    newest.filter(says).max_by_key(worst)
}

/// The newest attempt of every way in which a file ran on a commit.
fn newest<'a>(
    c: &Case<'a>,
    branched: &Branched,
    file: &str,
    head: &Sha,
) -> BTreeMap<&'a str, &'a Run> {
    let mut newest: BTreeMap<&str, &Run> = BTreeMap::new();
    let all = on(c, file, head, &branched.branch);
    for run in all.filter(|run| !run.skipped()) {
        let of_event = newest.entry(run.event.as_str()).or_insert(run);
        if age(run) > age(of_event) {
            *of_event = run;
        }
    }
    newest
}

/// The runs of a file on the head that passed, whatever they tested.
pub fn passed<'a>(c: &Case<'a>, branched: &Branched, file: &str, head: &Sha) -> Vec<&'a Run> {
    let all = newest(c, branched, file, head).into_values();
    all.filter(|run| run.passed()).collect()
}

/// The newest run of a file on the head that passed and tested nothing, with the
/// jobs that it left out.
pub fn hollow<'a>(
    c: &Case<'a>,
    branched: &Branched,
    file: &str,
    head: &Sha,
) -> Option<(&'a Run, Vec<Outside>)> {
    let all = passed(c, branched, file, head).into_iter();
    let all = all.filter_map(|run| Some((run, hollow::left_out(c, branched, head, run)?)));
    all.max_by_key(|(run, _)| age(run))
}

/// The newest run of a file on the head that ended without doing anything.
pub fn skipped<'a>(c: &Case<'a>, file: &str, head: &Sha, ref_name: &str) -> Option<&'a Run> {
    let idle = on(c, file, head, ref_name).filter(|run| run.skipped());
    idle.max_by_key(|run| age(run))
}

/// What makes one attempt newer than another: a run that is run again keeps its
/// id, and starts anew.
pub fn age(run: &Run) -> (Millis, u64, u64) {
    (run.started_at, run.id, run.attempt)
}

/// The runs of a file that test this very commit.
fn on<'a>(c: &Case<'a>, file: &str, head: &Sha, ref_name: &str) -> impl Iterator<Item = &'a Run> {
    let runs = c.line.seen.runs.get().filter(|r| r.sha == *head);
    let runs = runs.map(|r| r.runs.as_slice()).unwrap_or_default();
    let merges = tests_the_merge_alone(c);
    runs.iter().filter(move |r| {
        r.file() == file
            && r.sha == *head
            && r.ref_name == ref_name
            && !(r.event.starts_with("pull_request") && (merges || r.event != "pull_request"))
    })
}

/// Whether a `pull_request` run tests another tree than the head's: it tests the
/// merge with the branch that it goes to, which is the head's own where that has
/// nothing since the base.
fn tests_the_merge_alone(c: &Case<'_>) -> bool {
    let ahead = c.line.seen.main.get();
    ahead.is_none_or(|ahead| ahead.of_target() > 0)
}

/// Who tried this head by hand.
pub fn manual<'a>(c: &Case<'a>, head: &Sha) -> Option<&'a str> {
    bound(c, Item::ManualTest, head)
}

/// Whose word replaces the runs on this head.
pub fn critical_path<'a>(c: &Case<'a>, head: &Sha) -> Option<&'a str> {
    bound(c, Item::CriticalPath, head)
}

/// Whose word of this head an item has.
pub fn bound<'a>(c: &Case<'a>, item: Item, head: &Sha) -> Option<&'a str> {
    let word = c.facts.words.get(&item)?;
    (word.head.as_ref() == Some(head)).then_some(word.by.login.as_str())
}

/// The need of a run that is not over.
pub fn pending(run: &Run) -> Need {
    if run.status == "waiting" {
        Need {
            who: Who::Commander,
            kind: NeedKind::RunWaiting { run: run.clone() },
        }
    } else {
        Need {
            who: Who::Machine,
            kind: NeedKind::RunPending { run: run.clone() },
        }
    }
}
