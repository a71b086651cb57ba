//! Trees, as the pure part takes them.

use crate::edits::forward_port::{self, Entry};
use crate::github::ops::Tree;

/// The files of a tree.
pub fn entries(tree: &Tree) -> forward_port::Tree {
    let files = tree.entries.iter().filter(|entry| entry.kind != "tree");
    files
        .map(|entry| {
            let size = entry.size.and_then(|size| u64::try_from(size).ok());
            let (mode, id) = (entry.mode.clone(), entry.sha.clone());
            (entry.path.clone(), Entry { mode, id, size })
        })
        .collect()
}
