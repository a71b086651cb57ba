//! What is wrong in a configuration, and how to show it.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One thing that is wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("line {line}, column {column}: {message}{}", .hint.as_ref().map(|h| format!(" ({h})")).unwrap_or_default())]
pub struct ConfigError {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// What is wrong and what was expected.
    pub message: String,
    /// How to mend it, where that can be guessed.
    pub hint: Option<String>,
    /// The bytes of the file that it is about.
    pub start: usize,
    /// The end of those bytes.
    pub end: usize,
}

impl ConfigError {
    pub(super) fn new(
        text: &str,
        span: Range<usize>,
        message: String,
        hint: Option<String>,
    ) -> Self {
        let start = floor(text, span.start);
        let end = floor(text, span.end.max(start));
        let before = text.get(..start).unwrap_or_default();
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            message,
            hint,
            start,
            end,
        }
    }
}

/// The nearest character boundary at or below.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|i| text.is_char_boundary(*i))
        .unwrap_or(0)
}

/// The errors for a terminal, as plain text without colours: each with the
/// lines around its place, marked.
pub fn render(errors: &[ConfigError], text: &str, file_name: &str) -> String {
    let renderer = Renderer::plain().decor_style(DecorStyle::Ascii);
    let mut out = String::new();
    for error in errors {
        let start = floor(text, error.start);
        let end = floor(text, error.end.max(start));
        // A table of several lines would be shown whole.
        let end = text
            .get(start..end)
            .and_then(|marked| marked.find('\n'))
            .map_or(end, |line| start + line);
        let mut group = Group::with_title(Level::ERROR.primary_title(error.message.as_str()))
            .element(
                Snippet::source(text)
                    .path(file_name)
                    .annotation(AnnotationKind::Primary.span(start..end)),
            );
        if let Some(hint) = &error.hint {
            group = group.element(Level::HELP.message(hint.as_str()));
        }
        let _ = writeln!(out, "{}\n", renderer.render(&[group]));
    }
    out
}
