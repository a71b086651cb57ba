//! The runs on the head, and whose word stands beside or in place of them.

use super::step::Case;
use crate::domain::ids::Sha;
use crate::domain::item::Item;
use crate::domain::need::{Need, NeedKind, Who};
use crate::domain::objects::Run;

/// The newest run of a file on a commit, started by a push or by hand. A run
/// that says nothing (`skipped`, `neutral`) does not count; neither does a
/// `pull_request` run, which tests the merge and not the head.
pub fn newest<'a>(c: &Case<'a>, file: &str, head: &Sha, ref_name: &str) -> Option<&'a Run> {
    let runs = c.line.seen.runs.get().filter(|r| r.sha == *head)?;
    runs.runs
        .iter()
        .filter(|r| r.file() == file && r.sha == *head && r.ref_name == ref_name)
        .filter(|r| matches!(r.event.as_str(), "push" | "workflow_dispatch"))
        .filter(|r| r.status != "completed" || r.passed() || r.failed())
        .max_by_key(|r| (r.id, r.attempt))
}

/// The newest run of a file on the head that ended without doing anything.
pub fn skipped<'a>(c: &Case<'a>, file: &str, head: &Sha, ref_name: &str) -> Option<&'a Run> {
    let runs = c.line.seen.runs.get().filter(|r| r.sha == *head)?;
    runs.runs
        .iter()
        .filter(|r| r.file() == file && r.sha == *head && r.ref_name == ref_name)
        .filter(|r| matches!(r.event.as_str(), "push" | "workflow_dispatch") && r.skipped())
        .max_by_key(|r| (r.id, r.attempt))
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
