//! YAML as GitHub and its tools read it, whatever its length and its comments.

use serde::de::DeserializeOwned;
use serde_saphyr::{Budget, Error, Options};

/// Reads a text. Comments are passed over, however many stand in a row, and as many
/// values may stand in it as it has bytes: what an alias repeats is bounded apart.
///
/// # Errors
/// Where it is no YAML, or not of this shape.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let mut budget = Budget::default();
    budget.max_nodes = budget.max_nodes.max(text.len());
    budget.max_events = budget.max_events.max(text.len().saturating_mul(2));
    let mut options = Options::default();
    options.budget = Some(budget);
    options.emit_comments = false;
    serde_saphyr::from_str_with_options(text, options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn many_comments_in_a_row_are_no_error() {
        for lines in [1, 31, 32, 33, 400] {
            let comments = "  # why: it is so\n".repeat(lines);
            for text in [
                format!("on:\n{comments}  push:\njobs:\n  a: {{}}\n"),
                format!("{comments}on:\n  push:\njobs:\n  a: {{}}\n"),
                format!("on:\n  push:\n{comments}jobs:\n  a: {{}}\n{comments}"),
            ] {
                let read: Value = read(&text).unwrap();
                assert!(read["jobs"]["a"].is_object(), "{lines}");
            }
        }
        assert!(read::<Value>("on: [push\n").is_err());
    }

    #[test]
    fn a_long_list_is_read() {
        let text = "- a\n".repeat(300_000);
        assert_eq!(read::<Vec<String>>(&text).unwrap().len(), 300_000);
        // What is short and grows is refused.
        let mut grows = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (at, of) in ('a'..'i').zip('b'..) {
            grows += &format!("{of}: &{of} [{}]\n", vec![format!("*{at}"); 10].join(", "));
        }
        assert!(read::<Value>(&grows).is_err());
    }
}
