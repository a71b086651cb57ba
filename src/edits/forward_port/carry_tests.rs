//! Against git: whole trees, with modes, links and renames, carried over by `git
//! cherry-pick` on one hand and by the forward-port on the other.
//!
//! Not compared are files in the place of folders, which are named where git may
//! get along, files in a folder that is gone, which are named besides, and what
//! git leaves where both conflict.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use sha1::{Digest, Sha1};

use super::testing::LABELS;
use super::*;

/// Mode and content by path.
type Files = BTreeMap<String, (&'static str, String)>;

fn files(all: &[(&str, &'static str, &str)]) -> Files {
    let all = all.iter();
    all.map(|(path, mode, text)| ((*path).to_owned(), (*mode, (*text).to_owned())))
        .collect()
}

fn git(dir: &Path, arguments: &[&str], input: &[u8]) -> (bool, String) {
    let config = ["-c", "user.name=t", "-c", "user.email=t@e.org"];
    let mut child = Command::new("git")
        .args(config)
        .args([
            "-c",
            "core.autocrlf=false",
            "-c",
            "merge.directoryRenames=false",
        ])
        .args(["-c", "advice.skippedCherryPicks=false"])
        .args(arguments)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let out = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    (out.status.success(), text)
}

fn id(text: &str) -> String {
    let head = format!("blob {}\0", text.len());
    hex::encode(Sha1::digest([head.as_bytes(), text.as_bytes()].concat()))
}

/// The tree that git has after picking the hotfix's change; none in conflict.
fn picked(
    base: &Files,
    hotfix: &Files,
    main: &Files,
) -> Option<BTreeMap<String, (String, String)>> {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    git(dir, &["init", "-q", "-b", "main"], b"");
    let mut stream = String::new();
    let commits = [
        ("base", base, ""),
        ("hotfix", hotfix, "base"),
        ("main", main, "base"),
    ];
    for (branch, files, from) in commits {
        stream +=
            &format!("commit refs/heads/{branch}\ncommitter t <t@e.org> 0 +0000\ndata 1\nx\n");
        if !from.is_empty() {
            stream += &format!("from refs/heads/{from}\n");
        }
        stream += "deleteall\n";
        for (path, (mode, text)) in files {
            stream += &match *mode {
                "160000" => format!("M 160000 {} {path}\n", id(text)),
                _ => format!("M {mode} inline {path}\ndata {}\n{text}\n", text.len()),
            };
        }
    }
    let (imported, _) = git(dir, &["fast-import", "--quiet"], stream.as_bytes());
    assert!(imported, "{stream}");
    git(dir, &["reset", "-q", "--hard"], b"");
    let pick = [
        "cherry-pick",
        "--allow-empty",
        "--keep-redundant-commits",
        "hotfix",
    ];
    let (fits, _) = git(dir, &pick, b"");
    if !fits {
        return None;
    }
    let (_, list) = git(dir, &["ls-tree", "-rz", "HEAD"], b"");
    let entries = list.split('\0').filter_map(|line| line.split_once('\t'));
    Some(
        entries
            .map(|(info, path)| {
                let mut parts = info.split(' ');
                let mode = parts.next().unwrap().to_owned();
                (path.to_owned(), (mode, parts.nth(1).unwrap().to_owned()))
            })
            .collect(),
    )
}

/// Nothing has a rule.
struct Plain;

impl Rules for Plain {
    fn places(&self) -> BTreeSet<String> {
        BTreeSet::new()
    }
    fn more(&self, _: &[Sides<'_>], _: &Changed<'_>) -> BTreeSet<String> {
        BTreeSet::new()
    }
    fn port(&self, files: &[Sides<'_>]) -> Ported {
        let hotfix = Hotfix {
            version: "1.0.5",
            changelogs: Vec::new(),
            labels: LABELS,
        };
        port(files, &hotfix, |_| None)
    }
}

fn tree(files: &Files) -> Tree {
    let entry = |mode: &str, text: &str| Entry {
        mode: mode.to_owned(),
        id: id(text),
        size: Some(text.len() as u64),
    };
    let all = files.iter();
    all.map(|(path, (mode, text))| (path.clone(), entry(mode, text)))
        .collect()
}

/// What the forward-port makes of it: the new tree, and what is left.
fn ours(base: &Files, hotfix: &Files, main: &Files) -> (Files, Vec<Conflict>) {
    let trees = Trees {
        base: tree(base),
        hotfix: tree(hotfix),
        main: tree(main),
    };
    let stock = [base, hotfix, main].into_iter().flat_map(BTreeMap::values);
    let stock: BTreeMap<String, &String> = stock.map(|(_, text)| (id(text), text)).collect();
    let mut blobs = Blobs::new();
    let carried = loop {
        match carry(&trees, &blobs, &Plain) {
            Next::Done(carried) => break carried,
            Next::Read(ids) => {
                assert!(ids.iter().any(|id| !blobs.contains_key(id)), "read once");
                let read = ids
                    .iter()
                    .map(|id| (id.clone(), stock[id].clone().into_bytes()));
                blobs.extend(read);
            }
        }
    };
    let mut result = main.clone();
    for (path, to) in carried.changes {
        match to {
            None => assert!(result.remove(&path).is_some(), "{path} was there"),
            Some((mode, content)) => {
                let text = match content {
                    Content::Text(text) => text,
                    Content::Blob(id) => stock[&id].clone(),
                };
                let known = ["100644", "100755", "120000", "160000"];
                let mode = known.into_iter().find(|known| *known == mode).unwrap();
                let before = result.insert(path, (mode, text.clone()));
                assert_ne!(before, Some((mode, text)), "only what changes");
            }
        }
    }
    (result, carried.conflicts)
}

/// Git has the same tree, or a conflict as well. Gives what is left, by path.
#[track_caller]
fn agree(base: &Files, hotfix: &Files, main: &Files) -> (Files, BTreeMap<String, Why>) {
    let (result, conflicts) = ours(base, hotfix, main);
    let told = |c: &&Conflict| c.why != Why::FolderGone;
    let stays = conflicts.iter().filter(told).count();
    match picked(base, hotfix, main) {
        Some(picked) => {
            assert_eq!(stays, 0, "git has no conflict: {conflicts:?}");
            let all = result.iter();
            let ids: BTreeMap<String, (String, String)> = all
                .map(|(path, (mode, text))| (path.clone(), ((*mode).to_owned(), id(text))))
                .collect();
            assert_eq!(ids, picked);
        }
        None => assert_ne!(stays, 0, "git has a conflict: {result:?}"),
    }
    let conflicts = conflicts.into_iter().map(|c| (c.path, c.why)).collect();
    (result, conflicts)
}

/// Sixty lines, some of them changed.
fn lines(changed: &[(usize, &str)]) -> String {
    let line = |n: usize| {
        let changed = changed.iter().find(|(at, _)| *at == n);
        changed.map_or(format!("line {n}\n"), |(_, to)| format!("{to}\n"))
    };
    (1..=60).map(line).collect()
}

const F: &str = "100644";
const X: &str = "100755";
const LINK: &str = "120000";
const SUB: &str = "160000";

#[test]
fn modes_are_merged_as_contents_are() {
    let (old, ours, theirs) = (lines(&[]), lines(&[(38, "main")]), lines(&[(3, "fix")]));
    let both = lines(&[(3, "fix"), (38, "main")]);
    let run = |mode, text: &str| files(&[("run.sh", mode, text)]);
    for (base, hotfix, main, expected) in [
        (run(F, &old), run(X, &theirs), run(F, &ours), run(X, &both)),
        (run(F, &old), run(F, &theirs), run(X, &ours), run(X, &both)),
        (run(F, &old), run(X, &old), run(F, &ours), run(X, &ours)),
        (run(F, &old), run(X, &old), run(F, &old), run(X, &old)),
        (run(F, &old), run(X, &old), run(X, &ours), run(X, &ours)),
        (run(X, &old), run(F, &theirs), run(X, &old), run(F, &theirs)),
        (run(F, &old), run(F, &theirs), run(X, &old), run(X, &theirs)),
        (
            run(F, &old),
            run(X, &theirs),
            run(X, &theirs),
            run(X, &theirs),
        ),
    ] {
        let (result, conflicts) = agree(&base, &hotfix, &main);
        assert_eq!((result, conflicts), (expected, BTreeMap::new()));
    }
    // Both add it.
    let none = Files::new();
    let (result, conflicts) = agree(&none, &run(X, &old), &run(F, &old));
    assert_eq!(result, run(F, &old));
    let why = &conflicts["run.sh"];
    assert_eq!(
        why.to_string(),
        "both sides changed its mode, to 100644 here and to 100755 on the hotfix; it stays 100644"
    );
    let (result, _) = agree(&none, &run(X, &old), &none);
    assert_eq!(result, run(X, &old));
}

#[test]
fn links_and_submodules_are_carried_or_named() {
    let at = |mode, text: &str| files(&[("it", mode, text)]);
    for (mode, other) in [(LINK, F), (SUB, F), (LINK, SUB), (F, LINK), (F, SUB)] {
        let (old, new) = (at(mode, "a"), at(mode, "b"));
        let changed = at(other, "c");
        let none = Files::new();
        for (base, hotfix, main, expected) in [
            (&old, &new, &old, Some(&new)),
            (&old, &old, &new, Some(&new)),
            (&old, &changed, &old, Some(&changed)),
            (&old, &none, &old, Some(&none)),
            (&none, &new, &none, Some(&new)),
            (&old, &new, &new, Some(&new)),
            (&old, &at(mode, "d"), &new, None),
            (&old, &new, &changed, None),
            (&old, &none, &new, None),
        ] {
            if base.get("it").is_none_or(|(mode, _)| *mode == F) && expected.is_none() {
                continue;
            }
            let (result, conflicts) = agree(base, hotfix, main);
            match expected {
                Some(expected) => assert_eq!(&result, expected),
                None => assert_eq!((&result, conflicts.len()), (main, 1), "{conflicts:?}"),
            }
        }
    }
}

#[test]
fn a_file_that_was_renamed_is_one_file() {
    let (old, ours, theirs) = (lines(&[]), lines(&[(50, "main")]), lines(&[(3, "fix")]));
    let both = lines(&[(3, "fix"), (50, "main")]);
    let clash = lines(&[(3, "other")]);
    let at = |path: &str, text: &str| files(&[(path, F, text)]);
    let (a, b, c) = ("src/old.rs", "src/new.rs", "src/Old.rs");
    let base = at(a, &old);
    for (hotfix, main, expected) in [
        (at(b, &theirs), at(a, &ours), Some(at(b, &both))),
        (at(a, &theirs), at(b, &ours), Some(at(b, &both))),
        (at(b, &old), at(a, &ours), Some(at(b, &ours))),
        (at(a, &theirs), at(b, &old), Some(at(b, &theirs))),
        (at(b, &theirs), at(b, &ours), Some(at(b, &both))),
        (at(b, &theirs), at(a, &old), Some(at(b, &theirs))),
        (at(a, &old), at(b, &ours), Some(at(b, &ours))),
        (at(c, &theirs), at(a, &ours), Some(at(c, &both))),
        (
            at("lib/old.rs", &theirs),
            at(a, &ours),
            Some(at("lib/old.rs", &both)),
        ),
        (at(b, &theirs), at(a, &clash), None),
        (at(b, &theirs), at(c, &ours), None),
        (at(b, &old), at(c, &old), None),
        (at(b, &theirs), Files::new(), None),
        (Files::new(), at(b, &ours), None),
        (Files::new(), at(b, &old), None),
    ] {
        let (result, conflicts) = agree(&base, &hotfix, &main);
        match expected {
            Some(expected) => assert_eq!((result, conflicts), (expected, BTreeMap::new())),
            None => assert_eq!(conflicts.len(), 1, "{conflicts:?}"),
        }
    }
    let (_, conflicts) = agree(&base, &at(b, &theirs), &at(c, &ours));
    assert_eq!(conflicts[c], Why::Renamed(b.to_owned()));
    // The mode comes along, and half of it is enough.
    let hotfix = files(&[(b, X, &theirs)]);
    let (result, _) = agree(&base, &hotfix, &at(a, &ours));
    assert_eq!(result, files(&[(b, X, &both)]));
    let half = |kept: usize| {
        let all = (1..=60).map(|n| {
            if n > kept {
                format!("{n:0>6}\n")
            } else {
                format!("line {n}\n")
            }
        });
        all.collect::<String>()
    };
    for kept in 20..40 {
        agree(&base, &at(b, &half(kept)), &at(a, &ours));
        agree(&base, &at(a, &ours), &at(b, &half(kept)));
    }
}

#[test]
fn a_new_name_that_is_taken_is_named() {
    let (old, theirs) = (lines(&[]), lines(&[(3, "fix")]));
    let ours = lines(&[(50, "main")]);
    let base = files(&[("a", F, &old)]);
    let hotfix = files(&[("b", F, &theirs)]);
    let main = files(&[("a", F, &ours), ("b", F, "another\n")]);
    let (result, conflicts) = agree(&base, &hotfix, &main);
    assert_eq!(conflicts, BTreeMap::from([("b".to_owned(), Why::InTheWay)]));
    assert_eq!(result, main);
    let (result, conflicts) = agree(&base, &main, &hotfix);
    assert_eq!(conflicts, BTreeMap::from([("b".to_owned(), Why::InTheWay)]));
    assert_eq!(result, hotfix);
    // Two files to one name.
    let other = lines(&[(7, "another"), (8, "file")]).replace("line", "row");
    let base = files(&[("a", F, &old), ("c", F, &other)]);
    let hotfix = files(&[("b", F, &theirs), ("c", F, &format!("{other}more\n"))]);
    let main = files(&[("a", F, &ours), ("b", F, &other)]);
    let (result, conflicts) = agree(&base, &hotfix, &main);
    assert_eq!(conflicts["b"], Why::InTheWay);
    assert_eq!(result, main);
}

#[test]
fn a_folder_that_was_moved_takes_its_files_along_and_new_ones_are_named() {
    let text = |n: usize| lines(&[(1, &format!("file {n}"))]);
    let folder = |name: &str| -> Files {
        let all = (0..4).map(|n| (format!("{name}/f{n}.rs"), (F, text(n))));
        all.collect()
    };
    let base = folder("src/a");
    let mut hotfix = base.clone();
    hotfix.insert("src/a/f2.rs".into(), (F, text(2) + "fix\n"));
    hotfix.insert("src/a/new.rs".into(), (F, "fn new() {}\n".into()));
    let main = folder("core/b");
    let (result, conflicts) = agree(&base, &hotfix, &main);
    assert_eq!(result["core/b/f2.rs"].1, text(2) + "fix\n");
    assert_eq!(result["src/a/new.rs"].1, "fn new() {}\n");
    assert_eq!(
        conflicts,
        BTreeMap::from([("src/a/new.rs".to_owned(), Why::FolderGone)])
    );
}

#[test]
fn a_file_in_the_place_of_a_folder_is_named() {
    let base = files(&[("a", F, "a\n"), ("d/x", F, "x\n")]);
    let (file, folder) = (
        files(&[("a", F, "a\n"), ("d/x", F, "x\n"), ("n", F, "1\n")]),
        files(&[("a", F, "a\n"), ("d/x", F, "x\n"), ("n/m", F, "2\n")]),
    );
    let swapped = files(&[("a/b", F, "b\n"), ("d", F, "d\n")]);
    for (hotfix, main) in [(&file, &folder), (&folder, &file), (&swapped, &base)] {
        let (result, conflicts) = ours(&base, hotfix, main);
        assert!(!conflicts.is_empty());
        assert!(
            conflicts.iter().all(|c| c.why == Why::Folder),
            "{conflicts:?}"
        );
        let left = result.keys().filter(|path| path.as_str() != "d/x");
        assert!(left.eq(main.keys().filter(|path| path.as_str() != "d/x")));
    }
}

/// What a side makes of one file.
#[derive(Clone, Debug)]
enum Edit {
    Same,
    Gone,
    Changed(Vec<(usize, u8)>),
    Mode,
    ChangedMode(Vec<(usize, u8)>),
    Moved(u8, Vec<(usize, u8)>),
}

fn edit() -> impl Strategy<Value = Edit> {
    let lines = || prop::collection::vec((0..20_usize, 0..4_u8), 1..14);
    prop_oneof![
        6 => Just(Edit::Same),
        1 => Just(Edit::Gone),
        4 => lines().prop_map(Edit::Changed),
        1 => Just(Edit::Mode),
        1 => lines().prop_map(Edit::ChangedMode),
        5 => (0..6_u8, prop::collection::vec((0..20_usize, 0..4_u8), 0..12)).prop_map(|(to, lines)| Edit::Moved(to, lines)),
    ]
}

fn text(n: usize, changed: &[(usize, u8)], side: &str) -> String {
    let line = |at: usize| {
        let changed = changed.iter().rev().find(|(line, _)| *line == at);
        match changed {
            // The same on both sides, gone, or each side's own.
            Some((_, 0)) => format!("file {n} both {at}\n"),
            Some((_, 1)) => String::new(),
            Some((_, more)) => format!("file {n} {side} {at} {more}\n"),
            None => format!("file {n} line {at}\n"),
        }
    };
    (0..20).map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn git_picks_random_trees_the_same_way(
        all in prop::collection::vec((any::<bool>(), edit(), edit()), 1..6),
        new in prop::collection::vec((0..8_usize, any::<bool>(), any::<[bool; 2]>()), 0..3),
    ) {
        let mut trees = [Files::new(), Files::new(), Files::new()];
        let sides = ["base", "hotfix", "main"];
        for (n, (executable, by_hotfix, by_main)) in all.iter().enumerate() {
            let mode = |other: bool| if *executable != other { X } else { F };
            let path = format!("d{}/f{n}.rs", n % 2);
            let edits = [&Edit::Same, by_hotfix, by_main];
            for ((tree, edit), side) in trees.iter_mut().zip(edits).zip(sides) {
                let (to, entry) = match edit {
                    Edit::Gone => continue,
                    Edit::Same => (path.clone(), (mode(false), text(n, &[], side))),
                    Edit::Changed(lines) => (path.clone(), (mode(false), text(n, lines, side))),
                    Edit::Mode => (path.clone(), (mode(true), text(n, &[], side))),
                    Edit::ChangedMode(lines) => (path.clone(), (mode(true), text(n, lines, side))),
                    Edit::Moved(to, lines) => {
                        let to = match to {
                            0 => format!("d{}/F{n}.rs", n % 2),
                            1 => format!("e/f{n}.rs"),
                            2 => "e/name.rs".to_owned(),
                            3 => format!("d{}/g{n}.rs", n % 2),
                            4 => format!("d{}/f{n}.rs", (n + 1) % 2),
                            _ => format!("g{n}.rs"),
                        };
                        (to, (mode(false), text(n, lines, side)))
                    }
                };
                tree.entry(to).or_insert(entry);
            }
        }
        for (n, same, there) in new {
            for (at, is_there) in there.into_iter().enumerate() {
                if is_there {
                    let own = if same { 0 } else { at };
                    trees[at + 1].entry(format!("e/new{n}.rs")).or_insert((F, format!("new {n} {own}\n")));
                }
            }
        }
        let [base, hotfix, main] = trees;
        agree(&base, &hotfix, &main);
    }
}
