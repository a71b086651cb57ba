//! Step 3, where the fix is on the default branch already: it is picked.

use super::branch::Branched;
use super::step::{Case, Step};
use crate::domain::effect::Act;
use crate::domain::ids::Sha;
use crate::domain::need::{Looking, Need, NeedKind, Who};
use crate::domain::objects::Head;

/// What is still to be picked, on the head as it is now; none: nothing.
pub fn pending<E>(c: &Case<'_>, branched: &Branched, head: &Head) -> Option<Step<E>> {
    let mut picks = c.line.picks.iter().enumerate();
    let (number, pick) = picks.find(|(_, pick)| pick.done.is_none())?;
    // A push, our own or somebody's, may be on the way: look before writing.
    if !c.line.seen.branch.is_current() {
        return Some(Step::looking(Looking::Branch));
    }
    let package = &branched.base.package;
    let act = Act::PushPicks {
        branch: branched.branch.clone(),
        parent: head.sha.clone(),
        base: branched.base.commit.clone(),
        sources: pick.sources.clone(),
        changelogs: package.logs().map(str::to_owned).collect(),
        heads: heads(c),
    };
    let subject = format!("{number}-{}", head.sha);
    Some(Step::wish(c.write(act, subject)))
}

/// Where the other release lines have their fixes.
fn heads(c: &Case<'_>) -> Vec<Sha> {
    let among = c.facts.among.as_deref();
    let others = among.into_iter().flat_map(|among| among.others.values());
    let fixes = others.filter_map(|other| other.is.fix.as_ref());
    fixes.map(|fix| fix.head.clone()).collect()
}

/// What could not be picked last, as long as the head is the one that it was
/// tried on.
pub fn untaken(c: &Case<'_>, branched: &Branched) -> Option<Need> {
    let last = c.line.picks.last()?;
    let done = last.done.as_ref()?;
    let head = branched.head.as_ref()?;
    if c.line.locked().is_some() || done.head != head.sha {
        return None;
    }
    let kind = NeedKind::NotPicked {
        sources: last.sources.clone(),
        trouble: done.trouble.clone()?,
        branch: branched.branch.clone(),
    };
    Some(Need::new(Who::Responder, kind))
}
