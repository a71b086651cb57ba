//! Issues and comments, which most of what people say is: read straight from
//! the text, without a tree of values in between.

use serde::Deserialize;

use super::delivery::{Delivery, RepoRef};
use super::said::what_was_said;
use crate::clock::Millis;
use crate::github::json as tolerant;
use crate::github::ops::{Actor, Comment, Issue, Label};

/// What such a payload says, without what nobody asks for (see
/// [`Delivery::trimmed`]). `None` where it has another shape than GitHub's: then
/// the tolerant way is to be taken.
pub(super) fn read(event: &str, body: &[u8]) -> Option<Delivery> {
    let payload: Payload = serde_json::from_slice(body).ok()?;
    let action = payload.action?;
    let repo = payload.repository?;
    let issue = payload.issue?.whole()?;
    let before = payload.changes.and_then(|c| c.body).and_then(|b| b.from);
    let is_pull = issue.1;
    let comment = payload.comment.map(CommentText::whole);
    let label = payload.label.and_then(|label| label.name);
    let what = what_was_said(event, &action, issue.0, is_pull, label, comment, before)?;
    Some(Delivery {
        event: event.to_owned(),
        action: Some(action),
        repo: Some(repo.whole()?),
        installation_id: payload.installation.and_then(|it| it.id),
        sender: payload.sender,
        what,
    })
}

#[derive(Deserialize)]
struct Payload {
    action: Option<String>,
    issue: Option<IssueText>,
    comment: Option<CommentText>,
    label: Option<LabelText>,
    changes: Option<Changes>,
    repository: Option<Repository>,
    installation: Option<Id>,
    sender: Option<Actor>,
}

#[derive(Deserialize)]
struct IssueText {
    id: Option<i64>,
    number: Option<i64>,
    title: Option<String>,
    state: Option<String>,
    state_reason: Option<String>,
    user: Option<Actor>,
    labels: Option<Vec<Label>>,
    locked: Option<bool>,
    #[serde(default, deserialize_with = "tolerant::time")]
    created_at: Option<Millis>,
    #[serde(default, deserialize_with = "tolerant::time")]
    updated_at: Option<Millis>,
    #[serde(default, deserialize_with = "tolerant::time")]
    closed_at: Option<Millis>,
    closed_by: Option<Actor>,
    pull_request: Option<serde::de::IgnoredAny>,
}

impl IssueText {
    /// The issue, and whether it is a pull request's.
    fn whole(self) -> Option<(Issue, bool)> {
        let is_pull = self.pull_request.is_some();
        let number = self.number.filter(|number| *number > 0)?;
        let issue = Issue {
            id: self.id.unwrap_or_default(),
            number,
            title: self.title.unwrap_or_default(),
            state: self.state.unwrap_or_default(),
            state_reason: self.state_reason,
            user: self.user,
            labels: self.labels.unwrap_or_default(),
            locked: self.locked.unwrap_or_default(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            closed_at: self.closed_at,
            closed_by: self.closed_by,
            ..Issue::default()
        };
        Some((issue, is_pull))
    }
}

#[derive(Deserialize)]
struct CommentText {
    id: Option<i64>,
    body: Option<String>,
    user: Option<Actor>,
    #[serde(default, deserialize_with = "tolerant::time")]
    created_at: Option<Millis>,
    #[serde(default, deserialize_with = "tolerant::time")]
    updated_at: Option<Millis>,
}

impl CommentText {
    fn whole(self) -> Comment {
        Comment {
            id: self.id.unwrap_or_default(),
            body: self.body.unwrap_or_default(),
            user: self.user,
            created_at: self.created_at,
            updated_at: self.updated_at,
            ..Comment::default()
        }
    }
}

#[derive(Deserialize)]
struct LabelText {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Changes {
    body: Option<From>,
}

#[derive(Deserialize)]
struct From {
    from: Option<String>,
}

#[derive(Deserialize)]
struct Id {
    id: Option<i64>,
}

#[derive(Deserialize)]
struct Repository {
    id: Option<i64>,
    owner: Option<Owner>,
    name: Option<String>,
    default_branch: Option<String>,
    html_url: Option<String>,
    private: Option<bool>,
}

#[derive(Deserialize)]
struct Owner {
    login: Option<String>,
}

impl Repository {
    fn whole(self) -> Option<RepoRef> {
        Some(RepoRef {
            id: self.id.filter(|id| *id != 0)?,
            owner: self.owner.and_then(|it| it.login).unwrap_or_default(),
            name: self.name.unwrap_or_default(),
            default_branch: self.default_branch.unwrap_or_default(),
            html_url: self.html_url.unwrap_or_default(),
            // What is not said is not shown to anybody.
            private: self.private.unwrap_or(true),
        })
    }
}
