use super::place::without_bom;
use super::*;

const NEW: NewSection<'_> = NewSection {
    version: "1.0.5",
    base: "1.0.4",
    date: "2026-03-04",
    entry: "Critical: paths with spaces (#234)",
};

#[track_caller]
fn put(text: &str) -> String {
    let out = insert(text, &NEW).unwrap();
    // What was there is there still, in its order, but for the one link.
    let mut rest = out.lines();
    for line in text
        .lines()
        .filter(|line| !line.to_ascii_lowercase().starts_with("[unreleased]:"))
    {
        assert!(rest.any(|l| l == line), "{line:?} is gone from {out}");
    }
    let twice = insert(&out, &NEW).unwrap_err();
    assert!(
        matches!(twice, ChangelogError::AlreadyThere { .. }),
        "{twice}"
    );
    let body = section(&out, "1.0.5").unwrap().body;
    assert!(body.contains(NEW.entry), "{body}");
    // Another reader sees the same.
    let parsed = parse_changelog::parse(without_bom(&out)).unwrap();
    assert!(parsed["1.0.5"].notes.contains(NEW.entry));
    let released = parsed.keys().filter(|key| **key != "Unreleased");
    assert_eq!(released.count(), releases(&out).len());
    let dos = insert(&text.replace('\n', "\r\n"), &NEW).unwrap();
    if text.contains('\n') {
        assert_eq!(dos, out.replace('\n', "\r\n"));
    }
    out
}

