//! What stands in a tree.

/// One entry of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The path from the tree's root.
    pub path: String,
    /// `100644`, `100755`, `120000`, `040000`, `160000`.
    pub mode: String,
    /// The object.
    pub sha: String,
}

impl Entry {
    /// Whether it is a directory.
    pub fn is_tree(&self) -> bool {
        self.mode == "040000"
    }

    /// `blob`, `tree` or `commit`.
    pub fn kind(&self) -> &'static str {
        match self.mode.as_str() {
            "040000" => "tree",
            "160000" => "commit",
            _ => "blob",
        }
    }
}
