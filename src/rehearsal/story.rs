//! What the rehearsal is about, as people tell it, and the fix that they bring.

/// A file's path and its text; `None` deletes it.
pub type Edit = (String, Option<String>);

/// What the developer pushes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// A commit with these files.
    Files {
        /// The first line of its message.
        title: String,
        /// What stands below.
        why: String,
        /// The files.
        files: Vec<Edit>,
    },
    /// A file and its test, in the package that is released: they touch nothing
    /// that is there, so that they fit any.
    MadeUp,
    /// A commit of the repository, picked.
    Pick {
        /// The commit.
        sha: String,
        /// Its first line.
        title: String,
        /// Whether the bot is asked to pick it.
        by_bot: bool,
    },
}

/// What the rehearsal is about, as the reporter and the developer tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// The fix.
    pub fix: Fix,
}
