//! What commits and patches say: our trailer, what is a test. Pure.

use super::weaker::{is_test_path, is_weaker};
use crate::domain::added_tests::names;
use crate::domain::closes::closes;
use crate::domain::ids::Sha;
use crate::domain::objects::{Commit, File};
use crate::domain::workflow_file::skips_ci;
use crate::github::ops::{ChangedFile, RepoCommit};

/// The trailer by which a commit of ours names the effect that made it.
const TRAILER: &str = "Hotfix-Bot-Effect: ";

/// How the line begins that names the commit that one was picked from.
const PICKED: &str = "(cherry picked from commit ";

/// The trailer by which it tells a reader what it belongs to.
const OF: &str = "Hotfix: ";

/// The message with further trailers, and ours as the last: the issue for whoever
/// reads it, `owner/name#7`, and the key of the effect.
pub fn with_trailers(message: &str, further: &[String], issue: &str, key: &str) -> String {
    let further: String = further.iter().map(|line| format!("{line}\n")).collect();
    format!(
        "{}\n\n{further}{OF}{issue}\n{TRAILER}{key}\n",
        message.trim_end()
    )
}

/// The key of the effect that made a commit, as its trailer says. Anybody can
/// write such a line, and with the bot's address: a commit is ours only if our
/// own call made it.
pub fn effect(commit: &RepoCommit, is_bot: impl Fn(&str) -> bool) -> Option<&str> {
    let author = commit.author.as_ref()?;
    if !is_bot(&author.login) {
        return None;
    }
    // What is picked from a commit of ours is none.
    if picked(&commit.commit.message).is_some() {
        return None;
    }
    let lines = commit.commit.message.lines().rev();
    lines
        .take_while(|line| !line.is_empty())
        .find_map(|line| line.strip_prefix(TRAILER))
        .map(str::trim)
}

/// The commit that a message says it was picked from, in its last line.
pub fn picked(message: &str) -> Option<Sha> {
    let last = message.trim_end().lines().next_back()?;
    let from = last.strip_prefix(PICKED)?.strip_suffix(')')?;
    let whole = from.len() >= 40 && from.bytes().all(|b| b.is_ascii_hexdigit());
    whole.then(|| Sha::new(from))
}

/// The message of a pick, as `git cherry-pick -x` writes it: below trailers
/// without a blank line.
pub fn with_picked(message: &str, from: &str) -> String {
    let message = message.trim_end();
    let (_, last) = message.rsplit_once("\n\n").unwrap_or_default();
    let trailer = |line: &str| {
        let name = line.split_once(": ").map_or("", |(name, _)| name);
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (!name.is_empty() && name.chars().all(plain)) || line.starts_with(PICKED)
    };
    let gap = match !last.is_empty() && last.lines().all(trailer) {
        true => "\n",
        false => "\n\n",
    };
    format!("{message}{gap}{PICKED}{from})\n")
}

/// A commit as facts keep it, without its paths and whose work it is.
pub fn commit(of: &RepoCommit, is_bot: impl Fn(&str) -> bool) -> Commit {
    let login = of.author.as_ref().map(|author| author.login.as_str());
    let message = of.commit.message.as_str();
    Commit {
        sha: Sha::new(of.sha.clone()),
        subject: message.lines().next().unwrap_or_default().into(),
        author: login
            .filter(|login| !login.is_empty())
            .unwrap_or(&of.commit.author.name)
            .to_owned(),
        hands: None,
        effect: effect(of, is_bot).map(str::to_owned),
        paths: Vec::new(),
        unread: false,
        skips_ci: skips_ci(message),
        closes: closes(message),
        picked: picked(message),
        unsigned: of.commit.verification.is_missing(),
    }
}

/// Every path that a list of changed files touches, old names too.
pub fn paths(files: &[ChangedFile]) -> Vec<String> {
    let mut paths = Vec::new();
    for file in files {
        paths.extend(file.previous_filename.clone());
        paths.push(file.filename.clone());
    }
    paths
}

/// A changed file as facts keep it.
pub fn file(of: &ChangedFile) -> File {
    File {
        path: of.filename.clone(),
        additions: u64::try_from(of.additions).unwrap_or_default(),
        deletions: u64::try_from(of.deletions).unwrap_or_default(),
        test: touches_test(of),
        removed: of.status == "removed",
        was: of.previous_filename.clone(),
        tests: of.patch.as_deref().map(names).unwrap_or_default(),
        line: of.patch.as_deref().map_or(0, first_line),
        weaker: is_weaker(of),
    }
}

