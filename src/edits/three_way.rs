//! Three-way merging of texts, line by line, as git does it.

use thiserror::Error;
use threeway_merge::{
    DiffAlgorithm, MergeFavor, MergeLevel, MergeOptions, MergeStyle, merge_strings,
};

/// What came of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    /// Everything fits together.
    Clean(String),
    /// Both sides changed the same lines: conflict markers stand there.
    Conflict(String),
}

/// The names that conflict markers carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labels<'a> {
    /// Whose lines stand between `<<<<<<<` and `=======`.
    pub ours: &'a str,
    /// Whose lines stand between `=======` and `>>>>>>>`.
    pub theirs: &'a str,
}

/// The texts cannot be merged: together they are too long.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the texts are too long to be merged: {0}")]
pub struct TooLong(pub String);

/// Merges what `ours` and `theirs` each changed since `base`. The result is
/// byte for byte what `git merge` writes by default: histogram diff,
/// plain conflict markers of seven characters.
///
/// # Errors
/// Where the texts are so long that the result could exceed 2 GiB.
pub fn merge(base: &str, ours: &str, theirs: &str, labels: Labels<'_>) -> Result<Merged, TooLong> {
    // A marker is one line.
    let label = |label: &str| Some(label.replace(['\0', '\r', '\n'], " "));
    let options = MergeOptions {
        ours_label: label(labels.ours),
        theirs_label: label(labels.theirs),
        ..as_git()
    };
    let merged = merge_strings(base, ours, theirs, &options);
    let merged = merged.map_err(|error| TooLong(error.to_string()))?;
    Ok(if merged.conflicts == 0 {
        Merged::Clean(merged.content)
    } else {
        Merged::Conflict(merged.content)
    })
}

/// Merges them as git does where `.gitattributes` says `merge=union`: where both
/// changed the same lines, ours stay, and theirs follow.
///
/// # Errors
/// As [`merge`].
pub fn union(base: &str, ours: &str, theirs: &str) -> Result<String, TooLong> {
    let options = MergeOptions {
        favor: Some(MergeFavor::Union),
        ..as_git()
    };
    let merged = merge_strings(base, ours, theirs, &options);
    merged
        .map(|merged| merged.content)
        .map_err(|error| TooLong(error.to_string()))
}

fn as_git() -> MergeOptions {
    MergeOptions {
        style: MergeStyle::Normal,
        algorithm: DiffAlgorithm::Histogram,
        level: MergeLevel::Zealous,
        ..MergeOptions::default()
    }
}

