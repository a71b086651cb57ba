//! From what GitHub tells of two releases to their difference, and to what is
//! to be read for it.

use std::collections::{BTreeMap, BTreeSet};

use super::diff::{Diff, FileDiff};
use super::paths::{is_generated, is_history, is_lock, is_packagers_log, is_picture};
use super::shape::changed;

/// A comparison shows no more files.
const SHOWN: usize = 300;
/// A longer file is no text of a person's.
const LONGEST: i64 = 1_000_000;
/// So many files of a comparison without their patch are read, each twice.
const UNTOLD: usize = 40;
/// So many files of two trees are read, each twice: six calls.
pub const READ: usize = 120;
/// And so many bytes of them.
const BYTES: i64 = 4_000_000;

/// A file of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Its path now.
    pub path: &'a str,
    /// `status`.
    pub status: &'a str,
    /// Lines added and removed; none of a file that is no text.
    pub lines: i64,
    /// Its hunks; left out where they are long.
    pub patch: Option<&'a str>,
}

/// A file of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Blob<'a> {
    /// Its path.
    pub path: &'a str,
    /// The hash of its content.
    pub sha: &'a str,
    /// Its size in bytes.
    pub size: i64,
}

/// What is to be read of both sides, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// The files.
    pub paths: Vec<String>,
    /// Whether there are more of them than are read.
    pub cut: bool,
}

