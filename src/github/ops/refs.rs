//! Refs: branches and tags as names of objects.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::github::call::Call;
use crate::github::foreseen::What;
use crate::github::{Error, Repo};

/// A ref.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GitRef {
    /// Full name, `refs/heads/...` or `refs/tags/...`.
    #[serde(rename = "ref")]
    pub name: String,
    /// What it names.
    pub object: GitObject,
}

/// What a ref or an annotated tag names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GitObject {
    /// Its hash.
    pub sha: String,
    /// `commit`, or `tag` for an annotated tag.
    #[serde(rename = "type")]
    pub kind: String,
}

/// Outcome of creating a ref; exactly one of several creators is told
/// `Created`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreateRef {
    /// It is there now.
    Created(GitRef),
    /// It was there before, at whatever object.
    Exists,
}

/// Outcome of moving a ref forward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateRef {
    /// It is there now.
    Updated(GitRef),
    /// The new commit does not contain the present one: somebody moved it.
    NotFastForward,
    /// There is no such ref.
    Missing,
}

/// Outcome of deleting a ref.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteRef {
    /// It is gone now.
    Deleted,
    /// It was gone before.
    Missing,
}

/// The name below `refs/`, as paths want it.
fn short(name: &str) -> &str {
    name.strip_prefix("refs/").unwrap_or(name)
}

impl Repo {
    /// The ref of exactly this name (`heads/x` or `refs/heads/x`):
    /// `GET .../git/ref/{ref}`.
    pub async fn git_ref(&self, name: &str) -> Result<Option<GitRef>, Error> {
        self.call(Call::get(
            "git/get-ref",
            self.path(&["git", "ref", short(name)]),
        ))
        .await?
        .maybe()
    }

    /// Refs whose names begin so (`tags/v1.2.1` also finds `v1.2.10`):
    /// `GET .../git/matching-refs/{ref}`.
    pub async fn matching_refs(&self, prefix: &str) -> Result<Vec<GitRef>, Error> {
        let what = match short(prefix) {
            "tags" => Some(What::Tags),
            "heads" => Some(What::Heads),
            _ => None,
        };
        if let Some(told) = what.and_then(|what| self.foretold(what)) {
            return Ok(told);
        }
        let call = Call::get(
            "git/list-matching-refs",
            self.path(&["git", "matching-refs", short(prefix)]),
        )
        .unpaged();
        self.installation().list(call, None).await
    }

    /// Creates a ref: `POST .../git/refs`.
    pub async fn create_ref(&self, name: &str, sha: &str) -> Result<CreateRef, Error> {
        let full = format!("refs/{}", short(name));
        let reply = self
            .call(Call::post(
                "git/create-ref",
                self.path(&["git", "refs"]),
                json!({ "ref": full, "sha": sha }),
            ))
            .await?;
        if reply.is(422) && says(&reply.message(), "reference already exists") {
            return Ok(CreateRef::Exists);
        }
        reply.json().map(CreateRef::Created)
    }

    /// Moves a ref, forward only: `PATCH .../git/refs/{ref}` without `force`.
    pub async fn update_ref(&self, name: &str, sha: &str) -> Result<UpdateRef, Error> {
        let reply = self
            .call(Call::patch(
                "git/update-ref",
                self.path(&["git", "refs", short(name)]),
                json!({ "sha": sha, "force": false }),
            ))
            .await?;
        if reply.is(422) {
            let message = reply.message();
            if says(&message, "not a fast forward") || says(&message, "not a fast-forward") {
                return Ok(UpdateRef::NotFastForward);
            }
            if says(&message, "reference does not exist") {
                return Ok(UpdateRef::Missing);
            }
        }
        reply.json().map(UpdateRef::Updated)
    }

    /// Deletes a ref, wherever it points: `DELETE .../git/refs/{ref}`. For "only
    /// if still there" see [`Self::update_refs`].
    pub async fn delete_ref(&self, name: &str) -> Result<DeleteRef, Error> {
        let reply = self
            .call(Call::delete(
                "git/delete-ref",
                self.path(&["git", "refs", short(name)]),
            ))
            .await?;
        if reply.is(422) && says(&reply.message(), "reference does not exist") {
            return Ok(DeleteRef::Missing);
        }
        reply.whole().map(|_| DeleteRef::Deleted)
    }
}

fn says(message: &str, words: &str) -> bool {
    message.to_ascii_lowercase().contains(words)
}
