//! Which numbers are spoken for, and by what.

use std::collections::BTreeMap;

use semver::Version;
use serde::{Deserialize, Serialize};

use super::tag::{Pattern, ReleaseName, is_of, version, whose};

/// As many numbers are kept with what took them.
const KEPT: usize = 30;

/// What a number is taken by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "by", content = "what", rename_all = "snake_case")]
pub enum TakenBy {
    /// A tag, or one below it.
    Tag(String),
    /// A branch, or one below it.
    Branch(String),
    /// A GitHub release or its draft.
    Release(String),
    /// The registry.
    Registry,
    /// A manifest of the default branch.
    Manifest(String),
    /// A section of this changelog on the default branch.
    Changelog(String),
    /// An open pull request.
    Pull(u64),
}

/// Numbers, each with the first thing that took it.
#[derive(Clone, Debug, Default)]
pub struct Taken(BTreeMap<Version, TakenBy>);

impl Taken {
    /// Notes a number.
    pub fn take(&mut self, mut version: Version, by: TakenBy) {
        version.build = semver::BuildMetadata::EMPTY;
        self.0.entry(version).or_insert(by);
    }

    /// Notes numbers.
    pub fn all(&mut self, versions: impl IntoIterator<Item = Version>, by: &TakenBy) {
        for version in versions {
            self.take(version, by.clone());
        }
    }

    /// Tags of the product, in whichever way it names them; a tag below one
    /// keeps that one from being made.
    pub fn tags<'t>(
        &mut self,
        tags: impl IntoIterator<Item = &'t str>,
        pattern: &str,
        products: &[&str],
    ) {
        for tag in tags {
            let by = TakenBy::Tag(tag.to_owned());
            self.all(named(tag, pattern, products), &by);
        }
    }

    /// A GitHub release, published or not.
    pub fn release(&mut self, tag: &str, pattern: &str, products: &[&str]) {
        let by = TakenBy::Release(tag.to_owned());
        self.all(named(tag, pattern, products), &by);
    }

    /// Branches of a version: those of the configured pattern, and those that
    /// are named as a release is; with whatever stands below them.
    pub fn branches<'b>(&mut self, names: impl IntoIterator<Item = &'b str>, pattern: &str) {
        for name in names {
            let by = TakenBy::Branch(name.to_owned());
            self.all(with_parents(name, pattern), &by);
            let read = ReleaseName::read(name).filter(is_release_branch);
            self.all(read.map(|it| it.version), &by);
        }
    }

    /// An open pull request that prepares a release, by its title and branch.
    pub fn pull(&mut self, number: u64, title: &str, branch: &str) {
        let by = TakenBy::Pull(number);
        self.all(prepared(title), &by);
        let read = ReleaseName::read(branch).filter(is_release_branch);
        self.all(read.map(|it| it.version), &by);
    }

    /// Every number.
    pub fn versions(&self) -> impl Iterator<Item = &Version> {
        self.0.keys()
    }

    /// Those right above a base, with what took them.
    pub fn above(&self, base: &Version) -> BTreeMap<String, TakenBy> {
        let above = self.0.iter().filter(|(it, _)| {
            (it.major, it.minor) == (base.major, base.minor) && it.patch > base.patch
        });
        let kept = above.take(KEPT);
        kept.map(|(it, by)| (it.to_string(), by.clone())).collect()
    }
}

/// The versions of the product in a tag's name and in what it stands below.
fn named(tag: &str, pattern: &str, products: &[&str]) -> Vec<Version> {
    let mut found = with_parents(tag, pattern);
    let read = ReleaseName::read(tag).filter(|it| {
        let whose = whose(it.prefix);
        whose.is_none_or(|whose| products.iter().any(|product| is_of(&whose, product)))
    });
    found.extend(read.map(|it| it.version));
    found
}

/// The versions of a pattern in a name, and in each folder that it stands in.
fn with_parents(name: &str, pattern: &str) -> Vec<Version> {
    let Some(pattern) = Pattern::read(pattern) else {
        return Vec::new();
    };
    let folders = name.match_indices('/').filter_map(|(at, _)| name.get(..at));
    let all = folders.chain([name]);
    all.filter_map(|name| pattern.version_in(name)).collect()
}

/// Whether a branch is named for one release: `release/v1.0.5`,
/// `release-plz-v1.0.5`.
fn is_release_branch(name: &ReleaseName<'_>) -> bool {
    let words = name.prefix.to_lowercase();
    name.is_stable()
        && ["release", "hotfix", "rel/", "rel-", "bump"]
            .iter()
            .any(|w| words.contains(w))
}

