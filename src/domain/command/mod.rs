//! What people ask of the bot in comments: `/hotfix <verb> [args] [key=value]`.
//!
//! `table` is the one list of verbs; parser, help text and ranks come from it.

mod arguments;
mod error;
mod markdown;
mod table;
mod words;

use serde::{Deserialize, Serialize};

pub use self::error::CommandError;
pub use self::table::{VERBS, Verb, VerbSpec, help};
use super::checklist_item::Item;
use super::role::Rank;
use super::severity::Answers;

/// A command that was understood. Whether its author may give it, and whether
/// it makes sense now, is decided elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "kebab-case")]
pub enum Command {
    /// Where the hotfix stands.
    Status,
    /// The list of commands, or one of them.
    Help {
        /// The verb that is asked about.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        about: Option<Verb>,
    },
    /// Answers to the matrix; never empty.
    Assess(Answers),
    /// A commander's decision that this is a hotfix.
    Confirm {
        /// The person's words.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        note: Option<String>,
    },
    /// A person's word for an item. `Item::takes_check` says whether it counts.
    Check {
        /// What is ticked.
        item: Item,
        /// The person's words; always there for the two texts.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        note: Option<String>,
    },
    /// A tick taken back.
    Uncheck {
        /// What is no longer ticked.
        item: Item,
        /// The person's words.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        note: Option<String>,
    },
    /// Run the tests on the head, or let pushes start them.
    Test {
        /// A workflow's file name, `enable`, or nothing: all of them.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        suite: Option<String>,
    },
    /// Run again what failed.
    Retry {
        /// What to run again, as written; nothing: whatever failed.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        step: Option<String>,
    },
    /// Ship the commit that the preview shows.
    Release {
        /// 7 to 40 lower-case hex digits, the beginning of the commit's hash.
        commit: String,
    },
    /// The reporter says that the release fixes it.
    ConfirmFixed {
        /// The person's words.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        note: Option<String>,
    },
    /// Stop.
    Hold {
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
    },
    /// Go on.
    Unhold {
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
    },
    /// End without something that is required.
    Waive {
        /// Without what.
        what: Waivable,
        /// Why; never empty.
        reason: String,
    },
    /// Give the hotfix up.
    Cancel {
        /// Why; never empty.
        reason: String,
    },
}

impl Command {
    /// The verb that it was given by.
    pub fn verb(&self) -> Verb {
        match self {
            Command::Status => Verb::Status,
            Command::Help { .. } => Verb::Help,
            Command::Assess(_) => Verb::Assess,
            Command::Confirm { .. } => Verb::Confirm,
            Command::Check { .. } => Verb::Check,
            Command::Uncheck { .. } => Verb::Uncheck,
            Command::Test { .. } => Verb::Test,
            Command::Retry { .. } => Verb::Retry,
            Command::Release { .. } => Verb::Release,
            Command::ConfirmFixed { .. } => Verb::ConfirmFixed,
            Command::Hold { .. } => Verb::Hold,
            Command::Unhold { .. } => Verb::Unhold,
            Command::Waive { .. } => Verb::Waive,
            Command::Cancel { .. } => Verb::Cancel,
        }
    }

    /// Who may give it.
    pub fn who(&self) -> Rank {
        self.verb().who()
    }
}

/// What a commander can end a hotfix without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waivable {
    /// The forward-port to the default branch.
    ForwardPort,
    /// The entry in the known issues.
    KnownIssue,
}

impl Waivable {
    /// All of them.
    pub const ALL: [Waivable; 2] = [Waivable::ForwardPort, Waivable::KnownIssue];

    /// The word that people type.
    pub fn word(self) -> &'static str {
        match self {
            Waivable::ForwardPort => "forward-port",
            Waivable::KnownIssue => "known-issue",
        }
    }
}

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

/// The commands of a comment, in its order. A command is a line whose first
/// text is `/hotfix`; see `markdown` for what counts as text.
pub fn parse_comment(body: &str) -> Vec<ParsedLine> {
    // Most comments say nothing to the bot: spare them the Markdown.
    if !body.to_ascii_lowercase().contains(PREFIX) {
        return Vec::new();
    }
    markdown::text_lines(body)
        .into_iter()
        .filter_map(|line| {
            let rest = after_prefix(&line.text)?;
            Some(ParsedLine {
                line_number: line.number,
                result: arguments::parse(&words::split(rest)),
                text: line.text.trim().to_owned(),
            })
        })
        .collect()
}

const PREFIX: &str = "/hotfix";

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

#[cfg(test)]
mod tests;
