//! What one manifest tells by itself.

use super::manifest::{self, PackageVersion, Publish};
use super::paths;
use crate::ecosystem::kind::Kind;
use crate::ecosystem::registry::Question;

/// The files at the root that show the kind.
pub const ROOTS: &[&str] = &[paths::MANIFEST];

/// Whether a file shows that the repository is of this kind: samples of other
/// people's projects make it none.
pub fn is_manifest(path: &str) -> bool {
    path.rsplit('/').next() == Some(paths::MANIFEST) && !paths::is_aside(path)
}

/// The package that a manifest names, and its version or that of the whole
/// workspace; none of both where it cannot be read.
pub fn root(_path: &str, manifest: &str) -> (Option<String>, Option<String>) {
    let Ok(read) = manifest::read(manifest) else {
        return (None, None);
    };
    let version = match read.version {
        PackageVersion::Here(version) => Some(version),
        PackageVersion::Inherited | PackageVersion::Absent => read.workspace_version,
    };
    (read.name, version)
}

/// What the registry will be asked, as far as the manifest at the root tells.
pub fn foreseen(manifest: &str, version: &str) -> Option<Question> {
    let read = manifest::read(manifest).ok()?;
    let open = read.publish == Publish::Anywhere;
    Some(Question {
        registry: Kind::Cargo,
        name: read.name.filter(|_| open)?,
        version: version.to_owned(),
    })
}

/// The version that a manifest states for its own package; none where it stands
/// elsewhere, or cannot be read.
pub fn own_version(_path: &str, manifest: &str) -> Option<String> {
    manifest::version(manifest).ok()
}
