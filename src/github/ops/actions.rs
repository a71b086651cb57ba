//! Workflows, their runs and jobs.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Actor;
use crate::clock::Millis;
use crate::github::call::Call;
use crate::github::transport::TEXT;
use crate::github::{Error, Repo, json as tolerant};

/// A workflow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workflow {
    /// Its id.
    pub id: i64,
    /// Its `name:`, else its path.
    pub name: String,
    /// `.github/workflows/...`.
    pub path: String,
    /// `active` or a kind of `disabled_...`.
    pub state: String,
}

/// A run of a workflow. A re-run keeps the id and raises `run_attempt`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: i64,
    /// The workflow's name.
    #[serde(default)]
    pub name: String,
    /// The workflow's file; reusable ones may have `@ref` behind.
    pub path: String,
    /// The workflow's id.
    pub workflow_id: i64,
    /// Branch *or* tag, with nothing to tell which: compare `head_sha`, too.
    pub head_branch: Option<String>,
    /// The commit; for an annotated tag the commit, not the tag object.
    pub head_sha: String,
    /// What started it: `push`, `pull_request`, `workflow_dispatch`, ...
    pub event: String,
    /// `requested`, `queued`, `pending`, `waiting`, `in_progress`, `completed`.
    #[serde(default)]
    pub status: String,
    /// Only `success` is success; `startup_failure` is a broken file.
    pub conclusion: Option<String>,
    /// Number among the workflow's runs.
    #[serde(default)]
    pub run_number: i64,
    /// From 1.
    #[serde(default)]
    pub run_attempt: i64,
    /// Who caused it.
    pub actor: Option<Actor>,
    /// Who started this attempt.
    pub triggering_actor: Option<Actor>,
    /// Its page.
    #[serde(default)]
    pub html_url: String,
    /// When it was made.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub created_at: Option<Millis>,
    /// When this attempt started.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub run_started_at: Option<Millis>,
    /// When it last changed.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub updated_at: Option<Millis>,
    /// Its check suite.
    pub check_suite_id: Option<i64>,
}

/// A job of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its id.
    pub id: i64,
    /// Its name, which is its check's.
    pub name: String,
    /// As of a run.
    pub status: String,
    /// As of a run.
    pub conclusion: Option<String>,
    /// The attempt that it belongs to.
    #[serde(default)]
    pub run_attempt: i64,
    /// Its page, with the log.
    pub html_url: Option<String>,
    /// The labels that its `runs-on` asks for.
    #[serde(default)]
    pub labels: Vec<String>,
    /// When it started.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub started_at: Option<Millis>,
    /// When it ended.
    #[serde(default, deserialize_with = "tolerant::time")]
    pub completed_at: Option<Millis>,
    /// Its steps.
    #[serde(default)]
    pub steps: Vec<JobStep>,
}

/// An artifact of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Whether it is gone by now.
    #[serde(default)]
    pub expired: bool,
}

/// A log of which so many bytes were read may go on.
pub const LOG: usize = TEXT;

/// An environment that a run waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PendingDeployment {
    /// Which.
    pub environment: PendingEnvironment,
    /// How long it waits of itself, minutes.
    pub wait_timer: Option<i64>,
    /// Since when.
    #[serde(deserialize_with = "tolerant::time")]
    pub wait_timer_started_at: Option<Millis>,
    /// Who may let it go on.
    pub reviewers: Vec<PendingReviewer>,
}

/// Its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PendingEnvironment {
    /// As it is called.
    pub name: Option<String>,
}

/// A person or a team that may.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PendingReviewer {
    /// Who.
    pub reviewer: Reviewer,
}

/// The names of a person or a team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reviewer {
    /// Of a person.
    pub login: Option<String>,
    /// Of a team.
    pub name: Option<String>,
    /// Of a team, in addresses.
    pub slug: Option<String>,
}

/// A step of a job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobStep {
    /// Its name.
    pub name: String,
    /// As of a run.
    pub status: String,
    /// As of a run.
    pub conclusion: Option<String>,
    /// From 1.
    pub number: i64,
}

/// Which runs to list; `None` is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFilter<'a> {
    /// What started them.
    pub event: Option<&'a str>,
    /// Branch, or tag (works, though documented for branches only).
    pub branch: Option<&'a str>,
    /// The commit.
    pub head_sha: Option<&'a str>,
    /// A status or conclusion.
    pub status: Option<&'a str>,
    /// When they were made, such as `>=2020-01-31T12:00:00Z`.
    pub created: Option<&'a str>,
}

impl Repo {
    /// Every workflow: `GET .../actions/workflows`.
    pub async fn workflows(&self) -> Result<Vec<Workflow>, Error> {
        let call = Call::get(
            "actions/list-repo-workflows",
            self.path(&["actions", "workflows"]),
        );
        self.installation().list(call, Some("workflows")).await
    }

