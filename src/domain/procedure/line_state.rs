//! How far a release line is, where an issue has several.

use super::names;
use super::step::Case;
use crate::domain::facts::{Facts, LineAt, LineState};
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
    }
}
