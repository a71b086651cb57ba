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
