//! A step of a runbook.

use crate::domain::text::block;

/// A step of it: what is to be known, and the commands.
#[derive(Default)]
pub(super) struct Part {
    pub(super) title: String,
    pub(super) before: Vec<String>,
    pub(super) commands: Vec<String>,
}

impl Part {
    pub(super) fn of(title: impl Into<String>) -> Part {
        Part {
            title: title.into(),
            ..Part::default()
        }
    }

    pub(super) fn says(mut self, words: impl Into<String>) -> Part {
        self.before.push(words.into());
        self
    }

    pub(super) fn runs(mut self, command: impl Into<String>) -> Part {
        self.commands.push(command.into());
        self
    }

    pub(super) fn runs_all(self, commands: Vec<String>) -> Part {
        commands.into_iter().fold(self, Part::runs)
    }

    pub(super) fn text(&self) -> String {
        let mut out = format!("**{}**", self.title);
        for words in &self.before {
            out.push_str(&format!("\n{words}"));
        }
        if !self.commands.is_empty() {
            out.push_str(&format!("\n{}", block::shell(&self.commands)));
        }
        out
    }
}
