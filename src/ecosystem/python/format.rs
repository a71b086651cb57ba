//! Which versions stand in which file.

use super::{ini, literal, lock, number, pyproject, setup_py};
use crate::ecosystem::package::Package;
use crate::ecosystem::spots::{Format, Spot};

/// How Python's versions are found and compared.
pub const FORMAT: Format = Format {
    spots,
    order: number::order,
    plain: number::plain,
    spell,
};

/// The versions in a file that may be those of `own`.
///
/// # Errors
/// In words, why it cannot be read.
pub fn spots(path: &str, text: &str, own: &[String]) -> Result<Vec<Spot>, String> {
    let found = match path.rsplit('/').next().unwrap_or(path) {
        "pyproject.toml" => pyproject::spots(text, own)?,
        "setup.cfg" => {
            let entries = ini::entries(text);
            let entry = ini::value(&entries, "metadata", "version");
            let spot = entry.map(|entry| Spot::whole(&entry.value, entry.at.clone()));
            spot.into_iter().collect()
        }
        "setup.py" => setup_py::spots(text),
        lock::LOCK => lock::spots(text, own)?,
        name if name.ends_with(".py") => literal::assigned(text),
        _ => match whole(text) {
            Some(spot) => vec![spot],
            None => literal::assigned(text),
        },
    };
    let is_version = |spot: &Spot| number::Number::parse(&spot.value).is_some();
    Ok(found.into_iter().filter(is_version).collect())
}

/// A file that holds nothing but a version.
fn whole(text: &str) -> Option<Spot> {
    let inner = pyproject::bare(text);
    let value = inner.trim();
    let from = text.len() - inner.trim_start().len();
    let is_one = number::Number::parse(value).is_some();
    is_one.then(|| Spot::whole(value, from..from + value.len()))
}

/// In the lock file in its normal form, elsewhere as what stands there.
fn spell(path: &str, version: &str, like: &str) -> String {
    match path.rsplit('/').next() {
        Some(lock::LOCK) => number::normal(version).unwrap_or_else(|| version.to_owned()),
        _ => number::like(version, like),
    }
}

/// The versions that one of the package's files states.
pub fn read(package: &Package, path: &str, text: &str) -> Vec<String> {
    FORMAT.read(package, path, text)
}

/// The file with the version raised; every other byte stays.
///
/// # Errors
/// In words, where it cannot be read.
pub fn edit(
    package: &Package,
    path: &str,
    text: &str,
    from: &str,
    to: &str,
) -> Result<String, String> {
    FORMAT.edit(package, path, text, [from, to])
}
