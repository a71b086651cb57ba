//! Answers against GitHub's published description, where it is at hand.

use serde_json::Value;

use crate::contract::find;

/// Panics when the description knows the operation and the answer does not fit.
/// Without a description nothing is held against it.
pub fn check(operation: &str, status: u16, answer: &Value) {
    let Some(contract) = find() else {
        return;
    };
    // The registry's are not GitHub's.
    if contract.operation(operation).is_some() {
        let faults = contract.answer(operation, status, answer);
        assert!(faults.is_empty(), "{operation} {status}: {faults:#?}");
    }
}
