//! Step 2: the hotfix branch, at the peeled commit of the release tag.

use super::{Step, write};
use crate::domain::effect::Effect;
use crate::domain::event::Claim;
use crate::domain::facts::{Base, Facts, Head, Ship};
use crate::domain::ids::Sha;
use crate::domain::policy::Policy;
use crate::domain::procedure::begin::Begun;
use crate::domain::view::{What, Who};
use crate::ecosystem::next_version;

/// The branch stands on the base.
#[derive(Clone, Debug, PartialEq)]
pub struct Branched {
    /// The release that is fixed.
    pub base: Base,
    /// The claimed version.
    pub version: String,
    /// The tag that it will get.
    pub tag: String,
    /// The branch's short name.
    pub branch: String,
    /// Its head, as it was last read.
    pub head: Option<Head>,
}

/// The tag of a version.
pub fn tag_name(f: &Facts, p: &Policy, version: &str) -> String {
    tag_pattern(f, p).replace("{version}", version)
}

/// How release tags are named: as configured, else as the base's tag is.
pub fn tag_pattern<'a>(f: &'a Facts, p: &'a Policy) -> &'a str {
    let found = || f.line.base.get().map(|base| base.tag_pattern.as_str());
    let pattern = p.base.written_tag_pattern().or_else(found);
    pattern.filter(|p| !p.is_empty()).unwrap_or("v{version}")
}

/// The branch of a version.
pub fn branch_name(p: &Policy, version: &str) -> String {
    p.base.branch.replace("{version}", version)
}

/// The base, unless something is wrong with it.
pub fn base(f: &Facts) -> Option<&Base> {
    f.line.base.get().filter(|b| b.trouble.is_none())
}

/// What this case must hold before it writes anything: the base, so that no
/// second hotfix is built beside it, then the next free version with its
/// branch and tag, and the pull request so that deliveries find the case.
pub fn claims(f: &Facts, p: &Policy) -> Vec<Claim> {
    let Some(base) = base(f) else {
        return Vec::new();
    };
    // Nothing is built on a base that may be another by now.
    if f.line.version.is_none() && !f.line.base.is_current() {
        return Vec::new();
    }
    let mut wanted = vec![Claim::Base(base.tag.clone())];
    if f.line.claims.contains(&wanted[0]) {
        let next = || next_version(base.package.kind(), &base.version, &base.taken);
        if let Some(version) = f.line.version.clone().or_else(next) {
            let held = Claim::Version(version.clone());
            let has = f.line.claims.contains(&held);
            wanted.push(held);
            if has {
                wanted.push(Claim::Branch(branch_name(p, &version)));
                wanted.push(Claim::Tag(tag_name(f, p, &version)));
            }
        }
        wanted.extend(f.line.pull_number.map(Claim::Pull));
        if let (Some(version), Some(_)) = (&f.line.version, &f.line.port.carried) {
            wanted.push(Claim::Branch(super::port::branch_name(p, version)));
        }
        if let (Some(version), Some(_)) = (&f.line.version, &f.line.known.carried) {
            wanted.push(Claim::Branch(super::known::branch_name(p, version)));
        }
        let further = f.line.all_further().into_iter();
        wanted.extend(
            further
                .filter_map(|further| further.number)
                .map(Claim::Pull),
        );
    }
    wanted.retain(|c| !f.line.claims.contains(c));
    wanted
}

/// The ref exists and holds the base.
pub fn branch(f: &Facts, p: &Policy, _: &Begun) -> Step<Branched> {
    let Some(read) = f.line.base.get() else {
        return Step::looking("the release to fix");
    };
    if let Some(trouble) = &read.trouble {
        return Step::wait(
            Who::Responder,
            What::NoBase {
                trouble: trouble.clone(),
            },
        );
    }
    let Some(version) = f.line.version.clone() else {
        return match f.line.behind {
            Some(_) => Step::wait(
                Who::Machine,
                What::Behind {
                    claim: read.tag.clone(),
                },
            ),
            None => Step::looking("the next free version"),
        };
    };
    let branched = branched(f, p, read, version);
    match f.line.branch.get() {
        Some(seen) => match &seen.head {
            Some(head) if head.holds_base => Step::Done(branched),
            Some(_) => Step::wait(
                Who::Responder,
                What::Stuck {
                    slot: "branch".into(),
                    message: format!(
                        "`{}` exists but is not built on {}",
                        branched.branch, read.tag
                    ),
                },
            ),
            // Somebody deleted it: that is a decision, not an accident to mend.
            None if f.line.branch_made => Step::wait(
                Who::Responder,
                What::Stuck {
                    slot: "branch".into(),
                    message: format!("`{}` was deleted", branched.branch),
                },
            ),
            None => create(f, &branched, &read.commit),
        },
        None if f.line.branch_made => Step::looking("the hotfix branch"),
        None => create(f, &branched, &read.commit),
    }
}

fn create(f: &Facts, branched: &Branched, commit: &Sha) -> Step<Branched> {
    Step::wish(write(
        f,
        Effect::CreateBranch {
            branch: branched.branch.clone(),
            sha: commit.clone(),
        },
        commit.as_str(),
    ))
}

fn branched(f: &Facts, p: &Policy, base: &Base, version: String) -> Branched {
    Branched {
        base: base.clone(),
        tag: tag_name(f, p, &version),
        branch: branch_name(p, &version),
        version,
        head: f.line.branch.get().and_then(|b| b.head.clone()),
    }
}

/// After the decision was locked: the branch as it was then.
pub fn from_ship(f: &Facts, p: &Policy, ship: &Ship) -> Option<Branched> {
    let mut branched = branched(f, p, base(f)?, f.line.version.clone()?);
    if branched.head.as_ref().is_some_and(|h| h.sha != ship.head) {
        branched.head = None;
    }
    Some(branched)
}
