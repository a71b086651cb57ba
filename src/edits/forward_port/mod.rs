//! Carries a hotfix over to the default branch in one commit: what that commit
//! has to change on top of main, file by file.
//!
//! Every file is merged three ways, as `git merge` does it. Where both branches
//! change the same places as a matter of course, a rule goes before: the
//! changelog's section goes in the order of versions, and whoever knows what
//! else a version stands in brings a rule for that.

mod carry;
mod entry;
mod file;
mod log;
mod places;
mod port;
mod renames;
mod similarity;

#[cfg(test)]
mod carry_tests;
#[cfg(test)]
mod git_tests;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;

pub use self::carry::{Carried, Changed, Content, Next, Rules, carry};
pub use self::entry::{Blobs, Entry, Tree, Trees, same, special_modes};
pub use self::file::{Outcome, Ruled, Sides, To, Why, merged, plain, text, texts};
pub use self::port::{Change, Conflict, Hotfix, Ported, port};
