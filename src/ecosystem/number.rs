//! The numbers of versions.

use std::collections::BTreeSet;

use semver::{BuildMetadata, Prerelease, Version};

use super::kind::Kind;

/// The lowest patch version above the base that is not taken; none where the
/// base is no version of the kind.
pub fn next_version(kind: Kind, base: &str, taken: &BTreeSet<String>) -> Option<String> {
    match kind {
        Kind::Cargo => next_patch(base, taken),
    }
}

fn next_patch(base: &str, taken: &BTreeSet<String>) -> Option<String> {
    let mut version = Version::parse(base).ok()?;
    version.pre = Prerelease::EMPTY;
    version.build = BuildMetadata::EMPTY;
    loop {
        version.patch = version.patch.checked_add(1)?;
        let text = version.to_string();
        if !taken.contains(&text) {
            return Some(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_patch_that_is_free() {
        let taken = ["1.0.5", "1.0.6", "1.0.8"].map(str::to_owned).into();
        for (base, next) in [
            ("1.0.4", Some("1.0.7")),
            ("1.0.7", Some("1.0.9")),
            ("1.0.5-rc.1+b", Some("1.0.7")),
            ("1.0", None),
            ("1.0.18446744073709551615", None),
        ] {
            assert_eq!(next_version(Kind::Cargo, base, &taken).as_deref(), next);
        }
    }
}
