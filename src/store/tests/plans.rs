//! No statement that runs while the server does reads a table that grows from
//! its one end to the other.

use std::collections::BTreeSet;
use std::path::Path;

use sqlx::{Connection as _, Row as _};

use super::*;

/// Tables that grow with time, and what may be read of them whole: an index of
/// what is open at present.
const GROWING: &[&str] = &["seen", "cases", "outbox", "journal", "claims"];
const OF_THE_PRESENT: &[&str] = &[
    "cases_open",
    "cases_wake",
    "cases_phase",
    "claims_held",
    "claims_case",
    "outbox_due",
    "outbox_acting",
    "outbox_live",
    "set_aside_due",
];

/// Statements of a start, of tests, and those that forget from the front.
const ONCE: &[&str] = &[
    "SELECT state, COUNT(*) FROM outbox",
    "SELECT id, key, said, received_at FROM seen",
    "DELETE FROM seen WHERE id IN",
    // When the clock was put back.
    "UPDATE outbox SET due_at = due_at - $1",
    "UPDATE outbox SET started_at = started_at - $1",
];

/// Every text of the sources that is a statement.
fn statements() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ext| ext == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            found.extend(literals(&source).into_iter().filter(|text| {
                let words = ["SELECT ", "UPDATE ", "DELETE ", "WITH "];
                words.iter().any(|word| text.starts_with(word))
            }));
        }
    }
    found
}

/// The texts of a source, with `concat!` and the macros of conditions and columns
/// put in.
fn literals(source: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find('"') {
        let text = &rest[at + 1..];
        let end = ending(text);
        let mut whole = text[..end].replace("\\\n", "");
        rest = &text[end + 1..];
        // What follows in a `concat!`.
        loop {
            let next = rest.trim_start().trim_start_matches(',').trim_start();
            if let Some(text) = next.strip_prefix('"')
                && rest.trim_start().starts_with(',')
            {
                let end = ending(text);
                whole.push_str(&text[..end].replace("\\\n", ""));
                rest = &text[end + 1..];
            } else if let Some((name, after)) = next.split_once("!()")
                && name.len() < 60
                && name
                    .chars()
                    .all(|c| c.is_alphanumeric() || c == '_' || c == ':')
            {
                whole.push_str(put_in(name.rsplit(':').next().unwrap()));
                rest = after;
            } else {
                break;
            }
        }
        texts.push(whole.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    texts
}

fn ending(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len() - 1, |(at, _)| at)
}

fn put_in(name: &str) -> &'static str {
    let conditions = crate::store::dispatch::CONDITIONS;
    let found = conditions.iter().find(|(known, _)| *known == name);
    match (found, name.ends_with("columns")) {
        (Some((_, text)), _) => text,
        (None, true) => "id",
        (None, false) => panic!("a macro in a statement: {name}"),
    }
}

#[tokio::test]
async fn no_statement_reads_what_grows_from_end_to_end() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bot.db");
    let store = Store::open(&format!("sqlite:{}", path.display()))
        .await
        .unwrap();
    store.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut conn = sqlx::SqliteConnection::connect_with(&options)
        .await
        .unwrap();
    let mut planned = 0;
    let mut wrong = Vec::new();
    for statement in statements() {
        if ONCE.iter().any(|once| statement.starts_with(once)) || statement.contains('{') {
            continue;
        }
        let explain = format!("EXPLAIN QUERY PLAN {statement}");
        let rows = sqlx::query(sqlx::AssertSqlSafe(explain))
            .fetch_all(&mut conn)
            .await
            .unwrap_or_else(|e| panic!("{statement}: {e}"));
        planned += 1;
        for row in rows {
            let step: String = row.get("detail");
            let Some(scanned) = step.strip_prefix("SCAN ") else {
                continue;
            };
            let mut words = scanned.split_whitespace();
            let name = words.next().unwrap_or_default();
            let grows = GROWING.contains(&name) || ["o", "p", "u", "c", "w"].contains(&name);
            let bounded = OF_THE_PRESENT.iter().any(|index| scanned.contains(index))
                || statement.contains("ORDER BY id LIMIT")
                || statement.contains("ORDER BY id DESC LIMIT");
            if grows && !bounded {
                wrong.push(format!("{step}: {statement}"));
            }
        }
    }
    assert!(planned > 60, "only {planned} statements were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
