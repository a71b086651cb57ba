//! Corners of the rules, in texts.

use super::oracle_tests::{by_rules, no_rules, tree};
use super::*;

const MANIFEST: &str = "[package]\nname = \"caro\"\nversion = \"1.0.4\"\n";
const LOCK: &str = "version = 4\n\n[[package]]\nname = \"caro\"\nversion = \"1.0.4\"\n\n[[package]]\nname = \"tool\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"z\"\nversion = \"0.1.0\"\nsource = \"r\"\n";
const LOG: &str = "# Changelog\n\n## 1.0.4\n\n- a\n\n## 1.0.3\n\n- z\n";
const NEW: &str =
    "# Changelog\n\n## 1.0.5\n\n- Critical: it hangs\n\n## 1.0.4\n\n- a\n\n## 1.0.3\n\n- z\n";

/// One file on three sides: its text afterwards, whether by rule, and conflicts.
fn port_one(
    path: &str,
    base: &str,
    hotfix: &str,
    main: Option<&str>,
) -> (Option<String>, bool, Vec<Why>) {
    let (result, by_rule, why) = port_with(
        path,
        &[(path, base)],
        &[(path, hotfix)],
        &main.map(|main| vec![(path, main)]).unwrap_or_default(),
    );
    (result, by_rule, why)
}

fn port_with(
    path: &str,
    base: &[(&str, &str)],
    hotfix: &[(&str, &str)],
    main: &[(&str, &str)],
) -> (Option<String>, bool, Vec<Why>) {
    let own = ["caro".to_owned()];
    let manifests = ["Cargo.toml".to_owned()];
    let release = Release {
        manifests: &manifests,
        together: Together {
            own: &own,
            workspace: false,
        },
        lock: Some("Cargo.lock"),
        changelog: Some("CHANGELOG.md"),
        ..no_rules()
    };
    let (result, ported) = by_rules(&tree(base), &tree(hotfix), &tree(main), &release);
    let text = result
        .get(path)
        .map(|bytes| String::from_utf8(bytes.clone()).unwrap());
    let why = ported.conflicts.iter().filter(|c| c.path == path);
    (
        text,
        ported.by_rule.iter().any(|p| p == path),
        why.map(|c| c.why.clone()).collect(),
    )
}

fn bumped(text: &str) -> String {
    text.replacen("1.0.4", "1.0.5", 1)
}

#[test]
fn what_main_has_no_more_stays_away() {
    let gone = (None, true, vec![]);
    assert_eq!(
        port_one("Cargo.toml", MANIFEST, &bumped(MANIFEST), None),
        gone
    );
    assert_eq!(port_one("Cargo.lock", LOCK, &bumped(LOCK), None), gone);
    assert_eq!(port_one("CHANGELOG.md", LOG, NEW, None), gone);
    let conflict = (None, false, vec![Why::DeletedOnMain]);
    let more = |text: &str| format!("{text}\n[[bin]]\nname = \"more\"\n");
    assert_eq!(
        port_one("Cargo.toml", MANIFEST, &more(&bumped(MANIFEST)), None),
        conflict
    );
    assert_eq!(
        port_one(
            "Cargo.lock",
            LOCK,
            &bumped(LOCK).replacen("0.1.0", "0.1.1", 2),
            None
        ),
        conflict
    );
    assert_eq!(
        port_one("CHANGELOG.md", LOG, &NEW.replace("- z", "- y"), None),
        conflict
    );
}

#[test]
fn a_manifest_in_conflict_elsewhere_shows_that_alone() {
    let with = |text: &str, edition: &str| format!("{text}edition = \"{edition}\"\n");
    let (text, by_rule, why) = port_one(
        "Cargo.toml",
        &with(MANIFEST, "2018"),
        &with(&bumped(MANIFEST), "2021"),
        Some(&with(MANIFEST, "2024")),
    );
    let expected = "[package]\nname = \"caro\"\nversion = \"1.0.5\"\n<<<<<<< main\nedition = \"2024\"\n=======\nedition = \"2021\"\n>>>>>>> hotfix/v1.0.5\n";
    assert_eq!(text.as_deref(), Some(expected));
    assert_eq!((by_rule, why), (false, vec![Why::Text]));
}

#[test]
fn a_manifest_that_cannot_be_read_is_named() {
    let (text, _, why) = port_one("Cargo.toml", MANIFEST, &bumped(MANIFEST), Some("[package"));
    assert!(text.unwrap().contains("<<<<<<< main\n"));
    assert!(
        matches!(&why[..], [Why::Unreadable(words)] if words.contains("not valid TOML, line 1")),
        "{why:?}"
    );
    let (_, _, why) = port_one("Cargo.lock", LOCK, "[", Some(LOCK));
    assert!(matches!(&why[..], [Why::Unreadable(_)]), "{why:?}");
    let conflict = Conflict {
        path: "Cargo.lock".into(),
        why: why[0].clone(),
    };
    assert!(
        conflict
            .to_string()
            .starts_with("`Cargo.lock`: its version could not be set by rule: "),
        "{conflict}"
    );
}

