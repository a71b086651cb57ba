//! Holds the house over `src/`: who may name whom (`rules`), that no files name
//! each other in a circle (`circles`), and the layers of the domain (`layers`).
//! Reads the text; comments are ignored, and code under `#[cfg(test)]` is freer.
//! `procedure` holds the page of the procedure to its tests and its document.

mod circles;
mod graph;
mod layers;
mod lexer;
mod mentions;
mod procedure;
mod rules;
mod source;

use rules::{Finding, check};
use source::house;

/// No file may be longer, lines.
const LONGEST: usize = 600;
/// Files beyond this are listed: they are probably two, lines.
const LONG: usize = 400;

fn listed(findings: &[Finding]) -> String {
    findings.iter().map(|f| format!("  {f}\n")).collect()
}

#[test]
fn the_arrows_hold() {
    let findings: Vec<_> = house()
        .iter()
        .flat_map(|s| check(&s.file, &s.text, s.is_test))
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
        .map(|s| (s.text.lines().count(), s.file))
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
            "cli/x.rs",
            "use crate::edits::splice;",
            "cli may not name edits",
        ),
        (
            "rehearsal/x.rs",
            "use crate::cli::Exit;",
            "rehearsal may not name cli",
        ),
        (
            "server.rs",
            "use crate::sim::Sim;",
            "server may not name sim",
        ),
        (
            "ecosystem/x.rs",
            "use crate::domain::X;",
            "ecosystem may not name domain",
        ),
        ("ecosystem/x.rs", "pub async fn f() {}", "async"),
        (
            "store/x.rs",
            "use crate::ecosystem::Kind;",
            "store may not name ecosystem",
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
        (
            "domain/outside/mod.rs",
            "impl fmt::Display for Outside {}",
            "text from outside has no Display",
        ),
        (
            "domain/text/x.rs",
            "fn f(t: &Outside) -> String { format!(\"{t:?}\") }",
            "never written by Debug",
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
            "use crate::{sim::Sim, web, settings, domain::policy, rehearsal::play};",
        ),
        (
            "rehearsal/x.rs",
            "use crate::{sim::Sim, server::assemble, settings, ecosystem::Kind};",
        ),
        ("domain/x.rs", "use crate::ecosystem::words;"),
        ("ecosystem/cargo/x.rs", "use crate::edits::splice;"),
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
