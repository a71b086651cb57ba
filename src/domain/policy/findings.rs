//! What each key allows beyond its type, and together with its neighbours.

use super::kinds::workflow_file;
use super::reader::{Reader, join};
use super::template::placeholders;
use crate::domain::nearest::nearest;

/// What a name of a tag or a branch may name.
pub(super) const VERSION: &[&str] = &["version"];

/// What a text for people may name.
pub(super) const PLACEHOLDERS: &[&str] =
    &["version", "tag", "issue", "summary", "symptom", "changelog"];

/// Names what is out of range or contradicts itself, in one table of the file.
pub(super) struct Findings<'r, 'a> {
    reader: &'r mut Reader<'a>,
    path: String,
}

impl<'r, 'a> Findings<'r, 'a> {
    /// For the whole file.
    pub(super) fn new(reader: &'r mut Reader<'a>) -> Self {
        let path = String::new();
        Self { reader, path }
    }

    /// For the table of this key.
    pub(super) fn below(&mut self, key: &str) -> Findings<'_, 'a> {
        let path = self.path_of(key);
        let reader = &mut *self.reader;
        Findings { reader, path }
    }

    fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// Whether the key is written.
    pub(super) fn has(&self, key: &str) -> bool {
        self.reader.has(&self.path_of(key))
    }

    /// Something is wrong with this key.
    pub(super) fn say(&mut self, key: &str, message: &str, hint: Option<String>) {
        let path = self.path_of(key);
        let span = self.reader.place(&path);
        self.reader.error(span, format!("{path}: {message}"), hint);
    }

    /// Something is wrong between two keys: said at the later one, unless only
    /// the other is written.
    pub(super) fn say_between(&mut self, earlier: &str, later: &str, message: &str) {
        let at = if self.has(later) { later } else { earlier };
        self.say(at, message, None);
    }

    /// The version must stand in it, once.
    pub(super) fn holds_version(&mut self, key: &str, text: &str) {
        let count = text.matches("{version}").count();
        if count != 1 {
            let message = format!("must hold {{version}} exactly once, found it {count} times");
            self.say(key, &message, None);
        }
    }

    /// One of these must stand in it, once.
    pub(super) fn holds_one(&mut self, key: &str, text: &str, names: &[&str]) {
        let count: usize = names.iter().map(|name| text.matches(name).count()).sum();
        if count != 1 {
            let names = names.join(" or ");
            let message = format!("must hold {names} exactly once, found it {count} times");
            self.say(key, &message, None);
        }
    }

    /// A name of a tag or a branch.
    pub(super) fn git_name(&mut self, key: &str, name: &str) {
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c);
        if let Some(c) = name.chars().find(|c| forbidden(*c)) {
            self.say(key, &format!("git allows no {c:?} in a name"), None);
        }
    }

    /// The text may only name what the bot can put in.
    pub(super) fn names_only(&mut self, key: &str, text: &str, known: &[&str]) {
        for (_, name) in placeholders(text) {
            if let Some((message, hint)) = unknown(name, known) {
                self.say(key, &message, Some(hint));
            }
        }
    }

    /// A workflow file: its name, where it is one.
    pub(super) fn workflow_file(&mut self, key: &str, written: &str) -> Option<String> {
        let name = workflow_file(written);
        if name.is_none() {
            let message = format!(
                "expected the name of a workflow file such as \"ci.yml\", found \"{written}\""
            );
            self.say(key, &message, None);
        }
        name
    }
}

/// What is wrong with a placeholder of this name, and what may be meant.
pub(super) fn unknown(name: &str, known: &[&str]) -> Option<(String, String)> {
    if known.contains(&name) {
        return None;
    }
    let hint = nearest(name, known.iter().copied()).map_or_else(
        || format!("known here: {{{}}}", known.join("}, {")),
        |name| format!("did you mean {{{name}}}?"),
    );
    Some((format!("nothing is known for {{{name}}}"), hint))
}
