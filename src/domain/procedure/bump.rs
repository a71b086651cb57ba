//! Step 5, done first: the version, the lock file and the changelog.

use super::branch::Branched;
use super::commits::newest_is_of;
use super::step::{Case, Step};
use crate::domain::effect::{Act, Slot};
use crate::domain::need::{Looking, NeedKind, Who};

/// The head's tree holds the claimed version everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bumped;

/// The version stands in every place, and the changelog has its section.
pub fn bump(c: &Case<'_>, branched: &Branched) -> Step<Bumped> {
    let Some(head) = &branched.head else {
        return Step::looking(Looking::Branch);
    };
    let version = &branched.version;
    let lacks = |found: &Option<String>| found.as_deref() != Some(version);
    let mut wrong: Vec<String> = head
        .versions
        .iter()
        .filter(|(_, found)| lacks(found))
        .map(|(path, _)| path.clone())
        .collect();
    // Where the tag is the version, nothing holds it.
    let read = branched.base.package.from_tag || !head.versions.is_empty();
    let changelog = &branched.base.package.changelog;
    wrong.extend(changelog.clone().filter(|_| !head.changelog));
    if read && wrong.is_empty() {
        return Step::Done(Bumped);
    }
    // A push, our own or somebody's, may be on the way: look before writing.
    if !c.line.seen.branch.is_current() {
        return Step::looking(Looking::Branch);
    }
    // A bump that did not take would otherwise be repeated for ever.
    let bumped = |slot: &Slot| newest_is_of(c.line, head, slot);
    let asked = c.line.bump_asked.as_ref() == Some(&head.sha);
    if asked {
        // Somebody mended its cause, or chose another number.
    } else if bumped(&Slot::Bump) || bumped(&Slot::Branch) {
        return Step::wait(
            Who::Responder,
            NeedKind::BumpIncomplete {
                version: version.clone(),
                paths: wrong,
            },
        );
    }
    let act = Act::PushBump {
        branch: branched.branch.clone(),
        parent: head.sha.clone(),
        package: branched.base.package.clone(),
        version: version.clone(),
        entry: (),
        date: (),
        message: (),
        was: c.line.was.clone(),
    };
    Step::wish(c.write(act, head.sha.as_str()))
}
