//! Answers against GitHub's published description, where it is at hand: the
//! folder that `GITHUB_CONTRACT` names.

use std::sync::{Mutex, OnceLock};

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::{Value, json};

fn description() -> Option<&'static Value> {
    static DESCRIPTION: OnceLock<Option<Value>> = OnceLock::new();
    let load = || {
        let folder = std::env::var_os("GITHUB_CONTRACT")?;
        let path = std::path::Path::new(&folder).join("github-api.schema.json");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
        Some(serde_json::from_str(&text).unwrap())
    };
    DESCRIPTION.get_or_init(load).as_ref()
}

/// Panics when the description knows the operation and the answer does not fit.
/// Without a description nothing is held against it.
pub fn check(operation: &str, status: u16, answer: &Value) {
    static COMPILED: Mutex<BTreeMap<String, &'static Validator>> = Mutex::new(BTreeMap::new());
    let Some(description) = description() else {
        eprintln!("left out: {operation} {status} against GitHub's description");
        return;
    };
    let Some(known) = description["operations"].get(operation) else {
        return;
    };
    let statuses = known["responses"].as_object().unwrap();
    if status < 400 {
        assert!(
            statuses.contains_key(&status.to_string()),
            "{operation} answers no {status}"
        );
    }
    let pointer = statuses.get(&status.to_string()).and_then(Value::as_str);
    let Some(pointer) = pointer else {
        return;
    };
    let mut compiled = COMPILED.lock().unwrap_or_else(|e| e.into_inner());
    let validator = *compiled.entry(pointer.to_owned()).or_insert_with(|| {
        let schema = json!({ "$ref": pointer, "$defs": description["$defs"] });
        Box::leak(Box::new(jsonschema::validator_for(&schema).unwrap()))
    });
    drop(compiled);
    let errors: Vec<String> = validator
        .iter_errors(answer)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{operation} {status}: {errors:#?}");
}
