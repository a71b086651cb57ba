//! The JSON schema against the parser: what the one takes the other does, as far
//! as it is about single keys.

use serde_json::Value;

use super::super::*;
use super::table::{header, rows, split};
use crate::documented;

fn takes(schema: &Value, text: &str) -> bool {
    let file: ::toml::Table = ::toml::from_str(text).unwrap();
    let file = serde_json::to_value(file).unwrap();
    jsonschema::validator_for(schema).unwrap().is_valid(&file)
}

#[test]
fn the_documented_schema_is_the_table() {
    let written = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    documented::page("docs/hotfix.schema.json", &written);
    let file = include_str!("../../../../docs/hotfix.toml");
    assert!(takes(&schema(), file), "docs/hotfix.toml");
    assert!(takes(&schema(), ""), "an empty file");
}

#[test]
fn every_key_is_in_it_and_nothing_else() {
    let schema = schema();
    for row in rows() {
        let (of, key) = split(&row.path);
        let head = header(of);
        let with = |line: &str| match of {
            "" => format!("{line}\n"),
            _ => format!("{head}\n{line}\n"),
        };
        if !row.example.is_empty() {
            let text = with(&format!("{key} = {}", row.example));
            let read = parse(&text).is_ok();
            // What must be there is not: neither takes it.
            assert_eq!(takes(&schema, &text), read, "{text}");
        }
        let text = with(&format!("{key}_ = 1"));
        assert!(!takes(&schema, &text), "{text}");
        let text = with(&format!("{key} = 1.5"));
        assert!(!takes(&schema, &text), "{text}");
    }
}

#[test]
fn values_are_told_apart_as_the_parser_does() {
    let schema = schema();
    for (text, right) in [
        ("schema = 1", true),
        ("schema = 2", false),
        ("[scope]\nmax_files = 0", true),
        ("[scope]\nmax_files = -1", false),
        ("[scope]\nmax_files = \"3\"", false),
        ("[scope]\non_violation = \"warn\"", true),
        ("[scope]\non_violation = \"Warn\"", false),
        ("[severity]\nmin_affected_percent = 100", true),
        ("[severity]\nmin_affected_percent = 101", false),
        ("[trigger]\ngrace = \"1h30m\"", true),
        ("[trigger]\ngrace = \"30m1h\"", false),
        ("[trigger]\ngrace = \"\"", false),
        ("[trigger]\ngrace = 5", false),
        ("[trigger]\nwho = \"triage\"", true),
        ("[trigger]\nwho = \"boss\"", false),
        ("[test]\nworkflows = \"auto\"", true),
        ("[test]\nworkflows = [\"ci.yml\"]", true),
        ("[test]\nworkflows = \"ci.yml\"", false),
        ("[merge]\napprovals = \"auto\"", true),
        ("[merge]\napprovals = 2", true),
        ("[merge]\napprovals = true", false),
        ("[release]\ndry_run = \"\"", true),
        ("[release]\ndry_run = \"workflow:x.yml\"", true),
        ("[release]\ndry_run = \"workflow:x\"", false),
        ("[release]\ndry_run = \"x.yml\"", false),
        ("[[release.workflow]]\nfile = \"a.yml\"", true),
        ("[[release.workflow]]\nrequired = true", false),
        ("[version]\nchangelog = [\"A.md\"]", true),
        ("[version]\nchangelog = 1", false),
        ("[timeline]\nfix = [\"1m\", \"2m\"]", true),
        ("[timeline]\nfix = [\"1m\"]", false),
        ("[links]\nrunbook = \"x\"", true),
        ("[links]\nrunbook = 1", false),
        ("[nothing]\na = 1", false),
    ] {
        assert_eq!(parse(text).is_ok(), right, "the parser: {text}");
        assert_eq!(takes(&schema, text), right, "the schema: {text}");
    }
}
