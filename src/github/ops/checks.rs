//! Check runs and commit statuses: two ways to say "passed".

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::AppRef;
use crate::clock::Millis;
use crate::github::call::Call;
use crate::github::{Error, Repo, json as tolerant};

/// A check run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRun {
    /// Its id.
    pub id: i64,
    /// Its name, which required checks go by.
    pub name: String,
    /// The commit.
    pub head_sha: String,
    /// `queued`, `in_progress`, `completed`, ...
    pub status: String,
    /// As of a workflow run.
    pub conclusion: Option<String>,
    /// Its page.
    pub html_url: Option<String>,
    /// What its App calls it.
    pub external_id: Option<String>,
    /// When it started.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub started_at: Option<Millis>,
    /// When it ended.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub completed_at: Option<Millis>,
    /// The App that it belongs to.
    pub app: Option<AppRef>,
    /// What it says.
    #[serde(default)]
    pub output: CheckRunOutput,
}

/// What a check run says, as far as it is read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRunOutput {
    /// How many annotations it has.
    #[serde(default)]
    pub annotations_count: usize,
}

/// A check run to make or change; what is empty is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CheckRunSpec<'a> {
    /// Its name (needed to make one).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    /// The commit (needed to make one).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_sha: Option<&'a str>,
    /// `queued`, `in_progress` or `completed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'a str>,
    /// Setting it completes the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<&'a str>,
    /// Our own name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<&'a str>,
    /// Where it links to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details_url: Option<&'a str>,
    /// Title and summary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<CheckOutput<'a>>,
}

/// What a check run says; each text at most 65,535 characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CheckOutput<'a> {
    /// Title.
    pub title: &'a str,
    /// Summary, Markdown.
    pub summary: &'a str,
    /// What is said of single lines, at most 50 a call; those of several calls
    /// add up.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub annotations: &'a [CheckAnnotation],
}

/// What a check run says of lines of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckAnnotation {
    /// The file.
    pub path: String,
    /// The first line, from 1.
    pub start_line: u64,
    /// The last line.
    pub end_line: u64,
    /// The column, from 1; GitHub takes columns within one line alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_column: Option<u64>,
    /// The last column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u64>,
    /// `notice`, `warning` or `failure`.
    pub annotation_level: String,
    /// What is said.
    pub message: String,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// Statuses of a commit, the newest of each context.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CombinedStatus {
    /// `pending` also when there are none.
    pub state: String,
    /// How many there are.
    pub total_count: i64,
    /// The commit.
    pub sha: String,
    /// The newest of each context.
    pub statuses: Vec<Status>,
}

/// A commit status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Its name, regardless of case.
    pub context: String,
    /// `error`, `failure`, `pending` or `success`.
    pub state: String,
    /// Where it links to.
    pub target_url: Option<String>,
    /// Its words.
    pub description: Option<String>,
}

impl Repo {
    /// The newest check runs of a commit, branch or tag:
    /// `GET .../commits/{ref}/check-runs?filter=latest`.
    pub async fn check_runs(&self, at: &str) -> Result<Vec<CheckRun>, Error> {
        let call = Call::get(
            "checks/list-for-ref",
            self.path(&["commits", at, "check-runs"]),
        )
        .query("filter", "latest");
        self.installation().list(call, Some("check_runs")).await
    }

    /// Makes a check run: `POST .../check-runs`.
    pub async fn create_check_run(&self, spec: &CheckRunSpec<'_>) -> Result<CheckRun, Error> {
        self.call(Call::post(
            "checks/create",
            self.path(&["check-runs"]),
            to_json(spec),
        ))
        .await?
        .json()
    }

    /// Changes a check run of ours: `PATCH .../check-runs/{id}`.
    pub async fn update_check_run(
        &self,
        id: i64,
        spec: &CheckRunSpec<'_>,
    ) -> Result<CheckRun, Error> {
        self.call(Call::patch(
            "checks/update",
            self.path(&["check-runs", &id.to_string()]),
            to_json(spec),
        ))
        .await?
        .json()
    }

    /// The statuses of a commit, branch or tag, all pages:
    /// `GET .../commits/{ref}/status`.
    pub async fn combined_status(&self, at: &str) -> Result<CombinedStatus, Error> {
        let mut call = Call::get(
            "repos/get-combined-status-for-ref",
            self.path(&["commits", at, "status"]),
        )
        .query("per_page", "100");
        let mut whole: Option<CombinedStatus> = None;
        // GitHub allows 1,000 statuses a commit and context.
        for _ in 0..10 {
            let reply = self.call(call.clone()).await?;
            let next = reply.next_page();
            let page: CombinedStatus = reply.json()?;
            match &mut whole {
                Some(whole) => whole.statuses.extend(page.statuses),
                None => whole = Some(page),
            }
            match next {
                Some(next) => call = call.at(next),
                None => break,
            }
        }
        Ok(whole.unwrap_or_default())
    }
}

fn to_json(spec: &CheckRunSpec<'_>) -> Value {
    serde_json::to_value(spec).unwrap_or_else(|_| Value::Object(Default::default()))
}
