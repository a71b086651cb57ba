//! The tag: it goes where the configuration wants that and nothing was published
//! from it; else it stays, and it is said why.

use super::quiet::Quiet;
use crate::domain::effect::Act;
use crate::domain::facts::RollbackDecision;
use crate::domain::need::Looking;
use crate::domain::obstacle::Obstacle;
use crate::domain::procedure::branch::Branched;
use crate::domain::procedure::out::{has_registry, has_release};
use crate::domain::procedure::step::{Case, Step};
use crate::domain::undo::Undo;

/// It is gone, or it stays for a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untagged;

/// Why a tag stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagStays {
    /// `rollback.delete_tag` is not set.
    AsConfigured,
    /// Something was published from it.
    Published,
    /// It is the release: nothing else is published here.
    IsTheRelease,
    /// Somebody moved it since.
    Moved,
    /// It could not be deleted.
    Refused(Obstacle),
}

/// Why the tag stays, where it does and that is known.
pub fn stays(c: &Case<'_>, branched: &Branched, decided: &RollbackDecision) -> Option<TagStays> {
    let rollback = c.line.rollback.as_deref()?;
    let tag = c.line.seen.tag.get()?.as_ref()?;
    let seen = &c.line.seen;
    let parts = seen.parts.get().into_iter().flatten();
    let release = seen.release.get().and_then(Option::as_ref);
    let published = decided.found.is_published()
        || parts.clone().any(|part| part.there)
        || release.is_some_and(|it| !it.draft);
    let of_decision = decided.found.tag.as_ref().map(|it| &it.object);
    if !c.policy.rollback.delete_tag {
        return Some(TagStays::AsConfigured);
    }
    if published {
        return Some(TagStays::Published);
    }
    if !has_registry(c, branched) && !has_release(c, branched) {
        return Some(TagStays::IsTheRelease);
    }
    if of_decision != Some(&tag.object) {
        return Some(TagStays::Moved);
    }
    rollback.tag_stays.clone().map(TagStays::Refused)
}

/// Deleted once nothing can be published from it any more.
pub fn untag(
    c: &Case<'_>,
    branched: &Branched,
    decided: &RollbackDecision,
    quiet: Option<&Quiet>,
) -> Step<Untagged> {
    let seen = &c.line.seen;
    let Some(read) = seen.tag.get() else {
        return Step::looking(Looking::Tag);
    };
    let Some(tag) = read else {
        return Step::Done(Untagged);
    };
    if stays(c, branched, decided).is_some() {
        return Step::Done(Untagged);
    }
    // Of what was published nobody knows before everything is over and was seen.
    let unknown = decided.found.parts.is_none() && seen.parts.get().is_none();
    let (since, runs) = (decided.by.at, seen.runs.since);
    let fresh = |began: i64| began >= since && began >= runs;
    if quiet.is_none() || unknown {
        return Step::Wait(Vec::new());
    }
    let packages = !super::packages(c, branched).is_empty();
    if !fresh(seen.release.began) || packages && !fresh(seen.parts.began) || !seen.tag.is_current()
    {
        return Step::looking(Looking::Out);
    }
    let act = Act::Undo(Undo::Untag {
        tag: branched.tag.clone(),
        object: tag.object.clone(),
    });
    Step::wish(c.write(act, tag.object.as_str()))
}
