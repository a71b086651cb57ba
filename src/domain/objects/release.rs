//! What users find: the tag, the GitHub release, the version on the registry.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Sha;
use crate::ecosystem::RegistryKind;

/// The release tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// The tag object; the commit itself for a lightweight tag.
    pub object: Sha,
    /// The commit behind it.
    pub commit: Sha,
    /// Whether it is annotated.
    pub annotated: bool,
}

/// The tag as it stood, for who goes on only while it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingTag {
    /// The tag's name.
    pub tag: String,
    /// Its object, which nobody makes a second time.
    pub object: Sha,
}

/// A GitHub release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// GitHub's id.
    pub id: u64,
    /// Its page.
    pub url: String,
    /// Not published yet.
    pub draft: bool,
    /// Marked as a prerelease.
    pub prerelease: bool,
    /// Whether it is the repository's Latest, where that was read.
    pub latest: bool,
    /// Its assets.
    pub assets: Vec<Asset>,
    /// The fingerprint of our block in its notes, if it is there.
    pub notes: Option<String>,
    /// Whether its tag and its assets are fixed for good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub immutable: bool,
    /// Whether it is marked as taken back, in its title and in its notes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

/// A release's asset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Its file name.
    pub name: String,
    /// Whether its upload is complete.
    pub uploaded: bool,
    /// Its size in bytes.
    pub size: u64,
    /// GitHub's id.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub id: u64,
    /// Its SHA-256 as GitHub has it, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

fn is_nothing(id: &u64) -> bool {
    *id == 0
}

/// How the bot's block stood in the notes before it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "was", rename_all = "snake_case")]
pub enum NotesWere {
    /// It was not there.
    Missing,
    /// It stood there as it is.
    Same,
    /// It said something else.
    Other {
        /// So many of its lines are new.
        new: u64,
        /// And so many of the old ones are gone.
        gone: u64,
    },
}

/// A version on the registry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryVersion {
    /// Taken back.
    pub yanked: bool,
    /// SHA-256 of the package file, hex, or what else the registry tells as its
    /// checksum.
    pub checksum: String,
    /// Whether it is listed where installers look, as in the sparse index that cargo
    /// reads.
    pub indexed: bool,
    /// Its page or API address.
    pub url: String,
    /// What was published, package by package.
    #[serde(default)]
    pub built: Vec<Built>,
    /// Files that the base release has there, and this one lacks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// npm's packages, each with the version that its `latest` leads to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub latest: Vec<(String, String)>,
}

/// A package at a version on a registry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnRegistry {
    /// Where.
    #[serde(default, skip_serializing_if = "RegistryKind::is_first")]
    pub registry: RegistryKind,
    /// Its name there.
    pub package: String,
    /// The version.
    pub version: String,
}

/// A tag beside the release's, which is made or moved with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    /// Its name.
    pub name: String,
    /// What it is; none: there is none.
    pub at: Option<Tag>,
}

/// A package of the release, by itself: whether the registry has it, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Where.
    #[serde(default, skip_serializing_if = "RegistryKind::is_first")]
    pub registry: RegistryKind,
    /// Its name.
    pub package: String,
    /// The version that it was to get.
    pub version: String,
    /// Whether the registry has that version.
    pub there: bool,
    /// Whether it is taken back there.
    pub yanked: bool,
}

/// What the file of a published package says of where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Origin {
    /// Nobody looked, or the file was not there yet.
    #[default]
    Unread,
    /// It does not say: it was packed outside of git.
    NotRecorded,
    /// It is too large, or broken.
    Unreadable,
    /// It is not the file of which the index has the checksum.
    Altered,
    /// This commit.
    Commit {
        /// Which.
        commit: Sha,
        /// Whether it was packed with changes that were not committed.
        #[serde(default)]
        dirty: bool,
    },
}

/// A package of the release, as it was published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Built {
    /// Its name.
    pub package: String,
    /// SHA-256 of its file, hex.
    pub checksum: String,
    /// Where it comes from.
    pub origin: Origin,
}