#[test]
fn a_lock_file_in_conflict_elsewhere_shows_that_alone() {
    let z = |text: &str, version: &str| {
        text.replace(
            "\"z\"\nversion = \"0.1.0\"",
            &format!("\"z\"\nversion = \"{version}\""),
        )
    };
    let manifest = |version: &str| MANIFEST.replace("1.0.4", version);
    let (text, by_rule, why) = port_with(
        "Cargo.lock",
        &[("Cargo.toml", MANIFEST), ("Cargo.lock", LOCK)],
        &[
            ("Cargo.toml", &manifest("1.0.5")),
            ("Cargo.lock", &z(&bumped(LOCK), "0.1.1")),
        ],
        &[
            ("Cargo.toml", &manifest("1.1.0")),
            (
                "Cargo.lock",
                &z(&LOCK.replacen("1.0.4", "1.1.0", 1), "0.1.2"),
            ),
        ],
    );
    let text = text.unwrap();
    assert!(
        text.contains("name = \"caro\"\nversion = \"1.1.0\"\n"),
        "{text}"
    );
    assert_eq!(text.matches("<<<<<<<").count(), 1);
    assert_eq!((by_rule, why), (false, vec![Why::Text]));
}

#[test]
fn entries_that_the_hotfix_set_right_are_carried_unless_main_did() {
    let tool = |text: &str, version: &str| {
        text.replace(
            "\"tool\"\nversion = \"0.1.0\"",
            &format!("\"tool\"\nversion = \"{version}\""),
        )
    };
    for (main, expected) in [("0.1.0", "0.2.0"), ("0.2.0", "0.2.0"), ("0.3.0", "0.3.0")] {
        let (text, _, why) = port_with(
            "Cargo.lock",
            &[("Cargo.toml", MANIFEST), ("Cargo.lock", LOCK)],
            &[
                ("Cargo.toml", &bumped(MANIFEST)),
                ("Cargo.lock", &tool(&bumped(LOCK), "0.2.0")),
            ],
            &[("Cargo.toml", MANIFEST), ("Cargo.lock", &tool(LOCK, main))],
        );
        assert_eq!(text, Some(tool(&bumped(LOCK), expected)));
        assert_eq!(why, []);
    }
    // A package that main's lock file does not name is left alone.
    let none = "version = 4\n\n[[package]]\nname = \"z\"\nversion = \"0.1.0\"\nsource = \"r\"\n";
    let (text, _, why) = port_with(
        "Cargo.lock",
        &[("Cargo.toml", MANIFEST), ("Cargo.lock", LOCK)],
        &[
            ("Cargo.toml", &bumped(MANIFEST)),
            ("Cargo.lock", &bumped(LOCK)),
        ],
        &[("Cargo.toml", MANIFEST), ("Cargo.lock", none)],
    );
    assert_eq!((text.as_deref(), why), (Some(none), vec![]));
}

#[test]
fn a_section_that_main_has_stays_mains() {
    for main in [NEW.to_owned(), NEW.replace("it hangs", "another text")] {
        let (text, _, why) = port_one("CHANGELOG.md", LOG, NEW, Some(&main));
        assert_eq!((text, why), (Some(main), vec![]));
    }
}

#[test]
fn the_section_keeps_its_shape_and_the_rest_is_merged() {
    let hotfix = NEW
        .replace("it hangs", "it hangs\n  Thanks!\n\nA word more.")
        .replace("- z", "- y");
    let main = LOG.replace(
        "# Changelog\n",
        "# Changelog\n\n## Unreleased\n\n- more\n\n## 2.0.0\n\n- b\n",
    );
    let (text, by_rule, why) = port_one("CHANGELOG.md", LOG, &hotfix, Some(&main));
    let expected = "# Changelog\n\n## Unreleased\n\n- more\n\n## 2.0.0\n\n- b\n\n## 1.0.5\n\n- Critical: it hangs\n  Thanks!\n\nA word more.\n\n## 1.0.4\n\n- a\n\n## 1.0.3\n\n- y\n";
    assert_eq!(
        (text.as_deref(), by_rule, why),
        (Some(expected), true, vec![])
    );
}

#[test]
fn a_changelog_in_conflict_elsewhere_has_the_section_outside_the_markers() {
    let main = LOG
        .replace("- z", "- mains")
        .replace("# Changelog\n", "# Changelog\n\n## Unreleased\n\n- more\n");
    let (text, by_rule, why) = port_one(
        "CHANGELOG.md",
        LOG,
        &NEW.replace("- z", "- hotfixs"),
        Some(&main),
    );
    let expected = "# Changelog\n\n## Unreleased\n\n- more\n\n## 1.0.5\n\n- Critical: it hangs\n\n## 1.0.4\n\n- a\n\n## 1.0.3\n\n<<<<<<< main\n- mains\n=======\n- hotfixs\n>>>>>>> hotfix/v1.0.5\n";
    assert_eq!(
        (text.as_deref(), by_rule, why),
        (Some(expected), false, vec![Why::Text])
    );
}

#[test]
fn a_changelog_without_sections_is_merged_like_any_file() {
    let (base, hotfix) = ("Changes\n\n1.0: a\n", "Changes\n\n1.0.5: c\n1.0: a\n");
    let (text, by_rule, why) = port_one("CHANGELOG.md", base, hotfix, Some("Changes:\n\n1.0: a\n"));
    assert_eq!(text.as_deref(), Some("Changes:\n\n1.0.5: c\n1.0: a\n"));
    assert_eq!((by_rule, why), (false, vec![]));
    let (_, _, why) = port_one(
        "CHANGELOG.md",
        base,
        hotfix,
        Some("Changes\n\n1.1: b\n1.0: a\n"),
    );
    assert_eq!(why, [Why::Text]);
}

#[test]
fn a_crate_that_the_hotfix_removed_goes_if_main_raised_its_version_alone() {
    let (text, by_rule, why) = port_with(
        "Cargo.toml",
        &[("Cargo.toml", MANIFEST)],
        &[],
        &[("Cargo.toml", &MANIFEST.replace("1.0.4", "1.1.0"))],
    );
    assert_eq!((text, by_rule, why), (None, true, vec![]));
}
