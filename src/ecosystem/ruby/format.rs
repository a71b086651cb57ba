//! Which versions stand in which file.

use super::{gemspec, lock, number, source};
use crate::ecosystem::package::Package;
use crate::ecosystem::spots::{Format, Spot};

/// How Ruby's versions are found and compared.
pub const FORMAT: Format = Format {
    spots: |path, text, own| Ok(spots(path, text, own)),
    order: number::order,
    plain: number::plain,
    spell: |_, version, _| version.to_owned(),
};

/// The versions in a file that may be those of `own`.
pub fn spots(path: &str, text: &str, own: &[String]) -> Vec<Spot> {
    match path {
        path if lock::is_one(path) => lock::spots(text, own),
        path if path.ends_with(".gemspec") => gemspec::spots(text, own),
        path if path.ends_with(".rb") => source::version(text).into_iter().collect(),
        _ => {
            let value = text.trim();
            let from = text.len() - text.trim_start().len();
            let is_one = number::Number::parse(value).is_some();
            let spot = is_one.then(|| Spot::whole(value, from..from + value.len()));
            spot.into_iter().collect()
        }
    }
}

/// The versions that one of the package's files states.
pub fn read(package: &Package, path: &str, text: &str) -> Vec<String> {
    FORMAT.read(package, path, text)
}

/// The file with the version raised; every other byte stays.
///
/// # Errors
/// None: what cannot be read states nothing.
pub fn edit(
    package: &Package,
    path: &str,
    text: &str,
    from: &str,
    to: &str,
) -> Result<String, String> {
    FORMAT.edit(package, path, text, [from, to])
}
