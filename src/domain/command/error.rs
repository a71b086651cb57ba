//! What can be wrong with a command, in words for the person who wrote it.

use std::fmt::Debug;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::domain::item::Item;

/// A verb, as far as arguments and errors must know it. The table of verbs
/// stands on both, so they cannot know the table.
pub trait Named: Copy + Debug {
    /// The word that people type.
    fn name(self) -> &'static str;
    /// What may follow it, as help shows it.
    fn arguments(self) -> &'static str;
    /// The whole command with its arguments, as help shows it.
    fn usage(self) -> String {
        let (name, arguments) = (self.name(), self.arguments());
        let space = if arguments.is_empty() { "" } else { " " };
        format!("/hotfix {name}{space}{arguments}")
    }
}

/// Why a line that begins with `/hotfix` is no command. The text is the answer
/// to its author. It quotes what they wrote: escape it for Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum CommandError<V: Named> {
    /// No such verb.
    #[error("there is no command `{found}`{}. `/hotfix help` lists them all", did_you_mean(.similar.as_ref().map(|v| v.name())))]
    UnknownVerb {
        /// What was written.
        found: String,
        /// The verb that looks most like it.
        similar: Option<V>,
    },
    /// A verb that this version of the bot does not carry out.
    #[error("`{}` is not carried out yet by this version of the bot", .verb.name())]
    NotYet {
        /// The verb.
        verb: V,
    },
    /// No such key for this verb.
    #[error("`{}` takes no `{found}=`{}: `{}`", .verb.name(), did_you_mean(.similar.as_deref()), .verb.usage())]
    UnknownKey {
        /// The verb.
        verb: V,
        /// What was written.
        found: String,
        /// The key that looks most like it.
        similar: Option<String>,
    },
    /// A key with a value that it does not take.
    #[error("`{key}={found}` is not understood{}: expected {expected}", did_you_mean(.similar.as_deref()))]
    WrongValue {
        /// The key.
        key: String,
        /// What was written.
        found: String,
        /// What the key takes.
        expected: String,
        /// The value that looks most like it.
        similar: Option<String>,
    },
    /// A word that is none of those that may stand there.
    #[error("`{found}` is not understood{}: expected one of {expected}", did_you_mean(.similar.as_deref()))]
    NotAmong {
        /// What was written.
        found: String,
        /// What may stand there.
        expected: String,
        /// The word that looks most like it.
        similar: Option<String>,
    },
    /// No length of time.
    #[error("`{found}` is no length of time: `30m`, `2h` or `1h30m`, a day at most")]
    NotATime {
        /// What was written.
        found: String,
    },
    /// No login.
    #[error("`{found}` is nobody's login: `@user`")]
    NotALogin {
        /// What was written.
        found: String,
    },
    /// No advisory of a repository.
    #[error(
        "`{found}` is no advisory of a repository: `advisory` takes its id, GHSA-xxxx-xxxx-xxxx, or the address of its page"
    )]
    NotAnAdvisory {
        /// What was written.
        found: String,
    },
    /// A key that stands there twice.
    #[error("`{key}=` is given twice in one command")]
    Twice {
        /// The key.
        key: String,
    },
    /// Something must follow.
    #[error("`{}` needs {needs}: `{}`", .verb.name(), .verb.usage())]
    Missing {
        /// The verb.
        verb: V,
        /// What must follow, as a phrase.
        needs: String,
    },
    /// Something follows that the verb does not take.
    #[error("`{}` does not take `{found}`: `{}`", .verb.name(), .verb.usage())]
    Unexpected {
        /// The verb.
        verb: V,
        /// What was written.
        found: String,
    },
    /// No such item in the checklist.
    #[error("the checklist has no item `{found}`{}", did_you_mean(.similar.as_ref().map(|i| i.name())))]
    UnknownItem {
        /// What was written.
        found: String,
        /// The item that looks most like it.
        similar: Option<Item>,
    },
    /// Something that nobody can do without.
    #[error("`{found}` cannot be waived; `forward-port` and `known-issue` can")]
    NotWaivable {
        /// What was written.
        found: String,
    },
    /// A line that is longer than any command.
    #[error("a command is at most {most} characters long")]
    TooLong {
        /// In characters.
        most: usize,
    },
    /// A gate that nobody passes by a word.
    #[error(
        "`{found}` cannot be overridden; `judge`, `release-workflows` and keys of the configuration can"
    )]
    NotOverridable {
        /// What was written.
        found: String,
    },
    /// Neither a commit nor a pull request.
    #[error(
        "`{found}` is neither a commit nor a pull request: `pick` takes at least the first 7 hex digits of a commit on the default branch, a merged pull request as `#n`, or the address of either"
    )]
    NotPickable {
        /// What was written.
        found: String,
    },
    /// Not the beginning of a commit's hash.
    #[error(
        "`{found}` is no commit: `release` takes at least the first 7 of its hex digits, as the preview shows them"
    )]
    NotACommit {
        /// What was written.
        found: String,
    },
}

fn did_you_mean(similar: Option<&str>) -> String {
    similar.map_or_else(String::new, |name| format!(", did you mean `{name}`?"))
}
