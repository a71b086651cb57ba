//! Against git: what `git merge-tree` makes of the same three trees, which is
//! what `git cherry-pick` makes of them. Never clean where git has a conflict;
//! where git has none the very same tree, or a question with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use sha1::{Digest, Sha1};

use super::forward_port::{Blobs, Content, Entry, Tree, Trees};
use super::pick::{Next, Pick, Picked, pick};

/// Mode and content by path.
pub type Files = BTreeMap<String, (&'static str, Vec<u8>)>;
/// Parent, commit, what it is picked onto.
pub type Case = [Files; 3];

pub const F: &str = "100644";
pub const X: &str = "100755";
pub const LINK: &str = "120000";
pub const SUB: &str = "160000";

fn files(all: &[(&str, &'static str, &str)]) -> Files {
    let all = all.iter();
    all.map(|(path, mode, text)| ((*path).to_owned(), (*mode, text.as_bytes().to_vec())))
        .collect()
}

fn id(bytes: &[u8]) -> String {
    let head = format!("blob {}\0", bytes.len());
    hex::encode(Sha1::digest([head.as_bytes(), bytes].concat()))
}

fn git(dir: &Path, arguments: &[&str], input: &[u8]) -> (bool, Vec<u8>) {
    let mut child = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@e.org"])
        .args(["-c", "core.autocrlf=false", "-c", "core.quotePath=false"])
        .args(arguments)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let out = child.wait_with_output().unwrap();
    let _ = writer.join();
    (out.status.success(), out.stdout)
}

/// Commits of all cases in one repository: branches `b0`, `p0`, `o0`, ...
fn import(dir: &Path, cases: &[Case]) {
    git(dir, &["init", "-q", "-b", "none"], b"");
    let mut stream = Vec::new();
    for (n, case) in cases.iter().enumerate() {
        for (side, files) in ["b", "p", "o"].into_iter().zip(case) {
            let _ = writeln!(
                stream,
                "commit refs/heads/{side}{n}\ncommitter t <t@e.org> 0 +0000\ndata 1\nx"
            );
            if side != "b" {
                let _ = writeln!(stream, "from refs/heads/b{n}");
            }
            let _ = writeln!(stream, "deleteall");
            for (path, (mode, bytes)) in files {
                if *mode == SUB {
                    let _ = writeln!(stream, "M {mode} {} {path}", id(bytes));
                } else {
                    let _ = writeln!(stream, "M {mode} inline {path}\ndata {}", bytes.len());
                    stream.extend(bytes);
                    stream.push(b'\n');
                }
            }
        }
    }
    let (done, _) = git(dir, &["fast-import", "--quiet"], &stream);
    assert!(done, "imported");
}

/// What git makes of each, as far as it has an answer: a tree, or none where it
/// conflicts.
fn by_git(cases: &[Case]) -> Vec<Option<Option<String>>> {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    import(dir, cases);
    let asked: String = (0..cases.len())
        .map(|n| format!("b{n} -- o{n} p{n}\n"))
        .collect();
    let form = [
        "merge-tree",
        "--write-tree",
        "--stdin",
        "--name-only",
        "--no-messages",
    ];
    let (_, out) = git(dir, &form, asked.as_bytes());
    let out = String::from_utf8_lossy(&out).into_owned();
    let mut parts = out.split('\0');
    let mut found = Vec::new();
    while let Some(status) = parts.next().filter(|status| !status.is_empty()) {
        let tree = parts.next().unwrap_or_default().to_owned();
        while parts.next().is_some_and(|name| !name.is_empty()) {}
        found.push(Some((status == "1").then_some(tree)));
    }
    match cases {
        // There are trees that git dies of: it has no answer.
        [_] if found.is_empty() => vec![None],
        [_, _, ..] if found.len() != cases.len() => {
            let each = cases.iter().map(std::slice::from_ref);
            each.flat_map(by_git).collect()
        }
        _ => found,
    }
}

fn tree(files: &Files) -> Tree {
    let entry = |mode: &str, bytes: &[u8]| Entry {
        mode: mode.to_owned(),
        id: id(bytes),
        size: Some(bytes.len() as u64),
    };
    let all = files.iter();
    all.map(|(path, (mode, bytes))| (path.clone(), entry(mode, bytes)))
        .collect()
}

/// What we make of it, and the tree that it comes to.
fn ours(case: &Case, changelogs: &[&str]) -> (Picked, Files) {
    let [base, picked, onto] = case;
    let trees = Trees {
        base: tree(base),
        hotfix: tree(picked),
        main: tree(onto),
    };
    let stock = case.iter().flat_map(BTreeMap::values);
    let stock: BTreeMap<String, &Vec<u8>> = stock.map(|(_, b)| (id(b), b)).collect();
    let mut blobs = Blobs::new();
    let what = Pick {
        trees: &trees,
        changelogs,
    };
    let found = loop {
        match pick(what, &blobs) {
            Next::Done(found) => break found,
            Next::Read(ids) => {
                assert!(ids.iter().any(|id| !blobs.contains_key(id)), "read once");
                blobs.extend(ids.iter().map(|id| (id.clone(), stock[id].clone())));
            }
        }
    };
    let mut result = onto.clone();
    for (path, to) in &found.changes {
        match to {
            None => assert!(result.remove(path).is_some(), "{path} was there"),
            Some((mode, content)) => {
                let bytes = match content {
                    Content::Text(text) => text.clone().into_bytes(),
                    Content::Blob(id) => stock[id].clone(),
                };
                let known = [F, X, LINK, SUB].into_iter().find(|it| it == mode).unwrap();
                result.insert(path.clone(), (known, bytes));
            }
        }
    }
    (found, result)
}

/// A file's path in parts, its mode and blob.
type Leaf<'a> = (Vec<&'a str>, &'static str, String);

/// The hash of a tree.
fn hash(files: &Files) -> String {
    fn level(files: &[Leaf<'_>], depth: usize) -> Vec<u8> {
        let mut names: BTreeMap<&str, Vec<Leaf<'_>>> = BTreeMap::new();
        for file in files {
            names.entry(file.0[depth]).or_default().push(file.clone());
        }
        let mut rows: Vec<(String, Vec<u8>)> = Vec::new();
        for (name, below) in names {
            let (key, mode, id) = match &below[..] {
                [(parts, mode, id)] if parts.len() == depth + 1 => {
                    (name.to_owned(), *mode, id.clone())
                }
                _ => {
                    let body = level(&below, depth + 1);
                    let head = format!("tree {}\0", body.len());
                    let id = hex::encode(Sha1::digest([head.as_bytes(), &body].concat()));
                    (format!("{name}/"), "40000", id)
                }
            };
            let mut row = format!("{mode} {name}\0").into_bytes();
            row.extend(hex::decode(id).unwrap());
            rows.push((key, row));
        }
        rows.sort();
        rows.into_iter().flat_map(|(_, row)| row).collect()
    }
    let all: Vec<_> = files
        .iter()
        .map(|(path, (mode, bytes))| (path.split('/').collect(), *mode, id(bytes)))
        .collect();
    let body = level(&all, 0);
    let head = format!("tree {}\0", body.len());
    hex::encode(Sha1::digest([head.as_bytes(), &body].concat()))
}

/// Reasons for which we may ask where git gets along.
fn may_ask(words: &str) -> bool {
    [
        "it is new in ",
        "several files with the same text",
        "it would come to the place of another file",
        "it is only on the hotfix branch",
        "a file on one side",
    ]
    .iter()
    .any(|known| words.starts_with(known) || words.contains(known))
}

/// The files of a case that are not the same on all sides.
fn told(case: &Case) -> String {
    let paths: BTreeSet<&String> = case.iter().flat_map(BTreeMap::keys).collect();
    let mut out = String::new();
    for path in paths {
        let sides = case.each_ref().map(|files| files.get(path));
        if sides[0] != sides[1] || sides[1] != sides[2] {
            let side = |it: Option<&(&str, Vec<u8>)>| match it {
                Some((mode, bytes)) => format!("{mode} {:?}", String::from_utf8_lossy(bytes)),
                None => "-".to_owned(),
            };
            out += &format!("{path}\n  {}\n", sides.map(side).join("\n  "));
        }
    }
    out
}

/// Compares them all; gives how many were clean, in conflict, and asked.
#[track_caller]
pub fn compare(cases: &[Case]) -> [usize; 3] {
    let mut counts = [0; 3];
    for (case, git) in cases.iter().zip(by_git(cases)) {
        let (found, result) = ours(case, &[]);
        let Some(git) = git else { continue };
        match git {
            None => {
                let words = || format!("git has a conflict:\n{}", told(case));
                assert!(!found.conflicts.is_empty(), "{}", words());
                counts[1] += 1;
            }
            Some(tree) if found.conflicts.is_empty() => {
                assert_eq!(hash(&result), tree, "another tree:\n{}", told(case));
                counts[0] += 1;
            }
            Some(_) => {
                let all = found.conflicts.iter().all(|(_, words)| may_ask(words));
                assert!(all, "git has none: {:?}\n{}", found.conflicts, told(case));
                counts[2] += 1;
            }
        }
    }
    counts
}

fn lines(changed: &[(usize, &str)]) -> String {
    let line = |n: usize| {
        let changed = changed.iter().find(|(at, _)| *at == n);
        changed.map_or(format!("line {n}\n"), |(_, to)| format!("{to}\n"))
    };
    (1..=40).map(line).collect()
}

#[test]
fn each_kind_of_path_has_its_answer() {
    let (old, fix) = (lines(&[]), lines(&[(3, "fix")]));
    let (other, clash) = (lines(&[(30, "else")]), lines(&[(3, "else")]));
    let both = lines(&[(3, "fix"), (30, "else")]);
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let nul = |text: &str| format!("\0{text}");
    let one = |path: &str, mode, text: &str| files(&[(path, mode, text)]);
    let f = |text: &str| one("a/f.rs", F, text);
    let with = |one: &Files, more: &Files| -> Files {
        one.clone().into_iter().chain(more.clone()).collect()
    };
    let none = Files::new();
    // Parent, commit, onto, what comes of it; none: asked.
    let rows: Vec<(&str, Files, Files, Files, Option<Files>)> = vec![
        ("plain", f(&old), f(&fix), f(&other), Some(f(&both))),
        ("the same lines", f(&old), f(&fix), f(&clash), None),
        ("there already", f(&old), f(&fix), f(&fix), Some(f(&fix))),
        ("empty", f(&old), f(&old), f(&other), Some(f(&other))),
        (
            "CRLF on both",
            f(&crlf(&old)),
            f(&crlf(&fix)),
            f(&crlf(&other)),
            Some(f(&crlf(&both))),
        ),
        ("CRLF on one", f(&old), f(&fix), f(&crlf(&old)), None),
        (
            "CRLF by the commit",
            f(&old),
            f(&crlf(&fix)),
            f(&other),
            None,
        ),
        (
            "binary",
            f(&nul(&old)),
            f(&nul(&fix)),
            f(&nul(&other)),
            None,
        ),
        (
            "binary on one side",
            f(&nul(&old)),
            f(&nul(&fix)),
            f(&nul(&old)),
            Some(f(&nul(&fix))),
        ),
        (
            "renamed since",
            one("a/g.rs", F, &old),
            one("a/g.rs", F, &fix),
            f(&other),
            Some(f(&both)),
        ),
        (
            "folder renamed since",
            one("b/c/f.rs", F, &old),
            one("b/c/f.rs", F, &fix),
            f(&other),
            Some(f(&both)),
        ),
        (
            "renamed by the commit",
            f(&old),
            one("a/g.rs", F, &fix),
            f(&other),
            Some(one("a/g.rs", F, &both)),
        ),
        (
            "copied",
            f(&old),
            with(&f(&old), &one("a/g.rs", F, &fix)),
            f(&other),
            Some(with(&f(&other), &one("a/g.rs", F, &fix))),
        ),
        ("deleted there", f(&old), f(&fix), none.clone(), None),
        (
            "deleted by the commit",
            f(&old),
            none.clone(),
            f(&old),
            Some(none.clone()),
        ),
        (
            "deleted and changed",
            f(&old),
            none.clone(),
            f(&other),
            None,
        ),
        (
            "executable",
            f(&old),
            one("a/f.rs", X, &old),
            f(&other),
            Some(one("a/f.rs", X, &other)),
        ),
        (
            "link",
            one("l", LINK, "a"),
            one("l", LINK, "b"),
            one("l", LINK, "a"),
            Some(one("l", LINK, "b")),
        ),
        (
            "link on both",
            one("l", LINK, "a"),
            one("l", LINK, "b"),
            one("l", LINK, "c"),
            None,
        ),
        (
            "file to link",
            one("l", F, "a\n"),
            one("l", LINK, "b"),
            one("l", F, "c\n"),
            None,
        ),
        (
            "submodule",
            one("s", SUB, "1"),
            one("s", SUB, "2"),
            one("s", SUB, "1"),
            Some(one("s", SUB, "2")),
        ),
        (
            "submodule on both",
            one("s", SUB, "1"),
            one("s", SUB, "2"),
            one("s", SUB, "3"),
            None,
        ),
        ("both added", none.clone(), f(&old), f(&other), None),
        (
            "both added the same",
            none.clone(),
            f(&old),
            f(&old),
            Some(f(&old)),
        ),
    ];
    let cases: Vec<Case> = rows
        .iter()
        .map(|(_, b, p, o, _)| [b.clone(), p.clone(), o.clone()])
        .collect();
    compare(&cases);
    for (what, base, picked, onto, expected) in rows {
        let (found, result) = ours(&[base, picked, onto], &[]);
        match expected {
            Some(expected) => {
                assert_eq!((found.conflicts, result), (Vec::new(), expected), "{what}")
            }
            None => assert_eq!(
                (found.conflicts.len(), found.changes.len()),
                (1, 0),
                "{what}: {found:?}"
            ),
        }
    }
}

#[test]
fn a_new_file_in_a_folder_that_moved_is_asked_for() {
    let text = |n: usize| lines(&[(1, &format!("file {n}"))]);
    let folder = |name: &str| -> Files {
        (0..4)
            .map(|n| (format!("{name}/f{n}.rs"), (F, text(n).into_bytes())))
            .collect()
    };
    for (new, deep) in [("b/new.rs", "b"), ("b/sub/new.rs", "b/sub")] {
        let base = folder("b");
        let mut picked = base.clone();
        picked.insert(new.into(), (F, b"fn new() {}\n".to_vec()));
        let (found, _) = ours(&[base.clone(), picked.clone(), folder("a")], &[]);
        let [(path, words)] = &found.conflicts[..] else {
            panic!("{found:?}")
        };
        assert_eq!(path, new);
        assert!(may_ask(words) && words.contains("in b"), "{deep}: {words}");
        let mut onto = folder("b");
        onto.insert("b/own.rs".into(), (F, b"own\n".to_vec()));
        compare(&[
            [base.clone(), picked, folder("a")],
            [base, folder("a"), onto],
        ]);
    }
}

#[test]
fn a_file_that_may_have_either_of_two_new_names_is_asked_for() {
    let old = lines(&[]);
    let at = |paths: &[&str], mode| -> Files {
        let all = paths.iter();
        all.map(|path| ((*path).to_owned(), (mode, old.clone().into_bytes())))
            .collect()
    };
    for (base, picked) in [
        (at(&["d/f.rs"], F), at(&["e/f.rs", "x/f.rs"], F)),
        (at(&["d/f.rs", "e/f.rs"], F), at(&["x/f.rs"], F)),
    ] {
        let mut onto = base.clone();
        onto.extend(at(&["d/f.rs"], X));
        let case = [base, picked, onto];
        compare(std::slice::from_ref(&case));
        let (found, _) = ours(&case, &[]);
        assert_eq!(found.conflicts.len(), 1, "{found:?}");
        assert!(may_ask(&found.conflicts[0].1), "{found:?}");
    }
}

#[test]
fn attributes_say_how_it_is_merged() {
    let (old, fix, clash) = (lines(&[]), lines(&[(3, "fix")]), lines(&[(3, "else")]));
    let other = lines(&[(30, "else")]);
    let with = |attributes: &str, text: &str| {
        files(&[(".gitattributes", F, attributes), ("d/x.md", F, text)])
    };
    for (attributes, ours_text, stays) in [
        ("*.md merge=union\n", &clash, true),
        ("d/*.md merge=union\n", &other, true),
        ("*.md -merge\n", &other, false),
        ("*.md binary\n", &other, false),
        ("*.md merge=binary\n", &other, false),
        ("*.md -text eol=lf\n", &other, true),
        ("*.md text=auto working-tree-encoding=UTF-8\n", &other, true),
        ("*.md merge\n", &other, true),
        ("[attr]own -merge\n*.md own\n", &other, false),
        ("*.md merge=union\nx.md !merge\n", &clash, false),
        ("*.md filter=x diff=x -text\n", &clash, false),
        ("", &other, true),
    ] {
        let case: Case = [
            with(attributes, &old),
            with(attributes, &fix),
            with(attributes, ours_text),
        ];
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        import(dir, std::slice::from_ref(&case));
        git(dir, &["checkout", "-q", "o0"], b"");
        let (fits, _) = git(
            dir,
            &[
                "cherry-pick",
                "--allow-empty",
                "--keep-redundant-commits",
                "p0",
            ],
            b"",
        );
        let (found, result) = ours(&case, &[]);
        assert_eq!(fits, stays, "{attributes:?}");
        assert_eq!(
            found.conflicts.is_empty(),
            fits,
            "{attributes:?}: {found:?}"
        );
        if fits {
            let (_, tree) = git(dir, &["rev-parse", "HEAD^{tree}"], b"");
            assert_eq!(
                hash(&result),
                String::from_utf8_lossy(&tree).trim(),
                "{attributes:?}"
            );
        }
    }
    // Git falls back to lines where nobody defined the program; we ask.
    for attributes in [
        "*.md merge=ours\n",
        "*.md filter=lfs diff=lfs merge=lfs -text\n",
        "\\*.md merge=union\n",
    ] {
        let case = [
            with(attributes, &old),
            with(attributes, &fix),
            with(attributes, &other),
        ];
        let (found, _) = ours(&case, &[]);
        assert!(found.conflicts[0].1.contains(".gitattributes"), "{found:?}");
    }
    // What one side changed alone is not merged at all.
    let case = [
        with("* -merge\n", &old),
        with("* -merge\n", &fix),
        with("* -merge\n", &old),
    ];
    assert_eq!(ours(&case, &[]).0.conflicts, []);
}

#[test]
fn the_changelog_stays_where_the_entry_does_not_fit() {
    let log = |top: &str| format!("# Changes\n\n{top}## 1.0.4\n\n- Old\n");
    let with = |log: String, text: &str| files(&[("CHANGES.md", F, &log), ("f", F, text)]);
    let base = with(log("## Unreleased\n\n- Feature\n\n"), "a\n");
    let fix = with(log("## Unreleased\n\n- Feature\n- Fix\n\n"), "b\n");
    let onto = with(log("## 1.0.5\n\n- Critical\n\n"), "a\n");
    let case = [base, fix, onto.clone()];
    let (found, result) = ours(&case, &["CHANGES.md"]);
    assert_eq!(
        (found.conflicts, found.left),
        (Vec::new(), vec!["CHANGES.md".to_owned()])
    );
    assert_eq!(result, {
        let mut expected = onto;
        expected.insert("f".into(), (F, b"b\n".to_vec()));
        expected
    });
    // Before there is a section of its own, it comes to what is unreleased.
    let (found, result) = ours(&case, &[]);
    assert_eq!((found.conflicts, found.left), (Vec::new(), Vec::new()));
    let united = log("## Unreleased\n\n- Fix\n\n## 1.0.5\n\n- Critical\n\n");
    assert_eq!(result["CHANGES.md"].1, united.into_bytes());
    // A file of another name is nobody's changelog.
    let other = |side: &Files| {
        let mut side = side.clone();
        let log = side.remove("CHANGES.md").unwrap();
        side.insert("notes.md".to_owned(), log);
        side
    };
    let case = case.map(|side| other(&side));
    assert_eq!(ours(&case, &[]).0.conflicts.len(), 1);
}
