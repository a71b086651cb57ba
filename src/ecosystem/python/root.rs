//! What one manifest tells by itself.

use super::choose::MANIFESTS;
use super::{format, ini, pyproject, requirement, setup_py};
use crate::ecosystem::learnt::{Because, Place};

/// The files at the root that show the kind.
pub const ROOTS: &[&str] = &MANIFESTS;

/// Folders whose packages are not what is released.
const ASIDE: [&str; 24] = [
    "test",
    "tests",
    "testing",
    "testdata",
    "test-data",
    "test_data",
    "fixture",
    "fixtures",
    "doc",
    "docs",
    "example",
    "examples",
    "sample",
    "samples",
    "benchmark",
    "benchmarks",
    "template",
    "templates",
    "vendor",
    "vendored",
    "_vendor",
    "third_party",
    "node_modules",
    "scripts",
];

/// Whether a file shows that the repository is of this kind: samples of other
/// people's projects, and what stands beside the product, make it none.
pub fn is_manifest(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut folders = folder.split('/');
    let aside = folders.any(|it| {
        it.starts_with('.') || it.contains('{') || ASIDE.contains(&it.to_ascii_lowercase().as_str())
    });
    MANIFESTS.contains(&name) && !aside
}

/// The package that a manifest names, and its version; none of both where it
/// cannot be read, or holds settings alone.
pub fn root(path: &str, manifest: &str) -> (Option<String>, Option<String>) {
    let name = match path.rsplit('/').next() {
        Some("pyproject.toml") => pyproject::read(manifest).ok().and_then(|read| read.name),
        Some("setup.cfg") => {
            let entries = ini::entries(manifest);
            ini::value(&entries, "metadata", "name").map(|entry| entry.value.clone())
        }
        Some("setup.py") => setup_py::read(manifest).name,
        _ => None,
    };
    let spots = format::spots(path, manifest, &[]).unwrap_or_default();
    let version = spots.first().map(|spot| spot.value.clone());
    (name, version)
}

/// Whether a line that was learnt may be raised. In a manifest the version of a
/// requirement may be the same by chance: both releases must have changed it.
pub fn may_raise(place: &Place, text: Option<&str>, _to: &str) -> bool {
    if !is_manifest(&place.path) {
        return true;
    }
    let requires = |line: &str| {
        let bare = line.trim().trim_matches(['"', '\'', ',', ' ']);
        requirement::pinned(bare).is_some_and(|(version, _)| version == place.version)
    };
    place.because != Because::OneRelease || !text.is_some_and(|text| text.lines().any(requires))
}
