//! Names that hold a version: `v{version}`, `hotfix/v{version}`. Pure.

use semver::Version;

use crate::github::ops::{GitObject, GitRef};

const PLACE: &str = "{version}";

/// A pattern with one `{version}` in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern<'a> {
    prefix: &'a str,
    suffix: &'a str,
}

/// The release to start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseTag {
    /// The tag's name.
    pub tag: String,
    /// The version in it.
    pub version: Version,
    /// What its ref names.
    pub object: GitObject,
}

impl<'a> Pattern<'a> {
    /// Reads a pattern; none where it holds no `{version}`.
    pub fn read(pattern: &'a str) -> Option<Self> {
        let (prefix, suffix) = pattern.split_once(PLACE)?;
        Some(Pattern { prefix, suffix })
    }

    /// What the refs of this pattern begin with, below `tags` or `heads`: never
    /// with a slash at the end, which a server may take for another address.
    pub fn refs_below(&self, kind: &str) -> String {
        let name = format!("{kind}/{}", self.prefix);
        name.trim_end_matches('/').to_owned()
    }

    /// The version in a name of this pattern.
    pub fn version_in(&self, name: &str) -> Option<Version> {
        let inner = name.strip_prefix(self.prefix)?;
        Version::parse(inner.strip_suffix(self.suffix)?).ok()
    }

    /// The versions in refs below `root` (`refs/tags/`), with their refs.
    pub fn versions<'r>(
        &self,
        root: &str,
        refs: &'r [GitRef],
    ) -> Vec<(Version, &'r str, &'r GitRef)> {
        let one = |r: &'r GitRef| {
            let name = r.name.strip_prefix(root)?;
            Some((self.version_in(name)?, name, r))
        };
        refs.iter().filter_map(one).collect()
    }

    /// The highest release among tags: stable ones, unless prereleases may be
    /// hotfixed too.
    pub fn highest(&self, tags: &[GitRef], prereleases: bool) -> Option<BaseTag> {
        let all = self.versions("refs/tags/", tags).into_iter();
        all.filter(|(version, ..)| prereleases || version.pre.is_empty())
            .max_by(|(a, ..), (b, ..)| a.cmp(b))
            .map(|(version, tag, r)| BaseTag {
                tag: tag.to_owned(),
                version,
                object: r.object.clone(),
            })
    }
}

/// The usual names of a release tag, the likelier first.
pub fn known(package: Option<&str>) -> Vec<String> {
    let mut all = vec![format!("v{PLACE}"), PLACE.to_owned()];
    if let Some(name) = package {
        all.extend(["-v", "-", "/v", "/", "@"].map(|between| format!("{name}{between}{PLACE}")));
    }
    all
}

/// The ways to name a stable release, beside `v1.0.0` and `1.0.0`, that are met
/// among tags.
pub fn other(tags: &[GitRef]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for prefix in tags.iter().filter_map(|tag| prefix(&tag.name)) {
        let pattern = format!("{prefix}{PLACE}");
        if !matches!(prefix, "" | "v") && !found.contains(&pattern) {
            found.push(pattern);
        }
    }
    found
}

/// What stands before the stable version in a tag's name.
fn prefix(name: &str) -> Option<&str> {
    let name = name.strip_prefix("refs/tags/")?;
    let digits = name.match_indices(|c: char| c.is_ascii_digit());
    let mut splits = digits.filter_map(|(at, _)| name.split_at_checked(at));
    splits.find_map(|(prefix, rest)| {
        let version = Version::parse(rest).ok()?;
        version.pre.is_empty().then_some(prefix)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_to_name_a_release() {
        let all = tags(&[
            "v1.0.0",
            "2.0.0",
            "a2-1.0.0",
            "a2-1.1.0",
            "b/v1.0.0",
            "x-1",
            "y-1.0.0-rc.1",
        ]);
        assert_eq!(other(&all), ["a2-{version}", "b/v{version}"]);
        assert!(other(&tags(&["v1.0.0", "1.0.0", "nightly"])).is_empty());
        assert_eq!(known(None), ["v{version}", "{version}"]);
        assert_eq!(
            known(Some("a"))[2..5],
            ["a-v{version}", "a-{version}", "a/v{version}"]
        );
    }

    fn tags(names: &[&str]) -> Vec<GitRef> {
        names
            .iter()
            .map(|name| GitRef {
                name: format!("refs/tags/{name}"),
                object: GitObject::default(),
            })
            .collect()
    }

    #[test]
    fn the_highest_release_by_version_not_by_name() {
        let all = tags(&["v1.0.9", "v1.0.10", "v1.1.0-rc.1", "v1.0", "vim", "v2"]);
        let pattern = Pattern::read("v{version}").unwrap();
        let highest = |pre| pattern.highest(&all, pre).map(|base| base.tag);
        assert_eq!(highest(false).as_deref(), Some("v1.0.10"));
        assert_eq!(highest(true).as_deref(), Some("v1.1.0-rc.1"));
        assert_eq!(pattern.highest(&tags(&["v1", "w1.0.0"]), true), None);
        assert!(Pattern::read("v").is_none());
    }

    #[test]
    fn other_patterns() {
        let pattern = Pattern::read("tool-{version}-release").unwrap();
        assert_eq!(pattern.refs_below("tags"), "tags/tool-");
        let version = pattern.version_in("tool-1.2.3-release").unwrap();
        assert_eq!(version.to_string(), "1.2.3");
        assert_eq!(pattern.version_in("tool-1.2.3"), None);
        assert_eq!(pattern.version_in("tool-release"), None);
        let folder = Pattern::read("release/{version}").unwrap();
        assert_eq!(folder.refs_below("heads"), "heads/release");
        let bare = Pattern::read("{version}").unwrap();
        assert_eq!(bare.refs_below("tags"), "tags");
        assert_eq!(bare.version_in("1.0.5").map(|v| v.patch), Some(5));
    }
}
