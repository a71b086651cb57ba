//! What `/hotfix override` takes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A gate that a commander can pass although it is closed. The expected head,
/// roles, a taken version and a hold are none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Overridable {
    /// The fix changes that by which it is judged.
    Judge,
    /// The fix is more than a hotfix may be.
    Scope,
    /// The tag would not start a workflow of the release.
    ReleaseWorkflows,
    /// Nothing publishes the release but its merge: that is wanted.
    MergePublishes,
    /// Nothing publishes the release but its merge: a person does, from the tag.
    PublishByHand,
    /// A release of an older line becomes the newest somewhere.
    Latest,
    /// The fix is in packages that are no part of the release.
    NotReleased,
    /// What is built of what the fix changes stands there as it was.
    StaleBuild,
    /// A changelog that somebody must write has no section of the release.
    Changelog,
    /// The old number may stand where nothing was read.
    Places,
    /// A check that the branch's rules require has not passed.
    RequiredChecks,
    /// It was not tried on every platform of `test.platforms`.
    Platforms,
    /// The tag that stands on the tested commit is a lightweight one.
    LightweightTag,
    /// What this key of the configuration asks for.
    Key(String),
}

impl Overridable {
    /// What has a word of its own.
    pub const NAMED: [Overridable; 13] = [
        Overridable::Judge,
        Overridable::Scope,
        Overridable::ReleaseWorkflows,
        Overridable::MergePublishes,
        Overridable::PublishByHand,
        Overridable::Latest,
        Overridable::NotReleased,
        Overridable::StaleBuild,
        Overridable::Changelog,
        Overridable::Places,
        Overridable::RequiredChecks,
        Overridable::Platforms,
        Overridable::LightweightTag,
    ];

    /// The word that people type.
    pub fn word(&self) -> &str {
        match self {
            Overridable::Judge => "judge",
            Overridable::Scope => "scope",
            Overridable::ReleaseWorkflows => "release-workflows",
            Overridable::MergePublishes => "merge-publishes",
            Overridable::PublishByHand => "publish-by-hand",
            Overridable::Latest => "latest",
            Overridable::NotReleased => "not-released",
            Overridable::StaleBuild => "stale-build",
            Overridable::Changelog => "changelog",
            Overridable::Places => "places",
            Overridable::RequiredChecks => "required-checks",
            Overridable::Platforms => "platforms",
            Overridable::LightweightTag => "lightweight-tag",
            Overridable::Key(key) => key,
        }
    }

    /// The gate of this word: a key of the configuration is known by its dot.
    pub fn from_word(word: &str) -> Option<Overridable> {
        let word = word.to_ascii_lowercase();
        let mut named = Overridable::NAMED.into_iter();
        let is_key = |word: &str| {
            word.contains('.')
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || "._".contains(c))
        };
        named
            .find(|gate| gate.word() == word)
            .or_else(|| is_key(&word).then_some(Overridable::Key(word)))
    }
}

impl fmt::Display for Overridable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl From<Overridable> for String {
    fn from(gate: Overridable) -> String {
        gate.word().to_owned()
    }
}

impl TryFrom<String> for Overridable {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Overridable::from_word(&word).ok_or(word)
    }
}
