//! The commands of a comment.

use serde::{Deserialize, Serialize};

use super::table::{Command, CommandError, Verb, command};
use super::{markdown, words};
use crate::domain::line_name::LineName;

/// A line of a comment that speaks to the bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedLine {
    /// Counted from 1 in the comment's source; with the comment's id it
    /// identifies the command.
    pub line_number: u32,
    /// The line without its markup, as the person reads it.
    pub text: String,
    /// The release line that it is about, where it says so.
    pub of: Option<LineName>,
    /// The command, or what is wrong with it in words for that person.
    pub result: Result<Command, CommandError>,
}

/// A line of a comment that begins with `/hotfix`, not read yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Counted from 1 in the comment's source.
    pub number: u32,
    /// The line without its markup, cut where it is longer than a command can
    /// be.
    pub text: String,
}

/// As many commands are taken from one comment.
pub const MOST: usize = 20;

/// So long is a line with a command at most, in characters.
const LONGEST: usize = 2_000;

/// What a command begins with; case does not matter.
const PREFIX: &str = "/hotfix";

/// Whether a comment may hold a command: whoever keeps comments asks this, so
/// that nobody drops what [`parse_comment`] would take. It reads no Markdown: a
/// command in a quotation counts.
pub fn speaks_to_us(body: &str) -> bool {
    let here = |bytes: &[u8]| bytes.eq_ignore_ascii_case(PREFIX.as_bytes());
    body.as_bytes().windows(PREFIX.len()).any(here)
}

/// The lines of a comment that speak to the bot, in its order: those whose first
/// text is `/hotfix`; see `markdown` for what counts as text. Never more than one
/// beyond [`MOST`], and none longer than it has to be to be too long: nothing
/// else of a comment is kept.
pub fn command_lines(body: &str) -> Vec<Line> {
    // Most comments say nothing to the bot: spare them the Markdown.
    if !speaks_to_us(body) {
        return Vec::new();
    }
    let lines = markdown::text_lines(body).into_iter();
    let speaking = lines.filter(|line| after_prefix(&line.text).is_some());
    let cut = |line: markdown::TextLine| Line {
        number: u32::try_from(line.number).unwrap_or(u32::MAX),
        text: line.text.trim().chars().take(LONGEST + 1).collect(),
    };
    speaking.take(MOST + 1).map(cut).collect()
}

/// What a line asks for; none where it does not speak to the bot.
pub fn parse_line(line: &Line) -> Option<ParsedLine> {
    let rest = after_prefix(&line.text)?;
    let long = line.text.chars().count() > LONGEST;
    let mut words = if long { Vec::new() } else { words::split(rest) };
    Some(ParsedLine {
        line_number: line.number,
        of: of_line(&mut words),
        result: match long {
            true => Err(CommandError::TooLong { most: LONGEST }),
            false => command(&words),
        },
        text: line.text.clone(),
    })
}

/// Takes out of a command the release line that it is about. Whoever starts one
/// names the line as an argument.
fn of_line(words: &mut Vec<String>) -> Option<LineName> {
    if words.first()?.eq_ignore_ascii_case(Verb::Start.name()) {
        return None;
    }
    let name = |word: &String| {
        let (key, value) = word.split_once('=')?;
        let name = LineName::read(words::without_full_stop(value));
        name.filter(|_| key.eq_ignore_ascii_case("line"))
    };
    let (at, name) = words
        .iter()
        .enumerate()
        .skip(1)
        .find_map(|(at, word)| Some((at, name(word)?)))?;
    words.remove(at);
    Some(name)
}

/// The commands of a comment, in its order.
pub fn parse_comment(body: &str) -> Vec<ParsedLine> {
    command_lines(body).iter().filter_map(parse_line).collect()
}

/// Whether a comment asks for a hotfix, on an issue that has none.
pub fn begins(body: &str) -> bool {
    let start = |line: ParsedLine| matches!(line.result, Ok(Command::Start { .. }));
    parse_comment(body).into_iter().any(start)
}

/// Whether a comment concerns a release on an issue whose hotfix is over: it asks
/// for it, or its change, to be taken back, says that it does not fix the bug, wants its notes, or
/// channels told once more, or speaks of the advisory.
pub fn comes_back(body: &str) -> bool {
    let concerns = |line: ParsedLine| {
        matches!(
            line.result,
            Ok(Command::Rollback { .. }
                | Command::Revert
                | Command::StillBroken { .. }
                | Command::Notes
                | Command::Advisory { .. }
                | Command::Announce)
        )
    };
    parse_comment(body).into_iter().any(concerns)
}

/// Whether a comment asks for channels to be told once more: that concerns a hotfix
/// that is over, whether or not it released anything.
pub fn tells_again(body: &str) -> bool {
    let tells = |line: ParsedLine| matches!(line.result, Ok(Command::Announce));
    parse_comment(body).into_iter().any(tells)
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
