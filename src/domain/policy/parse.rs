//! From the text of `.github/hotfix.toml` to a policy.

use toml_edit::Document;

use super::error::ConfigError;
use super::findings::Findings;
use super::keys::{Policy, SCHEMA};
use super::reader::Reader;
use super::table::{Idle, Table};

/// Reads a configuration. What the text does not say keeps its default; an
/// empty text is the default.
///
/// # Errors
/// Everything that is wrong, in the order of the file: text that is no TOML
/// (then only that), unknown keys, wrong types, values out of range, and
/// settings that contradict each other.
pub fn parse(text: &str) -> Result<Policy, Vec<ConfigError>> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let message = format!("not valid TOML: {}", error.message().replace('\n', ", "));
            return Err(vec![ConfigError::new(text, span, message, None)]);
        }
    };
    let mut policy = Policy::default();
    let mut reader = Reader::new(text);
    let root = document.as_table();

    // A file for another version is not judged key by key.
    if let Some(found) = root.get("schema").and_then(|item| item.as_integer())
        && found != i64::from(SCHEMA)
    {
        let span = root.get("schema").and_then(|item| item.span());
        reader.error(
            span.unwrap_or(0..0),
            format!("schema: this version reads schema {SCHEMA}, found {found}"),
            None,
        );
        return Err(reader.errors);
    }

    reader.table("", root, |root| policy.read_keys(root));
    if reader.errors.is_empty() {
        policy.check_keys(&mut Findings::new(&mut reader));
    }
    if reader.errors.is_empty() {
        Ok(policy)
    } else {
        reader.errors.sort_by_key(|error| (error.start, error.end));
        Err(reader.errors)
    }
}

/// The keys that say something else than their default and that this version
/// does not act on, in the order of the file's documentation. People are told, so
/// that they do not rely on them.
pub fn not_carried_out(policy: &Policy) -> Vec<Idle> {
    let mut idle = Vec::new();
    policy.idle_keys("", &mut idle);
    idle
}
