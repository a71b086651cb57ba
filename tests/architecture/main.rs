//! Holds the arrows of the house over `src/`: who may name whom, and what the
//! pure rooms may not touch. Reads the text; comments are ignored, and code
//! under `#[cfg(test)]` is freer (see `rules`).

mod lexer;
mod rules;

use std::fs;
use std::path::{Path, PathBuf};

use rules::{Finding, check, test_modules};

/// No file may be longer, lines.
const LONGEST: usize = 600;
/// Files beyond this are listed: they are probably two, lines.
const LONG: usize = 400;

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every file below `src`, with its path from there, in order.
fn house() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&src, &mut found);
    found.sort();
    let name = |path: &Path| {
        path.strip_prefix(&src)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/")
    };
    found
        .iter()
        .map(|path| (name(path), fs::read_to_string(path).unwrap()))
        .collect()
}

fn listed(findings: &[Finding]) -> String {
    findings.iter().map(|f| format!("  {f}\n")).collect()
}

#[test]
fn the_arrows_hold() {
    let house = house();
    assert!(
        house.iter().any(|(file, _)| file == "lib.rs"),
        "src was found"
    );
    let tests: Vec<String> = house
        .iter()
        .flat_map(|(file, text)| test_modules(file, text))
        .collect();
    let is_test = |file: &str| {
        let named = |test: &String| file == test || (test.ends_with('/') && file.starts_with(test));
        tests.iter().any(named)
    };
    let findings: Vec<_> = house
        .iter()
        .flat_map(|(file, text)| check(file, text, is_test(file)))
        .collect();
    assert!(
        findings.is_empty(),
        "{} findings in src:\n{}",
        findings.len(),
        listed(&findings)
    );
}

#[test]
fn no_file_is_too_long() {
    let mut long: Vec<_> = house()
        .into_iter()
        .map(|(file, text)| (text.lines().count(), file))
        .filter(|(lines, _)| *lines > LONG)
        .collect();
    long.sort();
    for (lines, file) in &long {
        println!("src/{file}: {lines} lines; more than {LONG} are probably two files");
    }
    let too_long: Vec<_> = long.iter().filter(|(lines, _)| *lines > LONGEST).collect();
    assert!(
        too_long.is_empty(),
        "files above {LONGEST} lines: {too_long:?}"
    );
}

