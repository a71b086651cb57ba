//! The identity of a change: the same for the same added and removed lines,
//! wherever they stand and whatever surrounds them.
//!
//! It is what `git diff -U0 | git patch-id --stable` computes, from what
//! GitHub's API tells of a comparison or a commit. Git knows more than the API
//! does, so the ids differ from git's, but are as good to compare with each
//! other, in these corners: files that are renamed (the similarity is not told);
//! files without a patch, binary or too large, where the blob stands for the
//! content; and modes, which stand in trees alone: where they are not given, a
//! file has 100644. (`git patch-id` counts them; `git cherry` does not.)

use std::borrow::Cow;
use std::fmt::Write as _;

use sha1::{Digest, Sha1};

/// Git's name of the empty file.
const EMPTY: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileStatus {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its content or its mode changed.
    Modified,
    /// It had another path.
    Renamed,
    /// It is a copy of another file.
    Copied,
}

impl FileStatus {
    /// Reads `status` as the API says it; what is unknown counts as modified.
    pub fn parse(status: &str) -> Self {
        match status {
            "added" => Self::Added,
            "removed" => Self::Removed,
            "renamed" => Self::Renamed,
            "copied" => Self::Copied,
            _ => Self::Modified,
        }
    }
}

/// What a change does to one file, as the API tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilePatch<'a> {
    /// `status`.
    pub status: FileStatus,
    /// `filename`.
    pub path: &'a str,
    /// `previous_filename`.
    pub previous: Option<&'a str>,
    /// `patch`: hunks, each below a line that begins with `@@`.
    pub patch: Option<&'a str>,
    /// `sha`: the blob after the change, or before it for a removed file.
    /// It counts only where there is no patch.
    pub blob: Option<&'a str>,
    /// Its modes before and after the change, where the trees were read.
    pub modes: [Option<&'a str>; 2],
}

/// The id of a change: 40 hex digits. The order of the files has no influence;
/// a change of no file is forty zeros.
pub fn patch_id(files: &[FilePatch<'_>]) -> String {
    let mut files: Vec<&FilePatch<'_>> = files.iter().collect();
    files.sort_by_key(|file| file.path.as_bytes());
    let mut sum = [0_u8; 20];
    let mut hash = Sha1::new();
    let mut open = false;
    for file in &files {
        header(&mut hash, file);
        open = true;
        // A file without lines is hashed with the one after it, as git does.
        if content(&mut hash, file) {
            add(&mut sum, &hash.finalize_reset());
            open = false;
        }
    }
    if open {
        add(&mut sum, &hash.finalize_reset());
    }
    hex::encode(sum)
}

/// A plain file's mode.
const FILE: &str = "100644";

/// What git writes above the hunks, without its spaces.
fn header(hash: &mut Sha1, file: &FilePatch<'_>) {
    let old = file.previous.unwrap_or(file.path);
    let (a, b) = (quoted("a/", old), quoted("b/", file.path));
    let mut lines = vec![format!("diff --git {a} {b}")];
    let [before, after] = file.modes.map(|mode| mode.unwrap_or(FILE));
    let came_or_went = matches!(file.status, FileStatus::Added | FileStatus::Removed);
    if before != after && !came_or_went {
        lines.push(format!("old mode {before}"));
        lines.push(format!("new mode {after}"));
    }
    match file.status {
        FileStatus::Added => lines.push(format!("new file mode {after}")),
        FileStatus::Removed => lines.push(format!("deleted file mode {before}")),
        FileStatus::Modified => {}
        FileStatus::Renamed | FileStatus::Copied => {
            let how = if file.status == FileStatus::Renamed {
                "rename"
            } else {
                "copy"
            };
            lines.push(format!("{how} from {}", quoted("", old)));
            lines.push(format!("{how} to {}", quoted("", file.path)));
        }
    }
    if file.patch.is_some() {
        let none = || Cow::Borrowed("/dev/null");
        let added = file.status == FileStatus::Added;
        let removed = file.status == FileStatus::Removed;
        lines.push(format!("--- {}", if added { none() } else { a }));
        lines.push(format!("+++ {}", if removed { none() } else { b }));
    }
    for line in lines {
        update(hash, &line);
    }
}

/// Hashes the lines that came and went, or the blob; whether there was either.
fn content(hash: &mut Sha1, file: &FilePatch<'_>) -> bool {
    match (file.patch, file.blob) {
        (Some(patch), _) => {
            let lines = patch.split('\n');
            for line in lines.filter(|line| line.starts_with(['+', '-'])) {
                update(hash, line);
            }
            true
        }
        (None, None | Some(EMPTY)) => false,
        (None, Some(blob)) => {
            update(hash, blob);
            true
        }
    }
}

/// Hashes a line without its white space.
fn update(hash: &mut Sha1, line: &str) {
    let parts = line.split([' ', '\t', '\r', '\n']);
    parts.for_each(|part| hash.update(part));
}

/// Adds a file's hash to the sum, so that the order of files does not matter.
fn add(sum: &mut [u8; 20], hash: &[u8]) {
    let mut carry = 0_u16;
    for (total, byte) in sum.iter_mut().zip(hash) {
        carry += u16::from(*total) + u16::from(*byte);
        let [low, high] = carry.to_le_bytes();
        *total = low;
        carry = u16::from(high);
    }
}

/// A path as git writes it in a header: in quotes if it holds anything unusual.
fn quoted<'a>(prefix: &str, path: &'a str) -> Cow<'a, str> {
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    if path.bytes().all(plain) {
        return if prefix.is_empty() {
            Cow::Borrowed(path)
        } else {
            Cow::Owned(format!("{prefix}{path}"))
        };
    }
    let mut out = format!("\"{prefix}");
    for byte in path.bytes() {
        let short = match byte {
            0x07 => 'a',
            0x08 => 'b',
            b'\t' => 't',
            b'\n' => 'n',
            0x0b => 'v',
            0x0c => 'f',
            b'\r' => 'r',
            b'"' => '"',
            b'\\' => '\\',
            _ if plain(byte) => {
                out.push(char::from(byte));
                continue;
            }
            _ => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\{byte:03o}");
                continue;
            }
        };
        out.push('\\');
        out.push(short);
    }
    out.push('"');
    Cow::Owned(out)
}

#[cfg(test)]
#[path = "patch_id_tests.rs"]
mod tests;