/// The difference as a comparison tells it, and what it leaves out; none where
/// it does not tell all: releases that were cut on branches, or 300 files.
pub fn compared(behind_by: i64, files: &[Told<'_>]) -> Option<(Diff, Unread)> {
    if behind_by != 0 || files.len() >= SHOWN {
        return None;
    }
    let mut diff = Diff::default();
    let mut paths = Vec::new();
    for file in files.iter().filter(|file| file.status == "modified") {
        match file.patch {
            Some(patch) => diff.files.push(FileDiff::of_patch(file.path, patch)),
            None if file.lines > 0 && is_read(file.path) => paths.push(file.path.to_owned()),
            None => diff.files.push(named(file.path)),
        }
    }
    let cut = paths.len() > UNTOLD;
    paths.truncate(UNTOLD);
    Some((diff, Unread { paths, cut }))
}

/// The files that the commit of a release changes, where it is what raised the
/// version from one to the other; none where it is not.
pub fn raised(files: &[Told<'_>], from: &str, to: &str) -> Vec<String> {
    let modified = || files.iter().filter(|file| file.status == "modified");
    let raises = |file: &Told<'_>| {
        let patch = file.patch.filter(|_| is_read(file.path));
        let diff = patch.map(|patch| FileDiff::of_patch(file.path, patch));
        diff.is_some_and(|diff| !changed(&diff, None, [from, to]).is_empty())
    };
    match modified().any(raises) {
        true => modified().map(|file| file.path.to_owned()).collect(),
        false => Vec::new(),
    }
}

/// The files that differ between two trees: those that are to be read, and the
/// others by name alone. Those that the release's own commit [raised] go first,
/// then small ones near the root. With these all is known that a release raised.
pub fn differing(before: &[Blob<'_>], after: &[Blob<'_>], own: &[String]) -> (Diff, Unread) {
    let own: BTreeSet<&str> = own.iter().map(String::as_str).collect();
    let before: BTreeMap<&str, &Blob<'_>> = before.iter().map(|blob| (blob.path, blob)).collect();
    let mut diff = Diff::default();
    let mut found = Vec::new();
    for blob in after {
        let Some(old) = before.get(blob.path).filter(|old| old.sha != blob.sha) else {
            continue;
        };
        let size = old.size.max(blob.size);
        if size < LONGEST && is_read(blob.path) {
            let is_others = !own.contains(blob.path);
            found.push((is_others, blob.path.matches('/').count(), size, blob.path));
        } else {
            diff.files.push(named(blob.path));
        }
    }
    found.sort_unstable();
    let mut bytes = 0;
    let fits = |(_, _, size, _): &&(bool, usize, i64, &str)| {
        bytes += size;
        bytes <= BYTES
    };
    let read = found.iter().take(READ).take_while(fits);
    let paths: Vec<String> = read.map(|(.., path)| (*path).to_owned()).collect();
    let mut left = found.iter().skip(paths.len());
    let cut = left.any(|(is_others, ..)| own.is_empty() || !is_others);
    (diff, Unread { paths, cut })
}

fn named(path: &str) -> FileDiff {
    FileDiff {
        path: path.to_owned(),
        ..FileDiff::default()
    }
}

/// Whether its text may tell anything.
fn is_read(path: &str) -> bool {
    let others = [
        is_lock,
        is_history,
        is_generated,
        is_packagers_log,
        is_picture,
    ];
    !others.iter().any(|is| is(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_tells_all_or_the_trees_are_read() {
        let told = |path, lines, patch| Told {
            path,
            status: "modified",
            lines,
            patch,
        };
        let files = [
            told("a", 2, Some("@@\n-1\n+2")),
            told("long", 5_000, None),
            told("picture.png", 0, None),
            told("Cargo.lock", 5_000, None),
            Told {
                status: "added",
                ..told("new", 1, Some("@@\n+1.0.4"))
            },
        ];
        let (diff, unread) = compared(0, &files).unwrap();
        let paths: Vec<_> = diff.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["a", "picture.png", "Cargo.lock"]);
        assert_eq!((unread.paths, unread.cut), (vec!["long".to_owned()], false));
        assert_eq!(compared(1, &files), None);
        assert_eq!(compared(0, &[files[0]; 300]), None);
    }

    #[test]
    fn of_two_trees_the_small_files_near_the_root_are_read() {
        let blob = |path, sha, size| Blob { path, sha, size };
        let names: Vec<String> = (0..130).map(|n| format!("a/{n:03}")).collect();
        let mut before: Vec<Blob<'_>> = names.iter().map(|name| blob(name, "1", 9)).collect();
        before.extend([
            blob("VERSION", "1", 5),
            blob("same", "1", 1),
            blob("gone", "1", 1),
        ]);
        before.extend([blob("big", "1", 2_000_000), blob("a/Cargo.lock", "1", 1)]);
        before.push(blob("b/logo.PNG", "1", 1));
        let changed = |b: &Blob<'_>| b.path != "same";
        let after = before.iter().filter(|b| b.path != "gone");
        let after = after.map(|b| Blob {
            sha: if changed(b) { "2" } else { "1" },
            ..*b
        });
        let after: Vec<Blob<'_>> = after.collect();
        let (diff, unread) = differing(&before, &after, &[]);
        assert_eq!(unread.paths.len(), READ);
        assert_eq!(unread.paths[0], "VERSION");
        assert!(unread.cut);
        assert_eq!(diff.files.len(), 3);
        // What the release's own commit raised is known with its own files.
        let own = ["a/129".to_owned(), "a/128".to_owned()];
        let (_, unread) = differing(&before, &after, &own);
        assert_eq!(unread.paths[..3], ["a/128", "a/129", "VERSION"]);
        assert!(!unread.cut);
        let (_, unread) = differing(&before, &after, &names);
        assert!(unread.cut, "more than are read are its own");
        let large: Vec<Blob<'_>> = names.iter().map(|name| blob(name, "1", 900_000)).collect();
        let other: Vec<Blob<'_>> = names.iter().map(|name| blob(name, "2", 900_000)).collect();
        assert_eq!(differing(&large, &other, &[]).1.paths.len(), 4);
    }

    #[test]
    fn the_commit_of_a_release_is_the_one_that_raised_it() {
        let told = |path, patch| Told {
            path,
            status: "modified",
            lines: 2,
            patch,
        };
        let manifest = told(
            "a.toml",
            Some("@@\n-version = \"1.0.3\"\n+version = \"1.0.4\""),
        );
        let long = told("docs/long.md", None);
        let other = told("src/a.rs", Some("@@\n-let a = 1;\n+let a = 2;"));
        let log = told("CHANGELOG.md", Some("@@\n-## 1.0.3\n+## 1.0.4"));
        let new = Told {
            status: "added",
            ..told("new", Some("@@\n+1.0.4"))
        };
        let found = raised(&[manifest, long, other, new], "1.0.3", "1.0.4");
        assert_eq!(found, ["a.toml", "docs/long.md", "src/a.rs"]);
        for files in [&[other, log][..], &[long], &[new], &[]] {
            assert_eq!(raised(files, "1.0.3", "1.0.4"), [""; 0], "{files:?}");
        }
        assert!(raised(&[manifest], "1.0.2", "1.0.4").is_empty());
    }
}
