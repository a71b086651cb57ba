//! How far a release line is, where an issue has several.

use super::step::Case;
use super::{commits, names};
use crate::domain::facts::{Facts, Line, LineAt, LineFix, LineState};
use crate::domain::objects::CommentKind;
use crate::domain::step_name::StepName;

/// How far the case is, for the other lines of its issue.
pub fn state(f: &Facts) -> LineState {
    let (_, line) = f.lines.only();
    let step = StepName::ALL
        .into_iter()
        .find(|it| !line.proven.contains_key(it));
    let out = f.is_posted(CommentKind::Closing);
    let at = if line.rolled_back().is_some() {
        LineAt::Back
    } else if f.cancelled.is_some() {
        LineAt::Cancelled
    } else if out && f.over.is_some() {
        LineAt::Done
    } else if out {
        LineAt::Out
    } else if f.over.is_some() {
        LineAt::Gone
    } else {
        let held = f.hold.is_some();
        LineAt::Under { step, held }
    };
    let policy = f.policy();
    let case = Case::of(f, &policy);
    let version = line.version.as_deref();
    let status = f.comments.get(&CommentKind::Status);
    LineState {
        at,
        tag: version.map(|version| names::tag(&case, version)),
        page: status.map(|status| status.url.clone()).unwrap_or_default(),
        fix: fix(line).filter(|_| !matches!(at, LineAt::Back | LineAt::Cancelled)),
    }
}

/// A hotfix is small: no more commits are offered to another line.
const MOST: usize = 10;

/// What fixes it on this line.
fn fix(line: &Line) -> Option<LineFix> {
    let (head, all) = match line.locked() {
        Some(decision) => (&decision.head, &decision.record.commits),
        None => {
            let head = line.seen.branch.get()?.head.as_ref()?;
            (&head.sha, &head.commits)
        }
    };
    let fix = commits::fix(line, all);
    let named = fix.iter().map(|commit| match &commit.picked {
        Some(from) if commits::is_pick(line, commit) => from.clone(),
        _ => commit.sha.clone(),
    });
    (1..=MOST).contains(&fix.len()).then(|| LineFix {
        head: head.clone(),
        commits: named.collect(),
    })
}
