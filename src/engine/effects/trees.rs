//! Trees, as the pure part takes them.

use crate::edits::forward_port::{self, Content, Entry};
use crate::github::ops::{Tree, TreeChange, TreeTarget};

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

/// A change as GitHub takes it.
pub fn change((path, to): (String, Option<(String, Content)>)) -> TreeChange {
    let (mode, to) = match to {
        Some((mode, Content::Text(text))) => (mode, TreeTarget::Text(text)),
        Some((mode, Content::Blob(id))) => (mode, TreeTarget::Blob(id)),
        None => ("100644".to_owned(), TreeTarget::Absent),
    };
    TreeChange { path, mode, to }
}
