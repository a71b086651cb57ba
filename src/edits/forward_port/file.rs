//! One file on three sides, and what becomes of it.

use thiserror::Error;

use crate::edits::three_way::{Labels, Merged, merge};

/// One file on three sides; `None` where it is not there. A file that main
/// renamed is one file: `path` is main's, base and hotfix have the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides<'a> {
    /// Where it stands.
    pub path: &'a str,
    /// At the release that the hotfix was cut from.
    pub base: Option<&'a [u8]>,
    /// At the hotfix's head.
    pub hotfix: Option<&'a [u8]>,
    /// At the default branch's head.
    pub main: Option<&'a [u8]>,
}

/// What becomes of a file on main.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// This text.
    Text(String),
    /// The hotfix's own bytes, as they are.
    Hotfix,
    /// It goes.
    Delete,
}

/// Why a file could not be carried over.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Why {
    /// Both changed the same lines.
    #[error("both sides changed the same lines; conflict markers show them")]
    Text,
    /// Both added it, with different content.
    #[error("both sides added it, each with its own text; conflict markers show them")]
    BothAdded,
    /// The hotfix changed it, and main has it no more.
    #[error("the hotfix changed it, but it is gone from the default branch; it stays away")]
    DeletedOnMain,
    /// The hotfix deleted it, and main changed it.
    #[error("the hotfix deleted it, but the default branch changed it; it stays")]
    DeletedByHotfix,
    /// Both changed it, and it is no text in UTF-8.
    #[error("both sides changed it, and it is no text; the default branch's stays")]
    Binary,
    /// The texts are too long.
    #[error("both sides changed it, and {0}; the default branch's stays")]
    TooLong(String),
    /// Each side gave it another mode.
    #[error(
        "both sides changed its mode, to {main} here and to {hotfix} on the hotfix; it stays {main}"
    )]
    Modes {
        /// The default branch's.
        main: String,
        /// The hotfix's.
        hotfix: String,
    },
    /// Both changed it, and on one side at least it is a link or a submodule.
    #[error("both sides changed it, and it is a link or a submodule; the default branch's stays")]
    NoFile,
    /// Both renamed it, each to another name.
    #[error("the hotfix renamed it to {0}, the default branch to this; it stays here")]
    Renamed(String),
    /// There may be a new name for it, among too many files.
    #[error("both sides moved it or deleted it, and there are too many new files to find it among")]
    Lost,
    /// The hotfix puts a file where the default branch has another one.
    #[error("the default branch has another file there; it stays")]
    InTheWay,
    /// A file on one side, a folder on the other.
    #[error("it is a file on one side and a folder on the other; the default branch's stays")]
    Folder,
    /// The hotfix adds it to a folder that the default branch has no more.
    #[error("its folder is gone from the default branch; it stands where the hotfix has it")]
    FolderGone,
    /// A manifest or lock file that a rule needs to read, and cannot.
    #[error("its version could not be set by rule: {0}")]
    Unreadable(String),
}

/// What becomes of one file; nothing of `to` is main's as it is.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What it becomes.
    pub to: Option<To>,
    /// What is left for a person.
    pub conflict: Option<Why>,
}

impl Outcome {
    /// It becomes this, and all is well.
    pub fn to(to: To) -> Self {
        Self {
            to: Some(to),
            conflict: None,
        }
    }

    fn stays(why: Why) -> Self {
        Self {
            to: None,
            conflict: Some(why),
        }
    }

    /// This text, where the sides are these.
    pub fn text(text: String, sides: &Sides<'_>) -> Self {
        let bytes = Some(text.as_bytes());
        if bytes == sides.main {
            Self::default()
        } else if bytes == sides.hotfix {
            Self::to(To::Hotfix)
        } else {
            Self::to(To::Text(text))
        }
    }
}

/// What a rule says: `None` where it has nothing to say, so that merging
/// decides; words where it cannot read what it needs to.
pub type Ruled = Option<Result<Outcome, String>>;

/// Merges a file as git does.
pub fn plain(sides: &Sides<'_>, labels: Labels<'_>) -> Outcome {
    let Sides {
        base, hotfix, main, ..
    } = *sides;
    if hotfix == main || hotfix == base {
        return Outcome::default();
    }
    match (base, hotfix, main) {
        (_, None, _) if base == main => Outcome::to(To::Delete),
        (_, Some(_), _) if base == main => Outcome::to(To::Hotfix),
        (_, None, _) => Outcome::stays(Why::DeletedByHotfix),
        (_, _, None) => Outcome::stays(Why::DeletedOnMain),
        (_, Some(hotfix), Some(main)) => {
            let texts = [text(base.unwrap_or_default()), text(main), text(hotfix)];
            let [Some(old), Some(ours), Some(theirs)] = texts else {
                return Outcome::stays(Why::Binary);
            };
            merged([old, ours, theirs], sides, labels)
        }
    }
}

/// Merges texts that stand for the three sides: base, main, hotfix.
pub fn merged(texts: [&str; 3], sides: &Sides<'_>, labels: Labels<'_>) -> Outcome {
    let [base, main, hotfix] = texts;
    match merge(base, main, hotfix, labels) {
        Ok(Merged::Clean(text)) => Outcome::text(text, sides),
        Ok(Merged::Conflict(text)) => Outcome {
            conflict: Some(if sides.base.is_some() {
                Why::Text
            } else {
                Why::BothAdded
            }),
            ..Outcome::text(text, sides)
        },
        Err(error) => Outcome::stays(Why::TooLong(error.to_string())),
    }
}

/// The bytes as text, if they are: git takes a file for binary if a NUL stands
/// in its first 8000 bytes.
pub fn text(bytes: &[u8]) -> Option<&str> {
    let beginning = bytes.get(..8000).unwrap_or(bytes);
    if beginning.contains(&0) {
        return None;
    }
    std::str::from_utf8(bytes).ok()
}

/// The three sides as texts: base, main, hotfix.
pub fn texts<'a>(sides: &Sides<'a>) -> Option<[&'a str; 3]> {
    Some([text(sides.base?)?, text(sides.main?)?, text(sides.hotfix?)?])
}
