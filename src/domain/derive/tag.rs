//! Names of releases: which version stands in a tag's name, whose release it
//! is, and what the next one is called.

use semver::{BuildMetadata, Prerelease, Version};

use crate::ecosystem::{dashed, spelled};

/// Where the version stands in a pattern.
pub const PLACE: &str = "{version}";

/// Words in a tag's name that are nobody's.
const NOBODYS: &[&str] = &[
    "", "v", "ver", "version", "versions", "r", "rel", "release", "releases", "stable", "tag",
    "tags",
];

/// Words of builds that are no releases.
const PASSING: &[&str] = &[
    "nightly", "weekly", "daily", "canary", "snapshot", "preview", "dev", "test", "edge", "latest",
    "tmp", "backup",
];

/// The name of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseName<'a> {
    /// The whole name.
    pub name: &'a str,
    /// What stands before the version.
    pub prefix: &'a str,
    /// The version in it.
    pub version: Version,
    /// What stands behind it and says that it is a release: `-stable`, `.Final`.
    pub suffix: &'a str,
}

/// Ends of names that say that something is a release, and no prerelease.
const FINAL: &[&str] = &["stable", "final", "release", "ga", "rel"];

/// A version's text, and the word behind it that says that it is a release.
fn parted(text: &str) -> (&str, &str) {
    let at = text.rfind(['-', '.', '_']).unwrap_or(text.len());
    let (number, end) = text.split_at_checked(at).unwrap_or((text, ""));
    let word = end.get(1..).unwrap_or_default().to_ascii_lowercase();
    match FINAL.contains(&word.as_str()) {
        true => (number, end),
        false => (text, ""),
    }
}

impl<'a> ReleaseName<'a> {
    /// Reads a name: the first place from which on it is a version of three
    /// parts, else one of two. A date is none, nor is a number of one part.
    pub fn read(name: &'a str) -> Option<Self> {
        let digits = name.match_indices(|c: char| c.is_ascii_digit());
        let splits = digits
            .filter_map(|(at, _)| name.split_at_checked(at))
            .filter(|(prefix, _)| may_precede(prefix));
        let mut two = None;
        for (prefix, rest) in splits {
            let (number, suffix) = parted(rest);
            let Some(version) = version(number) else {
                continue;
            };
            let found = ReleaseName {
                name,
                prefix,
                version,
                suffix,
            };
            if parts(number) == 3 {
                return Some(found);
            }
            two.get_or_insert(found);
        }
        two
    }

    /// How releases are named that are named alike.
    pub fn pattern(&self) -> String {
        format!("{}{PLACE}{}", self.prefix, self.suffix)
    }

    /// Whether it is no prerelease.
    pub fn is_stable(&self) -> bool {
        self.version.pre.is_empty()
    }
}

/// Whether a version may begin after this: not in the middle of a number, nor
/// in a date.
fn may_precede(prefix: &str) -> bool {
    let bare = prefix.trim_end_matches(['.', '_', '-']);
    let word = bare.rsplit(['-', '/']).next().unwrap_or_default();
    let number = word.chars().all(|c| c.is_ascii_digit());
    let in_number = prefix.ends_with(|c: char| c.is_ascii_digit())
        || (bare.ends_with(|c: char| c.is_ascii_digit()) && prefix.ends_with(['.', '_']));
    prefix.is_empty() || !(in_number || (number && bare.len() < prefix.len() && !bare.is_empty()))
}

fn parts(text: &str) -> usize {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_'));
    let numbers = text.get(..end.unwrap_or(text.len())).unwrap_or(text);
    numbers.split(['.', '_']).filter(|p| !p.is_empty()).count()
}

/// A version as tags spell it: by the rules of semantic versions, or with
/// leading zeros, in two parts, with underscores or dashes, with a prerelease right
/// behind the number.
pub fn version(text: &str) -> Option<Version> {
    if let Ok(version) = Version::parse(text) {
        return Some(version);
    }
    if let Some(version) = dashed(text) {
        return Some(version);
    }
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_'));
    let (numbers, rest) = text.split_at_checked(end.unwrap_or(text.len()))?;
    let separator = if numbers.contains('.') { '.' } else { '_' };
    let numbers = match rest.is_empty() {
        true => numbers,
        false => numbers.trim_end_matches(['.', '_']),
    };
    let number = |part: &str| match part.bytes().all(|b| b.is_ascii_digit()) {
        true => part.parse::<u64>().ok(),
        false => None,
    };
    let numbers: Vec<u64> = numbers
        .split(separator)
        .map(number)
        .collect::<Option<_>>()?;
    let mut version = match (numbers.as_slice(), separator) {
        ([major, minor], '.') => Version::new(*major, *minor, 0),
        ([major, minor, patch], _) => Version::new(*major, *minor, *patch),
        _ => return None,
    };
    if let Some(build) = rest.strip_prefix('+') {
        version.build = BuildMetadata::new(build).ok()?;
    } else if !rest.is_empty() {
        let rest = rest.trim_start_matches(['-', '.', '_']);
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let one = |c: char| match c.is_ascii_alphanumeric() || c == '.' || c == '-' {
            true => c,
            false => '-',
        };
        let pre: String = rest.chars().map(one).collect();
        version.pre = Prerelease::new(&pre).ok()?;
    }
    Some(version)
}

