//! A tree as git has it: files by path, each with its mode and its blob.

use std::collections::{BTreeMap, BTreeSet};

/// A file, a link or a submodule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `100644`, `100755`, `120000` (link) or `160000` (submodule).
    pub mode: String,
    /// Hash of its blob, or of the submodule's commit.
    pub id: String,
    /// The blob's size, where it is known.
    pub size: Option<u64>,
}

impl Entry {
    /// Whether it is a plain file, executable or not.
    pub fn is_file(&self) -> bool {
        self.mode.starts_with("100")
    }

    /// Whether it is the very same, whatever is known of its size.
    pub fn is(&self, other: &Self) -> bool {
        self.mode == other.mode && self.id == other.id
    }
}

/// Whether both are the same, or both are not there.
pub fn same(one: Option<&Entry>, other: Option<&Entry>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.is(other),
        (None, None) => true,
        _ => false,
    }
}

/// Files whose mode is another one afterwards, and those that came or went with
/// another mode than a plain file's.
pub fn special_modes(before: &Tree, after: &Tree) -> BTreeSet<String> {
    let paths = before.keys().chain(after.keys());
    let is_special = |path: &&String| {
        let mode = |tree: &'_ Tree| tree.get(*path).map(|entry| entry.mode.clone());
        match (mode(before), mode(after)) {
            (Some(before), Some(after)) => before != after,
            (Some(one), None) | (None, Some(one)) => one != "100644",
            (None, None) => false,
        }
    };
    paths.filter(is_special).cloned().collect()
}

/// All files of a tree by path; folders are not in it.
pub type Tree = BTreeMap<String, Entry>;

/// Bytes by the hash of their blob.
pub type Blobs = BTreeMap<String, Vec<u8>>;

/// Three trees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trees {
    /// The release that the hotfix was cut from.
    pub base: Tree,
    /// The hotfix's head.
    pub hotfix: Tree,
    /// The default branch's head.
    pub main: Tree,
}
