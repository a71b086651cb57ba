//! What people ask of the bot in comments: `/hotfix <verb> [args] [key=value]`.
//!
//! `table` is the one list of verbs; parser, help text and ranks come from it.

mod advise;
mod arguments;
mod comment;
mod duty;
mod error;
mod help;
mod markdown;
mod overridable;
mod parts;
mod source;
mod stakes;
mod table;
mod ticks;
mod waivable;
mod words;

pub use self::advise::Advise;
pub use self::comment::{
    Line, MOST, ParsedLine, begins, comes_back, command_lines, parse_comment, parse_line,
    speaks_to_us, tells_again,
};
pub use self::duty::{Duty, Phase};
pub use self::help::{help, offered};
pub use self::overridable::Overridable;
pub use self::source::{Named, Source};
pub use self::stakes::Stake;
pub use self::table::{Command, CommandError, VERBS, Verb, VerbSpec};
pub use self::ticks::ticked;
pub use self::waivable::Waivable;

#[cfg(test)]
mod documented_tests;
#[cfg(test)]
mod tests;
