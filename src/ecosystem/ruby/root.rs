//! What one gemspec tells by itself.

use super::gemspec;
use crate::ecosystem::learnt::Place;

/// A gemspec is called as its gem: no file at the root shows the kind by its name
/// alone.
pub const ROOTS: &[&str] = &[];

/// Folders whose gems are not what is released.
const ASIDE: [&str; 9] = [
    "test",
    "tests",
    "spec",
    "fixtures",
    "features",
    "examples",
    "vendor",
    "templates",
    "node_modules",
];

/// Whether a file shows that the repository is of this kind.
pub fn is_manifest(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut folders = folder.split('/');
    let aside = folders.any(|it| it.starts_with('.') || ASIDE.contains(&it));
    name.ends_with(".gemspec") && name != ".gemspec" && !aside
}

/// The gem that a gemspec names, and its version where it stands there.
pub fn root(_path: &str, manifest: &str) -> (Option<String>, Option<String>) {
    let spots = gemspec::spots(manifest, &[]);
    let version = spots.first().map(|spot| spot.value.clone());
    (gemspec::read(manifest).name, version)
}

/// What was learnt is raised, whatever file it is in.
pub fn may_raise(_place: &Place, _text: Option<&str>, _to: &str) -> bool {
    true
}
