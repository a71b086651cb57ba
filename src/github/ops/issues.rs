//! Issues and their labels.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Actor;
use crate::clock::Millis;
use crate::github::call::Call;
use crate::github::{Error, Repo, json as tolerant};

/// An issue; a pull request has one too.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// Database id.
    pub id: i64,
    /// GraphQL's id.
    #[serde(default)]
    pub node_id: String,
    /// Its number in the repository.
    pub number: i64,
    /// Title.
    pub title: String,
    /// Text, empty if none.
    #[serde(default)]
    pub body: String,
    /// `open` or `closed`.
    pub state: String,
    /// `completed`, `not_planned`, `duplicate`, `reopened`.
    pub state_reason: Option<String>,
    /// Its author; none for a deleted account.
    pub user: Option<Actor>,
    /// Labels on it.
    #[serde(default)]
    pub labels: Vec<Label>,
    /// Its page.
    #[serde(default)]
    pub html_url: String,
    /// Its repository, at the API: `.../repos/{owner}/{name}`.
    #[serde(default)]
    pub repository_url: String,
    /// Whether only collaborators may comment.
    #[serde(default)]
    pub locked: bool,
    /// When it was opened.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub created_at: Option<Millis>,
    /// When it last changed.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub updated_at: Option<Millis>,
    /// When it was closed.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub closed_at: Option<Millis>,
    /// Who closed it, where GitHub tells.
    pub closed_by: Option<Actor>,
    /// There if this is a pull request.
    pub pull_request: Option<PullPart>,
}

/// What an issue says of the pull request that it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullPart {
    /// When it was merged.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub merged_at: Option<Millis>,
}

impl Issue {
    /// Whether this is the issue side of a pull request.
    pub fn is_pull(&self) -> bool {
        self.pull_request.is_some()
    }

    /// Whether it is one of the repository `owner/name`, as far as it says.
    pub fn is_of(&self, full_name: &str) -> bool {
        let of = self.repository_url.to_lowercase();
        of.is_empty() || of.ends_with(&format!("/repos/{}", full_name.to_lowercase()))
    }

    /// Whether it has the label, regardless of case (as GitHub names them).
    pub fn has_label(&self, name: &str) -> bool {
        self.labels
            .iter()
            .any(|l| l.name.to_lowercase() == name.to_lowercase())
    }
}

/// A label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "LabelForm")]
pub struct Label {
    /// Its name in the repository's spelling.
    pub name: String,
}

/// GitHub describes labels on an issue as objects or bare names.
#[derive(Deserialize)]
#[serde(untagged)]
enum LabelForm {
    Object {
        #[serde(default)]
        name: String,
    },
    Name(String),
}

impl From<LabelForm> for Label {
    fn from(form: LabelForm) -> Self {
        match form {
            LabelForm::Object { name } | LabelForm::Name(name) => Label { name },
        }
    }
}

/// An entry of an issue's log.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueEvent {
    /// Database id; they rise.
    pub id: i64,
    /// `labeled`, `unlabeled`, `closed`, ...
    pub event: String,
    /// Who did it; none for a deleted account.
    pub actor: Option<Actor>,
    /// The label, where it is about one.
    pub label: Option<Label>,
    /// When.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub created_at: Option<Millis>,
}

/// An entry of an issue's timeline, which tells more than its log.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct TimelineEntry {
    /// `closed`, `reopened`, `cross-referenced`, ...
    #[serde(default)]
    pub event: String,
    /// The commit that closed it, where GitHub names one.
    #[serde(default)]
    pub commit_id: Option<String>,
    /// When.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub created_at: Option<Millis>,
    /// Where it was mentioned.
    #[serde(default)]
    pub source: Option<Mention>,
}

/// Where an issue was mentioned.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Mention {
    /// The issue, or the issue side of the pull request.
    #[serde(default)]
    pub issue: Option<Issue>,
}

/// What to change of an issue; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct IssuePatch {
    /// New title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// New text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// `open` or `closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// `completed`, `not_planned`, `duplicate` or `reopened`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_reason: Option<String>,
}

/// An issue that is to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NewIssue<'a> {
    /// Title.
    pub title: &'a str,
    /// Text, Markdown.
    pub body: &'a str,
}