/// The versions that a title says are being prepared: "chore: release v1.0.5".
fn prepared(title: &str) -> Vec<Version> {
    let words = title.to_lowercase();
    // A dependency's.
    if words.contains(" from ") && words.contains(" to ") {
        return Vec::new();
    }
    let says = ["release", "publish", "version", "prepare", "bump"];
    let is_alone = words.split_whitespace().count() == 1;
    if !is_alone && !says.iter().any(|word| words.contains(word)) {
        return Vec::new();
    }
    let one = |word: &str| {
        let word = word.trim_matches(|c: char| !(c.is_ascii_alphanumeric()));
        let word = word.strip_prefix('v').unwrap_or(word);
        let found = match word.starts_with(|c: char| c.is_ascii_digit()) {
            true => version(word),
            false => ReleaseName::read(word).map(|it| it.version),
        }?;
        let three = word.matches('.').count() >= 2;
        (three && found.pre.is_empty()).then_some(found)
    };
    title.split_whitespace().filter_map(one).collect()
}

/// The branch that keeps one of this pattern from being made, whatever its
/// version: one that is called like a folder of it.
pub fn in_the_way<'b>(
    pattern: &str,
    branches: impl IntoIterator<Item = &'b str>,
) -> Option<&'b str> {
    let (folder, _) = pattern.split_once("{version}")?;
    let folders: Vec<&str> = folder
        .match_indices('/')
        .filter_map(|(at, _)| folder.get(..at))
        .collect();
    let mut all = branches.into_iter();
    all.find(|name| folders.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(taken: &Taken) -> Vec<String> {
        taken.versions().map(Version::to_string).collect()
    }

    #[test]
    fn by_tags_in_whichever_way_the_product_names_them() {
        let mut taken = Taken::default();
        let tags = [
            "v1.0.5",
            "1.0.6",
            "plain-v1.0.7",
            "plain-core-v1.0.8",
            "v1.0.9/win",
            "v2.0",
            "v1.0.10-rc.1",
            "other/1.0.11",
        ];
        taken.tags(tags, "v{version}", &["plain"]);
        assert_eq!(
            shown(&taken),
            ["1.0.5", "1.0.6", "1.0.7", "1.0.9", "1.0.10-rc.1", "2.0.0"]
        );
    }

    #[test]
    fn by_branches_and_what_stands_below_them() {
        let mut taken = Taken::default();
        let names = [
            "hotfix/v1.0.5/win",
            "hotfix/v1.0.6",
            "release/v1.0.7",
            "release-1.0.8",
            "release-plz-v1.0.9",
            "feature/1.0.10",
            "release/1.1",
            "hotfix/other",
        ];
        taken.branches(names, "hotfix/v{version}");
        assert_eq!(
            shown(&taken),
            ["1.0.5", "1.0.6", "1.0.7", "1.0.8", "1.0.9", "1.1.0"]
        );
        let above = taken.above(&Version::new(1, 0, 4));
        let first = TakenBy::Branch("hotfix/v1.0.5/win".into());
        assert_eq!(above.get("1.0.5"), Some(&first));
        assert!(!above.contains_key("1.1.0"));
    }

    #[test]
    fn by_pull_requests_that_prepare_a_release() {
        for (title, branch, wants) in [
            ("release v1.0.5", "x", &["1.0.5"][..]),
            (
                "chore(main): release 1.0.5",
                "release-please--branches--main",
                &["1.0.5"],
            ),
            ("chore: release", "release-plz-2026-01-01T00-00-00Z", &[]),
            ("chore(plain): release v1.0.5", "x", &["1.0.5"]),
            ("Prepare plain-v1.0.5", "x", &["1.0.5"]),
            ("v1.0.5", "x", &["1.0.5"]),
            ("Bump version to 1.0.5.", "x", &["1.0.5"]),
            (
                "Bump serde from 1.0.4 to 1.0.5",
                "dependabot/cargo/serde-1.0.5",
                &[],
            ),
            ("Fix the crash of 1.0.4", "x", &[]),
            ("Update docs", "release/v1.0.5", &["1.0.5"]),
            ("release 1.0.5-rc.1", "x", &[]),
            ("Release notes for 1.1", "x", &[]),
        ] {
            let mut taken = Taken::default();
            taken.pull(7, title, branch);
            assert_eq!(shown(&taken), wants, "{title}");
        }
    }

    #[test]
    fn a_branch_that_is_a_folder_of_ours() {
        let way = |pattern, names: &[&'static str]| in_the_way(pattern, names.iter().copied());
        let pattern = "hotfix/v{version}";
        assert_eq!(way(pattern, &["hotfix/v1.0.5", "hotfix"]), Some("hotfix"));
        assert_eq!(way(pattern, &["hotfix/v1.0.5", "hotfixes"]), None);
        assert_eq!(way("a/b/v{version}", &["a/b"]), Some("a/b"));
        assert_eq!(way("hotfix-{version}", &["hotfix"]), None);
    }
}
