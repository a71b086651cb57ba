//! Against git: small repositories, whose branches git merges on one hand and
//! the rules on the other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;

use super::*;

const HOTFIX: &str = "hotfix/v1.0.5";

/// A tree: bytes by path.
pub(super) type Tree = BTreeMap<String, Vec<u8>>;

pub(super) fn tree(files: &[(&str, &str)]) -> Tree {
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

pub(super) fn write(dir: &Path, tree: &Tree) {
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
pub(super) fn by_rules(
    base: &Tree,
    hotfix: &Tree,
    main: &Tree,
    release: &Release<'_>,
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
    let ported = port(&sides, release);
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

/// Both; on files without a rule git and the rules have to agree.
#[track_caller]
pub(super) fn both(
    base: &Tree,
    hotfix: &Tree,
    main: &Tree,
    release: &Release<'_>,
) -> (Tree, Ported, BTreeSet<String>) {
    let (gits, in_conflict) = by_git(base, hotfix, main);
    let (ours, ported) = by_rules(base, hotfix, main, release);
    let ruled = |path: &str| {
        release.manifests.iter().any(|m| m == path)
            || release.lock == Some(path)
            || release.changelog == Some(path)
    };
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

/// A release whose files have no rule.
pub(super) fn no_rules() -> Release<'static> {
    Release {
        base_version: "1.0.4",
        version: "1.0.5",
        manifests: &[],
        together: Together {
            own: &[],
            workspace: false,
        },
        lock: None,
        changelog: None,
        labels: Labels {
            ours: "main",
            theirs: HOTFIX,
        },
    }
}

#[test]
fn git_agrees_where_there_is_no_rule() {
    let base = tree(&[
        ("both", "a\nb\nc\nd\ne\n"),
        ("clash", "a\nb\nc\n"),
        ("crlf", "a\r\nb\r\nc\r\n"),
        ("gone by hotfix", "a\n"),
        ("gone by both", "a\n"),
        ("gone by main", "a\n"),
        ("gone, changed by main", "a\n"),
        ("gone, changed by hotfix", "a\n"),
        ("binary", "a\0b"),
        ("binary too", "a\0b"),
        ("same", "a\n"),
        ("end", "a\nb\nc\nd"),
    ]);
    let hotfix = tree(&[
        ("both", "A\nb\nc\nd\ne\n"),
        ("clash", "a\nhotfix\nc\n"),
        ("crlf", "a\r\nB\r\nc\r\n"),
        ("gone by main", "a\n"),
        ("gone, changed by hotfix", "b\n"),
        ("binary", "a\0hotfix"),
        ("binary too", "a\0hotfix"),
        ("same", "b\n"),
        ("end", "A\nb\nc\nd"),
        ("d/new", "x\n"),
        ("new to both", "x\ny\nz\n"),
        ("new to both, same", "x\n"),
    ]);
    let main = tree(&[
        ("both", "a\nb\nc\nd\nE\n"),
        ("clash", "a\nmain\nc\n"),
        ("crlf", "a\r\nx\r\nc\r\n"),
        ("gone by hotfix", "a\n"),
        ("gone, changed by main", "b\n"),
        ("binary", "a\0b"),
        ("binary too", "a\0main"),
        ("same", "b\n"),
        ("end", "a\nb\nc\nD"),
        ("new to both", "x\nY\nz\n"),
        ("new to both, same", "x\n"),
    ]);
    let (result, ported, _) = both(&base, &hotfix, &main, &no_rules());
    let why: Vec<(&str, &Why)> = ported
        .conflicts
        .iter()
        .map(|c| (c.path.as_str(), &c.why))
        .collect();
    assert_eq!(
        why,
        [
            ("binary too", &Why::Binary),
            ("clash", &Why::Text),
            ("crlf", &Why::Text),
            ("gone, changed by hotfix", &Why::DeletedOnMain),
            ("gone, changed by main", &Why::DeletedByHotfix),
            ("new to both", &Why::BothAdded),
        ]
    );
    assert_eq!(
        ported.conflicts[1].to_string(),
        "`clash`: both sides changed the same lines; conflict markers show them"
    );
    assert_eq!(result["binary"], b"a\0hotfix");
    assert_eq!(result.get("gone by hotfix"), None);
    assert_eq!(result["end"], b"A\nb\nc\nD");
    let to = |path: &str| {
        ported
            .changes
            .iter()
            .find(|c| c.path == path)
            .map(|c| &c.to)
    };
    assert_eq!(to("d/new"), Some(&To::Hotfix));
    assert_eq!(to("gone by hotfix"), Some(&To::Delete));
    assert_eq!((to("same"), to("binary too")), (None, None));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 25, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn git_agrees_on_random_trees(
        lines in prop::collection::vec("[a-c]{1,2}", 0..12),
        // Per file and side: gone, as it was, or edited.
        files in prop::collection::vec(prop::array::uniform3((0..4_u8, 0..12_usize, 0..3_usize, prop::collection::vec("[a-d]{1,2}", 0..3))), 1..12),
    ) {
        let mut trees = [Tree::new(), Tree::new(), Tree::new()];
        for (n, sides) in files.into_iter().enumerate() {
            for (tree, (what, at, removed, new)) in trees.iter_mut().zip(sides) {
                let mut text = lines.clone();
                if what > 1 {
                    let at = at.min(text.len());
                    text.splice(at..(at + removed).min(lines.len()), new);
                }
                if what > 0 {
                    let end = if what == 3 { "" } else { "\n" };
                    // No two files are alike, or git would take them for renamed.
                    let text: Vec<String> = text.iter().map(|line| format!("{n} {line}")).collect();
                    let text = format!("{n}\n{}{end}", text.join("\n"));
                    tree.insert(format!("f{n}"), text.into_bytes());
                }
            }
        }
        let [base, hotfix, main] = trees;
        both(&base, &hotfix, &main, &no_rules());
    }
}
