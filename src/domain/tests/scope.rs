//! The scope guard over fixes of all sizes.

use super::world::{World, base, needs, ready_of, seen, sha};
use crate::domain::evidence::{Evidence, ItemState};
use crate::domain::item::Item;
use crate::domain::need::{Beyond, NeedKind};
use crate::domain::objects::{Commit, File};
use crate::domain::policy::{Policy, parse};

fn policy(scope: &str) -> Policy {
    parse(&format!("[scope]\n{scope}\n")).unwrap()
}

/// A fix of these files, in a commit of this subject; lines of each.
fn fix(policy: Policy, subject: &str, files: &[(&str, u64)]) -> World {
    let mut w = ready_of(World::of(base(), policy, "maintainer"));
    w.push_unheard('e');
    let head = w.head.as_mut().unwrap();
    let paths = files.iter().map(|(path, _)| (*path).to_owned());
    let commit = head.commits.last_mut().unwrap();
    *commit = Commit {
        subject: subject.into(),
        paths: paths.collect(),
        ..commit.clone()
    };
    for before in &mut head.commits {
        if before.sha == sha('f') {
            before.paths.clear();
        }
    }
    head.files = files
        .iter()
        .map(|(path, lines)| File {
            path: (*path).to_owned(),
            additions: *lines,
            ..File::default()
        })
        .collect();
    w.look();
    w
}

fn beyond(w: &World) -> Vec<Beyond> {
    let kinds = needs(w).into_iter();
    let mut found = kinds.filter_map(|kind| match kind {
        NeedKind::Scope { beyond, .. } => Some(beyond),
        _ => None,
    });
    found.next().unwrap_or_default()
}

fn minimal(w: &World) -> (ItemState, Evidence) {
    seen(w, |view| {
        let entry = view.checklist.iter().find(|e| e.item == Item::MinimalFix);
        let entry = entry.expect("the item");
        (entry.state, entry.evidence.clone())
    })
}

fn many(n: usize) -> Vec<String> {
    (0..n).map(|n| format!("src/{n}.rs")).collect()
}

/// Keys, subject, files with their lines, and what is beyond.
type Row = (&'static str, &'static str, Vec<(String, u64)>, Vec<Beyond>);

#[test]
fn what_is_more_than_a_hotfix_may_be() {
    let ten = many(10);
    let eleven = many(11);
    let of = |paths: &'_ [String]| -> Vec<(String, u64)> {
        paths.iter().map(|path| (path.clone(), 1)).collect()
    };
    let files = |n| Beyond::Files { count: n, most: 10 };
    let lines = |n| Beyond::Lines {
        count: n,
        most: 200,
    };
    let paths = |all: &[&str]| Beyond::Paths {
        paths: all.iter().map(|path| (*path).to_owned()).collect(),
    };
    let kind = |kind: &str| Beyond::Kind {
        commit: sha('e'),
        kind: kind.into(),
    };
    let docs = "forbid_paths = [\"docs/\", \"*.toml\"]";
    let one = |path: &str, lines| vec![(path.to_owned(), lines)];
    let table: Vec<Row> = vec![
        ("", "fix: x", of(&ten), vec![]),
        ("", "fix: x", of(&eleven), vec![files(11)]),
        ("", "fix: x", one("src/a.rs", 200), vec![]),
        ("", "fix: x", one("src/a.rs", 201), vec![lines(201)]),
        ("", "fix: x", one("Cargo.lock", 900), vec![]),
        ("", "fix: x", one("vendor/x/lib.rs", 900), vec![]),
        ("", "feat: x", one("src/a.rs", 1), vec![kind("feat")]),
        (
            "",
            "Refactor(cli)!: x",
            one("src/a.rs", 1),
            vec![kind("refactor")],
        ),
        ("", "feature of the day", one("src/a.rs", 1), vec![]),
        ("forbid = []", "feat: x", one("src/a.rs", 1), vec![]),
        (
            docs,
            "fix: x",
            one("docs/a/b.md", 1),
            vec![Beyond::Docs, paths(&["docs/a/b.md"])],
        ),
        (
            docs,
            "fix: x",
            one("Cargo.toml", 1),
            vec![paths(&["Cargo.toml"])],
        ),
        (docs, "fix: x", one("src/docs.rs", 1), vec![]),
        ("", "docs: x", one("README.md", 1), vec![Beyond::Docs]),
        (
            "",
            "fix: x",
            vec![("README.md".into(), 1), ("src/a.rs".into(), 1)],
            vec![],
        ),
        (
            "max_files = 0",
            "fix: x",
            one("src/a.rs", 1),
            vec![Beyond::Files { count: 1, most: 0 }],
        ),
    ];
    for (keys, subject, all, wanted) in table {
        let all: Vec<(&str, u64)> = all.iter().map(|(path, n)| (path.as_str(), *n)).collect();
        let w = fix(policy(keys), subject, &all);
        assert_eq!(beyond(&w), wanted, "{keys} {subject} {all:?}");
        let done = minimal(&w).0 == ItemState::Done;
        assert_eq!(done, wanted.is_empty(), "{keys} {subject} {all:?}");
    }
}

