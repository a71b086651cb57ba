//! Where an object in a delivery's payload differs from the one in an answer.

use serde_json::{Value, json};

/// What `repository` has in answers only.
const OF_ANSWERS: [&str; 6] = [
    "allow_auto_merge",
    "allow_merge_commit",
    "allow_rebase_merge",
    "allow_squash_merge",
    "allow_update_branch",
    "delete_branch_on_merge",
];

/// The payload with its objects as deliveries have them. (The repositories
/// inside a pull request keep their settings.)
pub fn as_delivered(mut payload: Value) -> Value {
    for key in OF_ANSWERS {
        remove(&mut payload, "repository", key);
    }
    if let Some(Value::Object(repository)) = payload.get_mut("repository") {
        repository.insert("custom_properties".to_owned(), json!({}));
    }
    remove(&mut payload, "issue", "closed_by");
    remove(&mut payload, "workflow_run", "head_repository_id");
    remove(&mut payload, "check_suite", "repository");
    payload
}

fn remove(payload: &mut Value, object: &str, key: &str) {
    if let Some(Value::Object(object)) = payload.get_mut(object) {
        // The order of the rest stays.
        object.shift_remove(key);
    }
}
