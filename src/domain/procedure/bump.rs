//! Step 5, done first: the version, the lock file and the changelog.

use super::branch::Branched;
use super::{Step, write};
use crate::domain::effect::Effect;
use crate::domain::facts::Facts;
use crate::domain::view::{What, Who};

/// The head's tree holds the claimed version everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bumped;

/// The slot of the bump, also in the trailer of its commit.
pub const SLOT: &str = "bump";

/// The version stands in every place, and the changelog has its section.
pub fn bump(f: &Facts, branched: &Branched) -> Step<Bumped> {
    let Some(head) = &branched.head else {
        return Step::looking("the hotfix branch");
    };
    let version = &branched.version;
    let wrong: Vec<&str> = head
        .versions
        .iter()
        .filter(|(_, found)| found.as_deref() != Some(version))
        .map(|(path, _)| path.as_str())
        .collect();
    let read = !head.versions.is_empty();
    let changelog = branched.base.package.changelog.is_none() || head.changelog;
    if read && wrong.is_empty() && changelog {
        return Step::Done(Bumped);
    }
    // A push, our own or somebody's, may be on the way: look before writing.
    if !f.line.branch.is_current() {
        return Step::looking("the hotfix branch");
    }
    // A bump that did not take would otherwise be repeated for ever.
    let ours_is_newest = head
        .commits
        .last()
        .and_then(|c| c.effect.as_deref())
        .is_some_and(is_bump);
    if ours_is_newest {
        return Step::wait(
            Who::Responder,
            What::Stuck {
                slot: SLOT.into(),
                message: format!(
                    "after the bump {} does not hold {version}",
                    wrong.join(", ")
                ),
            },
        );
    }
    Step::wish(write(
        f,
        Effect::PushBump {
            branch: branched.branch.clone(),
            parent: head.sha.clone(),
            package: branched.base.package.clone(),
            version: version.clone(),
            entry: String::new(),
            date: String::new(),
            message: String::new(),
        },
        head.sha.as_str(),
    ))
}

/// Whether an effect's key, as the trailer holds it, is a bump's.
pub fn is_bump(key: &str) -> bool {
    key.split('/').nth(2) == Some(SLOT)
}
