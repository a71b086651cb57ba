//! The branch that the hotfix pull request goes to: that of the base's own
//! release line, where it has one; else the default branch.

use super::step::Case;
use crate::domain::line_name::LineName;
use crate::domain::objects::{Base, MergeMethod, PullKind};
use crate::domain::policy::MergeMethod as Method;

/// The branch of the release line; none: the hotfix goes to the default branch.
pub fn line<'a>(c: &Case<'a>) -> Option<&'a str> {
    let line = c.line.seen.base.get()?.line.as_ref()?;
    Some(&line.at.branch)
}

/// The branch that the hotfix pull request goes to.
pub fn branch<'a>(c: &Case<'a>) -> &'a str {
    line(c).unwrap_or(&c.facts.repo.default_branch)
}

/// Where one of our pull requests goes; none: to the default branch.
pub fn of<'a>(c: &Case<'a>, kind: PullKind) -> Option<&'a str> {
    line(c).filter(|_| kind == PullKind::Hotfix)
}

/// How a pull request is merged where it goes to.
pub fn merge_method(c: &Case<'_>, base: &Base, kind: PullKind) -> MergeMethod {
    match c.policy.merge.method {
        Method::Auto if kind == PullKind::Hotfix => base.target().merge_method,
        Method::Auto => base.main.merge_method,
        Method::Merge => MergeMethod::Merge,
        Method::Squash => MergeMethod::Squash,
        Method::Rebase => MergeMethod::Rebase,
    }
}

/// The newer release line of the issue whose hotfix brings the fix to the default
/// branch, where this one goes to a branch of its own.
pub fn carried_by<'a>(c: &Case<'a>) -> Option<&'a LineName> {
    let to_a_line = line(c).is_some() && c.line.port.carried.is_none();
    let among = c.facts.among.as_ref().filter(|_| to_a_line)?;
    among.carried_by()
}

/// Whether the default branch is waited for: that it holds the fix of this line.
pub fn awaits_main(c: &Case<'_>) -> bool {
    let required = c.policy.merge.require_forward_port && c.line.port.waived.is_none();
    required && carried_by(c).is_none()
}