/// Whether conflict markers stand in the text: a line that begins with
/// `<<<<<<< `, below it the line `=======`, below that one with `>>>>>>> `.
pub fn has_markers(text: &str) -> bool {
    let mut lines = text.lines();
    lines.any(|line| line.starts_with("<<<<<<< "))
        && lines.any(|line| line == "=======")
        && lines.any(|line| line.starts_with(">>>>>>> "))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    const LABELS: Labels<'_> = Labels {
        ours: "main",
        theirs: "hotfix/v1.1.4",
    };

    fn git(dir: &Path, arguments: &[&str]) -> String {
        let out = Command::new("git")
            .args(["-c", "core.autocrlf=false"])
            .args(["-c", "user.name=t", "-c", "user.email=t@e.org"])
            .args(arguments)
            .current_dir(dir)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        // 1 says that there are conflicts.
        assert!(matches!(out.status.code(), Some(0 | 1)), "{out:?}");
        String::from_utf8(out.stdout).unwrap()
    }

    type Texts = (String, String, String);

    /// What git itself makes of base, ours and theirs: each is a file of one
    /// repository. Not by `git merge-file`, which joins neighbouring conflicts.
    fn by_git(cases: &[Texts]) -> Vec<Merged> {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let commit = |texts: &mut dyn Iterator<Item = &String>| {
            for (n, text) in texts.enumerate() {
                std::fs::write(dir.join(n.to_string()), text).unwrap();
            }
            git(dir, &["add", "-A", "."]);
            git(dir, &["commit", "-q", "--allow-empty", "-m", "x"]);
        };
        git(dir, &["init", "-q", "-b", LABELS.ours]);
        commit(&mut cases.iter().map(|(base, _, _)| base));
        git(dir, &["checkout", "-q", "-b", LABELS.theirs]);
        commit(&mut cases.iter().map(|(_, _, theirs)| theirs));
        git(dir, &["checkout", "-q", LABELS.ours]);
        commit(&mut cases.iter().map(|(_, ours, _)| ours));
        let form = ["merge-tree", "--write-tree", "--name-only", "--no-messages"];
        let out = git(dir, &[&form[..], &[LABELS.ours, LABELS.theirs]].concat());
        let (tree, conflicts) = out.split_once('\n').unwrap();
        let conflicts: Vec<&str> = conflicts.lines().collect();
        git(dir, &["read-tree", tree]);
        git(dir, &["checkout-index", "-a", "--prefix=merged/"]);
        (0..cases.len())
            .map(|n| {
                let name = n.to_string();
                let text = std::fs::read_to_string(dir.join("merged").join(&name)).unwrap();
                if conflicts.contains(&name.as_str()) {
                    Merged::Conflict(text)
                } else {
                    Merged::Clean(text)
                }
            })
            .collect()
    }

    #[track_caller]
    fn compare(cases: &[Texts]) {
        for ((base, ours, theirs), expected) in cases.iter().zip(by_git(cases)) {
            let merged = merge(base, ours, theirs, LABELS);
            assert_eq!(merged, Ok(expected), "{base:?} {ours:?} {theirs:?}");
        }
    }

    #[test]
    fn each_side_brings_its_lines() {
        let base = "a\nb\nc\nd\ne\n";
        let ours = "A\nb\nc\nd\ne\n";
        let theirs = "a\nb\nc\nd\nE\n";
        let merged = merge(base, ours, theirs, LABELS);
        assert_eq!(merged, Ok(Merged::Clean("A\nb\nc\nd\nE\n".into())));
        let merged = merge(base, ours, "x\nb\nc\nd\ne\n", LABELS).unwrap();
        let expected = "<<<<<<< main\nA\n=======\nx\n>>>>>>> hotfix/v1.1.4\nb\nc\nd\ne\n";
        assert_eq!(merged, Merged::Conflict(expected.into()));
        assert!(has_markers(expected));
    }

    #[test]
    fn line_ends_are_as_git_leaves_them() {
        let cases = [
            ("a\r\nb\r\n", "A\r\nb\r\n", "x\r\nb\r\n"),
            ("a\r\nb\r\nc\r\n", "A\r\nb\r\nc\r\n", "a\r\nb\r\nC\r\n"),
            ("a\nb", "a\nB", "a\nx"),
            ("a\nb", "a\nB\n", "a\nx"),
            ("a\nb\n", "a\nb", "x\nb\n"),
            ("a\nb\n", "a\r\nb\r\n", "x\nb\n"),
            ("a\r\nb", "a\r\nB", "a\r\nx"),
            ("", "a\n", "b\n"),
            ("", "a\nb\nc", "a\nx\nc"),
            ("a\n", "", "b\n"),
            ("ä\nö\n", "ä\nü\n", "ß\nö\n"),
            // Too little between two conflicts to be told apart by letters.
            (
                "\n\n\n}\n}\n\n\n\n",
                "\n\n\n\n}\n}\n\n\n",
                "\n\n}\n}\n\n\n\n\n",
            ),
        ];
        compare(&cases.map(|(base, ours, theirs)| (base.into(), ours.into(), theirs.into())));
    }

    #[test]
    fn markers_are_found() {
        for (text, found) in [
            ("<<<<<<< main\na\n=======\nb\n>>>>>>> x\n", true),
            ("<<<<<<< main\r\n=======\r\n>>>>>>> x\r\n", true),
            ("p\n<<<<<<< main\n=======\n>>>>>>> x", true),
            ("Title\n=======\n", false),
            (" <<<<<<< main\n=======\n>>>>>>> x\n", false),
            ("<<<<<<< main\n>>>>>>> x\n=======\n", false),
            ("<<<<<<<\n=======\n>>>>>>>\n", false),
            ("", false),
        ] {
            assert_eq!(has_markers(text), found, "{text:?}");
        }
    }

    #[test]
    fn a_label_is_one_line() {
        let labels = Labels {
            ours: "a\nb",
            theirs: "c\0",
        };
        let merged = merge("1\n", "2\n", "3\n", labels).unwrap();
        let expected = "<<<<<<< a b\n2\n=======\n3\n>>>>>>> c \n";
        assert_eq!(merged, Merged::Conflict(expected.into()));
    }

    /// Lines from a small stock, so that they often repeat, and edits of them.
    fn sides() -> impl Strategy<Value = Texts> {
        let line = || prop::sample::select(vec!["", "a", "b", "}", "fn x() {", "  c", "d e"]);
        let edits = || {
            prop::collection::vec(
                (0..14_usize, 0..3_usize, prop::collection::vec(line(), 0..3)),
                0..4,
            )
        };
        let edited = |base: &[&'static str], edits: Vec<(usize, usize, Vec<&'static str>)>| {
            let mut lines = base.to_vec();
            for (at, removed, new) in edits {
                let at = at.min(lines.len());
                let end = (at + removed).min(lines.len());
                lines.splice(at..end, new);
            }
            lines
        };
        let base = prop::collection::vec(line(), 0..14);
        (base, edits(), edits(), 0..3_u8, any::<[bool; 3]>()).prop_map(
            move |(base, ours, theirs, eol, last)| {
                let eol = if eol == 0 { "\r\n" } else { "\n" };
                let text = |lines: Vec<&str>, whole: bool| {
                    let mut text = lines.join(eol);
                    if whole || eol == "\r\n" {
                        text.push_str(eol);
                    }
                    text
                };
                let (ours, theirs) = (edited(&base, ours), edited(&base, theirs));
                (
                    text(base, last[0]),
                    text(ours, last[1]),
                    text(theirs, last[2]),
                )
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn git_says_the_same(cases in prop::collection::vec(sides(), 100)) {
            compare(&cases);
        }
    }
}
