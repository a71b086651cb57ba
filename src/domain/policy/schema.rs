//! The JSON schema of `.github/hotfix.toml`, from the one table of keys, for
//! editors. It knows each key and its values, and not what contradicts what: that
//! the parser says.

use serde_json::{Value, json};

use super::keys::{Policy, SCHEMA};
use super::table::Table;

/// The whole schema.
pub fn schema() -> Value {
    let mut whole = Policy::keys_shape();
    if let Some(number) = whole.pointer_mut("/properties/schema") {
        *number = json!({
            "const": SCHEMA,
            "description": number.get("description").cloned(),
            "default": SCHEMA,
        });
    }
    if let Some(whole) = whole.as_object_mut() {
        let head = [
            ("title", ".github/hotfix.toml"),
            (
                "description",
                "How a repository wants its hotfixes. What it does not say keeps the default.",
            ),
        ];
        for (key, value) in head {
            whole.insert(key.to_owned(), value.into());
        }
    }
    whole
}