#[test]
fn a_commander_passes_it_for_that_head_alone() {
    let mut w = fix(policy(""), "feat: more", &[("src/a.rs", 7)]);
    assert_eq!(beyond(&w).len(), 1);
    w.say(
        "maintainer",
        "/hotfix override scope reason=\"it is the fix\"",
    );
    assert_eq!(beyond(&w), []);
    assert_eq!(minimal(&w).0, ItemState::ByHand);
    w.push_unheard('d');
    w.look();
    assert_eq!(beyond(&w).len(), 1, "another head");
}

#[test]
fn what_is_only_warned_of_holds_nothing_up_and_is_said() {
    let w = fix(
        policy("on_violation = \"warn\""),
        "feat: more",
        &[("src/a.rs", 7)],
    );
    assert_eq!(beyond(&w), []);
    let (warned, otherwise) = seen(&w, |view| {
        let preview = view.preview.as_ref().expect("a preview");
        (preview.beyond.len(), preview.called_otherwise.clone())
    });
    assert_eq!((warned, otherwise), (1, vec![sha('e')]));
}

#[test]
fn what_speaks_of_more_than_this_bug_is_a_hint() {
    let mut w = fix(policy(""), "fix: x", &[("src/a.rs", 1)]);
    let hints = |w: &World| {
        seen(w, |view| {
            let preview = view.preview.as_ref().expect("a preview");
            let others = preview.other_issues.iter().map(|(_, issue)| *issue);
            (preview.no_bug.clone(), others.collect::<Vec<u64>>())
        })
    };
    assert_eq!(hints(&w), (None, vec![]));
    w.push_unheard('d');
    let head = w.head.as_mut().unwrap();
    head.commits.last_mut().unwrap().closes = vec![12, 77];
    w.issue.labels.push("type: enhancement".into());
    w.look();
    let label = Some("type: enhancement".to_owned());
    assert_eq!(hints(&w), (label, vec![77]));
    let page = super::world::status(&w);
    assert!(page.contains("the issue is labelled `type: enhancement`"));
    assert!(page.contains("the fix says that it closes other issues, too"));
}

#[test]
fn a_test_is_asked_for_unless_the_configuration_says_no() {
    let asked = |w: &World| needs(w).contains(&NeedKind::TestsAdded);
    let item = |w: &World| {
        seen(w, |view| {
            let mut all = view.checklist.iter();
            all.find(|e| e.item == Item::TestsAdded).unwrap().state
        })
    };
    let w = fix(policy(""), "fix: x", &[("src/a.rs", 1)]);
    assert!(asked(&w) && item(&w) == ItemState::Open);
    let w = fix(policy("require_test = false"), "fix: x", &[("src/a.rs", 1)]);
    assert!(!asked(&w) && item(&w) == ItemState::NotApplicable);
}
