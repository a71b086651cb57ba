//! For tests: the same trees merged by git on one hand and by the rules on the
//! other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use crate::edits::forward_port::{Ported, Sides, To, Why};
use crate::edits::three_way::Labels;

/// The hotfix branch.
const HOTFIX: &str = "hotfix/v1.0.5";

/// Names for conflict markers.
pub const LABELS: Labels<'static> = Labels {
    ours: "main",
    theirs: HOTFIX,
};

/// A tree: bytes by path.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// A tree of texts.
pub fn tree(files: &[(&str, &str)]) -> Tree {
    let pairs = files.iter();
    pairs
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
        .collect()
}

fn run(dir: &Path, arguments: &[&str]) -> (i32, Vec<u8>) {
    let out = Command::new("git")
        .args([
            "-c",
            "core.autocrlf=false",
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@e.org",
        ])
        .args([
            "-c",
            "merge.renames=false",
            "-c",
            "advice.detachedHead=false",
        ])
        .args(arguments)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    let code = out.status.code().unwrap();
    assert!(
        code < 2,
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    (code, out.stdout)
}

/// Writes a tree into a folder.
pub fn write(dir: &Path, tree: &Tree) {
    for (path, bytes) in tree {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

fn commit(dir: &Path, tree: &Tree) {
    run(dir, &["rm", "-rfq", "--ignore-unmatch", "."]);
    write(dir, tree);
    run(dir, &["add", "-A", "."]);
    run(dir, &["commit", "-q", "--allow-empty", "-m", "x"]);
}

/// What git makes of it, and the paths that it leaves in conflict.
fn by_git(base: &Tree, hotfix: &Tree, main: &Tree) -> (Tree, BTreeSet<String>) {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    run(dir, &["init", "-q", "-b", "main"]);
    commit(dir, base);
    run(dir, &["checkout", "-q", "-b", HOTFIX]);
    commit(dir, hotfix);
    run(dir, &["checkout", "-q", "main"]);
    commit(dir, main);
    let (_, out) = run(
        dir,
        &[
            "merge-tree",
            "--write-tree",
            "-z",
            "--name-only",
            "--no-messages",
            "main",
            HOTFIX,
        ],
    );
    let out = String::from_utf8(out).unwrap();
    let mut parts = out.split('\0').filter(|part| !part.is_empty());
    let id = parts.next().unwrap();
    let conflicts = parts.map(str::to_owned).collect();
    let (_, names) = run(dir, &["ls-tree", "-rz", "--name-only", id]);
    let names = String::from_utf8(names).unwrap();
    let names = names.split('\0').filter(|name| !name.is_empty());
    let merged = names
        .map(|name| {
            (
                name.to_owned(),
                run(dir, &["show", &format!("{id}:{name}")]).1,
            )
        })
        .collect();
    (merged, conflicts)
}

/// What the rules make of it.
pub fn by_rules(
    base: &Tree,
    hotfix: &Tree,
    main: &Tree,
    port: impl Fn(&[Sides<'_>]) -> Ported,
) -> (Tree, Ported) {
    let paths: BTreeSet<&String> = base
        .keys()
        .chain(hotfix.keys())
        .chain(main.keys())
        .collect();
    let get = |tree: &'_ Tree, path: &String| tree.get(path).cloned();
    let all: Vec<_> = paths
        .into_iter()
        .map(|path| (path, get(base, path), get(hotfix, path), get(main, path)))
        .collect();
    let sides: Vec<Sides<'_>> = all
        .iter()
        .map(|(path, base, hotfix, main)| Sides {
            path,
            base: base.as_deref(),
            hotfix: hotfix.as_deref(),
            main: main.as_deref(),
        })
        .collect();
    let ported = port(&sides);
    let mut result = main.clone();
    for change in &ported.changes {
        let new = match &change.to {
            To::Text(text) => Some(text.clone().into_bytes()),
            To::Hotfix => hotfix.get(&change.path).cloned(),
            To::Delete => None,
        };
        assert_ne!(
            new.as_ref(),
            main.get(&change.path),
            "{} is main's",
            change.path
        );
        match new {
            Some(new) => result.insert(change.path.clone(), new),
            None => result.remove(&change.path),
        };
    }
    (result, ported)
}

/// Both; on files that no rule is for, which `ruled` tells, git and the rules
/// have to agree.
#[track_caller]
pub fn both(
    base: &Tree,
    hotfix: &Tree,
    main: &Tree,
    ruled: impl Fn(&str) -> bool,
    port: impl Fn(&[Sides<'_>]) -> Ported,
) -> (Tree, Ported, BTreeSet<String>) {
    let (gits, in_conflict) = by_git(base, hotfix, main);
    let (ours, ported) = by_rules(base, hotfix, main, port);
    let conflicts: BTreeMap<&str, &Why> = ported
        .conflicts
        .iter()
        .map(|c| (c.path.as_str(), &c.why))
        .collect();
    for path in gits.keys().chain(ours.keys()).filter(|path| !ruled(path)) {
        let why = conflicts.get(path.as_str());
        assert_eq!(why.is_some(), in_conflict.contains(path), "{path}");
        // Git leaves the hotfix's file there.
        if why != Some(&&Why::DeletedOnMain) {
            let text = |tree: &Tree| {
                tree.get(path)
                    .map(|b| String::from_utf8_lossy(b).into_owned())
            };
            assert_eq!(text(&ours), text(&gits), "{path}");
        }
    }
    let by_rule: Vec<&String> = in_conflict
        .iter()
        .filter(|path| ruled(path) && !conflicts.contains_key(path.as_str()))
        .collect();
    assert_eq!(ported.by_rule.iter().collect::<Vec<_>>(), by_rule);
    (ours, ported, in_conflict)
}
