//! Carries a hotfix over to the default branch in one commit: what that commit
//! has to change on top of main, file by file.
//!
//! Every file is merged three ways, as `git merge` does it. Version, lock file
//! and changelog have rules, as both branches change them in the same places:
//! the version keeps the higher, the lock file's own entries follow, and the
//! changelog's section goes in the order of versions.

mod lock;
mod log;
mod manifests;

#[cfg(test)]
mod cargo_tests;
#[cfg(test)]
mod oracle_tests;
#[cfg(test)]
mod tests;

use thiserror::Error;

pub use super::three_way::Labels;

use super::cargo_workspace::Together;
use super::three_way::{Merged, merge};

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

/// What the release is, and where its version stands.
#[derive(Clone, Copy, Debug)]
pub struct Release<'a> {
    /// The version that the hotfix was cut from, such as "1.0.4".
    pub base_version: &'a str,
    /// The hotfix's version, such as "1.0.5".
    pub version: &'a str,
    /// Every manifest that holds the release's version, or requires one of its
    /// packages by it.
    pub manifests: &'a [String],
    /// The packages that share the version.
    pub together: Together<'a>,
    /// The lock file's path.
    pub lock: Option<&'a str>,
    /// The changelog's path.
    pub changelog: Option<&'a str>,
    /// Names for conflict markers: ours is main, theirs the hotfix.
    pub labels: Labels<'a>,
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

/// One file that the forward-port changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it stands.
    pub path: String,
    /// What it becomes.
    pub to: To,
}

/// One file that a person has to look at.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{path}`: {why}")]
pub struct Conflict {
    /// Where it stands.
    pub path: String,
    /// What does not fit.
    pub why: Why,
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
    /// A manifest or lock file that a rule needs to read, and cannot.
    #[error("its version could not be set by rule: {0}")]
    Unreadable(String),
}

/// A forward-port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ported {
    /// What differs from main, in the order of the given files.
    pub changes: Vec<Change>,
    /// The files that merging alone would have left in conflict, and a rule
    /// did not.
    pub by_rule: Vec<String>,
    /// What is left for a person. Conflict markers stand in the change, or
    /// main's file stays as it is: [`Why`] says which.
    pub conflicts: Vec<Conflict>,
}

/// Carries the hotfix over.
///
/// `files` are those that the hotfix changed since its base, and all of
/// `release`'s manifests and its lock file, changed or not. Manifests that main
/// alone has may be among them: if `release.manifests` names them, their
/// requirements on the release's packages are raised too. Only contents are
/// merged: a file's mode is main's, and the hotfix's for a file that is new.
pub fn port(files: &[Sides<'_>], release: &Release<'_>) -> Ported {
    let mut ported = Ported::default();
    let manifests = manifests::Plan::read(files, release);
    for sides in files {
        let plain = plain(sides, release.labels);
        let ruled = if manifests.has(sides.path) {
            manifests.rule(sides, release)
        } else if release.lock == Some(sides.path) {
            lock::rule(sides, release, &manifests)
        } else if release.changelog == Some(sides.path) {
            log::rule(sides, release)
        } else {
            None
        };
        let outcome = match ruled {
            None => plain,
            Some(Err(words)) => Outcome {
                conflict: Some(Why::Unreadable(words)),
                ..plain
            },
            Some(Ok(ruled)) => {
                if plain.conflict.is_some() && ruled.conflict.is_none() {
                    ported.by_rule.push(sides.path.to_owned());
                }
                ruled
            }
        };
        let path = || sides.path.to_owned();
        if let Some(to) = outcome.to {
            ported.changes.push(Change { path: path(), to });
        }
        if let Some(why) = outcome.conflict {
            ported.conflicts.push(Conflict { path: path(), why });
        }
    }
    ported
}

/// What becomes of one file; nothing of `to` is main's as it is.
#[derive(Debug, Default)]
struct Outcome {
    to: Option<To>,
    conflict: Option<Why>,
}

impl Outcome {
    fn to(to: To) -> Self {
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
    fn text(text: String, sides: &Sides<'_>) -> Self {
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
type Ruled = Option<Result<Outcome, String>>;

/// Merges a file as git does.
fn plain(sides: &Sides<'_>, labels: Labels<'_>) -> Outcome {
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
fn merged(texts: [&str; 3], sides: &Sides<'_>, labels: Labels<'_>) -> Outcome {
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
fn text(bytes: &[u8]) -> Option<&str> {
    let beginning = bytes.get(..8000).unwrap_or(bytes);
    if beginning.contains(&0) {
        return None;
    }
    std::str::from_utf8(bytes).ok()
}

/// The three sides as texts: base, main, hotfix.
fn texts<'a>(sides: &Sides<'a>) -> Option<[&'a str; 3]> {
    Some([text(sides.base?)?, text(sides.main?)?, text(sides.hotfix?)?])
}
