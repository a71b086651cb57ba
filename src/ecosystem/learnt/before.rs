//! Which releases are learnt from.

use semver::Version;

/// The release before the base, and the one before that, in the order of
/// versions: stable ones of the same product.
pub fn predecessors<'t>(
    releases: impl IntoIterator<Item = (Version, &'t str)>,
    base: &Version,
) -> Vec<(Version, &'t str)> {
    let mut below: Vec<(Version, &str)> = releases
        .into_iter()
        .filter(|(version, _)| version < base && version.pre.is_empty())
        // Nothing but build metadata tells such a one from the base.
        .filter(|(version, _)| version.cmp_precedence(base).is_ne())
        .collect();
    below.sort_by(|(a, _), (b, _)| b.cmp(a));
    below.dedup_by(|(a, _), (b, _)| a.cmp_precedence(b).is_eq());
    below.truncate(2);
    below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_order_of_versions_and_stable_ones_alone() {
        let all = ["1.0.9", "1.0.10", "1.1.0-rc.1", "0.9.0", "1.1.0", "2.0.0"];
        let of = |base: &str| {
            let all = all.map(|v| (Version::parse(v).unwrap(), v));
            let found = predecessors(all, &Version::parse(base).unwrap());
            found.into_iter().map(|(_, tag)| tag).collect::<Vec<_>>()
        };
        assert_eq!(of("1.1.0"), ["1.0.10", "1.0.9"]);
        assert_eq!(of("1.0.9"), ["0.9.0"]);
        assert!(of("0.9.0").is_empty());
    }
}
