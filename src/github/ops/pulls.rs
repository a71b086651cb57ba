//! Pull requests: opening, looking at, merging, and their reviews.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Actor, ChangedFile, Label, RepoCommit};
use crate::clock::Millis;
use crate::github::call::Call;
use crate::github::{Error, Repo, json as tolerant};

/// A pull request. Lists leave out `merged`, `mergeable` and the counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pull {
    /// Database id.
    pub id: i64,
    /// GraphQL's id.
    #[serde(default)]
    pub node_id: String,
    /// Its number in the repository.
    pub number: i64,
    /// Title.
    #[serde(default)]
    pub title: String,
    /// Text.
    #[serde(default)]
    pub body: String,
    /// `open` or `closed`.
    pub state: String,
    /// Whether it is a draft.
    #[serde(default)]
    pub draft: bool,
    /// Whether it was merged; in lists see [`Pull::is_merged`].
    #[serde(default)]
    pub merged: bool,
    /// Whether it can be merged; `None` means that GitHub is working it out,
    /// never "no".
    pub mergeable: Option<bool>,
    /// `behind`, `blocked`, `clean`, `dirty`, `draft`, `has_hooks`, `unknown`
    /// or `unstable`.
    #[serde(default)]
    pub mergeable_state: String,
    /// The test merge before, the real one after merging.
    pub merge_commit_sha: Option<String>,
    /// What is to be merged.
    pub head: PullSide,
    /// Where to.
    pub base: PullSide,
    /// Its author.
    pub user: Option<Actor>,
    /// Its page.
    #[serde(default)]
    pub html_url: String,
    /// Labels on it.
    #[serde(default)]
    pub labels: Vec<Label>,
    /// When it was opened.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub created_at: Option<Millis>,
    /// When it last changed.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub updated_at: Option<Millis>,
    /// When it was merged.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub merged_at: Option<Millis>,
    /// When it was closed.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub closed_at: Option<Millis>,
    /// Who merged it.
    pub merged_by: Option<Actor>,
}

impl Pull {
    /// Whether it was merged, also where `merged` is left out.
    pub fn is_merged(&self) -> bool {
        self.merged || self.merged_at.is_some()
    }
}

/// One side of a pull request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullSide {
    /// Branch, without `refs/heads/`.
    #[serde(rename = "ref")]
    pub name: String,
    /// Its head.
    pub sha: String,
    /// Its repository; none if the fork is deleted.
    pub repo: Option<SideRepo>,
}

/// The repository of one side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideRepo {
    /// Its id.
    pub id: i64,
    /// The name of its default branch.
    #[serde(default)]
    pub default_branch: String,
}

/// A pull request to open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NewPull<'a> {
    /// Title.
    pub title: &'a str,
    /// Branch to merge.
    pub head: &'a str,
    /// Branch to merge into.
    pub base: &'a str,
    /// Text.
    pub body: &'a str,
    /// Whether as a draft.
    pub draft: bool,
}

/// Outcome of opening a pull request.
#[derive(Clone, Debug, PartialEq)]
pub enum CreatePull {
    /// It is open.
    Created(Box<Pull>),
    /// There is an open one for this head and base.
    Exists,
    /// The head has no commit that the base has not.
    NoCommits,
    /// The repository's plan has no drafts.
    NoDrafts,
}

/// What to change of a pull request; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PullPatch {
    /// New title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// New text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// `open` or `closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// How to merge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MergePull<'a> {
    /// The head that was tested; another one is refused.
    pub sha: &'a str,
    /// `merge`, `squash` or `rebase`.
    pub merge_method: &'a str,
    /// First line of the merge commit, if not GitHub's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit_title: Option<&'a str>,
    /// Its further text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit_message: Option<&'a str>,
}

/// Outcome of merging. `Base branch was modified` is an `Err(Transient)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeOutcome {
    /// Merged by this commit.
    Merged {
        /// The merge, squash or last rebased commit.
        sha: String,
    },
    /// Not in this state: a draft, a conflict, a rule (405, GitHub's words).
    NotMergeable(String),
    /// The head is not the one that was named (409).
    HeadMoved,
}

/// A review.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Database id.
    pub id: i64,
    /// Its author.
    pub user: Option<Actor>,
    /// `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`, `DISMISSED`, `PENDING`;
    /// webhooks write it in lower case.
    pub state: String,
    /// The head that was reviewed.
    #[serde(default)]
    pub commit_id: String,
    /// When it was submitted.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub submitted_at: Option<Millis>,
    /// Its page.
    #[serde(default)]
    pub html_url: String,
}

impl Repo {
    fn pull_path(&self, number: i64, rest: &[&str]) -> String {
        let number = number.to_string();
        let mut all = vec!["pulls", number.as_str()];
        all.extend(rest);
        self.path(&all)
    }

