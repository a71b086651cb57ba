//! Corners of the rules, in texts.

use crate::ecosystem::package::Member;
use crate::ecosystem::{Package, Port, port};
use crate::edits::forward_port::testing::{LABELS, by_rules, tree};
use crate::edits::forward_port::{Conflict, Why};

const MANIFEST: &str = "[package]\nname = \"caro\"\nversion = \"1.0.4\"\n";
const LOCK: &str = "version = 4\n\n[[package]]\nname = \"caro\"\nversion = \"1.0.4\"\n\n[[package]]\nname = \"tool\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"z\"\nversion = \"0.1.0\"\nsource = \"r\"\n";

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
    let package = Package {
        name: "caro".into(),
        manifest: "Cargo.toml".into(),
        lock: Some("Cargo.lock".into()),
        locks: vec!["fuzz/Cargo.lock".into()],
        ..Package::default()
    };
    let wanted = Port {
        package: &package,
        base_version: "1.0.4",
        version: "1.0.5",
        labels: LABELS,
    };
    let (result, ported) = by_rules(&tree(base), &tree(hotfix), &tree(main), |files| {
        port(files, &wanted)
    });
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
}

/// A package with a number of its own requires what it required: the release left
/// that alone, and so does the way to main.
#[test]
fn what_a_package_of_another_version_requires_stays_where_it_takes_the_new_one() {
    let member = |name: &str, released| Member {
        name: name.into(),
        manifest: match name {
            "caro" => "Cargo.toml".into(),
            name => format!("{name}/Cargo.toml"),
        },
        released,
        ..Member::default()
    };
    let package = Package {
        name: "caro".into(),
        own: vec!["caro".into()],
        manifest: "Cargo.toml".into(),
        manifests: vec!["Cargo.toml".into()],
        members: vec![member("caro", true), member("man", false)],
        ..Package::default()
    };
    let wanted = Port {
        package: &package,
        base_version: "1.0.4",
        version: "1.0.5",
        labels: LABELS,
    };
    for (base, main, expected) in [
        // It takes the new one as it is.
        ("1.0.4", "1.0.4", "1.0.4"),
        ("1.0", "1.0", "1.0"),
        // The release raised what binds it, and so does the way to main.
        ("=1.0.4", "=1.0.4", "=1.0.5"),
    ] {
        let guest = |requires: &str, own: &str| {
            format!(
                "[package]\nname = \"man\"\nversion = \"{own}\"\n\n[dependencies]\ncaro = {{ path = \"../\", version = \"{requires}\" }}\n"
            )
        };
        let root = bumped(MANIFEST);
        let hotfix = guest(expected, "0.3.2");
        let (base, main) = (guest(base, "0.3.2"), guest(main, "0.4.0"));
        let sides = [
            tree(&[("Cargo.toml", MANIFEST), ("man/Cargo.toml", &base)]),
            tree(&[("Cargo.toml", &root), ("man/Cargo.toml", &hotfix)]),
            tree(&[("Cargo.toml", MANIFEST), ("man/Cargo.toml", &main)]),
        ];
        let [base, hotfix, main] = &sides;
        let (result, ported) = by_rules(base, hotfix, main, |files| port(files, &wanted));
        let text = |path: &str| String::from_utf8(result[path].clone()).unwrap();
        assert_eq!(ported.conflicts, [], "{expected}");
        assert_eq!(text("man/Cargo.toml"), guest(expected, "0.4.0"));
        assert_eq!(text("Cargo.toml"), bumped(MANIFEST));
    }
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

/// Every lock file that the release raised follows the same rule, not that of the
/// workspace alone.
#[test]
fn a_lock_file_beside_that_of_the_workspace_follows_main() {
    let path = "fuzz/Cargo.lock";
    let at = |version: &str| LOCK.replacen("1.0.4", version, 1);
    let manifest = |version: &str| MANIFEST.replace("1.0.4", version);
    for (main, there, expected) in [
        // It went on: its own stays.
        ("1.1.0-dev", Some(at("1.1.0-dev")), Some(at("1.1.0-dev"))),
        // It did not: both are raised.
        ("1.0.4", Some(at("1.0.4")), Some(at("1.0.5"))),
        // It was left behind, and comes right with the rest.
        ("1.1.0-dev", Some(at("1.0.4")), Some(at("1.1.0-dev"))),
        // It is gone, and stays away.
        ("1.1.0-dev", None, None),
    ] {
        let manifest_there = manifest(main);
        let mut on_main = vec![("Cargo.toml", manifest_there.as_str())];
        on_main.extend(there.as_deref().map(|text| (path, text)));
        let (text, _, why) = port_with(
            path,
            &[("Cargo.toml", MANIFEST), (path, LOCK)],
            &[("Cargo.toml", &manifest("1.0.5")), (path, &bumped(LOCK))],
            &on_main,
        );
        assert_eq!((text, why), (expected, vec![]), "{main} {there:?}");
    }
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
fn a_crate_that_the_hotfix_removed_goes_if_main_raised_its_version_alone() {
    let (text, by_rule, why) = port_with(
        "Cargo.toml",
        &[("Cargo.toml", MANIFEST)],
        &[],
        &[("Cargo.toml", &MANIFEST.replace("1.0.4", "1.1.0"))],
    );
    assert_eq!((text, by_rule, why), (None, true, vec![]));
}
