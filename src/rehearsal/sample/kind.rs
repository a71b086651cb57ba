//! Samples of other kinds than the built-in program: small made-up repositories, a file
//! each. All are `harbour/lantern`, released five times, with something unreleased on
//! main and the same bug.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::rehearsal::registry::{Registry, Version};
use crate::sim::World;
use crate::sim::clock::Millis;
use crate::sim::packages::Place;

const KINDS: &[(&str, &str)] = &[
    ("npm", include_str!("kinds/npm.toml")),
    (
        "semantic-release",
        include_str!("kinds/semantic-release.toml"),
    ),
    ("python", include_str!("kinds/python.toml")),
    ("python-release", include_str!("kinds/python-release.toml")),
    ("go", include_str!("kinds/go.toml")),
    ("action", include_str!("kinds/action.toml")),
    ("monorepo", include_str!("kinds/monorepo.toml")),
];

/// A made-up repository.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindSample {
    /// The sample that it is like; what stands here stands in its place.
    like: Option<String>,
    /// The package, as in `npm:lantern`; none: the tag is all that users have.
    package: Option<String>,
    /// What stands before the number in a tag.
    #[serde(default = "v")]
    pub prefix: String,
    /// The changelog, which has a section for each release.
    changelog: Option<String>,
    /// Its `hotfix.toml`, beside the schema.
    #[serde(default)]
    pub config: String,
    /// The files of its first commit.
    pub always: BTreeMap<String, String>,
    /// The files of each release; `{version}` in them.
    #[serde(default)]
    released: BTreeMap<String, String>,
    /// What is on main since the last one.
    #[serde(default)]
    pub since: BTreeMap<String, String>,
    /// What mends the bug.
    #[serde(default)]
    pub fix: BTreeMap<String, String>,
}

fn v() -> String {
    "v".to_owned()
}

impl KindSample {
    /// The sample of this name.
    ///
    /// # Errors
    /// In words: there is none, or its file is wrong.
    pub fn find(named: &str) -> Result<KindSample, String> {
        let found = KINDS.iter().find(|(name, _)| *name == named);
        let all: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        let (_, text) =
            found.ok_or_else(|| format!("sample = \"{named}\": there are {}", all.join(", ")))?;
        let read: Result<KindSample, _> = toml::from_str(text);
        let sample = read.map_err(|e| format!("sample = \"{named}\": {e}"))?;
        match sample.like.clone() {
            Some(like) => Ok(sample.above(KindSample::find(&like)?)),
            None => Ok(sample),
        }
    }

    /// What stands here in the place of what another one says.
    fn above(self, other: KindSample) -> KindSample {
        let mut always = other.always;
        always.retain(|path, _| !self.released.contains_key(path));
        always.extend(self.always);
        let mut released = other.released;
        released.extend(self.released);
        KindSample {
            like: None,
            package: self.package.or(other.package),
            prefix: self.prefix,
            changelog: self.changelog.or(other.changelog),
            config: self.config + &other.config,
            always,
            released,
            since: other.since,
            fix: other.fix,
        }
    }

    /// The tag of a version.
    pub fn tag(&self, version: &str) -> String {
        format!("{}{version}", self.prefix)
    }

    /// The files of a release; `changelog` is the one before it.
    pub fn released(&self, version: &str, changelog: &str) -> Vec<(String, String)> {
        let patch = version.split('.').nth(2).unwrap_or_default();
        let filled = |text: &String| text.replace("{version}", version).replace("{patch}", patch);
        let files = self.released.iter();
        let mut files: Vec<(String, String)> = files
            .map(|(path, text)| (path.clone(), filled(text)))
            .collect();
        if let Some(path) = &self.changelog {
            let before = changelog.strip_prefix(HEAD).unwrap_or(changelog);
            let section = format!("## {version}\n\n- What is new in {version}\n");
            let gap = if before.is_empty() { "" } else { "\n" };
            files.push((path.clone(), format!("{HEAD}{section}{gap}{before}")));
        }
        files
    }

    /// The changelog's path.
    pub fn changelog(&self) -> Option<&str> {
        self.changelog.as_deref()
    }

    /// Puts a release on its registry.
    pub fn publish(&self, world: &mut World, repo: u64, version: &str, commit: &str, at: Millis) {
        let named = self.package.as_deref().and_then(|it| it.split_once(':'));
        let place = |word: &str| match word {
            "npm" => Some(Place::Npm),
            "pypi" => Some(Place::Pypi),
            "go" => Some(Place::Go),
            _ => None,
        };
        if let Some((word, name)) = named
            && let Some(place) = place(word)
        {
            let of = Version {
                name,
                number: version,
            };
            Registry::Of(place).seed(world, repo, of, commit, at);
        }
    }
}

const HEAD: &str = "# Changelog\n\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_right_and_its_fix_touches_nothing_unreleased() {
        for (name, _) in KINDS {
            let sample = KindSample::find(name).unwrap();
            let known = |path: &String| {
                let released = sample.released("1.0.4", "");
                sample.always.contains_key(path) || released.iter().any(|(it, _)| it == path)
            };
            assert!(
                sample.fix.keys().any(known),
                "{name}: what is mended is there"
            );
            assert!(
                sample.fix.keys().all(|it| !sample.since.contains_key(it)),
                "{name}"
            );
            assert!(sample.since.keys().all(|it| !known(it)), "{name}");
        }
        let why = KindSample::find("cobol").unwrap_err();
        assert!(why.contains("there are npm, "), "{why}");
    }

    #[test]
    fn the_changelog_grows_release_by_release() {
        let sample = KindSample::find("npm").unwrap();
        let log = |version: &str, before: &str| {
            let files = sample.released(version, before);
            files
                .into_iter()
                .find(|(path, _)| path == "CHANGELOG.md")
                .unwrap()
                .1
        };
        let first = log("1.0.0", "");
        assert_eq!(first, "# Changelog\n\n## 1.0.0\n\n- What is new in 1.0.0\n");
        let second = log("1.0.1", &first);
        assert!(
            second.starts_with("# Changelog\n\n## 1.0.1\n\n"),
            "{second}"
        );
        assert!(
            second.ends_with("\n\n## 1.0.0\n\n- What is new in 1.0.0\n"),
            "{second}"
        );
    }
}
