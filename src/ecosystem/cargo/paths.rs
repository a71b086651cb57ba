//! Where manifests and lock files stand.

pub use crate::ecosystem::paths::{folder, is_aside, is_below, joined, within};

/// A manifest's name.
pub const MANIFEST: &str = "Cargo.toml";
/// A lock file's name.
pub const LOCK: &str = "Cargo.lock";

/// The manifest of the folder that a manifest names; none outside of the
/// repository.
pub fn manifest(from: &str, path: &str) -> Option<String> {
    Some(within(&joined(folder(from), path)?, MANIFEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_from_a_manifest() {
        let root = manifest("fuzz/Cargo.toml", "..");
        assert_eq!(root.as_deref(), Some("Cargo.toml"));
        let core = manifest("Cargo.toml", r".\crates\core");
        assert_eq!(core.as_deref(), Some("crates/core/Cargo.toml"));
    }
}