    /// Opens a pull request: `POST .../pulls`.
    pub async fn create_pull(&self, new: &NewPull<'_>) -> Result<CreatePull, Error> {
        let body = json!({
            "title": new.title, "head": new.head, "base": new.base,
            "body": new.body, "draft": new.draft,
        });
        let reply = self
            .call(Call::post("pulls/create", self.path(&["pulls"]), body))
            .await?;
        if reply.is(422) {
            let message = reply.message().to_ascii_lowercase();
            if message.contains("a pull request already exists") {
                return Ok(CreatePull::Exists);
            }
            if message.contains("no commits between") {
                return Ok(CreatePull::NoCommits);
            }
            if message.contains("draft pull requests are not supported") {
                return Ok(CreatePull::NoDrafts);
            }
        }
        reply.json().map(|p| CreatePull::Created(Box::new(p)))
    }

    /// A pull request: `GET .../pulls/{n}`. Asking starts GitHub's test merge.
    pub async fn pull(&self, number: i64) -> Result<Option<Pull>, Error> {
        self.call(Call::get("pulls/get", self.pull_path(number, &[])))
            .await?
            .maybe()
    }

    /// Pull requests of a branch of this repository in every state, newest
    /// first: `GET .../pulls?head={owner}:{branch}&state=all`.
    pub async fn pulls_of_head(&self, branch: &str) -> Result<Vec<Pull>, Error> {
        let call = Call::get("pulls/list", self.path(&["pulls"]))
            .query("head", format!("{}:{branch}", self.owner()))
            .query("state", "all");
        let mut pulls: Vec<Pull> = self.installation().list_pages(call, None, 10).await?;
        // The filter is ignored when it is malformed: trust the field.
        pulls.retain(|p| p.head.name == branch);
        Ok(pulls)
    }

    /// Open pull requests into a branch, newest first, at most 100:
    /// `GET .../pulls?base={branch}&state=open`.
    pub async fn pulls_into(&self, branch: &str) -> Result<Vec<Pull>, Error> {
        let call = Call::get("pulls/list", self.path(&["pulls"]))
            .query("base", branch)
            .query("state", "open");
        let mut pulls: Vec<Pull> = self.installation().list_pages(call, None, 1).await?;
        pulls.retain(|p| p.base.name == branch);
        Ok(pulls)
    }

    /// Open pull requests, newest first, so many pages of 100:
    /// `GET .../pulls?state=open`.
    pub async fn open_pulls(&self, pages: usize) -> Result<Vec<Pull>, Error> {
        let call = Call::get("pulls/list", self.path(&["pulls"])).query("state", "open");
        self.installation().list_pages(call, None, pages).await
    }

    /// Changes a pull request: `PATCH .../pulls/{n}`. Drafts are GraphQL's.
    pub async fn update_pull(&self, number: i64, patch: &PullPatch) -> Result<Pull, Error> {
        let body =
            serde_json::to_value(patch).unwrap_or_else(|_| Value::Object(Default::default()));
        self.call(Call::patch(
            "pulls/update",
            self.pull_path(number, &[]),
            body,
        ))
        .await?
        .json()
    }

    /// Merges a pull request if its head is still `sha`:
    /// `PUT .../pulls/{n}/merge`.
    pub async fn merge_pull(
        &self,
        number: i64,
        merge: &MergePull<'_>,
    ) -> Result<MergeOutcome, Error> {
        #[derive(Deserialize, Default)]
        struct Merged {
            sha: String,
        }
        let body =
            serde_json::to_value(merge).unwrap_or_else(|_| Value::Object(Default::default()));
        let reply = self
            .call(Call::put(
                "pulls/merge",
                self.pull_path(number, &["merge"]),
                body,
            ))
            .await?;
        if reply.is(405) || reply.is(409) {
            if let strange @ Error::Ambiguous(_) = reply.error() {
                return Err(strange);
            }
            let message = reply.message();
            let lower = message.to_ascii_lowercase();
            if lower.contains("base branch was modified") {
                return Err(Error::Transient(message));
            }
            if lower.contains("not authorized") || lower.contains("refusing to allow") {
                return Err(match reply.error() {
                    forbidden @ Error::Forbidden { .. } => forbidden,
                    _ => Error::Forbidden {
                        message,
                        needs: None,
                    },
                });
            }
            return Ok(if reply.is(409) {
                MergeOutcome::HeadMoved
            } else {
                MergeOutcome::NotMergeable(message)
            });
        }
        let merged: Merged = reply.json()?;
        Ok(MergeOutcome::Merged { sha: merged.sha })
    }

    /// Reviews, oldest first: `GET .../pulls/{n}/reviews`.
    pub async fn reviews(&self, number: i64) -> Result<Vec<Review>, Error> {
        let call = Call::get("pulls/list-reviews", self.pull_path(number, &["reviews"]));
        self.installation().list(call, None).await
    }

    /// Commits of a pull request (at most 250): `GET .../pulls/{n}/commits`.
    pub async fn pull_commits(&self, number: i64) -> Result<Vec<RepoCommit>, Error> {
        let call = Call::get("pulls/list-commits", self.pull_path(number, &["commits"]));
        self.installation().list(call, None).await
    }

    /// Files that a pull request changes (at most 3,000):
    /// `GET .../pulls/{n}/files`.
    pub async fn pull_files(&self, number: i64) -> Result<Vec<ChangedFile>, Error> {
        let call = Call::get("pulls/list-files", self.pull_path(number, &["files"]));
        self.installation().list(call, None).await
    }
}
