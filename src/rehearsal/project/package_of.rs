//! What is told of a package.

/// A package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name on the registry.
    pub name: String,
    /// Its folder; empty: the root.
    pub dir: String,
    /// The manifest that holds its version.
    pub manifest: String,
    /// Its version.
    pub version: String,
    /// Whether it goes to a registry that the stand-in serves.
    pub published: bool,
    /// Whether it is one of several in a workspace.
    pub in_workspace: bool,
}
