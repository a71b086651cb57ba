//! Replaces a TOML string where it stands, in its own quotes.

use std::ops::Range;

use toml_edit::{Document, Value};

/// A string of a TOML document, with the bytes between its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringAt {
    /// The string itself.
    pub value: String,
    /// Its bytes in the file, without the quotes.
    pub span: Range<usize>,
}

/// Finds a string's place; `None` where it is no string, or is written with
/// escapes, so that it cannot be replaced byte by byte.
pub fn string_at(text: &str, value: &Value) -> Option<StringAt> {
    let wanted = value.as_str()?;
    let span = value.span()?;
    let raw = text.get(span.clone())?;
    let quotes = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|quotes| raw.starts_with(quotes))?
        .len();
    let inside = span.start.checked_add(quotes)?..span.end.checked_sub(quotes)?;
    (text.get(inside.clone())? == wanted).then(|| StringAt {
        value: wanted.to_owned(),
        span: inside,
    })
}

/// The text with these bytes replaced; overlapping or impossible ranges are
/// left out.
pub fn splice(text: &str, mut edits: Vec<(Range<usize>, &str)>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len() + 16);
    let mut from = 0;
    for (range, new) in edits {
        if let Some(kept) = text.get(from..range.start) {
            out.push_str(kept);
            out.push_str(new);
            from = range.end;
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// Parses TOML.
///
/// # Errors
/// The line, counted from 1, and words.
pub fn parse(text: &str) -> Result<Document<&str>, (usize, String)> {
    Document::parse(text).map_err(|error| {
        let before = text.get(..error.span().map_or(0, |s| s.start));
        let line = before.unwrap_or_default().matches('\n').count() + 1;
        (line, error.message().replace('\n', ", "))
    })
}
