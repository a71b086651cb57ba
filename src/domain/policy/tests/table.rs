//! Every row of the table of keys: read, documented, told.

use std::fmt::Write as _;

use serde_json::Value;

use super::super::table::{Row, Table};
use super::super::*;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    Policy::all_rows("", &mut rows);
    rows
}

pub(super) fn default() -> Value {
    serde_json::to_value(Policy::default()).unwrap()
}

/// What stands at a path.
pub(super) fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, key| value.get(key))
}

/// The table that a row stands in, and its key there.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

/// The header of the table of this path.
pub(super) fn header(path: &str) -> String {
    match path {
        "" => String::new(),
        _ if at(&default(), path).is_some_and(Value::is_array) => format!("[[{path}]]"),
        _ => format!("[{path}]"),
    }
}

/// A file with every row's example.
fn everything() -> String {
    let mut text = String::new();
    let rows = rows();
    let mut table = "";
    for row in rows.iter().filter(|row| !row.example.is_empty()) {
        let (of, key) = split(&row.path);
        // A list that is written whole.
        if rows.iter().any(|r| r.path == of && !r.example.is_empty()) {
            continue;
        }
        // What stands outside of all tables comes before them.
        if of.is_empty() {
            text = format!("{key} = {}\n{text}", row.example);
            continue;
        }
        if of != table {
            table = of;
            let _ = writeln!(text, "{}", header(of));
        }
        let _ = writeln!(text, "{key} = {}", row.example);
    }
    text
}

#[test]
fn every_key_is_read() {
    let text = everything();
    let policy = parse(&text).unwrap_or_else(|e| panic!("{e:#?}\n{text}"));
    let read = serde_json::to_value(&policy).unwrap();
    let default = default();
    for row in rows() {
        let of_a_list = at(&default, split(&row.path).0).is_some_and(Value::is_array);
        if row.path != "schema" && !of_a_list {
            let (read, default) = (at(&read, &row.path), at(&default, &row.path));
            assert!(read.is_some() && read != default, "{}", row.path);
        }
    }
    let workflow = serde_json::to_value(&policy.release.workflow[0]).unwrap();
    let plain = serde_json::to_value(ReleaseWorkflow::default()).unwrap();
    for (key, value) in workflow.as_object().unwrap() {
        assert_ne!(Some(value), plain.get(key), "{key}");
    }
    let stored = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&stored).unwrap(), policy);
    let by_serde: Policy = toml::from_str(&text).unwrap();
    assert_eq!(by_serde, policy);
}

#[test]
fn every_misspelt_key_says_what_was_meant() {
    for row in rows() {
        let (of, key) = split(&row.path);
        let text = format!("{}\n{key}_ = 1\n", header(of));
        let errors = parse(&text).unwrap_err();
        let meant = format!("(did you mean `{key}`?)");
        let said = |e: &ConfigError| e.line == 2 && e.to_string().ends_with(&meant);
        assert!(errors.iter().any(said), "{text}: {errors:#?}");
    }
}

#[test]
fn every_key_that_is_not_acted_on_is_told() {
    let text = everything();
    let idle = not_carried_out(&parse(&text).unwrap());
    let rows = rows();
    let whole = |row: &Row| {
        let of = split(&row.path).0;
        rows.iter().all(|r| r.path != of || r.example.is_empty())
    };
    let expected: Vec<_> = rows
        .iter()
        .filter(|row| row.only.is_some() && whole(row))
        .map(|row| (row.path.as_str(), row.only))
        .collect();
    let told: Vec<_> = idle.iter().map(|i| (i.key.as_str(), i.only)).collect();
    assert_eq!(told, expected);
    assert_eq!(not_carried_out(&Policy::default()), []);
}

#[test]
fn every_key_that_is_not_acted_on_says_whether_it_would_gate() {
    let gates: Vec<_> = rows()
        .into_iter()
        .filter(|row| row.gates)
        .map(|row| row.path)
        .collect();
    assert_eq!(gates.join(" "), "verify.registries");
    let idle = |text: &str| {
        let idle = not_carried_out(&parse(text).unwrap());
        let gates = idle.into_iter().filter(|idle| idle.gates);
        gates.map(|idle| idle.key).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(idle("[merge]\ntag_at = \"auto\"\n"), "");
}
