//! The branch that the hotfix pull request goes to: that of the base's own
//! release line, where it has one; else the default branch.

use super::step::Case;
use crate::domain::objects::PullKind;

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
