//! The commands of a comment.

use serde::{Deserialize, Serialize};

use super::table::{Command, CommandError, command};
use super::{markdown, words};

/// A line of a comment that speaks to the bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedLine {
    /// Counted from 1 in the comment's source; with the comment's id it
    /// identifies the command.
    pub line_number: usize,
    /// The line without its markup, as the person reads it.
    pub text: String,
    /// The command, or what is wrong with it in words for that person.
    pub result: Result<Command, CommandError>,
}

/// What a command begins with; case does not matter.
const PREFIX: &str = "/hotfix";

/// Whether a comment may hold a command: whoever keeps comments asks this, so
/// that nobody drops what [`parse_comment`] would take. It reads no Markdown: a
/// command in a quotation counts.
pub fn speaks_to_us(body: &str) -> bool {
    let here = |bytes: &[u8]| bytes.eq_ignore_ascii_case(PREFIX.as_bytes());
    body.as_bytes().windows(PREFIX.len()).any(here)
}

/// The commands of a comment, in its order. A command is a line whose first
/// text is `/hotfix`; see `markdown` for what counts as text.
pub fn parse_comment(body: &str) -> Vec<ParsedLine> {
    // Most comments say nothing to the bot: spare them the Markdown.
    if !speaks_to_us(body) {
        return Vec::new();
    }
    markdown::text_lines(body)
        .into_iter()
        .filter_map(|line| {
            let rest = after_prefix(&line.text)?;
            Some(ParsedLine {
                line_number: line.number,
                result: command(&words::split(rest)),
                text: line.text.trim().to_owned(),
            })
        })
        .collect()
}

/// What follows `/hotfix` at the beginning of the line; the keyboard may have
/// put a capital letter or a colon there.
fn after_prefix(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let head = line.get(..PREFIX.len())?;
    if !head.eq_ignore_ascii_case(PREFIX) {
        return None;
    }
    let rest = line.get(PREFIX.len()..)?;
    let rest = rest.strip_prefix([':', ',', '.', '!', '?']).unwrap_or(rest);
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(rest)
}
