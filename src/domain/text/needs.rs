//! What is missing, who can mend it, and with which command.

use super::markdown::{capital, code, inline, person};
use super::taken::is_taken;
use super::wants::words;
use super::{block, names};
use crate::domain::need::{Need, NeedKind, Who};
use crate::domain::policy::{KeyLine, PATH};
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
    /// Lines of the configuration that settle it for good, to be pasted: the
    /// first, or one of several.
    pub toml: Vec<KeyLine>,
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

    /// The need as an item of a list that says who: line, and the command to be
    /// copied below it.
    pub fn fenced_item(&self) -> String {
        let line = capital(&self.line);
        let Some(command) = &self.command else {
            return format!("- {line}");
        };
        let how = match self.how {
            "" => String::new(),
            how => format!(". {how}"),
        };
        let command = block::command(command).replace('\n', "\n  ");
        format!("- {line}{how}:\n  {command}")
    }

    /// The block of lines to be pasted, with its sentence; none without any.
    pub fn block(&self) -> Option<String> {
        let (first, rest) = self.toml.split_first()?;
        let or = match rest {
            [] => "",
            _ => ", or another of these in its place",
        };
        let rest: String = rest
            .iter()
            .map(|line| format!("# {} = {}\n", line.key, line.value))
            .collect();
        Some(format!(
            "For good, a line of {} says it{or}; then {}:\n\n{}",
            code(PATH),
            code("/hotfix retry"),
            block::toml(std::slice::from_ref(first), &rest)
        ))
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
        toml: need.kind.toml(),
    }
}
