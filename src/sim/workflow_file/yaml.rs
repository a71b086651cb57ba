//! YAML as GitHub reads it.

use serde_json::Value;
use serde_saphyr::{Error, Options};

/// What a text says. However many lines of comments stand in a row, they say nothing.
///
/// # Errors
/// Where it is no YAML.
pub fn value(text: &str) -> Result<Value, Error> {
    let mut options = Options::default();
    options.emit_comments = false;
    serde_saphyr::from_str_with_options(text, options)
}