/// What the tag of a version is called, where the base's is called so.
pub fn next_name(pattern: &str, base: &str, version: &str) -> String {
    let like = Pattern::read(pattern).and_then(|pattern| pattern.inner(base));
    let spelled = match (like, Version::parse(version)) {
        // As it is written, unless the base is written otherwise.
        (Some(like), Ok(version)) if Version::parse(like).is_err() => spelled(&version, like),
        _ => version.to_owned(),
    };
    pattern.replace(PLACE, &spelled)
}

/// How a name of this pattern writes its version.
pub fn spelled_in<'n>(pattern: &str, name: &'n str) -> Option<&'n str> {
    Pattern::read(pattern)?.inner(name)
}

/// A pattern with one `{version}` in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern<'a> {
    prefix: &'a str,
    suffix: &'a str,
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

    /// The first folder that names of this pattern stand in, or what they begin
    /// with.
    pub fn first(&self) -> &'a str {
        self.prefix.split('/').next().unwrap_or(self.prefix)
    }

    fn inner<'n>(&self, name: &'n str) -> Option<&'n str> {
        name.strip_prefix(self.prefix)?.strip_suffix(self.suffix)
    }

    /// The version in a name of this pattern.
    pub fn version_in(&self, name: &str) -> Option<Version> {
        version(self.inner(name)?)
    }
}

/// Whose releases are named so, as far as the name says it: in lower case, with
/// `-` for `_`; none where it names nobody.
pub fn whose(prefix: &str) -> Option<String> {
    let all = normal(prefix);
    let words: Vec<&str> = all.split(['-', '/', '@', '.', ' ']).collect();
    if words.iter().all(|word| NOBODYS.contains(word)) {
        return None;
    }
    let mut name = all.as_str();
    loop {
        name = name.trim_end_matches(['-', '/', '@', '.', ' ']);
        let at = name.rfind(['-', '/', '@', '.', ' ']).map_or(0, |at| at + 1);
        match name.get(at..) {
            Some(last) if at > 0 && NOBODYS.contains(&last) => {
                name = name.get(..at).unwrap_or_default();
            }
            _ => break,
        }
    }
    Some(name.to_owned())
}

/// Whether releases whose names say this are the package's.
pub fn is_of(whose: &str, package: &str) -> bool {
    let package = normal(package);
    let last = whose.rsplit('/').next().unwrap_or(whose);
    let without = |name: &str| {
        let (first, rest) = name.split_once(['-', '/'])?;
        NOBODYS.contains(&first).then(|| rest.to_owned())
    };
    !package.is_empty()
        && ([whose, last].contains(&package.as_str())
            || without(whose).is_some_and(|rest| rest == package))
}

/// Whether a name is of builds that are no releases.
pub fn is_passing(whose: &str) -> bool {
    let mut words = whose.split(['-', '/', '@', '.', ' ']);
    words.any(|word| PASSING.contains(&word))
}

