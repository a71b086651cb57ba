//! Against git: the same files on two sides, `git diff -U0 | git patch-id
//! --stable` on one hand, and what the API would tell of them on the other.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;

use super::*;

fn git(dir: &Path, arguments: &[&str], input: Option<&[u8]>) -> Vec<u8> {
    let mut child = Command::new("git")
        .args([
            "-c",
            "core.autocrlf=false",
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@e.org",
        ])
        .args(arguments)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.unwrap_or_default().to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let out = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(out.status.success(), "git {arguments:?}");
    out.stdout
}

type Files<'a> = &'a [(&'a str, &'a str)];

/// The whole state of a repository, committed.
fn commit(dir: &Path, files: Files<'_>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with(".git") {
            std::fs::remove_dir_all(path).unwrap();
        } else if path.is_file() {
            std::fs::remove_file(path).unwrap();
        }
    }
    for (path, text) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    git(dir, &["add", "-A", "."], None);
    git(dir, &["commit", "-q", "--allow-empty", "-m", "x"], None);
}

/// What the API would say of the last commit: hunks with three lines around.
fn told(dir: &Path) -> Vec<(FileStatus, String, Option<String>, String)> {
    let names = git(
        dir,
        &[
            "diff",
            "-z",
            "--no-renames",
            "--raw",
            "--no-abbrev",
            "HEAD~",
            "HEAD",
        ],
        None,
    );
    let names = String::from_utf8(names).unwrap();
    let mut parts = names.split('\0').filter(|part| !part.is_empty());
    let mut files = Vec::new();
    while let (Some(info), Some(path)) = (parts.next(), parts.next()) {
        let info: Vec<&str> = info.split(' ').collect();
        let (status, blob) = match info[4] {
            "A" => (FileStatus::Added, info[3]),
            "D" => (FileStatus::Removed, info[2]),
            _ => (FileStatus::Modified, info[3]),
        };
        let diff = git(
            dir,
            &["diff", "--no-renames", "HEAD~", "HEAD", "--", path],
            None,
        );
        let diff = String::from_utf8(diff).unwrap();
        let hunks = diff
            .find("\n@@")
            .map(|at| diff[at + 1..].trim_end_matches('\n').to_owned());
        files.push((status, path.to_owned(), hunks, blob.to_owned()));
    }
    files
}

fn ours(files: &[(FileStatus, String, Option<String>, String)]) -> String {
    let patches: Vec<FilePatch<'_>> = files
        .iter()
        .map(|(status, path, patch, blob)| FilePatch {
            status: *status,
            path,
            previous: None,
            patch: patch.as_deref(),
            blob: Some(blob),
            modes: [None; 2],
        })
        .collect();
    patch_id(&patches)
}

fn theirs(dir: &Path) -> String {
    let diff = git(dir, &["diff", "--no-renames", "-U0", "HEAD~", "HEAD"], None);
    let id = git(dir, &["patch-id", "--stable"], Some(&diff));
    let id = String::from_utf8(id).unwrap();
    id.split(' ').next().unwrap_or_default().to_owned()
}

fn repository() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "-q"], None);
    dir
}

/// The id of the step from `old` to `new`, on which git has to agree.
#[track_caller]
fn id(old: Files<'_>, new: Files<'_>) -> String {
    let dir = repository();
    commit(dir.path(), old);
    commit(dir.path(), new);
    let id = ours(&told(dir.path()));
    assert_eq!(id, theirs(dir.path()), "{old:?} {new:?}");
    id
}

#[test]
fn git_has_the_same_ids() {
    let long: String = (0..40).map(|n| format!("line {n}\n")).collect();
    let changed = long
        .replace("line 3\n", "line three\n")
        .replace("line 30\n", "");
    let steps: &[(Files<'_>, Files<'_>)] = &[
        (&[("a.rs", &long)], &[("a.rs", &changed)]),
        (
            &[("a", "x\n")],
            &[("a", "x\n"), ("d/b", "new\n  indented\tline\n")],
        ),
        (&[("a", "x\n"), ("b", "y\nz\n")], &[("a", "x\n")]),
        (
            &[("a", "x\n"), ("b", &long), ("c", "1\n")],
            &[("a", "y\n"), ("b", &changed), ("d", "2\n")],
        ),
        (&[("a", "x\ny")], &[("a", "x\nz")]),
        (&[("a", "x\ny\n")], &[("a", "x\ny")]),
        (&[("a", "x")], &[("a", "x\n"), ("b", "no end")]),
        (&[("a", "x\r\ny\r\n")], &[("a", "x\r\nz\r\n")]),
        (&[("a", "x\ny\n")], &[("a", "x\r\ny\r\n")]),
        (
            &[("a", "-- x\n++ y\n@@ z\n")],
            &[("a", "-- y\n++ z\n@@ x\n\\ No newline\n")],
        ),
        (&[("a", "x\u{b}y\n")], &[("a", "x\u{c}y \u{a0}z\n")]),
        (
            &[("a b", "x\n"), ("ä\"\t\\.rs", "x\n")],
            &[("a b", "y\n"), ("ä\"\t\\.rs", "y\n")],
        ),
        (
            &[("a", "x\n"), ("z", "x\n")],
            &[("a", "y\n"), ("m", ""), ("z", "y\n")],
        ),
        (&[("a", "x\n"), ("z", "")], &[("a", "y\n")]),
        (&[("a", "x\n")], &[("a", "")]),
    ];
    for (old, new) in steps {
        id(old, new);
    }
}

