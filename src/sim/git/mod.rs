//! Real bare repositories, through the `git` executable.
//!
//! Objects are written as loose files and read through one long-lived
//! `git cat-file --batch` a repository, so that a request costs few processes.
//! Everything that needs history or merging is asked of git itself, once: what
//! it said of objects is kept in memory.

mod archive;
mod asked;
mod diff;
mod entry;
mod gaps;
mod history;
mod memory;
mod objects;
mod reader;
mod refs;
mod repository;
mod tree;

pub use diff::FileDiff;
pub use entry::Entry;
pub use history::Merge;
pub use objects::{CommitObject, Ident, TagObject};
pub use reader::Kind;
pub use refs::{RefEdit, is_valid_ref};
pub use repository::{Git, GitError, Stats};
pub use tree::TreeEdit;

#[cfg(test)]
mod tests;
