//! The bump against `npm version`: equal wherever a file is as npm prints it, but
//! for the newline at its end, which npm adds and we do not.

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;

use super::{edit, read};
use crate::ecosystem::kind::Kind;
use crate::ecosystem::package::{Member, Package};

/// What npm leaves in the folder; none where there is no npm.
fn npm(dir: &Path, arguments: &[&str]) -> Option<()> {
    let cache = dir.join(".cache");
    let out = Command::new("npm")
        .args(arguments)
        .args(["--no-git-tag-version", "--ignore-scripts", "--offline"])
        .args(["--no-audit", "--no-fund", "--no-update-notifier"])
        .current_dir(dir)
        .env("npm_config_cache", cache)
        .output();
    match out {
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => {
            println!("left out: npm is not there");
            None
        }
        out => {
            let out = out.unwrap();
            let words = String::from_utf8_lossy(&out.stderr).into_owned();
            assert!(out.status.success(), "{words}");
            Some(())
        }
    }
}

fn member(name: &str, manifest: &str) -> Member {
    Member {
        name: name.to_owned(),
        manifest: manifest.to_owned(),
        version: "1.0.4".to_owned(),
        released: true,
        publish: true,
    }
}

fn package() -> Package {
    Package {
        kind: Kind::Npm,
        name: "caro".to_owned(),
        manifest: "package.json".to_owned(),
        own: vec!["caro".to_owned()],
        members: vec![member("caro", "package.json")],
        ..Package::default()
    }
}

/// As npm prints: with this indent and these ends of lines.
fn printed(value: &serde_json::Value, indent: &str, end: &str, last: bool) -> String {
    let mut out = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(indent.as_bytes());
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    serde::Serialize::serialize(value, &mut serializer).unwrap();
    let text = String::from_utf8(out).unwrap();
    let text = if last { text + "\n" } else { text };
    text.replace('\n', end)
}

fn manifest(words: &str, first: bool) -> serde_json::Value {
    let mut all = serde_json::Map::new();
    if first {
        all.insert("version".to_owned(), "1.0.4".into());
    }
    all.insert("name".to_owned(), "caro".into());
    all.insert("description".to_owned(), words.into());
    if !first {
        all.insert("version".to_owned(), "1.0.4".into());
    }
    all.insert(
        "config".to_owned(),
        serde_json::json!({ "version": "1.0.4", "list": ["1.0.4"] }),
    );
    all.insert(
        "dependencies".to_owned(),
        serde_json::json!({ "other": "1.0.4" }),
    );
    all.into()
}

fn lock(number: u64) -> serde_json::Value {
    let mut all = serde_json::json!({
        "name": "caro", "version": "1.0.4", "lockfileVersion": number, "requires": true,
    });
    if number > 1 {
        all["packages"] = serde_json::json!({
            "": { "name": "caro", "version": "1.0.4", "dependencies": { "other": "1.0.4" } },
            "node_modules/other": { "version": "1.0.4", "license": "MIT" },
        });
    }
    if number < 3 {
        all["dependencies"] = serde_json::json!({ "other": { "version": "1.0.4" } });
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn it_changes_what_npm_version_changes(
        indent in "( {1,4}|\t)",
        crlf: bool,
        last: bool,
        first: bool,
        number in 1_u64..4,
        words in "[a-zéß0-9 .:/-]{0,20}",
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let files = [
            ("package.json", printed(&manifest(&words, first), &indent, end, last)),
            ("package-lock.json", printed(&lock(number), &indent, end, last)),
        ];
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in &files {
            std::fs::write(dir.path().join(path), text).unwrap();
        }
        let package = package();
        if npm(dir.path(), &["version", "1.0.5"]).is_none() {
            return Ok(());
        }
        for (path, text) in &files {
            let ours = edit(&package, path, text, "1.0.4", "1.0.5").unwrap();
            let theirs = std::fs::read_to_string(dir.path().join(path)).unwrap();
            let ended = if last { ours.clone() } else { format!("{ours}{end}") };
            prop_assert_eq!(&ended, &theirs, "{}", path);
            let found = read(&package, path, &ours);
            prop_assert!(!found.is_empty() && found.iter().all(|it| it == "1.0.5"));
        }
    }
}

proptest! {
    #[test]
    fn only_the_versions_bytes_change_and_the_way_back_leads_back(
        before in "(\u{feff})?[ \t\r\n]{0,3}",
        space in "[ \t]{0,2}",
        more in "(, ?\"a\": \"1\\.0\\.4\")?(,\r?\n\"config\": \\{\"version\": \"1\\.0\\.4\"\\})?",
        after in "(\r?\n)?",
        patch in 5_u64..1000,
    ) {
        let around = |version: &str| {
            format!("{before}{{{space}\"version\"{space}:{space}\"{version}\"{more}}}{after}")
        };
        let (old, new) = (around("1.0.4"), around(&format!("1.0.{patch}")));
        let raised = edit(&package(), "package.json", &old, "1.0.4", &format!("1.0.{patch}")).unwrap();
        prop_assert_eq!(&raised, &new);
        let back = edit(&package(), "package.json", &raised, &format!("1.0.{patch}"), "1.0.4").unwrap();
        prop_assert_eq!(back, old);
    }
}

#[test]
fn members_are_found_by_their_folders() {
    let mut package = package();
    package.own.push("@caro/a".to_owned());
    package
        .members
        .push(member("@caro/a", "packages/a/package.json"));
    let text = r#"{
  "version": "1.0.4",
  "packages": {
    "": {"version": "1.0.4", "workspaces": ["packages/*"]},
    "node_modules/@caro/a": {"resolved": "packages/a", "link": true},
    "node_modules/other": {"version": "1.0.4", "dependencies": {"@caro/a": "1.0.4"}},
    "packages/a": {"version": "1.0.4", "dependencies": {"caro": "1.0.4", "other": "1.0.4"}},
    "packages/a/node_modules/caro": {"version": "1.0.4"},
    "packages/b": {"version": "1.0.4", "dependencies": {"caro": "^1.0.4"}}
  }
}"#;
    let raised = edit(&package, "package-lock.json", text, "1.0.4", "1.0.5").unwrap();
    let changed: Vec<_> = text
        .lines()
        .zip(raised.lines())
        .enumerate()
        .filter(|(_, (old, new))| old != new)
        .map(|(at, (_, new))| (at + 1, new.matches("1.0.5").count()))
        .collect();
    assert_eq!(changed, [(2, 1), (4, 1), (7, 2)]);
    // An entry that npm left behind stays behind, and is nothing to wait for.
    let behind = text.replace(
        "\"packages/a\": {\"version\": \"1.0.4\"",
        "\"packages/a\": {\"version\": \"1.0.3\"",
    );
    let raised = edit(&package, "package-lock.json", &behind, "1.0.4", "1.0.5").unwrap();
    assert!(raised.contains("\"packages/a\": {\"version\": \"1.0.3\""));
    let found = read(&package, "package-lock.json", &raised);
    assert!(found.iter().all(|it| it == "1.0.5"), "{found:?}");
    let bun = "{\"workspaces\": {\"\": {\"name\": \"caro\"}, \"packages/a\": {\"version\": \"1.0.4\",},},}";
    let raised = edit(&package, "bun.lock", bun, "1.0.4", "1.0.5").unwrap();
    assert_eq!(raised, bun.replace("1.0.4", "1.0.5"));
}