#[test]
fn keep_a_changelog() {
    let before = "\
# Changelog

All notable changes.

## [Unreleased]

### Added
- A feature

## [1.0.4] - 2026-01-02

### Fixed
- A bug

## [1.0.3] - 2025-12-01

### Added
- Something

[Unreleased]: https://example.org/o/r/compare/v1.0.4...HEAD
[1.0.4]: https://example.org/o/r/compare/v1.0.3...v1.0.4
[1.0.3]: https://example.org/o/r/releases/tag/v1.0.3
";
    let after = "\
# Changelog

All notable changes.

## [Unreleased]

### Added
- A feature

## [1.0.5] - 2026-03-04

### Fixed
- Critical: paths with spaces (#234)

## [1.0.4] - 2026-01-02

### Fixed
- A bug

## [1.0.3] - 2025-12-01

### Added
- Something

[Unreleased]: https://example.org/o/r/compare/v1.0.5...HEAD
[1.0.5]: https://example.org/o/r/compare/v1.0.4...v1.0.5
[1.0.4]: https://example.org/o/r/compare/v1.0.3...v1.0.4
[1.0.3]: https://example.org/o/r/releases/tag/v1.0.3
";
    assert_eq!(put(before), after);
}

#[test]
fn headings_are_written_as_their_neighbour() {
    for (neighbour, expected) in [
        ("## [1.0.4] - 2026-01-02", "## [1.0.5] - 2026-03-04"),
        ("## 1.0.4 (2026-01-02)", "## 1.0.5 (2026-03-04)"),
        ("## v1.0.4 – 2026-01-02", "## v1.0.5 – 2026-03-04"),
        ("# caro v1.0.4", "# caro v1.0.5"),
        ("## 1.0.4 - 2026/01/02 [YANKED]", "## 1.0.5 - 2026/03/04"),
        (
            "## 1.0.4 \"Blue\" (January 2, 2026)",
            "## 1.0.5 (March 4, 2026)",
        ),
        (
            "## **1.0.4** (2026-01-02) ##",
            "## **1.0.5** (2026-03-04) ##",
        ),
        (
            "## [v1.0.4][v1.0.4] - 2 Jan 2026",
            "## [v1.0.5][v1.0.5] - 4 Mar 2026",
        ),
        (
            "## [1.0.4](https://example.org/o/r/compare/v1.0.3...v1.0.4) (2026-01-02)",
            "## [1.0.5](https://example.org/o/r/compare/v1.0.4...v1.0.5) (2026-03-04)",
        ),
        ("## 2026-01-02, 1.0.4", "## 2026-03-04, 1.0.5"),
        (
            "Version 1.0.4\n-------------",
            "Version 1.0.5\n-------------",
        ),
        (
            "1.0.10 / 2026-01-02\n===================",
            "1.0.5 / 2026-03-04\n==================",
        ),
    ] {
        let before = format!("{neighbour}\n\n* x\n");
        let after = insert(&before, &NEW).unwrap();
        assert!(
            after.contains(&format!("{expected}\n")),
            "{neighbour} gave {after}"
        );
        assert!(after.contains("\n* Critical: paths"), "{after}");
    }
}

#[test]
fn a_code_name_is_not_taken_over() {
    let after = put("## 1.0.4 \"Blue\" - 2026-01-02\n\n- x\n");
    assert!(after.starts_with("## 1.0.5 - 2026-03-04\n"), "{after}");
}

#[test]
fn the_files_own_lists_and_groups_are_kept() {
    let after = put("## 1.0.4\n#### Bug fixes 🐛\n\n *  one\n\n\n## 1.0.3\n\n *  two\n");
    let expected =
        "## 1.0.5\n#### Bug fixes 🐛\n\n *  Critical: paths with spaces (#234)\n\n\n## 1.0.4\n";
    assert!(after.starts_with(expected), "{after}");
    // Releases of different levels, as some generators write them.
    let after = insert("# [2.0.0]\n\n## [1.0.4]\n### Added\n+ one\n", &NEW).unwrap();
    assert!(
        after.starts_with("# [2.0.0]\n\n## [1.0.5]\n### Fixed\n+ Critical"),
        "{after}"
    );
}

#[test]
fn the_order_of_versions_decides() {
    let after = put("## 1.1.0\n\n- b\n\n## 1.0.4\n\n- a\n");
    assert_eq!(releases(&after), ["1.1.0", "1.0.5", "1.0.4"]);
    let after = put("## 2.0.0\n\n- b\n\n## 1.1.0\n\n- a\n");
    assert_eq!(releases(&after), ["2.0.0", "1.1.0", "1.0.5"]);
    assert!(after.ends_with("- a\n\n## 1.0.5\n\n- Critical: paths with spaces (#234)\n"));
    let after = put("## 1.0.3\n\n- a\n\n## 1.0.4\n\n- b\n\n## 1.1.0\n\n- c\n");
    assert_eq!(releases(&after), ["1.0.3", "1.0.4", "1.0.5", "1.1.0"]);
}

#[test]
fn links_follow_no_longer_where_the_last_releases_have_none() {
    let older = "## [1.0.2]\n\n- a\n\n[1.0.2]: https://e.org/tag/v1.0.2\n";
    let after = put(&format!(
        "## [1.0.4]\n\n- a\n\n## [1.0.3]\n\n- a\n\n{older}"
    ));
    assert!(!after.contains("[1.0.5]:"), "{after}");
    let one = put(&format!(
        "## [1.0.4]\n\n- a\n\n## [1.0.3]\n\n- a\n\n{older}[1.0.3]: https://e.org/tag/v1.0.3\n"
    ));
    assert!(one.contains("[1.0.5]: https://e.org/tag/v1.0.5"), "{one}");
}

#[test]
fn another_packages_version_is_not_taken_over() {
    let before = "# Release lamp 1.0.4 / lamp-core 0.3.2 (2026-01-02)\n\n- a\n\n# Release lamp 1.0.3 / lamp-core 0.3.1 (2025-12-01)\n\n- b\n";
    let after = insert(before, &NEW).unwrap();
    assert!(
        after.starts_with("# Release lamp 1.0.5 (2026-03-04)\n"),
        "{after}"
    );
}

#[test]
fn packages_that_share_a_file_are_told_by_their_names() {
    let one = |name: &str, version: &str| format!("## {name}{version} (2026-01-02)\n\n- a\n\n");
    let log = |names: [&str; 4]| -> String {
        let versions = ["1.0.4", "0.3.2", "1.0.3", "0.3.1"];
        names
            .iter()
            .zip(versions)
            .map(|(name, v)| one(name, v))
            .collect()
    };
    for (names, expected) in [
        (["lamp ", "lamp-core ", "lamp ", "lamp-core "], 2),
        (["lamp v", "lamp-core v", "lamp v", "lamp-core v"], 2),
        (["lamp-", "lamp_core-v", "lamp-", "lamp_core-v"], 2),
        (["lamp@", "lamp-core@", "lamp@", "lamp-core@"], 2),
        (["lamp/v", "lamp-core/v", "lamp/v", "lamp-core/v"], 2),
        (["lamp ", "lamp ", "lamp ", "lamp "], 0),
        (["lamp ", "lamp ", "light ", "lamp "], 0),
        (["", "", "", ""], 0),
        (["v", "Version ", "Release ", "v"], 0),
    ] {
        assert_eq!(packages(&log(names)).len(), expected, "{names:?}");
    }
}

/// Of packages that name their links the one whose section it is lends its own.
#[test]
fn a_link_is_called_as_those_of_its_package() {
    let link = |label: &str| format!("[{label}]: https://e.org/tag/{label}\n");
    let links = [link("lamp-v1.0.4"), link("lamp-v1.0.3")].concat();
    let others = [link("lamp-core-v1.0.4"), link("lamp-core-v1.0.3")].concat();
    let sections = "### [lamp-v1.0.4]\n\n- b\n\n### [lamp-v1.0.3]\n\n- a\n\n";
    let core = "## core\n\n### [lamp-core-v1.0.4]\n\n- d\n\n### [lamp-core-v1.0.3]\n\n- c\n\n";
    for (before, after) in [(&links, &others), (&others, &links)] {
        let text = format!("# Log\n\n## lamp\n\n{sections}{core}{before}{after}");
        let out = insert(&text, &NEW).unwrap();
        let new = [link("lamp-v1.0.5"), links.clone()].concat();
        assert!(out.contains(&new), "{out}");
        assert!(!out.contains("lamp-core-v1.0.5"), "{out}");
    }
}

/// Where the releases lead to their tags, the new one does: what is unreleased is
/// compared all the same. The first release of all has none before it.
#[test]
fn links_lead_where_those_of_the_releases_do() {
    let log = |links: &str| {
        format!(
            "# Log\n\n## [1.0.4]\n\n- b\n\n## [1.0.3]\n\n- a\n\n\
             [unreleased]: https://e.org/compare/1.0.4...main\n{links}"
        )
    };
    let (newer, older) = (
        "[1.0.4]: https://e.org/tag/1.0.4\n",
        "[1.0.3]: https://e.org/tag/1.0.3\n",
    );
    let unreleased = "[unreleased]: https://e.org/compare/1.0.5...main\n";
    for (links, new) in [
        (
            format!("{newer}{older}"),
            "[1.0.5]: https://e.org/tag/1.0.5\n",
        ),
        (
            newer.to_owned(),
            "[1.0.5]: https://e.org/compare/1.0.4...1.0.5\n",
        ),
    ] {
        let out = put(&log(&links));
        assert!(out.ends_with(&format!("{unreleased}{new}{links}")), "{out}");
    }
}

#[test]
fn links_follow_only_where_the_neighbours_have_them() {
    let between = put(
        "## [Unreleased]\n\n## [1.1.0]\n\n- b\n\n## [1.0.4]\n\n- a\n\n[Unreleased]: https://e.org/compare/v1.1.0...HEAD\n[1.1.0]: https://e.org/compare/v1.0.4...v1.1.0\n[1.0.4]: https://e.org/tag/v1.0.4\n",
    );
    assert!(between.ends_with("[Unreleased]: https://e.org/compare/v1.1.0...HEAD\n[1.1.0]: https://e.org/compare/v1.0.4...v1.1.0\n[1.0.5]: https://e.org/compare/v1.0.4...v1.0.5\n[1.0.4]: https://e.org/tag/v1.0.4\n"), "{between}");

    let tags = put(
        "## [v1.0.4]\n\n- a\n\n[v1.0.4]: <https://e.org/tag/v1.0.4>\n[docs]: https://e.org/1.0.4\n",
    );
    assert!(tags.ends_with("[v1.0.5]: <https://e.org/tag/v1.0.5>\n[v1.0.4]: <https://e.org/tag/v1.0.4>\n[docs]: https://e.org/1.0.4\n"), "{tags}");

    let first = put(
        "## [Unreleased]\n\n## [1.0.4]\n\n- a\n\n[unreleased]: https://e.org/compare/v1.0.4...main\n[1.0.4]: https://e.org/tag/v1.0.4",
    );
    assert!(first.ends_with("[unreleased]: https://e.org/compare/v1.0.5...main\n[1.0.5]: https://e.org/compare/v1.0.4...v1.0.5\n[1.0.4]: https://e.org/tag/v1.0.4"), "{first}");

    assert!(!put("## [1.0.4]\n\n- a\n").contains("]:"));
}

#[test]
fn files_without_releases() {
    assert_eq!(
        put(""),
        "# Changelog\n\n## [1.0.5] - 2026-03-04\n\n### Fixed\n- Critical: paths with spaces (#234)\n"
    );
    assert_eq!(
        put("# Changes\n\nWhat changed.\n"),
        "# Changes\n\nWhat changed.\n\n## [1.0.5] - 2026-03-04\n\n### Fixed\n- Critical: paths with spaces (#234)\n"
    );
    assert_eq!(
        put("# Changes\n\n## Unreleased\n* one\n\n[x]: https://e.org"),
        "# Changes\n\n## Unreleased\n* one\n\n## [1.0.5] - 2026-03-04\n* Critical: paths with spaces (#234)\n\n[x]: https://e.org"
    );
    assert!(put("nothing like it").starts_with("nothing like it\n\n## [1.0.5]"));
}

#[test]
fn ends_and_marks_are_kept() {
    let bare = put("## 1.1.0\n\n- a");
    assert!(bare.ends_with("(#234)"), "{bare}");
    let marked = insert("\u{feff}# Changelog\n\n## 1.0.4\n\n- a\n", &NEW).unwrap();
    assert!(
        marked.starts_with("\u{feff}# Changelog\n\n## 1.0.5\n"),
        "{marked}"
    );
    let anchored = put("# C\n\n<a name=\"1.0.4\"></a>\n## 1.0.4\n\n- a\n");
    assert!(
        anchored.contains("(#234)\n\n<a name=\"1.0.4\"></a>\n## 1.0.4\n"),
        "{anchored}"
    );
    let new = NewSection {
        entry: "two\n## 9.9.9\nlines",
        ..NEW
    };
    let flat = insert("## 1.0.4\n\n- a\n", &new).unwrap();
    assert!(flat.contains("- two ## 9.9.9 lines\n"), "{flat}");
}

#[test]
fn what_is_not_well_formed_is_refused() {
    let says = |new: NewSection<'_>| insert("", &new).unwrap_err().to_string();
    assert_eq!(
        says(NewSection {
            version: "v1",
            ..NEW
        }),
        "\"v1\" is not a version such as 1.0.5"
    );
    assert_eq!(
        says(NewSection { base: "", ..NEW }),
        "\"\" is not a version such as 1.0.5"
    );
    assert_eq!(
        says(NewSection {
            date: "today",
            ..NEW
        }),
        "\"today\" is not a date such as 2026-01-02"
    );
    let there = insert("# C\n\n## v1.0.5\n", &NEW).unwrap_err();
    assert!(
        there.to_string().contains("for 1.0.5 already, in line 3"),
        "{there}"
    );
}

#[test]
fn a_section_is_read_back_as_another_reader_sees_it() {
    let text = "# C\n\n## [1.0.5] - 2026-01-02\n\n### Fixed\n- a\n\n```\n## 9.9.9\n```\n\n## [1.0.4]\n\n- b\n";
    let ours = section(text, "1.0.5").unwrap();
    assert_eq!(ours.heading, "## [1.0.5] - 2026-01-02");
    let parsed = parse_changelog::parse(text).unwrap();
    assert_eq!(ours.body, parsed["1.0.5"].notes);
    assert_eq!(section(text, "1.0.4").unwrap().body, "- b");
    assert_eq!(section(text, "1.0.3"), None);
    let last = section("## 1.0.0\n\n- a\n\n[1.0.0]: x\n", "1.0.0").unwrap();
    assert_eq!(last.body, "- a");
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// What is never closed, code or HTML, swallows the rest of the file: here
    /// nothing opens either.
    fn closed_file() -> impl Strategy<Value = String> {
        file_of(prop_oneof!["[-*] [ -;=-_a-}]{0,12}", "[\\PC&&[^<`~]]{0,8}"])
    }

    fn any_file() -> impl Strategy<Value = String> {
        file_of(prop_oneof![
            Just("```".to_owned()),
            "[-*] [ -~]{0,12}",
            "\\PC{0,8}"
        ])
    }

    fn file_of(other: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
        let line = prop_oneof![
            1 => Just("## [Unreleased]".to_owned()),
            1 => "## \\[?v?[01]\\.[0-2]\\.[0-4]\\]?( - 2026-01-0[1-9])?",
            1 => Just("### Fixed".to_owned()),
            1 => Just(String::new()),
            1 => "\\[1\\.0\\.[0-4]\\]: https://e\\.org/compare/v1\\.0\\.3\\.\\.\\.v1\\.0\\.4",
            1 => Just("[Unreleased]: https://e.org/compare/v1.0.4...HEAD".to_owned()),
            3 => other,
        ];
        let eol = prop_oneof![Just("\n"), Just("\r\n")];
        (prop::collection::vec(line, 0..14), eol, any::<bool>()).prop_map(|(lines, eol, last)| {
            let text = lines.join(eol);
            if last { text + eol } else { text }
        })
    }

    proptest! {
        #[test]
        fn lines_are_only_added(text in any_file()) {
            if let Ok(out) = insert(&text, &NEW) {
                prop_assert!(out.contains(NEW.entry));
                let mut rest = out.lines();
                for line in text.lines().filter(|l| !l.starts_with("[Unreleased]:")) {
                    prop_assert!(rest.any(|l| l == line), "{line:?} is gone from {out:?}");
                }
                if !text.trim().is_empty() {
                    prop_assert_eq!(out.ends_with('\n'), text.ends_with('\n'));
                }
                if text.contains('\n') && !text.contains("\r\n") {
                    prop_assert!(!out.contains('\r'));
                }
            }
        }

        #[test]
        fn what_is_settled_stays_so(text in any_file()) {
            if let Ok(out) = settle(&text, &NEW, &[], &[]) {
                prop_assert!(out.contains(NEW.entry) || out == text || text.contains("nreleased"), "{}", out);
                if let Ok(again) = settle(&out, &NEW, &[], &[]) {
                    let settled = settled(&out, NEW.version, &[]);
                    prop_assert!(!settled || again == out, "{}", out);
                }
            }
        }

        #[test]
        fn a_section_that_was_put_in_is_found(text in closed_file()) {
            let Ok(out) = insert(&text, &NEW) else { return Ok(()) };
            let found = section(&out, "1.0.5");
            prop_assert!(found.is_some_and(|s| s.body.contains(NEW.entry)), "{}", out);
        }
    }
}

#[test]
fn what_is_adorned_keeps_its_length() {
    // As in tox-dev/tox, pypa/virtualenv and pypa/build: a line above the title, and
    // groups that may tell the release.
    let form = |group: &str, version: &str, entry: &str| {
        let title = group.replace("{v}", version);
        let (over, under) = (version.len() + 16, title.len());
        let (line, group) = ("*".repeat(over), "=".repeat(under));
        format!("{line}\n v{version} (2026-01-02)\n{line}\n\n{title}\n{group}\n\n- {entry}\n")
    };
    let new = NewSection {
        version: "1.0.10",
        base: "1.0.9",
        date: "2026-01-02",
        entry: "c",
    };
    for group in ["Bug fixes - {v}", "Bugfixes - {v}", "Bugfixes"] {
        for above in [".. towncrier release notes start\n\n", ""] {
            let (old, older) = (form(group, "1.0.9", "a"), form(group, "1.0.8", "b"));
            let log = format!("{above}{old}\n{older}");
            let own = form(group, "1.0.10", "c");
            assert_eq!(
                insert(&log, &new).unwrap(),
                format!("{above}{own}\n{old}\n{older}"),
                "{group}"
            );
            assert_eq!(packages(&log), Vec::<String>::new());
        }
    }
}

#[test]
fn what_the_last_section_has_alone_is_no_model() {
    let old = |last: &str, link: &str| {
        let sections: Vec<String> = (0..4)
            .rev()
            .map(|n| format!("## [1.0.{n}] - 2025-12-0{}\n\n- a\n", n + 1))
            .collect();
        let links: Vec<String> = (1..4)
            .rev()
            .map(|n| {
                format!(
                    "[1.0.{n}]: https://e.org/compare/v1.0.{}...v1.0.{n}\n",
                    n - 1
                )
            })
            .collect();
        format!(
            "# Log\n\n{last}\n{}\n{link}{}[1.0.0]: https://e.org/tag/v1.0.0\n",
            sections.join("\n"),
            links.concat()
        )
    };
    let heading = "## [1.0.4] - 2026-01-02\n\n- a\n";
    let link = "[1.0.4]: https://e.org/compare/v1.0.3...v1.0.4\n";
    let right = put(&old(heading, link));
    let section = "## [1.0.5] - 2026-03-04\n\n- Critical: paths with spaces (#234)\n";
    assert!(right.contains(section), "{right}");
    let new = "[1.0.5]: https://e.org/compare/v1.0.4...v1.0.5\n";
    assert!(right.contains(new), "{right}");
    for slip in [
        "[1.0.4]: https://e.org/compare/v1.0.3..v1.0.4\n",
        "[1.0.4]: https://e.org/compare/v1.0.3...HEAD\n",
        "[1.0.4]: https://e.org/compare/v1.0.1...v1.0.4\n",
        "[1.0.4]: https://e.org/compare/1.0.3...1.0.4\n",
        "[1.0.4]: https://e.com/compare/v1.0.3...v1.0.4\n",
        "[1.0.4]: https://e.org/compare/v1.0.2...v1.0.3\n",
    ] {
        let found = put(&old(heading, slip));
        assert!(found.contains(new), "{slip}{found}");
        assert!(found.contains(slip), "what is there stays: {slip}{found}");
    }
    for slip in [
        "## 1.0.4 (2026-01-02)\n\n- a\n",
        "### [1.0.4] - 2026-01-02\n\n- a\n",
        "## [1.0.4] – 2026-01-02\n\n- a\n",
        "## [1.0.4] - 2026-01-02\n\n* a\n",
    ] {
        let found = insert(&old(slip, link), &NEW).unwrap();
        assert!(found.contains(section), "{slip}{found}");
    }
    // What comes twice is meant.
    let twice = old(heading, link).replace("## [1.0.3] - 2025-12-04", "## 1.0.3 (2025-12-04)");
    let twice = twice.replace("## [1.0.4] - 2026-01-02", "## 1.0.4 (2026-01-02)");
    assert!(put(&twice).contains("## 1.0.5 (2026-03-04)"));
}

/// What is to be copied by people stands below the releases, and is left alone.
#[test]
fn a_pattern_below_the_releases_is_no_open_section() {
    let old = "## 1.0.4 / 2026-01-02\n\n* Bugfixes\n  * a\n\n## 1.0.3 / 2025-12-04\n\n* b\n\n";
    for pattern in [
        "## Ignore - to be copied\n## Master\n\n* Features\n  * Your feature\n",
        "## Unreleased\n\n* Your entry\n",
    ] {
        let text = format!("{old}{pattern}");
        assert_eq!(open_titles(&text), Vec::<String>::new(), "{pattern}");
        let new = settle(&text, &NEW, &[], &[]).unwrap();
        let (section, rest) = new.split_once("## 1.0.4").unwrap();
        assert_eq!(format!("## 1.0.4{rest}"), text);
        assert!(section.starts_with("## 1.0.5 / 2026-03-04\n"), "{section}");
        assert!(!section.contains("Your"), "{section}");
    }
    // Where the newest stands last, it stands where it should.
    let rising = "## 1.0.3\n\n- b\n\n## 1.0.4\n\n- a\n\n## Unreleased\n\n- c\n";
    assert_eq!(open_titles(rising), ["## Unreleased"]);
}

/// The comparison below the heading of what is unreleased is that section's, and begins
/// at the new release.
#[test]
fn a_comparison_below_what_is_unreleased_stays_there() {
    for (open, line, section) in [
        (
            "== Unreleased changes (release date TBD)",
            "https://e.org/compare/v1.0.4\\...HEAD[Full list]",
            "== 1.0.4 (released 2026-01-02)\n\nhttps://e.org/compare/v1.0.3\\...v1.0.4[Full list]",
        ),
        (
            "## [Unreleased](https://e.org/tree/HEAD)",
            "[Full Changelog](https://e.org/compare/v1.0.4...HEAD)",
            "## [v1.0.4](https://e.org/tree/v1.0.4) (2026-01-02)\n\n[Full Changelog](https://e.org/compare/v1.0.3...v1.0.4)",
        ),
        (
            "## Unreleased",
            "<https://e.org/compare/v1.0.4...main>",
            "## v1.0.4 - 2026-01-02\n\n<https://e.org/compare/v1.0.3...v1.0.4>",
        ),
    ] {
        let before = section.replace("1.0.3", "1.0.2").replace("1.0.4", "1.0.3");
        let text = format!("{open}\n\n{line}\n\n{section}\n\n* a\n\n{before}\n\n* b\n");
        let stood = open_titles(&text);
        let new = settle(&text, &NEW, &stood, &[]).unwrap();
        let raised = line.replace("1.0.4", "1.0.5");
        assert!(new.starts_with(&format!("{open}\n\n{raised}\n\n")), "{new}");
        let link = section.lines().last().unwrap_or_default();
        let link = link.replace("1.0.4", "1.0.5").replace("1.0.3", "1.0.4");
        assert_eq!(new.matches(&link).count(), 1, "{link}: {new}");
        assert_eq!(
            new.matches("HEAD").count(),
            text.matches("HEAD").count(),
            "{new}"
        );
        assert!(new.contains(&text[text.find(section).unwrap()..]), "{new}");
    }
}
