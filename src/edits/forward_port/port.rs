//! All files of a forward-port.

use thiserror::Error;

use super::file::{Outcome, Ruled, Sides, To, Why, plain};
use super::log;
use crate::edits::three_way::Labels;

/// The hotfix, as far as every kind of package has it.
#[derive(Clone, Debug)]
pub struct Hotfix<'a> {
    /// Its version, such as "1.0.5".
    pub version: &'a str,
    /// The paths of the changelogs.
    pub changelogs: Vec<&'a str>,
    /// Names for conflict markers: ours is main, theirs the hotfix.
    pub labels: Labels<'a>,
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
/// `files` are those that the hotfix changed since its base, and those that
/// `rule` is for, changed or not. What it has nothing to say about is the
/// changelog, or is merged. Only contents are merged: a file's mode is main's,
/// and the hotfix's for a file that is new.
pub fn port(
    files: &[Sides<'_>],
    hotfix: &Hotfix<'_>,
    rule: impl Fn(&Sides<'_>) -> Ruled,
) -> Ported {
    let mut ported = Ported::default();
    for sides in files {
        let plain = plain(sides, hotfix.labels);
        let ruled = if hotfix.changelogs.contains(&sides.path) {
            log::rule(sides, hotfix.version, hotfix.labels)
        } else {
            rule(sides)
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
