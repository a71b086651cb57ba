//! What would have stopped a real hotfix of this repository, met on the way.

use crate::rehearsal::git;
use crate::rehearsal::view::View;

/// Files in which the head and the default branch, as they were before they met,
/// conflict.
pub fn conflicts(view: &View<'_>) -> Option<String> {
    let branch = view.branch()?;
    let main = view.line_branch().unwrap_or(&view.repo.default_branch);
    let last = view.changes(&format!("refs/heads/{branch}"));
    let head = last.iter().rev().find_map(|c| c.after.clone())?;
    let changes = view.changes(&format!("refs/heads/{main}"));
    let before = match changes.first() {
        Some(change) => change.before.clone()?,
        None => view.repo.git.read_ref(&format!("refs/heads/{main}"))?,
    };
    match git::conflicts(view.repo.git.dir(), &before, &head) {
        Ok(files) if files.is_empty() => None,
        Ok(files) => {
            let shown = files.iter().take(6).cloned().collect::<Vec<_>>().join(", ");
            let more = match files.len().saturating_sub(6) {
                0 => String::new(),
                more => format!(" and {more} more files"),
            };
            Some(format!("{branch} conflicts with {main} in {shown}{more}"))
        }
        Err(why) => Some(format!(
            "Whether {branch} conflicts with {main} cannot be told: {why}"
        )),
    }
}
