//! Where manifests and lock files stand.

pub use crate::ecosystem::paths::{folder, is_aside, is_below, joined, within};

/// A manifest's name.
pub const MANIFEST: &str = "Cargo.toml";
/// A lock file's name.
pub const LOCK: &str = "Cargo.lock";

/// Whether a file is a lock file, perhaps one that is put in the place of the usual
/// one: `ci/compat-Cargo.lock`, `Cargo-minimal.lock`, `Cargo.lock.msrv`.
pub fn is_lock(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_kept = name.contains("Cargo") && name.ends_with(".lock");
    is_kept || name.starts_with("Cargo.lock.")
}

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
        for lock in [
            "Cargo.lock",
            "fuzz/Cargo.lock",
            "ci/compat-Cargo.lock",
            "Cargo-minimal.lock",
            "Cargo.lock.msrv",
        ] {
            assert!(is_lock(lock), "{lock}");
        }
        for other in [
            "Cargo.toml",
            "yarn.lock",
            "Cargo.lock/a",
            "src/cargo.lock.rs",
        ] {
            assert!(!is_lock(other), "{other}");
        }
    }
}
