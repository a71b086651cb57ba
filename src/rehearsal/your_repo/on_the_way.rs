//! What would have stopped a real hotfix of this repository, met on the way.

use crate::rehearsal::comment_text::needed_in;
use crate::rehearsal::git;
use crate::rehearsal::view::View;

/// What was met on the way: conflicts with the default branch, and whatever the
/// status comment asked for that an ordinary hotfix has no need of.
pub fn met_on_the_way(view: &View<'_>) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(conflicts(view));
    const UNUSUAL: [&str; 10] = [
        "conflict",
        "does not run",
        "no workflow",
        "no run",
        "failed",
        "by hand",
        "missing",
        "cannot",
        "wrong",
        "refused",
    ];
    let comments = view.status().into_iter();
    let texts = comments.flat_map(|c| {
        let edits = c.edits.iter().map(|e| e.body.as_str());
        edits.chain([c.body.as_str()])
    });
    for needed in texts.filter_map(needed_in) {
        let lower = needed.to_lowercase();
        let line = format!("The bot asked: {needed}");
        if UNUSUAL.iter().any(|word| lower.contains(word)) && !found.contains(&line) {
            found.push(line);
        }
    }
    // Numbers of runs and commits make the same need look new: the last one.
    let asked = found
        .iter()
        .filter(|l| l.starts_with("The bot asked"))
        .count();
    let mut skip = asked.saturating_sub(4);
    found.retain(|line| {
        let drop = skip > 0 && line.starts_with("The bot asked");
        skip -= usize::from(drop);
        !drop
    });
    found
}

/// Files in which the head and the default branch, as they were before they met,
/// conflict.
fn conflicts(view: &View<'_>) -> Option<String> {
    let branch = view.branch()?;
    let main = &view.repo.default_branch;
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
