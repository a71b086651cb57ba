//! Who reported the same bug on an issue of their own hears once that it is fixed.

use super::communicate::waits_for_lines;
use super::proofs::Proofs;
use super::step::Case;
use crate::domain::objects::CommentKind;

/// As many are told: more than that is no work for one comment each.
const MOST: usize = 50;

/// Whether they are looked for: the users of every release line have the fix.
pub fn is_due(c: &Case<'_>, proofs: &Proofs) -> bool {
    let told = proofs.verified.is_some() && proofs.shipped.is_some();
    told && !waits_for_lines(c) && c.facts.broken().is_none() && c.line.rolled_back().is_none()
}

/// The issues that are told, and those that were, whose comments are kept true.
pub fn told(c: &Case<'_>, proofs: &Proofs) -> Vec<CommentKind> {
    let own = |number: &u64| *number == c.facts.number || c.facts.guests.contains_key(number);
    let seen = c.line.seen.duplicates.get().into_iter().flatten();
    let due = seen
        .copied()
        .filter(|number| !own(number))
        .take(MOST)
        .filter(|_| is_due(c, proofs));
    let posted = c.facts.comments.keys().filter_map(|kind| kind.elsewhere());
    let mut all: Vec<u64> = posted.chain(due).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(CommentKind::Duplicate).collect()
}
