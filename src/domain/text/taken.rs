//! What would be refused is not offered.

use crate::domain::available::accepted;
use crate::domain::command::parse_comment;
use crate::domain::view::View;

/// Whether the command would be taken now, with the first of each choice.
pub(super) fn is_taken(command: &str, view: &View<'_>) -> bool {
    let lines = parse_comment(&first_choices(command));
    lines.iter().all(|line| match &line.result {
        Ok(command) => accepted(command, view).is_ok(),
        Err(_) => false,
    })
}

/// The command with the first of each choice: `a|b` and `0..100`.
pub(super) fn first_choices(command: &str) -> String {
    let first = |word: &str| {
        let (key, value) = word.split_at(word.find('=').map_or(0, |at| at + 1));
        let value = value.split('|').next().unwrap_or_default();
        let value = value.split("..").next().unwrap_or_default();
        format!("{key}{value}")
    };
    let words: Vec<_> = command.split(' ').map(first).collect();
    words.join(" ")
}
