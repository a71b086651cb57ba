//! A clone, with one git that reads from it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use hotfix_bot::ecosystem::learnt::{Diff, FileDiff};

pub struct Repo {
    path: PathBuf,
    git: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// A commit that is no merge, and what it changes.
pub struct Commit {
    pub sha: String,
    pub paths: Vec<String>,
}

impl Drop for Repo {
    fn drop(&mut self) {
        let _ = self.git.kill();
        let _ = self.git.wait();
    }
}

impl Repo {
    /// None where there is no clone.
    pub fn open(path: &Path) -> Option<Repo> {
        let nested = path.join("repo");
        let path = if nested.is_dir() {
            nested
        } else {
            path.to_owned()
        };
        let mut git = Command::new("git")
            .arg("-C")
            .arg(&path)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let (ask, answers) = (git.stdin.take()?, BufReader::new(git.stdout.take()?));
        let repo = Repo {
            path,
            git,
            ask,
            answers,
        };
        let is_clone = !repo.git(&["rev-parse", "--git-dir"]).is_empty();
        is_clone.then_some(repo)
    }

    fn try_git(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("git")
            .arg("-C")
            .arg(&self.path)
            .args(["-c", "core.quotePath=false"])
            .args(arguments)
            .stderr(Stdio::null())
            .output();
        let output = output.ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        output.status.success().then_some(text)
    }

    /// What git says; nothing where it fails.
    pub fn git(&self, arguments: &[&str]) -> String {
        self.try_git(arguments).unwrap_or_default()
    }

    /// A file's text at a commit; none where it is no text.
    pub fn text(&mut self, at: &str, path: &str) -> Option<String> {
        writeln!(self.ask, "{at}:{path}").ok()?;
        self.ask.flush().ok()?;
        let mut header = String::new();
        self.answers.read_line(&mut header).ok()?;
        let mut words = header.trim_end().rsplit(' ');
        let size: usize = words.next()?.parse().ok()?;
        let kind = words.next()?;
        let mut bytes = vec![0; size + 1];
        self.answers.read_exact(&mut bytes).ok()?;
        bytes.pop();
        String::from_utf8(bytes).ok().filter(|_| kind == "blob")
    }

    /// The paths of a commit's tree.
    pub fn tree(&self, at: &str) -> Vec<String> {
        let tree = self.git(&["ls-tree", "-r", "-z", "--name-only", at]);
        let paths = tree.split('\0').filter(|path| !path.is_empty());
        paths.map(str::to_owned).collect()
    }

    /// The commits of a range that are no merges, children first.
    pub fn commits(&self, range: &str) -> Vec<Commit> {
        let log = self.git(&[
            "log",
            "--no-merges",
            "--topo-order",
            "--no-renames",
            "--name-only",
            "--format=%x01%H",
            range,
        ]);
        let commits = log
            .split('\u{1}')
            .filter(|commit| !commit.trim().is_empty());
        let commit = |commit: &str| {
            let mut lines = commit.lines().filter(|line| !line.is_empty());
            Commit {
                sha: lines.next().unwrap_or_default().to_owned(),
                paths: lines.map(str::to_owned).collect(),
            }
        };
        commits.map(commit).collect()
    }

    /// The difference of two commits, file by file; none where the clone has
    /// gaps.
    pub fn diff(&self, from: &str, to: &str) -> Result<Diff, String> {
        let options = ["-U0", "--no-renames", "--no-color", "--no-ext-diff"];
        let arguments = [&["diff"], &options[..], &["--diff-filter=M", from, to]];
        let text = self.try_git(&arguments.concat());
        let text =
            text.ok_or_else(|| format!("an object between {from} and {to} is missing here"))?;
        let mut files = Vec::new();
        for file in text.split("\ndiff --git ") {
            let Some(at) = file.find("\n@@") else {
                continue;
            };
            let (head, patch) = file.split_at(at + 1);
            let path = head.lines().find_map(|line| line.strip_prefix("+++ b/"));
            if let Some(path) = path {
                files.push(FileDiff::of_patch(path.trim_end_matches('\t'), patch));
            }
        }
        Ok(Diff { files })
    }
}
