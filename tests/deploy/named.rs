//! What the documents name exists: settings, keys of the configuration, verbs.

use std::collections::{BTreeMap, BTreeSet};

use hotfix_bot::domain::command::VERBS;
use serde_json::Value;

use crate::files::settings;
use crate::support::{program, read, said};
use crate::words::pages;

/// What stands between backquotes, by the page that it stands on.
fn quoted() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for page in pages() {
        for line in read(&page).lines() {
            for (at, part) in line.split('`').enumerate() {
                if at % 2 == 1 {
                    all.insert(part.to_owned(), page.clone());
                }
            }
        }
    }
    all
}

/// The first column of the table of settings.
fn tabled() -> BTreeSet<String> {
    let page = read("docs/settings.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let names = rows.filter_map(|row| row.split('`').next());
    names.map(str::to_owned).collect()
}

#[test]
fn the_settings_are_those_that_there_are() {
    let tabled: BTreeSet<String> = tabled();
    let (channels, plain): (BTreeSet<String>, BTreeSet<String>) = tabled
        .into_iter()
        .partition(|it| it.starts_with("CHANNEL_"));
    assert_eq!(plain, settings());
    assert_eq!(channels.len(), 3, "{channels:?}");
}

/// In prose, too: a name that looks like a setting is one, or one of another program.
#[test]
fn every_setting_that_is_named_exists() {
    /// Of the doctor, of the tests, and of a workflow that is an example.
    const OTHERS: [&str; 6] = [
        "GITHUB_TOKEN",
        "GITHUB_CONTRACT",
        "SCHEDULE_FROM",
        "SCHEDULE_COUNT",
        "CARO_REPO",
        "CACHIX_AUTH_TOKEN",
    ];
    let known = settings();
    let letter = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let mut seen = 0;
    for (name, page) in quoted() {
        let is_name = name.contains('_') && name.chars().any(|c| c.is_ascii_uppercase());
        if !is_name || !name.chars().all(letter) {
            continue;
        }
        seen += 1;
        let is = known.contains(&name) || name.starts_with("CHANNEL_");
        assert!(is || OTHERS.contains(&name.as_str()), "{page}: {name}");
    }
    assert!(seen > 20, "{seen}");
    let help = said(&program().args(["doctor", "--help"]).output().unwrap());
    assert!(help.contains("GITHUB_TOKEN"), "{help}");
}

/// The keys of each table, by the schema, which the table of keys makes.
fn keys() -> BTreeMap<String, BTreeSet<String>> {
    fn held<'a>(all: &'a Value, it: &'a Value) -> Vec<&'a Value> {
        let name = it["$ref"].as_str().and_then(|it| it.rsplit('/').next());
        match (name, it.get("items")) {
            (Some(name), _) => held(all, &all["$defs"][name]),
            (_, Some(items)) => held(all, items),
            _ => it.get("properties").into_iter().collect(),
        }
    }
    let all: Value = serde_json::from_str(&read("docs/hotfix.schema.json")).unwrap();
    let tables = all["properties"].as_object().unwrap();
    let named = |it| {
        let of = held(&all, it).into_iter().filter_map(Value::as_object);
        of.flat_map(|it| it.keys().cloned()).collect()
    };
    let tables = tables.iter().map(|(name, it)| (name.clone(), named(it)));
    tables
        .filter(|(_, keys): &(String, BTreeSet<String>)| !keys.is_empty())
        .collect()
}

#[test]
fn every_key_of_the_configuration_that_is_named_exists() {
    /// Files that are called like a table, and facts of the architecture.
    const OTHERS: [&str; 6] = [
        "verify.yml",
        "release.yml",
        "base.apart",
        "base.line",
        "version.rb",
        "version.go",
    ];
    let keys = keys();
    assert!(keys.len() > 10, "{keys:?}");
    let letter = |c: char| c.is_ascii_lowercase() || c == '_';
    let mut seen = BTreeSet::new();
    for (text, page) in quoted() {
        let name = text.split(" = ").next().unwrap_or_default();
        let Some((table, key)) = name.split_once('.') else {
            continue;
        };
        if !keys.contains_key(table) || !key.chars().all(letter) || OTHERS.contains(&name) {
            continue;
        }
        assert!(keys[table].contains(key), "{page}: {text}");
        seen.insert(name.to_owned());
    }
    assert!(seen.len() > 20, "{seen:?}");
}

#[test]
fn every_command_on_an_issue_that_is_named_exists() {
    let known: BTreeSet<String> = VERBS.iter().map(ToString::to_string).collect();
    let mut seen = BTreeSet::new();
    for page in pages() {
        for part in read(&page).split("/hotfix ").skip(1) {
            let verb = part
                .split(|c: char| !(c.is_ascii_lowercase() || c == '-'))
                .next();
            let Some(verb) = verb.filter(|it| !it.is_empty()) else {
                continue;
            };
            assert!(known.contains(verb), "{page}: /hotfix {verb}");
            seen.insert(verb.to_owned());
        }
    }
    assert!(seen.len() > 15, "{seen:?}");
}
