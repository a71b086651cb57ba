//! `docs/hotfix.toml`: written from the table of keys.

use std::fmt::Write as _;

use serde_json::Value;

use super::super::table::Row;
use super::super::*;
use super::table::{at, default, header, rows, split};
use crate::documented;

const HEAD: &str = "# `.github/hotfix.toml`: every key with its default. What a file does not say\n\
                    # keeps the default; no file at all is fine. `hotfix-bot check-config FILE`\n\
                    # says what is wrong with one; `hotfix-bot schema` prints a JSON schema, by\n\
                    # which editors know the keys where a file begins with `#:schema` and its path.\n\
                    #\n\
                    # Written by `UPDATE_DOCS=1 cargo test --lib documented`.\n\n";

/// A value as TOML on one line: JSON's scalars are TOML's.
fn toml(value: &Value) -> String {
    match value {
        Value::Array(all) => {
            let all: Vec<_> = all.iter().map(toml).collect();
            format!("[{}]", all.join(", "))
        }
        other => other.to_string(),
    }
}

/// Whether a value shows how the key is written.
fn shows(value: &Value) -> bool {
    !matches!(value.as_str(), Some("" | "auto"))
        && !value.is_null()
        && value.as_array().is_none_or(|all| !all.is_empty())
        && value.as_object().is_none_or(|all| !all.is_empty())
}

/// A comment of lines that are not too long; an example is not broken.
fn comment(row: &Row, before: &str, example: &str) -> String {
    let mut words = vec![before];
    words.extend(row.meaning.split_whitespace());
    if !example.is_empty() {
        words.extend(["For", "example:", example]);
    }
    let note = match row.only {
        None => String::new(),
        Some(only) => format!("(Carried out: {only} only.)"),
    };
    words.extend(note.split_whitespace());
    let mut out = String::from("#");
    let mut width = 1;
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        if width + word.len() > 88 && width > 1 {
            out.push_str("\n#");
            width = 1;
        }
        out.push(' ');
        out.push_str(word);
        width += word.len() + 1;
    }
    out + "\n"
}

fn written() -> String {
    let default = default();
    let one_of_each = serde_json::json!({
        "release.workflow": ReleaseWorkflow::default(),
        "version.files": VersionFile::default(),
        "verify.urls": VerifyUrl::default(),
    });
    let mut out = HEAD.to_owned();
    for row in rows() {
        let (of, key) = split(&row.path);
        match at(&default, &row.path) {
            Some(Value::Object(_)) => {
                let head = comment(&row, "", row.example);
                let _ = write!(out, "\n{head}{}\n", header(&row.path));
            }
            Some(value) => {
                let example = if shows(value) { "" } else { row.example };
                let head = comment(&row, "", example);
                let _ = writeln!(out, "{head}{key} = {}", toml(value));
            }
            // A key of a list of tables, which is empty.
            None => {
                let value = one_of_each[of].get(key).filter(|value| shows(value));
                let value = value.map_or_else(|| row.example.to_owned(), toml);
                let before = format!("- `{key} = {value}`:");
                out.push_str(&comment(&row, &before, ""));
            }
        }
    }
    out
}

#[test]
fn the_documented_file_is_the_table_and_the_default() {
    let documented = written();
    documented::page("docs/hotfix.toml", &documented);
    assert_eq!(parse(&documented), Ok(Policy::default()));
    assert_eq!(parse(""), Ok(Policy::default()));
    let by_serde: Policy = ::toml::from_str(&documented).unwrap();
    assert_eq!(by_serde, Policy::default());
}

/// `docs/configuration.md`: a table for each section, a row for each key.
fn page() -> String {
    let default = default();
    let mut out = "# Configuration\n\n\
        Every key of a repository's `.github/hotfix.toml`, with its default and an example. What a file does \
        not say keeps the default; no file at all is fine. [hotfix.toml](hotfix.toml) is a file with all \
        defaults, `hotfix-bot check-config FILE` says what is wrong with one, `hotfix-bot doctor` proposes \
        one, and `hotfix-bot schema` prints a JSON schema for editors.\n\n\
        Written by `UPDATE_DOCS=1 cargo test --lib documented`.\n"
        .to_owned();
    let mut table = None;
    let cell = |text: &str| text.replace('|', "\\|");
    for row in rows() {
        let (of, key) = split(&row.path);
        let value = at(&default, &row.path);
        if row.example.is_empty() {
            continue;
        }
        if table.as_deref() != Some(of) {
            let head = match of {
                "" => "Outside of all tables".to_owned(),
                of => header(of),
            };
            let of_row = rows().into_iter().find(|it| it.path == of);
            let meaning = of_row.map_or("", |row| row.meaning);
            let meaning: Vec<&str> = meaning.split_whitespace().collect();
            let meaning = meaning.join(" ");
            let _ = write!(
                out,
                "\n## {head}\n\n{meaning}{}| Key | Default | | For example |\n|---|---|---|---|\n",
                if meaning.is_empty() { "" } else { "\n\n" }
            );
            table = Some(of.to_owned());
        }
        let meaning: Vec<&str> = row.meaning.split_whitespace().collect();
        let note = match row.only {
            None => String::new(),
            Some(only) => format!(" *Carried out: {only} only.*"),
        };
        let shown = value.map_or("–".to_owned(), |value| format!("`{}`", toml(value)));
        let _ = writeln!(
            out,
            "| `{key}` | {} | {}{} | `{}` |",
            cell(&shown),
            cell(&meaning.join(" ")),
            cell(&note),
            cell(&format!("{key} = {}", row.example))
        );
    }
    out
}

#[test]
fn the_documented_keys_are_the_table() {
    documented::page("docs/configuration.md", &page());
}

#[test]
fn every_key_has_a_meaning() {
    for row in rows() {
        assert!(row.meaning.ends_with('.'), "{}: {}", row.path, row.meaning);
    }
}
