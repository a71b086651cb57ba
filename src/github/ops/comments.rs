//! Comments on issues and pull requests, and reactions to them.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Actor, AppRef};
use crate::clock::Millis;
use crate::github::call::Call;
use crate::github::{Error, Repo, json as tolerant};

/// A comment on an issue or in a pull request's conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Database id; rises with time.
    pub id: i64,
    /// GraphQL's id.
    #[serde(default)]
    pub node_id: String,
    /// Its text.
    pub body: String,
    /// Its author; none for a deleted account.
    pub user: Option<Actor>,
    /// Its page.
    #[serde(default)]
    pub html_url: String,
    /// When it was written.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub created_at: Option<Millis>,
    /// When it was last edited.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub updated_at: Option<Millis>,
    /// The App that wrote it, if one did.
    pub performed_via_github_app: Option<AppRef>,
}

impl Repo {
    /// Writes a comment: `POST .../issues/{n}/comments`. On a pull request this
    /// can need `pull_requests: write`.
    pub async fn create_comment(&self, issue: i64, body: &str) -> Result<Comment, Error> {
        self.call(Call::post(
            "issues/create-comment",
            self.path(&["issues", &issue.to_string(), "comments"]),
            json!({ "body": body }),
        ))
        .await?
        .json()
    }

    /// Replaces a comment's text: `PATCH .../issues/comments/{id}`. There is no
    /// precondition: the last writer wins.
    pub async fn update_comment(&self, id: i64, body: &str) -> Result<Comment, Error> {
        self.call(Call::patch(
            "issues/update-comment",
            self.path(&["issues", "comments", &id.to_string()]),
            json!({ "body": body }),
        ))
        .await?
        .json()
    }

    /// One comment: `GET .../issues/comments/{id}`.
    pub async fn comment(&self, id: i64) -> Result<Option<Comment>, Error> {
        self.call(Call::get(
            "issues/get-comment",
            self.path(&["issues", "comments", &id.to_string()]),
        ))
        .await?
        .maybe()
    }

    /// Comments of an issue, oldest first; with `since` (RFC 3339) only those
    /// updated at or after it: `GET .../issues/{n}/comments`.
    pub async fn comments(&self, issue: i64, since: Option<&str>) -> Result<Vec<Comment>, Error> {
        let mut call = Call::get(
            "issues/list-comments",
            self.path(&["issues", &issue.to_string(), "comments"]),
        );
        if let Some(since) = since {
            call = call.query("since", since);
        }
        self.installation().list(call, None).await
    }

    /// Reacts to a comment (`+1`, `-1`, `laugh`, `confused`, `heart`, `hooray`,
    /// `rocket`, `eyes`); repeating it is harmless:
    /// `POST .../issues/comments/{id}/reactions`.
    pub async fn react(&self, comment: i64, content: &str) -> Result<(), Error> {
        self.call(Call::post(
            "reactions/create-for-issue-comment",
            self.path(&["issues", "comments", &comment.to_string(), "reactions"]),
            json!({ "content": content }),
        ))
        .await?
        .done()
    }
}
