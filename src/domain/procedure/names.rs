//! What the branches and the tag of a version are called.

use super::step::Case;
use crate::domain::derive::tag::next_name;
use crate::domain::ids::Sha;
use crate::domain::objects::PullKind;

/// The tag of a version.
pub fn tag(c: &Case<'_>, version: &str) -> String {
    let pattern = tag_pattern(c);
    match c.line.seen.base.get() {
        Some(base) => next_name(pattern, &base.tag, version),
        None => pattern.replace("{version}", version),
    }
}

/// How release tags are named: as the base's tag is, which is as configured
/// unless a person named another.
pub fn tag_pattern<'a>(c: &Case<'a>) -> &'a str {
    let base = c.line.seen.base.get();
    let found = base.map(|base| base.tag_pattern.as_str());
    let found = found.filter(|pattern| !pattern.is_empty());
    let written = c.policy.base.written_tag_pattern();
    found.or(written).unwrap_or("v{version}")
}

/// The hotfix branch of a version; one that stands keeps its name.
pub fn branch(c: &Case<'_>, version: &str) -> String {
    if let Some(branch) = &c.line.branch {
        return branch.clone();
    }
    c.policy.base.branch.replace("{version}", version)
}

/// The head of the hotfix branch, as it was last read.
pub fn head<'a>(c: &Case<'a>) -> Option<&'a Sha> {
    let branch = c.line.seen.branch.get()?;
    Some(&branch.head.as_ref()?.sha)
}

/// The branch of its forward-port.
pub fn port_branch(c: &Case<'_>, version: &str) -> String {
    beside("forward-port", c, version)
}

/// The branch of its entry in the known issues.
pub fn known_branch(c: &Case<'_>, version: &str) -> String {
    beside("known-issue", c, version)
}

/// The branch that a pull request of ours brings; empty while no version is
/// claimed.
pub fn pull_branch(c: &Case<'_>, kind: PullKind) -> String {
    let of = match kind {
        PullKind::Hotfix => branch,
        PullKind::Port => port_branch,
        PullKind::Known => known_branch,
    };
    let version = c.line.version.as_deref();
    version.map_or_else(String::new, |version| of(c, version))
}

fn beside(folder: &str, c: &Case<'_>, version: &str) -> String {
    let hotfix = branch(c, version);
    let last = hotfix.rsplit('/').next().unwrap_or(&hotfix);
    format!("{folder}/{last}")
}

/// `owner/name` of the repository.
pub fn repo(c: &Case<'_>) -> String {
    format!("{}/{}", c.facts.repo.owner, c.facts.repo.name)
}
