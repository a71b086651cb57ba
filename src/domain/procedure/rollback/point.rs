//! The tags that were moved to the release go back to the one before: of all that
//! a rollback does, that alone reaches who follows such a tag.

use crate::domain::effect::Act;
use crate::domain::facts::Pointed;
use crate::domain::ids::Sha;
use crate::domain::need::Looking;
use crate::domain::procedure::step::{Case, Step};
use crate::domain::undo::Undo;

/// None of them leads to the release any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Back;

/// The tags that were moved, each with what it named before.
pub fn moved<'a>(c: &Case<'a>) -> impl Iterator<Item = (&'a String, &'a Pointed, &'a Sha)> {
    let all = c.line.pointed.iter();
    all.filter_map(|(tag, it)| Some((tag, it, it.was.as_ref()?)))
}

/// Moved back, where they still are as they were made.
pub fn back(c: &Case<'_>) -> Step<Back> {
    let seen = &c.line.seen.pointers;
    for (tag, it, was) in moved(c) {
        let Some(all) = seen.get().filter(|_| seen.is_current()) else {
            return Step::looking(Looking::Tag);
        };
        let at = all.iter().find(|found| found.name == *tag);
        let at = at.and_then(|found| found.at.as_ref());
        if at.is_some_and(|at| at.object == it.object) {
            let act = Act::Undo(Undo::Repoint {
                tag: tag.clone(),
                object: was.clone(),
                from: it.object.clone(),
            });
            return Step::wish(c.write(act, was.as_str()));
        }
    }
    Step::Done(Back)
}
