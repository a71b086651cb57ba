//! The numbers of semantic versions.

use std::collections::BTreeSet;

use semver::{BuildMetadata, Prerelease, Version};

/// Whether a number is a release, and above the base; none where it is no such
/// number.
pub fn is_above(base: &str, number: &str) -> Option<bool> {
    let number = Version::parse(number).ok()?;
    let plain = number.pre.is_empty() && number.build.is_empty();
    plain.then(|| Version::parse(base).is_ok_and(|base| number > base))
}

/// The lowest patch version above the base that is not taken; none where the
/// base is no version.
pub fn next(base: &str, taken: &BTreeSet<String>) -> Option<String> {
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
    fn a_number_is_above_the_base_or_none() {
        for (number, is) in [
            ("1.0.5", Some(true)),
            ("2.0.0", Some(true)),
            ("1.0.4", Some(false)),
            ("0.9.9", Some(false)),
            ("1.0.5-rc.1", None),
            ("1.0", None),
            ("next", None),
        ] {
            assert_eq!(is_above("1.0.4", number), is, "{number}");
        }
    }

    #[test]
    fn the_next_patch_that_is_free() {
        let taken = ["1.0.5", "1.0.6", "1.0.8"].map(str::to_owned).into();
        for (base, expected) in [
            ("1.0.4", Some("1.0.7")),
            ("1.0.7", Some("1.0.9")),
            ("1.0.5-rc.1+b", Some("1.0.7")),
            ("1.0", None),
            ("1.0.18446744073709551615", None),
        ] {
            assert_eq!(next(base, &taken).as_deref(), expected);
        }
    }
}
