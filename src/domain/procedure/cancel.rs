//! A hotfix that is given up before its tag: what the bot made alone goes,
//! what a person touched stays.

use super::step::Case;
use super::{commits, names};
use crate::domain::effect::{Act, Intent};
use crate::domain::need::StopReason;
use crate::domain::objects::PullKind;
use crate::domain::wish::Wish;

/// Whether the branch holds nothing but the bot's own commits.
pub fn is_ours_alone(c: &Case<'_>) -> bool {
    let Some(branch) = c.line.seen.branch.get() else {
        return true;
    };
    let head = branch.head.as_ref();
    head.is_none_or(|head| {
        head.commits
            .iter()
            .all(|commit| commits::is_ours(c.line, commit))
    })
}

/// The wishes that take back the branch and the pull request, in that order.
pub fn wishes(c: &Case<'_>) -> Vec<Wish<Intent>> {
    let looking = c.line.branch_made && !c.line.seen.branch.is_current();
    let why = c.facts.cancelled.as_ref().map(|stop| &stop.why);
    // Its pull request brings the bump, too, which belongs to no regular release:
    // it is closed, and what people wrote stays on the branch.
    let kept = matches!(why, Some(StopReason::Downgraded { .. })) && !is_ours_alone(c);
    if c.line.branch_deleted.is_some() || looking || !(kept || is_ours_alone(c)) {
        return Vec::new();
    }
    if let Some(number) = c.line.pull_number
        && c.line.seen.pull.get().is_none_or(|pull| pull.open)
    {
        return vec![c.write(
            Act::ClosePull {
                number,
                instead: None,
                branch: names::pull_branch(c, PullKind::Hotfix),
                pull: PullKind::Hotfix,
                why: None,
            },
            number.to_string(),
        )];
    }
    if kept {
        return Vec::new();
    }
    let head = c.line.seen.branch.get().and_then(|b| b.head.as_ref());
    match (head, &c.line.version) {
        (Some(head), Some(version)) => vec![c.write(
            Act::DeleteBranch {
                branch: names::branch(c, version),
                expected: head.sha.clone(),
                pull: PullKind::Hotfix,
            },
            head.sha.as_str(),
        )],
        _ => Vec::new(),
    }
}
