//! What is missing, who can mend it, and with which command.

use super::markdown::{capital, code, inline, person};
use super::names;
use super::taken::is_taken;
use super::wants::words;
use crate::domain::need::{Need, NeedKind, Who};
use crate::domain::view::View;

/// A need in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedWords {
    /// Who can mend it, as a phrase after "from": "a maintainer"; "nobody"
    /// where GitHub, the registry or the bot is at work. Markdown.
    pub who: String,
    /// What is missing: one line of Markdown, without a full stop.
    pub line: String,
    /// The command that settles or begins it, to be copied; not Markdown. An
    /// ellipsis stands for words of the person's own.
    pub command: Option<String>,
    /// When or why to give the command, as the beginning of its sentence; empty
    /// where the line says it.
    pub how: &'static str,
}

impl NeedWords {
    /// The need as an item of a list: line, who, command.
    pub fn item(&self, need: &Need) -> String {
        let who = if need.who == Who::Machine {
            String::new()
        } else {
            format!(" — {}", self.who)
        };
        format!("{}{who}{}", capital(&self.line), self.command_sentence())
    }

    /// ". When it is done: `/hotfix …`"; empty without a command.
    pub fn command_sentence(&self) -> String {
        match &self.command {
            None => String::new(),
            Some(command) if self.how.is_empty() => format!(": {}", code(command)),
            Some(command) => format!(". {}: {}", self.how, code(command)),
        }
    }
}

/// The words of one need.
pub fn need(need: &Need, view: &View<'_>) -> NeedWords {
    let (line, how, command) = words(&need.kind, view);
    // What would be refused is not offered.
    let command = command.filter(|command| is_taken(command, view));
    let mut who = names::who(need.who, view);
    if let NeedKind::FixVerified { reporter } = &need.kind
        && !reporter.is_empty()
    {
        let else_who = names::who(Who::Responder, view);
        who = format!("{} or {else_who}", person(reporter));
    }
    NeedWords {
        who,
        line: inline(&line),
        command,
        how,
    }
}
