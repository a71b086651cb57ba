//! What a commit on the hotfix branch is.

use crate::domain::effect::Slot;
use crate::domain::objects::{Commit, Head};

/// Whether the effect of this slot made it, as its trailer says.
pub fn is_of(commit: &Commit, slot: &Slot) -> bool {
    let made_by = commit.effect.as_deref().and_then(Slot::of_trailer);
    made_by.as_ref() == Some(slot)
}

/// Whether the newest commit is the effect's of this slot.
pub fn newest_is_of(head: &Head, slot: &Slot) -> bool {
    head.commits.last().is_some_and(|c| is_of(c, slot))
}

/// Whether it is the bot's bump, or its change of triggers.
pub fn is_ours(commit: &Commit) -> bool {
    is_of(commit, &Slot::Bump) || is_of(commit, &Slot::Enable)
}

/// Whether it changes nothing outside `.github/`.
pub fn is_ci_only(commit: &Commit) -> bool {
    !commit.paths.is_empty() && commit.paths.iter().all(|p| p.starts_with(".github/"))
}

/// Whether it is neither our bump nor CI-only.
pub fn is_fix(commit: &Commit) -> bool {
    !is_of(commit, &Slot::Bump) && !is_ci_only(commit)
}

/// The commits of these that are the fix.
pub fn fix<'a>(commits: impl IntoIterator<Item = &'a Commit>) -> Vec<Commit> {
    commits.into_iter().filter(|c| is_fix(c)).cloned().collect()
}
