//! What changed between two releases: the lines that went and came, by file.

use std::collections::BTreeMap;

/// The difference between two releases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// The files that both have, and that differ.
    pub files: Vec<FileDiff>,
}

/// A file that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileDiff {
    /// Where it stands.
    pub path: String,
    /// The lines that went.
    pub removed: Vec<String>,
    /// The lines that came.
    pub added: Vec<String>,
}

impl FileDiff {
    /// From hunks as `git diff` writes them.
    pub fn of_patch(path: &str, patch: &str) -> Self {
        let side = |sign: char| {
            let lines = patch.split('\n').filter_map(|line| line.strip_prefix(sign));
            lines.map(str::to_owned).collect()
        };
        FileDiff {
            path: path.to_owned(),
            removed: side('-'),
            added: side('+'),
        }
    }

    /// From both texts. Lines that moved count as the same.
    pub fn of_texts(path: &str, before: &str, after: &str) -> Self {
        let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
        for line in after.lines() {
            *counts.entry(line).or_default() += 1;
        }
        for line in before.lines() {
            *counts.entry(line).or_default() -= 1;
        }
        let mut take = |text: &str, sign: i64| {
            let mut lines = Vec::new();
            for line in text.lines() {
                let count = counts.get_mut(line).filter(|count| **count * sign > 0);
                if let Some(count) = count {
                    *count -= sign;
                    lines.push(line.to_owned());
                }
            }
            lines
        };
        let added = take(after, 1);
        FileDiff {
            path: path.to_owned(),
            removed: take(before, -1),
            added,
        }
    }
}
