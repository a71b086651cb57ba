//! What a line must hold in its repository before it writes anything.

use super::branch::base;
use super::step::Case;
use super::{names, target};
use crate::domain::facts::Claim;
use crate::ecosystem::next_version;

/// What this case must hold before it writes anything: the base, so that no
/// second hotfix is built beside it, then the next free version with its
/// branch and tag, and the pull request so that deliveries find the case.
pub fn claims(c: &Case<'_>) -> Vec<Claim> {
    let Some(base) = base(c) else {
        return Vec::new();
    };
    if let (Some(_), Some(version)) = (&c.line.rollback, &c.line.version) {
        return taken_back(c, version);
    }
    // Nothing is built on a base that may be another by now.
    if c.line.version.is_none() && !c.line.seen.base.is_current() {
        return Vec::new();
    }
    let mut wanted = vec![Claim::Base(base.tag.clone())];
    if c.line.claims.contains(&wanted[0]) {
        let next = || {
            // One that failed is nobody's again.
            let mut taken = base.taken.clone();
            taken.extend(c.line.failed.iter().map(|failed| failed.version.clone()));
            next_version(base.package.kind(), &base.version, &taken)
        };
        if let Some(version) = c.line.version.clone().or_else(next) {
            let held = Claim::Version(version.clone());
            let has = c.line.claims.contains(&held);
            wanted.push(held);
            if has {
                wanted.push(Claim::Branch(names::branch(c, &version)));
                wanted.push(Claim::Tag(names::tag(c, &version)));
            }
        }
        wanted.extend(c.line.pull_number.map(Claim::Pull));
        let line = target::line(c).filter(|_| c.line.line_behind.is_none());
        wanted.extend(line.map(|branch| Claim::Line(branch.to_owned())));
        if let (Some(version), Some(_)) = (&c.line.version, &c.line.port.carried) {
            wanted.push(Claim::Branch(names::port_branch(c, version)));
        }
        if let (Some(version), Some(_)) = (&c.line.version, &c.line.known.carried) {
            wanted.push(Claim::Branch(names::known_branch(c, version)));
        }
        let side = [&c.line.port, &c.line.known].into_iter();
        wanted.extend(side.filter_map(|side| side.number).map(Claim::Pull));
    }
    wanted.retain(|claim| !c.line.claims.contains(claim));
    wanted
}

/// What a case must hold that takes its release back, so that deliveries find it:
/// nothing is built any more.
fn taken_back(c: &Case<'_>, version: &str) -> Vec<Claim> {
    let sides = [&c.line.port, &c.line.known].into_iter();
    let pulls = sides.map(|side| side.number).chain([c.line.pull_number]);
    let mut wanted = vec![Claim::Tag(names::tag(c, version))];
    wanted.extend(pulls.flatten().map(Claim::Pull));
    wanted.retain(|claim| !c.line.claims.contains(claim));
    wanted
}
