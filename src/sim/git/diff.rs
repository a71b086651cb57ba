//! Differences between two trees, file by file, as GitHub lists them.

use super::repository::{Git, GitError};

/// The tree without entries.
const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// One changed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDiff {
    /// Its path now, or its last one when it is removed.
    pub path: String,
    /// Its path before, when it was renamed.
    pub previous: Option<String>,
    /// `added`, `removed`, `modified`, `renamed`, `changed`.
    pub status: &'static str,
    /// Its blob now, or the last one when it is removed.
    pub sha: String,
    /// Lines that came.
    pub additions: u64,
    /// Lines that went.
    pub deletions: u64,
    /// The hunks; none for a binary file.
    pub patch: Option<String>,
}

impl Git {
    /// The difference from `base` (none: the empty tree) to `head`; both are
    /// commits or trees.
    pub fn diff(&self, base: Option<&str>, head: &str) -> Result<Vec<FileDiff>, GitError> {
        let base = base.unwrap_or(EMPTY_TREE);
        let said = self.ask(
            &[
                "-c",
                "core.quotePath=false",
                "diff-tree",
                "-r",
                "-M",
                "--raw",
                "--numstat",
                "-p",
                "--full-index",
                "--no-color",
                "--no-ext-diff",
                base,
                head,
            ],
            &[base, head],
        )?;
        Ok(parse(&said.text))
    }
}

/// Reads `--raw --numstat -p`: three lists of the same files in the same order.
fn parse(text: &str) -> Vec<FileDiff> {
    let mut files = Vec::new();
    let mut counts = Vec::new();
    let mut patches: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        if line.starts_with("diff --git ") {
            patches.push(String::new());
        } else if let Some(patch) = patches.last_mut() {
            if line.starts_with("@@") || !patch.is_empty() {
                patch.push_str(line);
            }
        } else if let Some(raw) = line.strip_prefix(':') {
            files.extend(raw_line(raw.trim_end_matches('\n')));
        } else if let Some((added, rest)) = line.split_once('\t') {
            let deleted = rest.split('\t').next().unwrap_or("");
            counts.push((added.parse().unwrap_or(0), deleted.parse().unwrap_or(0)));
        }
    }
    for (i, file) in files.iter_mut().enumerate() {
        (file.additions, file.deletions) = counts.get(i).copied().unwrap_or((0, 0));
        file.patch = patches
            .get(i)
            .map(|p| p.trim_end_matches('\n').to_owned())
            .filter(|p| !p.is_empty());
    }
    files
}

fn raw_line(line: &str) -> Option<FileDiff> {
    let mut columns = line.split('\t');
    let mut head = columns.next()?.split(' ').skip(2);
    let (before, after, status) = (head.next()?, head.next()?, head.next()?);
    let first = unquote(columns.next()?);
    let second = columns.next().map(unquote);
    let status = match status.get(..1)? {
        "A" => "added",
        "D" => "removed",
        "R" => "renamed",
        "T" => "changed",
        _ => "modified",
    };
    let sha = if status == "removed" { before } else { after };
    let (path, previous) = match second {
        Some(now) => (now, Some(first)),
        None => (first, None),
    };
    Some(FileDiff {
        path,
        previous,
        status,
        sha: sha.to_owned(),
        additions: 0,
        deletions: 0,
        patch: None,
    })
}

/// git quotes paths with a quote, a backslash or a control character.
fn unquote(path: &str) -> String {
    let Some(inner) = path.strip_prefix('"').and_then(|p| p.strip_suffix('"')) else {
        return path.to_owned();
    };
    let mut out = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            (_, Some('t')) => out.push('\t'),
            (_, Some('n')) => out.push('\n'),
            (_, Some(escaped)) => out.push(escaped),
            (c, None) => out.push(c),
        }
    }
    out
}
