//! A need in words: what is missing, how the command comes in, the command.

/// The line, how the command comes in, the command. An ellipsis in it stands
/// for words of the person's own.
pub(super) type Words = (String, &'static str, Option<String>);

pub(super) fn only(line: impl Into<String>) -> Words {
    (line.into(), "", None)
}

pub(super) fn with(
    line: impl Into<String>,
    how: &'static str,
    command: impl Into<String>,
) -> Words {
    (line.into(), how, Some(command.into()))
}
