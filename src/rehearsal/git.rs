//! What people and judge do with git in the stand-in's repositories.

use std::path::Path;
use std::process::{Command, Stdio};

/// Picks `sha` onto `onto` in a temporary work tree of the bare repository
/// `git_dir`, in the name of `who` (login, e-mail address), `at` seconds since
/// the epoch. Gives the new commit.
///
/// Only the files of the commit are checked out, so that contents which a
/// partial clone lacks are not missed.
///
/// # Errors
/// In words; a conflict names its files.
pub fn pick(
    git_dir: &Path,
    sha: &str,
    onto: &str,
    who: (&str, &str),
    at: i64,
) -> Result<String, String> {
    let made = tempfile::Builder::new().prefix("hotfix-pick-").tempdir();
    let made = made.map_err(|e| format!("a temporary folder cannot be made: {e}"))?;
    let tree = made.path().join("tree");
    let result = pick_in(git_dir, &tree, sha, onto, who, at);
    // The clone forgets the work tree, whatever came of it.
    let shown = tree.to_string_lossy().into_owned();
    let _ = git(git_dir, &["worktree", "remove", "--force", &shown], who, at);
    result
}

fn pick_in(
    git_dir: &Path,
    tree: &Path,
    sha: &str,
    onto: &str,
    who: (&str, &str),
    at: i64,
) -> Result<String, String> {
    let shown = tree.to_string_lossy().into_owned();
    let names = [
        "diff-tree",
        "--root",
        "-m",
        "--first-parent",
        "-r",
        "-z",
        "--no-commit-id",
        "--name-only",
        sha,
    ];
    let paths = git(git_dir, &names, who, at)?;
    let paths: Vec<String> = paths
        .split('\0')
        .filter(|p| !p.is_empty())
        .map(|p| format!("/{}", literal(p)))
        .collect();
    let add = [
        "worktree",
        "add",
        "--quiet",
        "--no-checkout",
        "--detach",
        &shown,
        onto,
    ];
    git(git_dir, &add, who, at)?;
    let mut sparse = vec!["sparse-checkout", "set", "--no-cone"];
    sparse.extend(paths.iter().map(String::as_str));
    git(tree, &sparse, who, at)?;
    git(tree, &["checkout", "--quiet", "--detach"], who, at)?;
    let parents = git(tree, &["rev-list", "--parents", "-n", "1", sha], who, at)?;
    let mut args = vec!["cherry-pick", "-x"];
    if parents.split_whitespace().count() > 2 {
        args.extend(["-m", "1"]);
    }
    args.push(sha);
    if let Err(why) = git(tree, &args, who, at) {
        let unmerged = git(tree, &["diff", "--name-only", "--diff-filter=U"], who, at);
        let files: Vec<String> = unmerged
            .unwrap_or_default()
            .lines()
            .map(str::to_owned)
            .collect();
        let short = sha.get(..7).unwrap_or(sha);
        return Err(if files.is_empty() {
            format!("{short} cannot be picked onto the hotfix branch: {why}")
        } else {
            format!(
                "{short} conflicts with the hotfix branch in {}",
                files.join(", ")
            )
        });
    }
    git(tree, &["rev-parse", "HEAD"], who, at)
}

/// A path as a pattern that means itself.
fn literal(path: &str) -> String {
    path.chars().fold(String::new(), |mut out, c| {
        if "*?[\\!#".contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

/// Runs git in a folder of the rehearsal's own.
pub fn git(dir: &Path, args: &[&str], who: (&str, &str), at: i64) -> Result<String, String> {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    let (name, address) = who;
    let output = command
        .arg("-C")
        .arg(dir)
        .args([
            "-c",
            "protocol.allow=never",
            "-c",
            "core.hooksPath=/dev/null",
        ])
        .args(args)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_EDITOR", "true")
        .env("GIT_COMMITTER_NAME", name)
        .env("GIT_COMMITTER_EMAIL", address)
        .env("GIT_COMMITTER_DATE", format!("{at} +0000"))
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("git cannot be run: {e}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        return Ok(text.trim_end_matches('\n').to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|l| !l.trim().is_empty());
    Err(line
        .unwrap_or("git failed")
        .trim_start_matches("fatal: ")
        .to_owned())
}

/// The files in which a merge of two commits conflicts; none when it is clean.
///
/// # Errors
/// In words, when git cannot tell, as for contents that are not there.
pub fn conflicts(git_dir: &Path, ours: &str, theirs: &str) -> Result<Vec<String>, String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(git_dir)
        .args([
            "-c",
            "protocol.allow=never",
            "merge-tree",
            "--write-tree",
            "--name-only",
        ])
        .args(["--no-messages", ours, theirs])
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env_remove("GIT_DIR")
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("git cannot be run: {e}"))?;
    match output.status.code() {
        Some(0) => Ok(Vec::new()),
        Some(1) => {
            let text = String::from_utf8_lossy(&output.stdout);
            Ok(text
                .lines()
                .skip(1)
                .filter(|l| !l.is_empty())
                .map(str::to_owned)
                .collect())
        }
        _ => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    }
}