/// The first line that a patch adds, as it is numbered afterwards; where it only
/// takes lines away, the line behind them.
fn first_line(patch: &str) -> u64 {
    let mut at: Option<u64> = None;
    for line in patch.lines() {
        match (line.chars().next(), &mut at) {
            (Some('@'), None) => {
                let after = line.split_once('+').map(|(_, after)| after);
                let digits = after.map(|it| it.chars().take_while(char::is_ascii_digit));
                at = digits.and_then(|it| it.collect::<String>().parse().ok());
            }
            (Some('+' | '-'), Some(at)) => return (*at).max(1),
            (_, Some(at)) => *at += 1,
            _ => {}
        }
    }
    at.unwrap_or(0)
}

/// Whether a change adds to a test, by its path or by the lines that it adds.
/// One that is taken away is none.
fn touches_test(file: &ChangedFile) -> bool {
    if file.status == "removed" {
        return false;
    }
    is_test_path(&file.filename) || file.patch.as_deref().is_some_and(adds_test)
}

fn adds_test(patch: &str) -> bool {
    patch
        .lines()
        .filter(|line| !line.starts_with("+++"))
        .filter_map(|line| line.strip_prefix('+'))
        .map(str::trim_start)
        .any(|line| {
            [
                "#[test]",
                "#[tokio::test",
                "#[rstest",
                "#[test_case",
                "@Test",
            ]
            .iter()
            .any(|mark| line.contains(mark))
                || line.contains("fn test_")
                || ["def test_", "func Test", "it(", "test(", "describe("]
                    .iter()
                    .any(|start| line.starts_with(start))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_a_change_touches() {
        for (patch, line) in [
            ("@@ -0,0 +1,2 @@\n+a\n+b", 1),
            ("@@ -10,4 +12,5 @@ fn x()\n one\n two\n+three\n four", 14),
            ("@@ -3,2 +3,1 @@\n one\n-two", 4),
            ("@@ -1,2 +0,0 @@\n-one\n-two", 1),
            ("@@ -1 +1 @@\n-one\n+two", 1),
            ("", 0),
            ("Binary files differ", 0),
        ] {
            assert_eq!(first_line(patch), line, "{patch}");
        }
    }
    use crate::github::ops::Actor;

    fn by(login: &str, message: &str) -> RepoCommit {
        let mut commit = RepoCommit {
            sha: "AB".into(),
            author: Some(Actor {
                login: login.into(),
                ..Actor::default()
            }),
            ..RepoCommit::default()
        };
        commit.commit.message = message.into();
        commit.commit.author.name = "A Name".into();
        commit
    }

    #[test]
    fn only_our_own_trailer_is_believed() {
        let is_bot = |login: &str| login == "hotfix[bot]";
        let message = with_trailers("chore: bump\n\nbody\n", &[], "o/r#7", "1/0/bump/ab/1");
        assert_eq!(
            message,
            "chore: bump\n\nbody\n\nHotfix: o/r#7\nHotfix-Bot-Effect: 1/0/bump/ab/1\n"
        );
        let ours = commit(&by("hotfix[bot]", &message), is_bot);
        assert_eq!(ours.effect.as_deref(), Some("1/0/bump/ab/1"));
        assert_eq!(ours.subject, "chore: bump");
        assert_eq!(effect(&by("someone", &message), is_bot), None);
        let quoted = by(
            "hotfix[bot]",
            "x\n\nHotfix-Bot-Effect: 1/0/bump/ab/1\n\nmore",
        );
        assert_eq!(effect(&quoted, is_bot), None);
        let mut unknown = by("", "x");
        assert_eq!(commit(&unknown, is_bot).author, "A Name");
        unknown.author = None;
        assert_eq!(commit(&unknown, is_bot).author, "A Name");
    }

    #[test]
    fn what_counts_as_a_test() {
        for path in [
            "tests/cli.rs",
            "crates/a/tests/data/x.json",
            "src/parser/tests.rs",
            "src/store_test.go",
            "test_parser.py",
            "web/button.spec.ts",
            "src/FooTest.java",
        ] {
            assert!(is_test_path(path), "{path}");
        }
        for path in [
            "src/main.rs",
            "src/testament.rs",
            "contest/a.rs",
            "src/latest.rs",
        ] {
            assert!(!is_test_path(path), "{path}");
        }
        let change = |status: &str, path: &str, patch: &str| ChangedFile {
            filename: path.into(),
            status: status.into(),
            patch: Some(patch.into()),
            ..ChangedFile::default()
        };
        let inside = change(
            "modified",
            "src/a.rs",
            "@@ -1 +1 @@\n+    #[test]\n+    fn x() {}",
        );
        assert!(file(&inside).test);
        let old = change(
            "modified",
            "src/a.rs",
            "@@ -1 +1 @@\n-    #[test]\n+x\n #[test]",
        );
        assert!(!file(&old).test);
        assert!(!file(&change("removed", "tests/a.rs", "")).test);
    }
}
