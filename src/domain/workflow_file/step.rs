//! What a step of a job says, as it is written.

use serde_json::Value;

use super::shell::Words;

/// A text of a step; empty: there is none.
pub(super) fn text<'a>(step: &'a Value, key: &str) -> &'a str {
    step.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The action's name, in lower case and without its version.
pub(super) fn named(step: &Value) -> String {
    let uses = text(step, "uses");
    uses.split('@')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// An input of the action, as text.
pub(super) fn input(step: &Value, name: &str) -> Option<String> {
    match step.get("with")?.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}

/// Whether it only tries.
pub(super) fn is_idle(words: &Words) -> bool {
    words
        .iter()
        .any(|w| matches!(w.as_str(), "--dry-run" | "--help") || w.starts_with("--dry-run="))
}
