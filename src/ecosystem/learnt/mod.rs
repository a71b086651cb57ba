//! The places of the version, learnt from the last two releases: the lines that
//! they changed from one version to the next are the lines where it stands,
//! whatever the file is.
//!
//! It is wrong where a line follows a release behind by design, and where a
//! dependency happens to have the same number: the version must stand at the
//! base, and lock files are left to their kind's own rules.

mod before;
mod built;
mod bump;
mod configured;
mod diff;
mod form;
mod learn;
mod parts;
mod paths;
mod place;
mod port;
mod shape;
mod told;

#[cfg(test)]
mod tests;

pub use self::before::predecessors;
pub use self::built::{Built, command as build_command, stale};
pub(super) use self::bump::{held, raise};
pub use self::configured::{Asked, Configured, WrittenIn, configured};
pub use self::diff::{Diff, FileDiff};
pub use self::form::{Digits, Form};
pub use self::learn::{Learnt, Lessons, Listed, Step, learn, untold, wanted};
pub use self::paths::{is_generated, is_meant};
pub use self::place::{Because, Piece, Place};
pub(super) use self::port::rule;
pub use self::told::{Blob, READ, Told, Unread, compared, differing, raised};
