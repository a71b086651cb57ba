//! Raising versions where they stand, and reading them back.

use super::spot::{Format, Spot, set};
use crate::ecosystem::files::Texts;
use crate::ecosystem::package::Package;
use crate::ecosystem::tasks::Raised;

/// The files with the version raised.
///
/// # Errors
/// In words, with the path, where the version before does not stand.
pub fn raise(
    format: &Format,
    texts: &Texts<'_>,
    package: &Package,
    version: &str,
) -> Result<Raised, String> {
    let unchanged = || Raised {
        from: version.to_owned(),
        files: Vec::new(),
    };
    if package.from_tag {
        return Ok(unchanged());
    }
    let from = before(package).ok_or_else(|| {
        format!(
            "{}: its version at the release is not known",
            package.manifest
        )
    })?;
    let (mut files, mut stands) = (Vec::new(), false);
    for path in files_of(package) {
        let text = texts.get(path).copied().unwrap_or_default();
        let wrong = |words: String| format!("{path}: {words}");
        let spots = (format.spots)(package, path, text).map_err(wrong)?;
        let old: Vec<(&Spot, String)> = spots
            .iter()
            .filter(|spot| format.same(&spot.value, from))
            .map(|spot| (spot, (format.spell)(path, version, &spot.value)))
            .collect();
        if old.is_empty() {
            if spots.iter().any(|spot| format.same(&spot.value, version)) {
                continue;
            }
            let found: Vec<&str> = spots.iter().map(|spot| spot.value.as_str()).collect();
            return Err(wrong(match found.as_slice() {
                [] => format!("there is no version, expected {from}"),
                found => format!("the version is {}, expected {from}", found.join(", ")),
            }));
        }
        let new = set(text, &old).map_err(wrong)?;
        stands = true;
        if new != text {
            files.push((path.to_owned(), new));
        }
    }
    match stands {
        true => Ok(Raised {
            from: from.to_owned(),
            files,
        }),
        false => Ok(unchanged()),
    }
}

/// Which version stands in which file, where `version` is wanted: the one before
/// first, where it stands anywhere.
pub fn held(
    format: &Format,
    texts: &Texts<'_>,
    package: &Package,
    version: &str,
) -> Vec<(String, Option<String>)> {
    if package.from_tag {
        return Vec::new();
    }
    let from = before(package).unwrap_or_default();
    let read = |path: &str| {
        let text = texts.get(path).copied()?;
        let spots = (format.spots)(package, path, text).ok()?;
        let has = |wanted: &str| spots.iter().any(|spot| format.same(&spot.value, wanted));
        match () {
            () if !format.same(from, version) && has(from) => Some(from.to_owned()),
            () if has(version) => Some(version.to_owned()),
            () => spots.first().map(|spot| spot.value.clone()),
        }
    };
    files_of(package)
        .map(|path| (path.to_owned(), read(path)))
        .collect()
}

/// The manifests and lock files.
pub(super) fn files_of(package: &Package) -> impl Iterator<Item = &str> {
    let manifests = package.all_manifests().iter().map(String::as_str);
    manifests.chain(package.all_locks())
}

/// The version that is released.
fn before(package: &Package) -> Option<&str> {
    let mut released = package.members.iter().filter(|member| member.released);
    released.next().map(|member| member.version.as_str())
}
