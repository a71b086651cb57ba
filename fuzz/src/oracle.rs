//! Git's word on what was computed here, on files in memory where there is such a place.

use std::path::Path;
use std::process::{Command, Output};

fn scratch() -> Option<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    let made = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    };
    made.ok()
}

fn git(dir: &Path, arguments: &[&str]) -> Option<Output> {
    let mut command = Command::new("git");
    command
        .args([
            "-c",
            "core.autocrlf=false",
            "-c",
            "core.attributesFile=/dev/null",
        ])
        .args(arguments)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    command.output().ok()
}

/// Whether git merges base, ours and theirs cleanly, and what it writes; none where
/// it calls one of them binary.
pub fn merge_file([base, ours, theirs]: [&str; 3]) -> Option<(bool, String)> {
    let dir = scratch()?;
    let dir = dir.path();
    for (name, text) in [("base", base), ("ours", ours), ("theirs", theirs)] {
        std::fs::write(dir.join(name), text).ok()?;
    }
    let arguments = "merge-file -p -q --diff-algorithm histogram ours base theirs";
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let out = git(dir, &arguments)?;
    let clean = match out.status.code()? {
        0 => true,
        1..=127 => false,
        _ => return None,
    };
    Some((clean, String::from_utf8(out.stdout).ok()?))
}

/// The patch of a file `f` as the API tells it, and what `git patch-id` makes of it;
/// none where nothing changes, or git calls it binary.
pub fn patch(before: &str, after: &str) -> Option<(String, String)> {
    let dir = scratch()?;
    let dir = dir.path();
    for (name, text) in [("a", before), ("b", after)] {
        std::fs::create_dir(dir.join(name)).ok()?;
        std::fs::write(dir.join(name).join("f"), text).ok()?;
    }
    let diff = |context: &str| {
        let arguments = ["diff", "--no-index", "--no-prefix", context, "a/f", "b/f"];
        let out = git(dir, &arguments)?;
        String::from_utf8(out.stdout).ok()
    };
    let told = diff("-U3")?;
    let hunks = told.find("\n@@").and_then(|at| told.get(at + 1..))?;
    std::fs::write(dir.join("diff"), diff("-U0")?).ok()?;
    let id = Command::new("git")
        .args(["patch-id", "--stable"])
        .current_dir(dir)
        .stdin(std::fs::File::open(dir.join("diff")).ok()?)
        .output()
        .ok()?;
    let id = String::from_utf8(id.stdout).ok()?;
    let id = id.split(' ').next()?.to_owned();
    Some((hunks.trim_end_matches('\n').to_owned(), id))
}
