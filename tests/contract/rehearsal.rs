//! Every call of the sample rehearsal, and every answer that the stand-in gave.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use crate::contract;

/// What a rehearsal left: its calls and its deliveries, in order.
pub struct Kept {
    pub calls: Vec<Value>,
    pub deliveries: Vec<Value>,
}

/// The rehearsal, played once for all tests.
pub fn kept() -> &'static Kept {
    static KEPT: OnceLock<Kept> = OnceLock::new();
    KEPT.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let played = Command::new(env!("CARGO_BIN_EXE_hotfix-bot"))
            .args(["rehearse", "--keep"])
            .arg(dir.path())
            .env_remove("RUST_LOG")
            .output()
            .unwrap();
        assert!(
            played.status.success(),
            "the rehearsal did not finish:\n{}{}",
            String::from_utf8_lossy(&played.stdout),
            String::from_utf8_lossy(&played.stderr)
        );
        Kept {
            calls: files(&dir.path().join("calls")),
            deliveries: files(&dir.path().join("deliveries")),
        }
    })
}

fn files(dir: &Path) -> Vec<Value> {
    let mut paths: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    paths.iter().map(read).collect()
}

#[test]
fn every_call_and_every_answer_is_as_described() {
    let Some(contract) = contract::find() else {
        return;
    };
    let kept = kept();
    let mut found = Vec::new();
    let (mut checked, mut graphql) = (0, 0);
    for call in &kept.calls {
        let operation = call["operation"].as_str().unwrap_or("");
        let path = call["path"].as_str().unwrap();
        if operation.starts_with("graphql/") {
            // The description is of REST.
            graphql += 1;
            continue;
        }
        checked += 1;
        let method = call["method"].as_str().unwrap();
        for why in contract.request(operation, method, path, &call["request"]) {
            found.push(format!("{operation} {path}: request: {why}"));
        }
        let status = u16::try_from(call["status"].as_u64().unwrap()).unwrap();
        for (at, why) in contract.answer(operation, status, &call["response"]) {
            found.push(format!("{operation} {path}: {status}: {at}: {why}"));
        }
    }
    println!("{checked} calls held against the description, {graphql} of GraphQL were not");
    assert!(checked > 100, "only {checked} calls");
    assert!(found.is_empty(), "{}", found.join("\n"));
}
