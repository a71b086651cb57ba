//! Go: `go.mod`, tags, `package main`. Nothing holds the version: the tag is it.

mod gomod;
mod module;
mod project;
mod required;
mod sets;
mod source;
mod words;

use super::learnt::{Because, Place};
use super::package::Package;

pub use self::project::{is_manifest, project, wanted};
pub use self::required::is_one as is_requiring;
pub use self::words::words;
pub use super::number::{is_above, next};

/// The file at the root that shows it.
pub const ROOTS: &[&str] = &["go.mod"];

/// The module that a file names; it states no version.
pub fn root(_path: &str, manifest: &str) -> (Option<String>, Option<String>) {
    let module = gomod::read(manifest).module;
    ((!module.is_empty()).then_some(module), None)
}

/// No file states the version.
pub fn read(_package: &Package, _path: &str, _text: &str) -> Vec<String> {
    Vec::new()
}

/// No file states the version.
///
/// # Errors
/// None.
pub fn edit(
    _package: &Package,
    _path: &str,
    text: &str,
    _from: &str,
    _to: &str,
) -> Result<String, String> {
    Ok(text.to_owned())
}

/// Whether a line that was learnt may be raised: of what is required of others,
/// modules of the same repository have the same number in each release.
pub fn may_raise(place: &Place, _text: Option<&str>, _to: &str) -> bool {
    !is_requiring(&place.path) || place.because != Because::OneRelease
}

/// What is required otherwise than before, by module.
pub fn changed(_path: &str, before: &str, after: &str) -> Vec<super::package::Required> {
    required::changed(before, after)
}
