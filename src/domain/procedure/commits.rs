//! What a commit on the hotfix branch is. The bot's own is one that its own call
//! made, never one that only looks like it.

use crate::domain::effect::Slot;
use crate::domain::facts::Line;
use crate::domain::objects::{Came, Commit, Head};

/// Whether the bot made it, and it is the bot's own work: no pick.
pub fn is_ours(line: &Line, commit: &Commit) -> bool {
    line.made.has(&commit.sha) && !is_pick(line, commit)
}

/// Whether the bot picked it from the default branch: its own call made it, and
/// it is somebody's work. What the pick itself told counts whatever the message
/// and the author's address say, for those were somebody's, too.
pub fn is_pick(line: &Line, commit: &Commit) -> bool {
    let came = line.picks.iter().filter_map(|pick| pick.done.as_ref());
    let mut came = came.flat_map(|done| &done.commits);
    let told = came.any(|it| it.came == Came::As(commit.sha.clone()));
    let says = commit.picked.is_some() && commit.effect.is_none();
    line.made.has(&commit.sha) && (told || says)
}

/// Whether the bot's effect of this slot made it.
fn is_of(line: &Line, commit: &Commit, slot: &Slot) -> bool {
    let made_by = commit.effect.as_deref().and_then(Slot::of_trailer);
    is_ours(line, commit) && made_by.as_ref() == Some(slot)
}

/// Whether the newest commit is the effect's of this slot.
pub fn newest_is_of(line: &Line, head: &Head, slot: &Slot) -> bool {
    let newest = head.commits.last();
    newest.is_some_and(|commit| is_of(line, commit, slot))
}

/// Whether it changes nothing outside `.github/`.
pub fn is_ci_only(commit: &Commit) -> bool {
    !commit.paths.is_empty() && commit.paths.iter().all(|p| p.starts_with(".github/"))
}

/// Whether it is neither ours nor CI-only.
pub fn is_fix(line: &Line, commit: &Commit) -> bool {
    !is_ours(line, commit) && !is_ci_only(commit)
}

/// The commits of these that are the fix.
pub fn fix(line: &Line, commits: &[Commit]) -> Vec<Commit> {
    let fix = commits.iter().filter(|commit| is_fix(line, commit));
    fix.cloned().collect()
}

/// Whether a person's commit touches this path. Where the paths of one were left
/// unread, nobody can say that it does not.
pub fn is_by_people(line: &Line, commits: &[Commit], path: &str) -> bool {
    let mut people = commits.iter().filter(|commit| !is_ours(line, commit));
    people.any(|c| c.paths.is_empty() || c.paths.iter().any(|touched| touched == path))
}