    /// Runs that match, newest first, at most 1,000: `GET .../actions/runs`.
    pub async fn runs(&self, filter: &RunFilter<'_>) -> Result<Vec<Run>, Error> {
        let mut call = Call::get(
            "actions/list-workflow-runs-for-repo",
            self.path(&["actions", "runs"]),
        );
        for (name, value) in [
            ("event", filter.event),
            ("branch", filter.branch),
            ("head_sha", filter.head_sha),
            ("status", filter.status),
            ("created", filter.created),
        ] {
            if let Some(value) = value {
                call = call.query(name, value);
            }
        }
        let installation = self.installation();
        installation
            .list_pages(call, Some("workflow_runs"), 10)
            .await
    }

    /// A run at its newest attempt: `GET .../actions/runs/{id}`.
    pub async fn run(&self, id: i64) -> Result<Option<Run>, Error> {
        self.call(Call::get(
            "actions/get-workflow-run",
            self.path(&["actions", "runs", &id.to_string()]),
        ))
        .await?
        .maybe()
    }

    /// Jobs of a run's newest attempt: `GET .../actions/runs/{id}/jobs`.
    pub async fn jobs(&self, run: i64) -> Result<Vec<Job>, Error> {
        let call = Call::get(
            "actions/list-jobs-for-workflow-run",
            self.path(&["actions", "runs", &run.to_string(), "jobs"]),
        )
        .query("filter", "latest");
        self.installation().list(call, Some("jobs")).await
    }

    /// What a run waits for: `GET .../actions/runs/{id}/pending_deployments`.
    pub async fn pending_deployments(&self, run: i64) -> Result<Vec<PendingDeployment>, Error> {
        self.call(Call::get(
            "actions/get-pending-deployments-for-run",
            self.path(&["actions", "runs", &run.to_string(), "pending_deployments"]),
        ))
        .await?
        .json()
    }

    /// What a run uploaded: `GET .../actions/runs/{id}/artifacts`.
    pub async fn artifacts(&self, run: i64) -> Result<Vec<Artifact>, Error> {
        let call = Call::get(
            "actions/list-workflow-run-artifacts",
            self.path(&["actions", "runs", &run.to_string(), "artifacts"]),
        );
        let installation = self.installation();
        installation.list_pages(call, Some("artifacts"), 1).await
    }

    /// The beginning of a job's log: `GET .../actions/jobs/{id}/logs`, which leads
    /// to another host. None: there is none, or not any more.
    pub async fn job_log(&self, job: i64) -> Result<Option<String>, Error> {
        let call = Call::get(
            "actions/download-job-logs-for-workflow-run",
            self.path(&["actions", "jobs", &job.to_string(), "logs"]),
        );
        let reply = self.call(call.elsewhere()).await?;
        if reply.is(404) || reply.is(410) {
            return Ok(None);
        }
        match reply.is(200) {
            true => Ok(Some(String::from_utf8_lossy(&reply.body).into_owned())),
            false => Err(reply.error()),
        }
    }

    /// Starts the failed jobs of a run again, or all of them, as a new attempt:
    /// `POST .../actions/runs/{id}/rerun-failed-jobs` or `/rerun`. A run that is
    /// still going is a `Conflict`.
    pub async fn rerun(&self, run: i64, whole: bool) -> Result<(), Error> {
        let (operation, last) = if whole {
            ("actions/re-run-workflow", "rerun")
        } else {
            ("actions/re-run-workflow-failed-jobs", "rerun-failed-jobs")
        };
        let path = self.path(&["actions", "runs", &run.to_string(), last]);
        let reply = self.call(Call::post(operation, path, json!({}))).await?;
        if reply.is(403) {
            let message = reply.message();
            let lower = message.to_ascii_lowercase();
            if lower.contains("already running") {
                return Err(Error::Conflict(message));
            }
            if lower.contains("cannot be retried") || lower.contains("cannot be rerun") {
                return Err(Error::Invalid { message });
            }
        }
        reply.done()
    }

    /// Starts a workflow (by id or file name) on a branch or tag:
    /// `POST .../actions/workflows/{id}/dispatches`. Returns the run's id where
    /// the server tells it (github.com since February 2026); without, the run
    /// is to be searched for.
    pub async fn dispatch_workflow(
        &self,
        workflow: &str,
        at: &str,
        inputs: &Value,
    ) -> Result<Option<i64>, Error> {
        let mut body = json!({ "ref": at, "return_run_details": true });
        if let (Some(body), Some(inputs)) = (body.as_object_mut(), inputs.as_object())
            && !inputs.is_empty()
        {
            body.insert("inputs".into(), Value::Object(inputs.clone()));
        }
        let reply = self
            .call(Call::post(
                "actions/create-workflow-dispatch",
                self.path(&["actions", "workflows", workflow, "dispatches"]),
                body,
            ))
            .await?
            .whole()?;
        let told = serde_json::from_slice::<Value>(&reply.body).ok();
        Ok(told.and_then(|v| v.get("workflow_run_id").and_then(Value::as_i64)))
    }
}
