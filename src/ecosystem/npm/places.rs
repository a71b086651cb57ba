//! The places of the version in one file, read and changed where they stand.

use super::at::{At, pins, version};
use super::locked;
use super::manifest::{BESIDE, MANIFEST};
use crate::ecosystem::package::Package;
use crate::edits::json_at;
use crate::edits::splice::splice;

/// The versions that a file states for what is released: its own, and those that
/// it requires exactly. What a lock file has is told by [`locked`].
pub fn read(package: &Package, path: &str, text: &str) -> Vec<String> {
    let found = found(package, path, text).unwrap_or_default();
    let own = json_at::parse(text).ok();
    let own = own.as_ref().and_then(|root| version(root, text));
    let own = own.filter(|_| !locked::is_lock(path));
    // What lagged behind at the release does so still.
    let follows = |at: &At| own.as_ref() == Some(at) || !locked::lags(package, &at.0);
    let found = found.into_iter().filter(follows);
    found.map(|(version, _)| version).collect()
}

/// The file with the version raised where it is `from`; every other byte stays.
///
/// # Errors
/// In words, where the file is no JSON.
pub fn edit(
    package: &Package,
    path: &str,
    text: &str,
    from: &str,
    to: &str,
) -> Result<String, String> {
    let found = found(package, path, text)?;
    let edits = found.into_iter().filter(|(version, _)| version == from);
    Ok(splice(text, edits.map(|(_, at)| (at, to)).collect()))
}

fn found(package: &Package, path: &str, text: &str) -> Result<Vec<At>, String> {
    let root = json_at::parse(text)?;
    let name = path.rsplit('/').next().unwrap_or(path);
    Ok(match name {
        MANIFEST => {
            let mut found = Vec::new();
            // Where it is not told, it is the only one.
            let known = package.members.iter().find(|it| it.manifest == path);
            if known.is_none_or(|member| member.released) {
                found.extend(version(&root, text));
            }
            found.extend(pins(&root, package, text));
            found
        }
        name if BESIDE.contains(&name) => version(&root, text).into_iter().collect(),
        _ => locked::found_in(&root, package, path, text),
    })
}
