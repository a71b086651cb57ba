//! Text that people, repositories or services wrote.
//!
//! What is harmless in one place acts in another: `[skip ci]` in a commit's
//! message, `@everyone` in release notes, a `|` in a table. So such text is a
//! type of its own that cannot be printed: it is asked for what the place takes,
//! by one function a destination. Each gives one line.

mod file;
mod line;
mod markdown;
mod plain;
mod shell;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

use self::line::one_line;
use self::plain::{at_line_start, inert};
use super::ids;

use self::line::shorten;
pub use self::markdown::{code, escape};

/// A title is cut here, in characters; GitHub takes 256.
const TITLE: usize = 200;

/// Text from outside. Stored as the string that it is.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Outside(String);

impl Outside {
    /// Prose in a comment or the body of a pull request: no markup, no HTML, no
    /// mention, no reference, no link, no cell border.
    pub fn markdown(&self) -> String {
        escape(&self.0)
    }

    /// Prose of our own that quotes what stands outside: its code stays code.
    pub fn quoted(&self) -> String {
        markdown::quoting(&self.0)
    }

    /// Code in a comment, shown as it is.
    pub fn code(&self) -> String {
        code(&self.0)
    }

    /// A line of a block of code in a comment, its spaces kept.
    pub fn in_block(&self) -> String {
        let seen = self.0.chars().filter(|c| !line::is_hidden(*c));
        seen.map(|c| if c.is_control() { ' ' } else { c }).collect()
    }

    /// Within a title or the first line of a commit's or a tag's message: no
    /// mention, no reference (a keyword before one would close an issue), no
    /// address, no mark that skips CI; of bounded length.
    pub fn title(&self) -> String {
        shorten(&inert(&one_line(&self.0)), TITLE)
    }

    /// The same for a line of its own in a message: also no trailer, and nothing
    /// that git takes out or that ends the message.
    pub fn commit_line(&self) -> String {
        at_line_start(&self.title())
    }

    /// Within a Markdown file of the repository, which other tools take apart and
    /// copy into release notes: readable in the source, code stays code, and
    /// nothing else acts.
    pub fn changelog(&self) -> String {
        // What was taken away may have stood at the beginning.
        file::text(inert(&one_line(&self.0)).trim())
    }

    /// One word for a shell.
    pub fn shell(&self) -> String {
        shell::word(&self.0)
    }

    /// At most so many characters, as one line.
    #[must_use]
    pub fn shortened(&self, limit: usize) -> Outside {
        Outside(shorten(&one_line(&self.0), limit))
    }

    /// As a summary: without the full stop, of bounded length.
    #[must_use]
    pub fn summary(&self, limit: usize) -> Outside {
        let line = one_line(&self.0);
        Outside(shorten(line.trim_end_matches('.'), limit))
    }

    /// Whether a rule holds for it.
    pub fn checks(&self, rule: impl FnOnce(&str) -> bool) -> bool {
        rule(&self.0)
    }

    /// Whether a reader would see nothing.
    pub fn is_blank(&self) -> bool {
        one_line(&self.0).is_empty()
    }

    /// Whether it is this; case does not matter.
    pub fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }

    /// Whether this stands in it.
    pub fn contains(&self, text: &str) -> bool {
        self.0.contains(text)
    }

    /// Whether it stands in this line as a whole: an identifier not as a part of a
    /// longer one.
    pub fn stands_in(&self, line: &str) -> bool {
        let inner = |c: char| c.is_alphanumeric() || c == '_';
        let is_word = !self.0.is_empty() && self.0.chars().all(inner);
        let mut found = line.match_indices(self.0.as_str());
        !self.is_blank()
            && found.any(|(at, it)| {
                let before = line.get(..at).and_then(|it| it.chars().next_back());
                let after = line.get(at + it.len()..).and_then(|it| it.chars().next());
                !is_word || !before.is_some_and(inner) && !after.is_some_and(inner)
            })
    }

    /// Its words in lower case, each of letters and digits alone, to be looked
    /// for.
    pub fn words(&self) -> Vec<String> {
        let parts = self.0.split(|c: char| !c.is_alphanumeric());
        let words = parts.filter(|part| !part.is_empty());
        words.map(str::to_lowercase).collect()
    }

    /// The type by which it begins as a conventional commit, in lower case:
    /// `fix`, `feat`; none where it begins otherwise. Letters, digits and `-`
    /// alone, so that it may be printed.
    pub fn commit_type(&self) -> Option<String> {
        let (before, _) = self.0.trim_start().split_once(':')?;
        let before = before.strip_suffix('!').unwrap_or(before);
        let kind = match before.split_once('(') {
            Some((kind, scope)) => scope.ends_with(')').then_some(kind)?,
            None => before,
        };
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let fits = (1..=30).contains(&kind.len()) && kind.chars().all(is_word);
        fits.then(|| kind.to_ascii_lowercase())
    }

    /// In lower case, to be compared as GitHub's expressions compare; for nothing
    /// that anybody reads.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// Tells one text from another.
    pub fn fingerprint(&self) -> String {
        ids::fingerprint(&self.0)
    }
}

impl From<String> for Outside {
    fn from(text: String) -> Self {
        Outside(text)
    }
}

impl From<&str> for Outside {
    fn from(text: &str) -> Self {
        Outside(text.to_owned())
    }
}

impl PartialEq<str> for Outside {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Outside {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// For tests and faults; nothing that a person reads is written by it.
impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
