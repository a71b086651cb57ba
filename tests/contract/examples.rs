//! GitHub's published examples of webhook payloads.

use std::path::PathBuf;

use serde_json::Value;

/// One example.
pub struct Example {
    pub event: String,
    pub action: Option<String>,
    pub payload: Value,
}

/// All of them; `None`, and a line that says so, when
/// `GITHUB_WEBHOOK_EXAMPLES` names no folder.
pub fn find() -> Option<Vec<Example>> {
    let Some(folder) = std::env::var_os("GITHUB_WEBHOOK_EXAMPLES").filter(|v| !v.is_empty()) else {
        println!("LEFT OUT: GITHUB_WEBHOOK_EXAMPLES names no folder with GitHub's examples");
        return None;
    };
    let file = PathBuf::from(folder).join("api.github.com/index.json");
    let text = std::fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let events: Vec<Value> = serde_json::from_slice(&text).unwrap();
    let mut examples = Vec::new();
    for event in &events {
        for payload in event["examples"].as_array().unwrap() {
            examples.push(Example {
                event: event["name"].as_str().unwrap().to_owned(),
                action: payload["action"].as_str().map(str::to_owned),
                payload: payload.clone(),
            });
        }
    }
    Some(examples)
}
