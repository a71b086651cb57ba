//! A hotfix that is given up before its tag: what the bot made alone goes,
//! what a person touched stays.

use super::fix::fix_commits;
use super::write;
use crate::domain::effect::{Effect, Wish};
use crate::domain::facts::Facts;
use crate::domain::policy::Policy;
use crate::domain::procedure::branch::branch_name;

/// Whether the branch holds nothing but the bot's own bump.
pub fn is_ours_alone(f: &Facts) -> bool {
    let Some(branch) = f.line.branch.get() else {
        return true;
    };
    branch.head.as_ref().is_none_or(|head| {
        fix_commits(head).is_empty() && head.commits.iter().all(|c| c.effect.is_some())
    })
}

/// The wishes that take back the branch and the pull request, in that order.
pub fn wishes(f: &Facts, p: &Policy) -> Vec<Wish> {
    let looking = f.line.branch_made && !f.line.branch.is_current();
    if f.line.branch_deleted.is_some() || looking || !is_ours_alone(f) {
        return Vec::new();
    }
    if let Some(number) = f.line.pull_number
        && f.line.pull.get().is_none_or(|pull| pull.open)
    {
        return vec![write(
            f,
            Effect::ClosePull {
                number,
                instead: None,
            },
            number.to_string(),
        )];
    }
    let head = f.line.branch.get().and_then(|b| b.head.as_ref());
    match (head, &f.line.version) {
        (Some(head), Some(version)) => vec![write(
            f,
            Effect::DeleteBranch {
                branch: branch_name(p, version),
                expected: head.sha.clone(),
                which: crate::domain::effect::Which::Hotfix,
            },
            head.sha.as_str(),
        )],
        _ => Vec::new(),
    }
}
