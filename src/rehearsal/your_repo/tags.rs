//! Which tags are releases, and how they are named.

use semver::Version;

use super::source::Tag;

/// A release tag.
#[derive(Clone, Debug)]
pub struct Release {
    /// The tag.
    pub tag: Tag,
    /// Its version.
    pub version: Version,
}

/// The stable releases of a repository.
#[derive(Clone, Debug)]
pub struct Releases {
    /// How their tags are named: `v{version}`.
    pub pattern: String,
    /// Lowest version first.
    pub all: Vec<Release>,
}

impl Releases {
    /// The releases among tags: by the pattern that is set, else by the one that
    /// the newest tag has, the bot's own and the package's before any other.
    pub fn find(tags: &[Tag], set: Option<&str>, package: &str) -> Option<Releases> {
        if let Some(pattern) = set {
            return Self::of(tags, pattern);
        }
        let known = [
            "v{version}".to_owned(),
            "{version}".to_owned(),
            format!("{package}-v{{version}}"),
            format!("{package}-{{version}}"),
            format!("{package}/v{{version}}"),
            format!("{package}@{{version}}"),
        ];
        let newest = |found: &Releases| found.all.iter().map(|r| r.tag.at).max();
        let best = |patterns: Vec<String>| {
            let found = patterns.iter().filter_map(|p| Self::of(tags, p));
            // Of two that are equally new, the first named.
            found.reduce(|a, b| if newest(&b) > newest(&a) { b } else { a })
        };
        best(known.to_vec()).or_else(|| best(tags.iter().filter_map(|t| guess(&t.name)).collect()))
    }

    fn of(tags: &[Tag], pattern: &str) -> Option<Releases> {
        let (prefix, suffix) = pattern.split_once("{version}")?;
        let one = |tag: &Tag| {
            let inner = tag.name.strip_prefix(prefix)?.strip_suffix(suffix)?;
            let version = Version::parse(inner).ok().filter(|v| v.pre.is_empty())?;
            Some(Release {
                tag: tag.clone(),
                version,
            })
        };
        let mut all: Vec<Release> = tags.iter().filter_map(one).collect();
        all.sort_by(|a, b| a.version.cmp(&b.version));
        (!all.is_empty()).then(|| Releases {
            pattern: pattern.to_owned(),
            all,
        })
    }

    /// The release of this tag or version.
    pub fn named(&self, name: &str) -> Option<&Release> {
        let fits = |r: &&Release| r.tag.name == name || r.version.to_string() == name;
        let bare = name.trim_start_matches('v');
        let all = || self.all.iter();
        all()
            .find(fits)
            .or_else(|| all().find(|r| r.version.to_string() == bare))
    }
}

/// `x-{version}` of `x-1.2.3`.
fn guess(name: &str) -> Option<String> {
    let at = name.find(|c: char| c.is_ascii_digit())?;
    let (prefix, version) = name.split_at(at);
    Version::parse(version).ok()?;
    Some(format!("{prefix}{{version}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(names: &[&str]) -> Vec<Tag> {
        let tag = |(at, name): (usize, &&str)| Tag {
            name: (*name).to_owned(),
            target: String::new(),
            commit: String::new(),
            at: at as i64,
        };
        names.iter().enumerate().map(tag).collect()
    }

    fn found(names: &[&str], set: Option<&str>) -> Option<(String, String)> {
        let all = Releases::find(&tags(names), set, "x")?;
        let last = all.all.last()?;
        Some((all.pattern.clone(), last.tag.name.clone()))
    }

    #[test]
    fn the_newest_way_to_name_a_release_counts() {
        let of = |names: &[&str]| found(names, None);
        let is = |p: &str, t: &str| Some((p.to_owned(), t.to_owned()));
        assert_eq!(
            of(&["v1.0.9", "v1.0.10", "v2.0.0-rc.1"]),
            is("v{version}", "v1.0.10")
        );
        assert_eq!(of(&["v0.1.0", "1.2.3", "0.9.0"]), is("{version}", "1.2.3"));
        assert_eq!(of(&["y-2.0.0", "x-1.0.0"]), is("x-{version}", "x-1.0.0"));
        assert_eq!(
            of(&["release-1.0.0"]),
            is("release-{version}", "release-1.0.0")
        );
        assert_eq!(of(&["v1", "nightly", "v1.0.0-beta"]), None);
        assert_eq!(
            found(&["v1.0.0", "y-2.0.0"], Some("y-{version}")),
            is("y-{version}", "y-2.0.0")
        );
    }

    #[test]
    fn a_base_is_named_by_tag_or_version() {
        let all = Releases::find(&tags(&["1.0.0", "1.1.0"]), None, "x").unwrap();
        for name in ["1.0.0", "v1.0.0"] {
            assert_eq!(all.named(name).unwrap().tag.name, "1.0.0", "{name}");
        }
        assert!(all.named("2.0.0").is_none());
    }
}