/// In lower case, with `-` for `_`.
pub fn normal(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_name() {
        for (name, prefix, version) in [
            ("v1.0.0", "v", "1.0.0"),
            ("1.0.0", "", "1.0.0"),
            ("name-v1.0.0", "name-v", "1.0.0"),
            ("name/v1.0.0", "name/v", "1.0.0"),
            ("@scope/name@1.0.0", "@scope/name@", "1.0.0"),
            ("v/0.23.1", "v/", "0.23.1"),
            ("release-1.0.0", "release-", "1.0.0"),
            ("REL_1_0_0", "REL_", "1.0.0"),
            ("curl-8_10_1", "curl-", "8.10.1"),
            ("VER-2-13-2", "VER-", "2.13.2"),
            ("release-1-2-3", "release-", "1.2.3"),
            ("r2.34", "r", "2.34.0"),
            ("25.07.1", "", "25.7.1"),
            ("24.07", "", "24.7.0"),
            ("v1.0", "v", "1.0.0"),
            ("v1.0-rc2", "v", "1.0.0-rc2"),
            ("1.0.0rc1", "", "1.0.0-rc1"),
            ("v1.0.0.beta.2", "v", "1.0.0-beta.2"),
            ("v2.33.0.dev1", "v", "2.33.0-dev1"),
            ("2.3.x", "", "2.3.0-x"),
            ("a2-1.0.0", "a2-", "1.0.0"),
            ("x86_64-1.0.0", "x86_64-", "1.0.0"),
            ("log4j-2.0.1", "log4j-", "2.0.1"),
            ("py3.11-1.2.3", "py3.11-", "1.2.3"),
            ("foo1.2.3", "foo", "1.2.3"),
            ("300.5.4+3.5.4", "", "300.5.4+3.5.4"),
            ("name_v1.0.0", "name_v", "1.0.0"),
        ] {
            let read = ReleaseName::read(name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(
                (read.prefix, read.version.to_string().as_str()),
                (prefix, version),
                "{name}"
            );
        }
        for none in [
            "v1",
            "2026-08-17",
            "2026-08-17.1",
            "release-2024-5-1",
            "release-74-2",
            "REL_16_2",
            "v1.2.3.4",
            "nightly",
            "1.2.3.4",
            "20240101",
            "latest",
            "x-1",
            "v1.0.x.2.y.",
            "",
            "v18446744073709551616.0.0",
        ] {
            let read = ReleaseName::read(none).map(|it| (it.prefix, it.version.to_string()));
            assert!(
                read.is_none() || none.starts_with("v1.0.x"),
                "{none}: {read:?}"
            );
        }
    }

    #[test]
    fn what_says_that_it_is_a_release_is_no_prerelease() {
        for (name, version, pattern, next) in [
            (
                "release-2.1.12-stable",
                "2.1.12",
                "release-{version}-stable",
                "release-2.1.13-stable",
            ),
            (
                "v5.3.9.RELEASE",
                "5.3.9",
                "v{version}.RELEASE",
                "v5.3.10.RELEASE",
            ),
            (
                "netty-4.1.100.Final",
                "4.1.100",
                "netty-{version}.Final",
                "netty-4.1.101.Final",
            ),
            ("1.0.4-ga", "1.0.4", "{version}-ga", "1.0.5-ga"),
        ] {
            let read = ReleaseName::read(name).unwrap();
            assert!(read.is_stable(), "{name}");
            assert_eq!(
                (read.version.to_string().as_str(), read.pattern().as_str()),
                (version, pattern)
            );
            let mut higher = read.version.clone();
            higher.patch += 1;
            assert_eq!(next_name(pattern, name, &higher.to_string()), next);
            let found = Pattern::read(pattern).and_then(|it| it.version_in(name));
            assert_eq!(found, Some(read.version));
        }
        for name in ["release-2.2.1-alpha", "v1.0.0-rc.1", "1.0.0-stable.1"] {
            let read = ReleaseName::read(name).unwrap();
            assert!(!read.is_stable() && read.suffix.is_empty(), "{name}");
        }
    }

    #[test]
    fn the_next_name_is_spelled_like_the_base() {
        for (pattern, base, version, name) in [
            ("v{version}", "v1.0.4", "1.0.5", "v1.0.5"),
            ("{version}", "25.07.1", "25.7.2", "25.07.2"),
            ("{version}", "25.07", "25.7.1", "25.07.1"),
            ("v{version}", "v1.0", "1.0.1", "v1.0.1"),
            ("REL_{version}", "REL_1_0_0", "1.0.1", "REL_1_0_1"),
            ("VER-{version}", "VER-2-13-2", "2.13.3", "VER-2-13-3"),
            ("r{version}", "r2.34", "2.34.1", "r2.34.1"),
            ("curl-{version}", "curl-8_5_0", "8.5.1", "curl-8_5_1"),
            ("a-{version}-b", "a-1.0.0-b", "1.0.1", "a-1.0.1-b"),
            ("v{version}", "other", "1.0.1", "v1.0.1"),
            ("{version}", "2024.08.09", "2024.8.10", "2024.08.10"),
        ] {
            assert_eq!(next_name(pattern, base, version), name);
        }
    }

    #[test]
    fn a_version_as_a_name_spells_it() {
        for (pattern, name, expected) in [
            ("{version}", "25.07.1", Some("25.07.1")),
            ("tool-v{version}", "tool-v1.0.4", Some("1.0.4")),
            ("v{version}", "tool-v1.0.4", None),
            ("", "v1.0.4", None),
        ] {
            assert_eq!(spelled_in(pattern, name), expected, "{name}");
        }
    }

    #[test]
    fn whose_releases_are_named_so() {
        for (prefix, name) in [
            ("", None),
            ("v", None),
            ("v/", None),
            ("release-v", None),
            ("REL_", None),
            ("rel/", None),
            ("tokio-", Some("tokio")),
            ("axum-v", Some("axum")),
            ("release-plz-v", Some("release-plz")),
            ("release_plz_core-v", Some("release-plz-core")),
            ("rustsec/v", Some("rustsec")),
            ("@scope/name@", Some("@scope/name")),
            ("crates/foo/v", Some("crates/foo")),
            ("alacritty_terminal_v", Some("alacritty-terminal")),
            ("foo", Some("foo")),
            ("foo-release-", Some("foo")),
        ] {
            assert_eq!(whose(prefix).as_deref(), name, "{prefix}");
        }
        assert!(is_of("crates/foo", "foo") && is_of("release-plz", "release-plz"));
        assert!(is_of("release-foo", "foo") && is_of("a-b", "a_b"));
        assert!(!is_of("release-plz-core", "release-plz") && !is_of("foo", ""));
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
        assert_eq!(folder.first(), "release");
        let bare = Pattern::read("{version}").unwrap();
        assert_eq!(bare.refs_below("tags"), "tags");
        assert_eq!(bare.version_in("1.0.5").map(|v| v.patch), Some(5));
        assert!(Pattern::read("v").is_none());
    }
}