impl Repo {
    /// Opens an issue: `POST .../issues`.
    pub async fn create_issue(&self, issue: &NewIssue<'_>) -> Result<Issue, Error> {
        let body = serde_json::to_value(issue).unwrap_or_else(|_| Value::Object(Map::new()));
        let path = self.path(&["issues"]);
        self.call(Call::post("issues/create", path, body))
            .await?
            .json()
    }

    /// The newest 100 issues and pull requests, open or closed:
    /// `GET .../issues?state=all`.
    pub async fn newest_issues(&self) -> Result<Vec<Issue>, Error> {
        let call = Call::get("issues/list-for-repo", self.path(&["issues"])).query("state", "all");
        self.installation().list_pages(call, None, 1).await
    }

    /// An issue or the issue side of a pull request: `GET .../issues/{n}`.
    pub async fn issue(&self, number: i64) -> Result<Option<Issue>, Error> {
        self.call(Call::get(
            "issues/get",
            self.path(&["issues", &number.to_string()]),
        ))
        .await?
        .maybe()
    }

    /// Open issues with a label (newest 1,000): `GET .../issues?labels=`. The
    /// filter was reported to mind case, so give the repository's spelling.
    pub async fn open_issues_labeled(&self, label: &str) -> Result<Vec<Issue>, Error> {
        let call = Call::get("issues/list-for-repo", self.path(&["issues"]))
            .query("labels", label)
            .query("state", "open");
        self.installation().list_pages(call, None, 10).await
    }

    /// The log of an issue (its first 1,000 entries): `GET .../issues/{n}/events`.
    pub async fn issue_events(&self, number: i64) -> Result<Vec<IssueEvent>, Error> {
        let path = self.path(&["issues", &number.to_string(), "events"]);
        let call = Call::get("issues/list-events", path);
        self.installation().list_pages(call, None, 10).await
    }

    /// What happened to an issue, with where it was mentioned (its first 500
    /// entries): `GET .../issues/{n}/timeline`.
    pub async fn issue_timeline(&self, number: i64) -> Result<Vec<TimelineEntry>, Error> {
        let path = self.path(&["issues", &number.to_string(), "timeline"]);
        let call = Call::get("issues/list-events-for-timeline", path);
        self.installation().list_pages(call, None, 5).await
    }

    /// Changes an issue: `PATCH .../issues/{n}`.
    pub async fn update_issue(&self, number: i64, patch: &IssuePatch) -> Result<Issue, Error> {
        let body = serde_json::to_value(patch).unwrap_or_else(|_| Value::Object(Map::new()));
        self.call(Call::patch(
            "issues/update",
            self.path(&["issues", &number.to_string()]),
            body,
        ))
        .await?
        .json()
    }

    /// Closes an issue for a reason: `completed`, `not_planned` or `duplicate`.
    pub async fn close_issue(&self, number: i64, reason: &str) -> Result<Issue, Error> {
        let patch = IssuePatch {
            state: Some("closed".into()),
            state_reason: Some(reason.into()),
            ..IssuePatch::default()
        };
        self.update_issue(number, &patch).await
    }

    /// Opens an issue again.
    pub async fn reopen_issue(&self, number: i64) -> Result<Issue, Error> {
        let patch = IssuePatch {
            state: Some("open".into()),
            state_reason: Some("reopened".into()),
            ..IssuePatch::default()
        };
        self.update_issue(number, &patch).await
    }

    /// The labels of the repository: `GET .../labels`.
    pub async fn labels(&self) -> Result<Vec<String>, Error> {
        #[derive(Deserialize)]
        struct Defined {
            name: String,
        }
        let call = Call::get("issues/list-labels-for-repo", self.path(&["labels"]));
        let all = self.installation().list_pages::<Defined>(call, None, 10);
        Ok(all.await?.into_iter().map(|label| label.name).collect())
    }

    /// Makes a label: `POST .../labels`.
    pub async fn make_label(
        &self,
        name: &str,
        color: &str,
        description: &str,
    ) -> Result<Label, Error> {
        self.call(Call::post(
            "issues/create-label",
            self.path(&["labels"]),
            json!({ "name": name, "color": color, "description": description }),
        ))
        .await?
        .json()
    }

    /// Adds labels, keeping those that are there: `POST .../issues/{n}/labels`.
    pub async fn add_labels(&self, number: i64, labels: &[&str]) -> Result<Vec<Label>, Error> {
        self.call(Call::post(
            "issues/add-labels",
            self.path(&["issues", &number.to_string(), "labels"]),
            json!({ "labels": labels }),
        ))
        .await?
        .json()
    }
}