#[test]
fn surroundings_do_not_count() {
    let around = |above: &str, fix: &str, below: &str| format!("{above}\nb\n{fix}\nd\n{below}\n");
    let first = id(
        &[("a", &around("a", "old", "e"))],
        &[("a", &around("a", "new", "e"))],
    );
    let far: String = (0..20).map(|n| format!("more {n}\n")).collect();
    let drifted = id(
        &[("a", &around(&far, "old", "other"))],
        &[("a", &around(&far, "new", "other"))],
    );
    assert_eq!(first, drifted);
    let another = id(
        &[("a", &around("a", "old", "e"))],
        &[("a", &around("a", "newer", "e"))],
    );
    assert_ne!(first, another);
    let elsewhere = id(
        &[("b", &around("a", "old", "e"))],
        &[("b", &around("a", "new", "e"))],
    );
    assert_ne!(first, elsewhere);
}

#[test]
fn without_a_patch_the_blob_counts() {
    let file = |blob| FilePatch {
        status: FileStatus::parse("modified"),
        path: "logo.png",
        previous: None,
        patch: None,
        blob,
        modes: [None; 2],
    };
    let id = patch_id(&[file(Some("aa"))]);
    assert_eq!(id, patch_id(&[file(Some("aa"))]));
    assert_ne!(id, patch_id(&[file(Some("bb"))]));
    assert_ne!(id, patch_id(&[]));
    assert_eq!(patch_id(&[]), "0".repeat(40));
    let renamed = |previous| FilePatch {
        status: FileStatus::parse("renamed"),
        previous: Some(previous),
        ..file(Some("aa"))
    };
    assert_ne!(patch_id(&[renamed("a")]), patch_id(&[renamed("b")]));
}

#[test]
fn modes_count_as_git_counts_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = repository();
    let path = dir.path().join("run.sh");
    let mode = |mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&path, mode).unwrap();
    };
    let save = || {
        git(dir.path(), &["add", "-A", "."], None);
        git(
            dir.path(),
            &["commit", "-q", "--allow-empty", "-m", "x"],
            None,
        );
    };
    save();
    type Modes<'a> = [Option<&'a str>; 2];
    let agrees = |modes: Modes<'_>| {
        save();
        let files = told(dir.path());
        let [(status, path, patch, blob)] = files.as_slice() else {
            panic!("{files:?}");
        };
        let file = FilePatch {
            status: *status,
            path,
            previous: None,
            patch: patch.as_deref(),
            // A change of the mode alone has no content.
            blob: patch.as_ref().map(|_| blob.as_str()),
            modes,
        };
        let id = patch_id(&[file]);
        assert_eq!(id, theirs(dir.path()), "{modes:?}");
        let without = patch_id(&[FilePatch {
            modes: [None; 2],
            ..file
        }]);
        assert_ne!(id, without);
    };
    std::fs::write(&path, "a\nb\n").unwrap();
    mode(0o755);
    agrees([None, Some("100755")]);
    mode(0o644);
    agrees([Some("100755"), Some("100644")]);
    std::fs::write(&path, "a\nc\n").unwrap();
    mode(0o755);
    agrees([Some("100644"), Some("100755")]);
    std::fs::remove_file(&path).unwrap();
    agrees([Some("100755"), None]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn git_agrees_on_random_changes(
        lines in prop::collection::vec("[a-d ]{0,3}", 1..25),
        edits in prop::collection::vec((0..25_usize, 0..3_usize, prop::collection::vec("[a-d \t]{0,3}", 0..3)), 1..5),
        ends in any::<[bool; 2]>(),
    ) {
        let mut new = lines.clone();
        for (at, removed, added) in edits {
            let at = at.min(new.len());
            let end = (at + removed).min(new.len());
            new.splice(at..end, added);
        }
        let text = |lines: &[String], end: bool| lines.join("\n") + if end { "\n" } else { "" };
        let dir = repository();
        commit(dir.path(), &[("f", &text(&lines, ends[0])), ("same", "x")]);
        commit(dir.path(), &[("f", &text(&new, ends[1])), ("same", "x")]);
        let files = told(dir.path());
        if !files.is_empty() {
            prop_assert_eq!(ours(&files), theirs(dir.path()));
        }
    }
}