/// What `check` says about one planted text.
fn said(file: &str, text: &str) -> Vec<String> {
    check(file, text, file.ends_with("tests.rs"))
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn planted_violations_are_caught() {
    for (file, text, says) in [
        (
            "domain/x.rs",
            "use crate::store::Db;",
            "domain may not name store",
        ),
        (
            "domain/x.rs",
            "use crate::clock::Clock;",
            "domain may not name clock",
        ),
        (
            "domain/x.rs",
            "fn f() { crate :: github :: get() }",
            "domain may not name github",
        ),
        (
            "domain/a/b.rs",
            "use super::super::super::engine;",
            "domain may not name engine",
        ),
        (
            "edits/x.rs",
            "use crate::{edits::y, domain::z};",
            "edits may not name domain",
        ),
        (
            "sim/x.rs",
            "use crate::domain::Case;",
            "sim may not name domain",
        ),
        (
            "sim/x.rs",
            "#[cfg(test)] mod tests { use crate::web::Web; }",
            "sim may not name web",
        ),
        (
            "store/x.rs",
            "pub(crate) use crate::engine::{self};",
            "store may not name engine",
        ),
        (
            "engine/x.rs",
            "use crate::sim::Sim;",
            "engine may not name sim",
        ),
        (
            "web/x.rs",
            "use crate::{store::Db, github::{webhook::verify, client::Client}};",
            "web may not name github::client",
        ),
        ("web/x.rs", "use crate::github;", "web may not name github"),
        (
            "web/x.rs",
            "use hotfix_bot::engine::step;",
            "web may not name engine",
        ),
        (
            "telemetry.rs",
            "use crate::settings::Settings;",
            "telemetry may not name settings",
        ),
        (
            "engine/x.rs",
            "use crate::*;",
            "a glob over the whole house",
        ),
        ("engine/x.rs", "use sqlx::Row;", "only store may name sqlx"),
        (
            "web/x.rs",
            "fn f(o: &octocrab::Octocrab) {}",
            "only github may name octocrab",
        ),
        (
            "cli/x.rs",
            "use jsonwebtoken::encode;",
            "only github may name jsonwebtoken",
        ),
        ("domain/x.rs", "pub async fn f() {}", "async"),
        ("domain/x.rs", "use tokio::sync::mpsc;", "tokio"),
        (
            "edits/x.rs",
            "let t = std::time::Instant::now();",
            "Instant",
        ),
        ("engine/x.rs", "let t = SystemTime::now();", "SystemTime"),
        (
            "engine/x.rs",
            "let t = jiff::Timestamp::now();",
            "Timestamp::now",
        ),
        (
            "github/x.rs",
            "const A: &str = \"https://api.github.com\";",
            "api.github.com",
        ),
        (
            "engine/x.rs",
            "let a = r#\"see https://docs.rs/x\"#;",
            "docs.rs",
        ),
        (
            "engine/x.rs",
            "let a = \"api.github.com\";",
            "api.github.com",
        ),
    ] {
        let said = said(file, text);
        assert!(
            said.iter().any(|line| line.contains(says)),
            "{file}: {text}\nexpected {says:?}, got {said:?}"
        );
    }
}

#[test]
fn what_is_allowed_is_not_caught() {
    for (file, text) in [
        (
            "domain/x.rs",
            "// use crate::store::Db;\n/* async /* tokio */ */ use crate::domain::y;",
        ),
        (
            "domain/x.rs",
            "/// let x = crate::store;\nconst A: &str = \"async tokio crate::store\";",
        ),
        (
            "domain/x.rs",
            "fn f<'a>(c: char) -> bool { c == '\"' || c == '\\'' } // \" tokio",
        ),
        (
            "domain/x.rs",
            "#[cfg(test)]\nmod tests { use tokio::test; async fn f() {} }",
        ),
        (
            "domain/a.rs",
            "use super::b; use self::c; use super::store_names;",
        ),
        (
            "web/x.rs",
            "use crate::{github::webhook::verify, store, domain::X, clock::Clock};",
        ),
        (
            "engine/x.rs",
            "#[cfg(test)] mod tests { use crate::sim::Sim; const U: &str = \"https://github.com/o/r\"; }",
        ),
        ("engine/tests.rs", "use crate::sim::Sim;"),
        (
            "engine/x.rs",
            "let a = \"http://127.0.0.1:1\"; let b = \"https://x.example/\"; let c = \"https://{host}/\";",
        ),
        ("settings.rs", "const A: &str = \"https://api.github.com\";"),
        (
            "settings/defaults.rs",
            "const A: &str = \"https://api.github.com\";",
        ),
        ("clock.rs", "SystemTime::now()"),
        ("store/x.rs", "use sqlx::Row; use crate::{clock, domain};"),
        (
            "cli/x.rs",
            "use crate::{sim::Sim, web, settings, domain::policy};",
        ),
        ("main.rs", "hotfix_bot::cli::run()"),
    ] {
        assert_eq!(said(file, text), Vec::<String>::new(), "{file}: {text}");
    }
}

#[test]
fn findings_name_the_line() {
    assert_eq!(
        said("domain/x.rs", "//! Text.\n\nuse crate::store::Db;\n"),
        ["src/domain/x.rs:3: domain may not name store"]
    );
}

#[test]
fn files_for_tests_are_known_by_who_names_them() {
    for (file, text, expected) in [
        (
            "a/mod.rs",
            "#[cfg(test)]\nmod testing;",
            vec!["a/testing.rs", "a/testing/"],
        ),
        (
            "a/b.rs",
            "#[cfg(test)] mod tests;",
            vec!["a/b/tests.rs", "a/b/tests/"],
        ),
        (
            "a/b.rs",
            "#[cfg(test)]\n#[path = \"b_tests.rs\"]\nmod tests;",
            vec!["a/b_tests.rs"],
        ),
        ("lib.rs", "#[cfg(test)] mod x;", vec!["x.rs", "x/"]),
        (
            "a/b.rs",
            "mod c; #[cfg(test)] mod tests { mod d {} } mod e;",
            vec![],
        ),
    ] {
        assert_eq!(test_modules(file, text), expected, "{file}: {text}");
    }
}
