//! What the table says about keys that are acted on, against the code.

use std::fs;
use std::path::Path;

use super::table::{rows, split};

/// Where a key is asked for by another name than `.section.key`.
const OTHERWISE: &[(&str, &str)] = &[
    ("base.lines", ".base.release_lines("),
    ("base.line_branch", ".base.written_line_branch("),
    ("links", ".links"),
    ("severity.hotfix", ".severity.may_be_hotfixed("),
    ("severity.regular", ".severity.is_regular("),
    ("severity.min_affected_percent", ".min_affected_percent"),
    ("roles.responder", "roles.named("),
    ("roles.commander", "roles.named("),
    ("security.labels", ".security.is_named_by("),
];

/// Where all the rows of a section are asked for together.
const TOGETHER: &[&str] = &["timeline"];

/// The code that decides and acts, without blanks, comments and tests.
fn code(dir: &Path, into: &mut String) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["policy", "tests"].contains(&name.as_str()) {
                code(&path, into);
            }
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            for line in text.lines() {
                let line = line.split("//").next().unwrap();
                into.extend(line.chars().filter(|c| !c.is_whitespace()));
            }
        }
    }
}

/// Whether the field, or method, stands there as a whole word.
fn holds(code: &str, wanted: &str) -> bool {
    code.match_indices(wanted).any(|(at, _)| {
        wanted.ends_with('(')
            || !code[at + wanted.len()..]
                .starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[test]
fn what_is_acted_on_is_asked_for_and_nothing_else_is() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = String::new();
    for room in ["domain", "engine"] {
        code(&src.join(room), &mut all);
    }
    for row in rows() {
        let (section, _) = split(&row.path);
        if row.path == "schema" || row.example.is_empty() || section.contains('.') {
            continue;
        }
        let otherwise = OTHERWISE.iter().find(|(path, _)| *path == row.path);
        let used = holds(&all, &format!(".{}", row.path))
            || otherwise.is_some_and(|(_, wanted)| holds(&all, wanted))
            || TOGETHER.contains(&section) && holds(&all, &format!(".{section}"));
        // What the bot does anyway it need not ask for.
        assert!(
            used || row.only.is_some(),
            "{} is acted on, and nobody asks for it (or by another name: see OTHERWISE)",
            row.path
        );
    }
}
