//! Releases and their assets.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Actor;
use crate::clock::Millis;
use crate::github::call::Call;
use crate::github::{Error, Repo, json as tolerant};

/// A release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Its id.
    pub id: i64,
    /// Its tag.
    pub tag_name: String,
    /// Title.
    pub name: Option<String>,
    /// Notes.
    #[serde(default)]
    pub body: String,
    /// Whether only those with push rights see it.
    pub draft: bool,
    /// Whether it is marked as a pre-release.
    pub prerelease: bool,
    /// Whether tag and assets are fixed for good.
    #[serde(default)]
    pub immutable: bool,
    /// Its page.
    #[serde(default)]
    pub html_url: String,
    /// Date of its commit.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub created_at: Option<Millis>,
    /// When it was published.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub published_at: Option<Millis>,
    /// Who made it.
    pub author: Option<Actor>,
    /// What hangs on it.
    pub assets: Vec<Asset>,
    /// Its discussion, if there is one.
    pub discussion_url: Option<String>,
}

/// A file of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// `uploaded` when it is whole.
    pub state: String,
    /// Bytes.
    #[serde(default)]
    pub size: i64,
    /// `sha256:...`, where GitHub tells it.
    pub digest: Option<String>,
    /// Media type.
    #[serde(default)]
    pub content_type: String,
    /// Where to get it.
    #[serde(default)]
    pub browser_download_url: String,
}

/// What to change of a release. The tag goes along always: a draft patched
/// without it was seen to lose its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReleasePatch<'a> {
    /// The release's present tag.
    pub tag_name: &'a str,
    /// New notes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<&'a str>,
    /// New title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    /// The category in which a discussion of it is opened, where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discussion_category_name: Option<&'a str>,
    /// `true`, `false` or `legacy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub make_latest: Option<&'a str>,
    /// Whether to hide it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<bool>,
    /// Whether to mark it as a pre-release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prerelease: Option<bool>,
}

impl Repo {
    /// The published release of a tag (drafts are not found this way):
    /// `GET .../releases/tags/{tag}`.
    pub async fn release_by_tag(&self, tag: &str) -> Result<Option<Release>, Error> {
        self.call(Call::get(
            "repos/get-release-by-tag",
            self.path(&["releases", "tags", tag]),
        ))
        .await?
        .maybe()
    }

    /// A release: `GET .../releases/{id}`.
    pub async fn release(&self, id: i64) -> Result<Option<Release>, Error> {
        self.call(Call::get(
            "repos/get-release",
            self.path(&["releases", &id.to_string()]),
        ))
        .await?
        .maybe()
    }

    /// The release that is shown as the latest: `GET .../releases/latest`.
    pub async fn latest_release(&self) -> Result<Option<Release>, Error> {
        self.call(Call::get(
            "repos/get-latest-release",
            self.path(&["releases", "latest"]),
        ))
        .await?
        .maybe()
    }

    /// The text of an asset, or its beginning: `GET .../releases/assets/{id}`,
    /// which may lead to another host. None: there is none, or not any more.
    pub async fn asset_text(&self, id: i64) -> Result<Option<String>, Error> {
        let call = Call::get(
            "repos/get-release-asset",
            self.path(&["releases", "assets", &id.to_string()]),
        );
        let reply = self.call(call.raw()).await?;
        if reply.is(404) || reply.is(410) {
            return Ok(None);
        }
        match reply.is(200) {
            true => Ok(Some(String::from_utf8_lossy(&reply.body).into_owned())),
            false => Err(reply.error()),
        }
    }

    /// Whether anything was attested of a file with this SHA-256 (hex):
    /// `GET .../attestations/sha256:{digest}`. GitHub answers 404 where nothing was,
    /// and where it may not be seen. Who signed it is not looked at.
    pub async fn is_attested(&self, digest: &str) -> Result<bool, Error> {
        let call = Call::get(
            "repos/list-attestations",
            self.path(&["attestations", &format!("sha256:{digest}")]),
        );
        let reply = self.call(call.query("per_page", "1")).await?;
        if reply.is(404) {
            return Ok(false);
        }
        #[derive(Deserialize)]
        struct All {
            attestations: Vec<IgnoredAny>,
        }
        let all: All = reply.json()?;
        Ok(!all.attestations.is_empty())
    }

    /// Releases, drafts too with push rights, newest first, so many pages of
    /// 100: `GET .../releases`.
    pub async fn releases(&self, pages: usize) -> Result<Vec<Release>, Error> {
        let call = Call::get("repos/list-releases", self.path(&["releases"]));
        self.installation().list_pages(call, None, pages).await
    }

    /// Changes a release: `PATCH .../releases/{id}`. 404 can mean a missing
    /// `workflows: write`, as well.
    pub async fn update_release(
        &self,
        id: i64,
        patch: &ReleasePatch<'_>,
    ) -> Result<Release, Error> {
        let body =
            serde_json::to_value(patch).unwrap_or_else(|_| Value::Object(Default::default()));
        self.call(Call::patch(
            "repos/update-release",
            self.path(&["releases", &id.to_string()]),
            body,
        ))
        .await?
        .json()
    }
}
