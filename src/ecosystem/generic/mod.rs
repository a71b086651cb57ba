//! No kind of package: the tag alone is the version, and what the last releases
//! show, or the configuration names, follows it.

use super::files::{Files, Wanted};
use super::kind::Kind;
use super::learnt::Place;
use super::package::{Package, Required};
use super::registry::{Question, Registry};
use super::tasks::Release;
use super::words::{Use, Words, checkout};

pub use super::number::{is_above, next};

/// No file shows it.
pub const ROOTS: &[&str] = &[];

/// No file shows it.
pub fn is_manifest(_path: &str) -> bool {
    false
}

/// No manifest names it.
pub fn root(_path: &str, _manifest: &str) -> (Option<String>, Option<String>) {
    (None, None)
}

/// Nothing is to be read.
pub fn wanted(_files: &Files, _release: &Release<'_>) -> Option<Wanted> {
    None
}

/// What the tag is of is the repository.
pub fn project(
    _files: &Files,
    release: &Release<'_>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    let package = Package {
        kind: Kind::Generic,
        name: release.repo.to_owned(),
        from_tag: true,
        program: Some(false),
        registry: Registry::Private,
        ..Package::default()
    };
    Ok(Some((package, Vec::new())))
}

/// There is no place that it knows.
pub fn edit(
    _package: &Package,
    _path: &str,
    text: &str,
    _from: &str,
    _to: &str,
) -> Result<String, String> {
    Ok(text.to_owned())
}

/// There is no place that it knows.
pub fn read(_package: &Package, _path: &str, _text: &str) -> Vec<String> {
    Vec::new()
}

/// What was learnt is raised, whatever file it is in.
pub fn may_raise(_place: &Place, _text: Option<&str>, _to: &str) -> bool {
    true
}

/// No file says what is required.
pub fn is_requiring(_path: &str) -> bool {
    false
}

/// No file says what is required.
pub fn changed(_path: &str, _before: &str, _after: &str) -> Vec<Required> {
    Vec::new()
}

/// The commands of git.
pub fn words(_used: Use<'_>, _package: &str, version: &str) -> Words {
    checkout(version)
}
