//! What packages, tags and placeholders are called.

use semver::Version;

use super::tasks::Release;

/// Whether the tag carries the package's name: `name-1.0.4`, `name-v1.0.4`,
/// `name/v1.0.4`, `name@1.0.4`, or `crates/name/1.0.4`.
pub fn is_named(release: &Release<'_>, name: &str) -> bool {
    let Some(before) = release.tag.strip_suffix(release.version) else {
        return false;
    };
    let is_between = |c: char| matches!(c, '-' | '_' | '@' | '/' | '.' | '#');
    let before = match before.strip_suffix(['v', 'V']) {
        Some(rest) if rest.is_empty() || rest.ends_with(is_between) => rest,
        _ => before,
    };
    let before = before.trim_end_matches(is_between);
    let last = before.rsplit('/').next().unwrap_or_default();
    !before.is_empty() && (plain(before) == plain(name) || plain(last) == plain(name))
}

/// A name without what differs between a crate, its folder and a repository.
pub fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

/// Whether it stands for a version that somebody writes when publishing.
pub fn is_placeholder(version: &str) -> bool {
    Version::parse(version).is_ok_and(|v| (v.major, v.minor, v.patch) == (0, 0, 0))
}

/// Whether a version that a file holds at a release leaves the number to whoever
/// publishes: a placeholder, or the development's version of this release or of one
/// before it, which nobody raised since.
pub fn is_left_behind(found: &str, release: &str) -> bool {
    let Some(open) = found.strip_suffix("-SNAPSHOT") else {
        return is_placeholder(found) || found == release;
    };
    let below = || Some(Version::parse(open).ok()? <= Version::parse(release).ok()?);
    open == release || is_placeholder(open) || below() == Some(true)
}

/// In words, that a manifest holds another version at a release, with the way out
/// where it is the next one's: whoever publishes may put the release's in.
pub fn is_another(tag: &str, path: &str, found: &str) -> String {
    let way = match found.ends_with("-SNAPSHOT") {
        true => {
            "; where whoever publishes puts it in, version.ecosystem = \"generic\" in .github/hotfix.toml says that the tag alone is the version"
        }
        false => "",
    };
    format!(
        "{tag} is not what {path} holds there ({found}): I do not know where the version of this release stands{way}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_snapshot_has_a_way_out() {
        let words = |found| is_another("v1.0.4", "gradle.properties", found);
        assert!(words("1.0.5-SNAPSHOT").contains("version.ecosystem = \"generic\""));
        assert!(!words("1.0.3").contains("generic"));
    }

    #[test]
    fn what_is_left_to_whoever_publishes() {
        for (found, is) in [
            ("0.0.0", true),
            ("0.0.0-SNAPSHOT", true),
            ("3.1.8-SNAPSHOT", true),
            ("3.0.0-SNAPSHOT", true),
            ("3.1.9-SNAPSHOT", false),
            ("4-SNAPSHOT", false),
            ("3.1.8", true),
            ("3.1.7", false),
            ("", false),
        ] {
            assert_eq!(is_left_behind(found, "3.1.8"), is, "{found}");
        }
    }
}
