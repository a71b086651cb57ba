//! What of the bump is left to people holds the release up until they did it.

use super::world::{World, base, by, needs, sha, status};
use crate::domain::need::{ByHand, NeedKind};
use crate::domain::objects::{Base, Commit, File, Habit};
use crate::domain::policy::Policy;
use crate::ecosystem::{Changelog, LeftAlone, WhyLeft};

fn with_logs(kept: &[&str], left: &[(&str, WhyLeft)]) -> Base {
    let mut base = base();
    base.package.changelog = kept.first().map(|path| (*path).to_owned());
    let log = |path: &&str| Changelog {
        path: (*path).to_owned(),
        ..Changelog::default()
    };
    base.package.changelogs = kept.iter().map(log).collect();
    let alone = |(path, why): &(&str, WhyLeft)| LeftAlone {
        path: (*path).to_owned(),
        why: why.clone(),
    };
    base.package.left_alone = left.iter().map(alone).collect();
    base
}

fn pushes(w: &mut World, digit: char, paths: &[&str]) {
    w.push_commit(Commit {
        sha: sha(digit),
        subject: "fix(critical): start again".into(),
        author: "developer".into(),
        hands: by("developer"),
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        ..Commit::default()
    });
    let files = paths.iter().map(|path| File {
        path: (*path).to_owned(),
        ..File::default()
    });
    let head = w.head.as_mut().unwrap();
    head.files.extend(files);
    w.look();
}

/// The changelogs that are waited for.
fn waits(w: &World) -> Vec<String> {
    let logs = |need: &NeedKind| match need {
        NeedKind::LeftToPeople {
            what: ByHand::Changelog { logs },
            ..
        } => logs.clone(),
        _ => Vec::new(),
    };
    let all = needs(w).iter().flat_map(logs).collect::<Vec<_>>();
    all.into_iter().map(|left| left.path).collect()
}

fn fragments(command: &str) -> WhyLeft {
    WhyLeft::Fragments {
        folder: "newsfragments".into(),
        command: command.into(),
    }
}

fn shared() -> WhyLeft {
    let names = vec!["tide".into(), "tide-core".into()];
    WhyLeft::Shared { names }
}

