//! Releases and their assets.

use std::collections::{BTreeMap, BTreeSet};

use super::account::UserId;
use crate::sim::clock::Millis;

/// A repository's releases.
#[derive(Debug, Default)]
pub struct RepoReleases {
    /// By id.
    pub all: BTreeMap<u64, Release>,
    /// The one that was explicitly made the latest.
    pub pinned: Option<u64>,
    /// Whether releases become immutable when they are published.
    pub immutable: bool,
    /// The SHA-256 of files that were attested, hex.
    pub attested: BTreeSet<String>,
    /// The categories of the repository's discussions; none: it has no discussions.
    pub categories: Vec<String>,
}

/// A release.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its id.
    pub id: u64,
    /// Its tag's name.
    pub tag: String,
    /// What a missing tag is created at.
    pub target: String,
    /// Its title.
    pub name: Option<String>,
    /// Its text.
    pub body: Option<String>,
    /// Whether it is not published yet.
    pub draft: bool,
    /// Whether it is marked as not for production.
    pub prerelease: bool,
    /// Whether tag and assets are fixed.
    pub immutable: bool,
    /// Whether it may be the latest (`make_latest` is not `false`).
    pub may_be_latest: bool,
    /// Who made it.
    pub author: UserId,
    /// The date of the tag's commit; while there is none, when it was made.
    pub created_at: Millis,
    /// When it was published.
    pub published_at: Option<Millis>,
    /// When it last changed.
    pub updated_at: Millis,
    /// The number of its discussion.
    pub discussion: Option<u64>,
    /// Its assets, in the order of upload.
    pub assets: Vec<Asset>,
    /// Every text it had: (when, by whom, text).
    pub bodies: Vec<(Millis, UserId, String)>,
}

/// A file of a release.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// `uploaded`, or `open` for one that did not arrive whole.
    pub state: &'static str,
    /// Its MIME type.
    pub content_type: String,
    /// Its bytes.
    pub data: Vec<u8>,
    /// When it came.
    pub created_at: Millis,
    /// Who uploaded it.
    pub uploader: UserId,
}

impl RepoReleases {
    /// The published release of a tag.
    pub fn by_tag(&self, tag: &str) -> Option<&Release> {
        self.all.values().find(|r| !r.draft && r.tag == tag)
    }

    /// The release of a tag, drafts included; a published one first.
    pub fn any_by_tag(&self, tag: &str) -> Option<&Release> {
        self.by_tag(tag)
            .or_else(|| self.all.values().rev().find(|r| r.tag == tag))
    }

    /// The latest release: the one made so, else the newest published one by
    /// the date of its commit, then by version.
    pub fn latest(&self) -> Option<&Release> {
        let fits = |r: &&Release| !r.draft && !r.prerelease && r.may_be_latest;
        let pinned = self.pinned.and_then(|id| self.all.get(&id)).filter(fits);
        pinned.or_else(|| {
            let version = |r: &Release| semver::Version::parse(r.tag.trim_start_matches('v')).ok();
            self.all
                .values()
                .filter(fits)
                .max_by_key(|r| (r.created_at, version(r), r.id))
        })
    }

    /// The published release that came before, by the time of publication.
    pub fn previous(&self, than: u64) -> Option<&Release> {
        let others = self
            .all
            .values()
            .filter(|r| !r.draft && !r.prerelease && r.id != than);
        others.max_by_key(|r| (r.published_at, r.id))
    }
}
