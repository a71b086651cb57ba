//! From the text of `.github/hotfix.toml` to a policy.

use toml_edit::{Document, TableLike};

use super::error::ConfigError;
use super::findings::Findings;
use super::keys::{Policy, SCHEMA};
use super::reader::{Reader, join};
use super::table::{Idle, Table, Written};

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
/// does not act on, with those of which the default is `written` and is a limit
/// that nobody holds to, in the order of the file's documentation. People are told,
/// so that they do not rely on them.
pub fn not_carried_out(policy: &Policy, written: &Written) -> Vec<Idle> {
    let mut idle = Vec::new();
    policy.idle_keys("", written, &mut idle);
    idle
}

/// The dotted paths of the keys that the text writes; none where it is no TOML.
pub fn written(text: &str) -> Written {
    let mut paths = Written::new();
    if let Ok(document) = Document::parse(text) {
        note(document.as_table(), "", &mut paths);
    }
    paths
}

fn note(table: &dyn TableLike, path: &str, into: &mut Written) {
    for (key, item) in table.iter() {
        let path = join(path, key);
        if let Some(below) = item.as_table_like() {
            note(below, &path, into);
        }
        into.insert(path);
    }
}