#[test]
fn a_changelog_that_somebody_must_write_is_waited_for() {
    let dormant = WhyLeft::NotKept {
        newest: "0.9.0".into(),
    };
    /// The changelogs that are kept, those that are not, the ones that are waited for.
    type Row<'a> = (&'a [&'a str], &'a [(&'a str, WhyLeft)], &'a [&'a str]);
    let table: &[Row<'_>] = &[
        (
            &[],
            &[("CHANGELOG.md", fragments("towncrier"))],
            &["CHANGELOG.md"],
        ),
        (&[], &[("CHANGES.rst", fragments(""))], &["CHANGES.rst"]),
        (&[], &[("RELEASES.md", shared())], &["RELEASES.md"]),
        (
            &["CHANGELOG.md"],
            &[("RELEASES.md", shared())],
            &["RELEASES.md"],
        ),
        (&[], &[("NEWS", WhyLeft::Encoding)], &["NEWS"]),
        (&["CHANGELOG.md"], &[("NEWS", WhyLeft::Encoding)], &[]),
        (&[], &[("CHANGELOG.md", WhyLeft::NoRelease)], &[]),
        (&[], &[("CHANGELOG.md", dormant)], &[]),
        (&["CHANGELOG.md"], &[], &[]),
        (&[], &[], &[]),
    ];
    for (kept, left, expected) in table {
        let mut w = World::of(with_logs(kept, left), Policy::default(), "maintainer");
        pushes(&mut w, 'f', &["src/lib.rs", "tests/start.rs"]);
        assert_eq!(waits(&w), *expected, "{kept:?} {left:?}");
        let Some(path) = expected.first() else {
            continue;
        };
        pushes(&mut w, 'e', &[*path]);
        assert!(waits(&w).is_empty(), "{path} was written");
        let said = status(&w);
        assert!(said.contains("<!-- item:changelog -->"), "{said}");
    }
}

#[test]
fn one_run_of_a_tool_writes_all_that_it_writes() {
    let left = [
        ("CHANGELOG.md", fragments("towncrier build --version 1.0.5")),
        (
            "core/CHANGELOG.md",
            fragments("towncrier build --version 1.0.5"),
        ),
        ("RELEASES.md", shared()),
    ];
    let mut w = World::of(with_logs(&[], &left), Policy::default(), "maintainer");
    pushes(&mut w, 'f', &["src/lib.rs", "tests/start.rs"]);
    assert!(
        status(&w).contains("Run `towncrier build --version 1.0.5`"),
        "{}",
        status(&w)
    );
    pushes(&mut w, 'e', &["core/CHANGELOG.md"]);
    assert_eq!(waits(&w), ["RELEASES.md"]);
    w.say(
        "maintainer",
        "/hotfix override changelog reason=\"the notes tell it\"",
    );
    assert!(waits(&w).is_empty());
    // A word for one head.
    pushes(&mut w, '9', &["src/main.rs", "core/CHANGELOG.md"]);
    assert_eq!(waits(&w), ["RELEASES.md"]);
}

#[test]
fn a_changeset_that_the_fix_brings_is_not_told_twice() {
    let asked = |w: &World| {
        let files = |need: &NeedKind| match need {
            NeedKind::LeftToPeople {
                what: ByHand::Notes { files },
                ..
            } => files.clone(),
            _ => Vec::new(),
        };
        needs(w).iter().flat_map(files).collect::<Vec<_>>()
    };
    for (path, expected) in [
        (".changeset/calm-cats.md", true),
        (".changeset/README.md", false),
        (".changeset/config.json", false),
        ("docs/.changeset/calm-cats.md", false),
        ("changeset.md", false),
    ] {
        let mut w = World::of(base(), Policy::default(), "maintainer");
        pushes(&mut w, 'f', &["src/lib.rs", "tests/start.rs", path]);
        assert_eq!(!asked(&w).is_empty(), expected, "{path}");
        if !expected {
            continue;
        }
        w.say(
            "maintainer",
            "/hotfix override changelog reason=\"as always\"",
        );
        assert!(asked(&w).is_empty());
    }
    // Whoever runs the tool that takes it is asked for that alone.
    let left = [("CHANGELOG.md", fragments("knope prepare-release"))];
    let mut w = World::of(with_logs(&[], &left), Policy::default(), "maintainer");
    pushes(&mut w, 'f', &["src/lib.rs", ".changeset/calm-cats.md"]);
    assert!(asked(&w).is_empty());
    assert_eq!(waits(&w), ["CHANGELOG.md"]);
}

#[test]
fn where_not_all_was_read_somebody_looks() {
    let unread = |w: &World| {
        let is_one = |need: &NeedKind| match need {
            NeedKind::LeftToPeople { what, .. } => matches!(what, ByHand::Places { .. }),
            _ => false,
        };
        needs(w).iter().any(is_one)
    };
    for (looked, cut, expected) in [
        (true, true, true),
        (true, false, false),
        (false, true, false),
    ] {
        let habit = Habit {
            looked,
            cut,
            ..Habit::default()
        };
        let base = Base { habit, ..base() };
        let mut w = World::of(base, Policy::default(), "maintainer");
        pushes(&mut w, 'f', &["src/lib.rs", "tests/start.rs"]);
        assert_eq!(unread(&w), expected, "{looked} {cut}");
        if expected {
            assert!(
                status(&w).contains("`git grep -nF 1.0.4`"),
                "{}",
                status(&w)
            );
            w.say("maintainer", "/hotfix override places reason=\"looked\"");
            assert!(!unread(&w));
        }
    }
}
