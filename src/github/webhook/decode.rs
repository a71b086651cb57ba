//! From bytes to a [`Delivery`], tolerantly: a signed, well-formed delivery is
//! never an error, however new its event, action or fields.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::delivery::{Delivery, RepoRef, What};
use super::said::what_was_said;
use super::words;
use crate::domain::closes::closes_in_text;
use crate::github::json as tolerant;
use crate::github::ops::{Issue, Pull, Review};

/// The body is not a JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a delivery's payload must be a JSON object")]
pub struct NotADelivery;

/// Whether an event can concern us at all; the rest is counted and dropped.
pub fn relevant(event: &str) -> bool {
    matches!(
        event,
        "issues"
            | "issue_comment"
            | "pull_request"
            | "pull_request_review"
            | "push"
            | "create"
            | "delete"
            | "workflow_run"
            | "check_run"
            | "check_suite"
            | "status"
            | "release"
            | "installation"
            | "installation_repositories"
            | "repository"
            | "repository_ruleset"
            | "branch_protection_rule"
            | "ping"
    )
}

/// The fewest fields: enough to tell whether a delivery concerns us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The payload's action.
    pub action: Option<String>,
    /// The repository's id.
    pub repo_id: Option<i64>,
    /// The repository as `owner/name`, for logs.
    pub repo: Option<String>,
    /// The installation's id.
    pub installation_id: Option<i64>,
    /// Number of the issue or pull request that it is about.
    pub number: Option<i64>,
    /// Name of the label that was put on or taken off.
    pub label: Option<String>,
}

/// Reads the envelope alone, without building the rest of the payload.
///
/// # Errors
/// When the body is not a JSON object.
pub fn envelope(body: &[u8]) -> Result<Envelope, NotADelivery> {
    match serde_json::from_slice::<Outer>(body) {
        Ok(outer) => Ok(outer.into()),
        // A field has another type than GitHub's: take what can be had.
        Err(_) => object(body).map(|map| {
            let text = |at: &[&str]| at_path(&map, at).and_then(Value::as_str).map(str::to_owned);
            let id = |at: &[&str]| at_path(&map, at).and_then(Value::as_i64);
            Envelope {
                action: text(&["action"]),
                repo_id: id(&["repository", "id"]),
                repo: text(&["repository", "full_name"]),
                installation_id: id(&["installation", "id"]),
                number: id(&["issue", "number"])
                    .or_else(|| id(&["pull_request", "number"]))
                    .or_else(|| id(&["number"])),
                label: text(&["label", "name"]),
            }
        }),
    }
}

#[derive(Deserialize)]
struct Outer {
    action: Option<String>,
    repository: Option<OuterRepo>,
    installation: Option<Id>,
    issue: Option<Number>,
    pull_request: Option<Number>,
    number: Option<i64>,
    label: Option<Name>,
}

#[derive(Deserialize)]
struct OuterRepo {
    id: Option<i64>,
    full_name: Option<String>,
}

#[derive(Deserialize)]
struct Id {
    id: Option<i64>,
}

#[derive(Deserialize)]
struct Number {
    number: Option<i64>,
}

#[derive(Deserialize)]
struct Name {
    name: Option<String>,
}

impl From<Outer> for Envelope {
    fn from(outer: Outer) -> Self {
        let (repo_id, repo) = outer
            .repository
            .map_or((None, None), |r| (r.id, r.full_name));
        Envelope {
            action: outer.action,
            repo_id,
            repo,
            installation_id: outer.installation.and_then(|i| i.id),
            number: outer
                .issue
                .and_then(|i| i.number)
                .or(outer.pull_request.and_then(|p| p.number))
                .or(outer.number),
            label: outer.label.and_then(|l| l.name),
        }
    }
}

fn at_path<'a>(map: &'a Map<String, Value>, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter()
        .try_fold(map.get(*first)?, |value, key| value.get(key))
}

fn object(body: &[u8]) -> Result<Map<String, Value>, NotADelivery> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => Ok(map),
        _ => Err(NotADelivery),
    }
}

/// Reads what a delivery says, without what nobody asks for.
///
/// # Errors
/// When the body is not a JSON object.
pub fn read(event: &str, body: &[u8]) -> Result<Delivery, NotADelivery> {
    if matches!(event, "issues" | "issue_comment")
        && let Some(delivery) = words::read(event, body)
    {
        return Ok(delivery);
    }
    decode(event, body).map(Delivery::trimmed)
}

/// Reads a delivery whole.
///
/// # Errors
/// When the body is not a JSON object.
pub fn decode(event: &str, body: &[u8]) -> Result<Delivery, NotADelivery> {
    let mut payload = Payload(object(body)?);
    let action = payload.text("action");
    let repo = payload
        .0
        .get("repository")
        .and_then(repo_ref)
        .filter(|repo| repo.id != 0);
    let installation_id = at_path(&payload.0, &["installation", "id"]).and_then(Value::as_i64);
    let sender = payload.take("sender");
    let what = what(event, action.as_deref().unwrap_or_default(), &mut payload);
    Ok(Delivery {
        event: event.to_owned(),
        action,
        repo,
        installation_id,
        sender,
        what: what.unwrap_or(What::Other),
    })
}

struct Payload(Map<String, Value>);

impl Payload {
    fn text(&self, key: &str) -> Option<String> {
        self.0.get(key).and_then(Value::as_str).map(str::to_owned)
    }

    fn flag(&self, key: &str) -> bool {
        self.0.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Takes an object out and decodes it; none if it is not there or not of
    /// that kind.
    fn take<T: DeserializeOwned + Serialize + Default>(&mut self, key: &str) -> Option<T> {
        let value = self.0.get_mut(key).map(Value::take)?;
        value
            .is_object()
            .then(|| tolerant::decode_loosely(value).ok())
            .flatten()
    }

    fn issue(&mut self) -> Option<Issue> {
        self.take("issue").filter(|issue: &Issue| issue.number > 0)
    }

    fn pull(&mut self) -> Option<Box<Pull>> {
        self.take("pull_request")
            .filter(|pull: &Pull| pull.number > 0)
            .map(Box::new)
    }

    /// Hashes of the commits of a push.
    fn commits(&self) -> Vec<String> {
        let items = self.0.get("commits").and_then(Value::as_array);
        let ids = items.into_iter().flatten();
        ids.filter_map(|item| item.get("id").and_then(Value::as_str))
            .map(str::to_owned)
            .collect()
    }

    /// The files right below `.github/` that the commits of a push touch.
    fn settings(&self) -> Vec<String> {
        let commits = self.0.get("commits").and_then(Value::as_array);
        let lists = commits.into_iter().flatten().flat_map(|commit| {
            let kinds = ["added", "removed", "modified"].into_iter();
            kinds.filter_map(|kind| commit.get(kind)?.as_array())
        });
        let paths = lists.flatten().filter_map(Value::as_str).filter(|path| {
            let below = path.strip_prefix(".github/");
            below.is_some_and(|name| !name.contains('/'))
        });
        let paths: BTreeSet<&str> = paths.collect();
        paths.into_iter().map(str::to_owned).collect()
    }

    /// Ids of a list of repositories.
    fn ids(&self, key: &str) -> Vec<i64> {
        let items = self.0.get(key).and_then(Value::as_array);
        items
            .into_iter()
            .flatten()
            .filter_map(|item| item.get("id").and_then(Value::as_i64))
            .collect()
    }
}

fn repo_ref(value: &Value) -> Option<RepoRef> {
    let text = |at: &str| {
        let found = value.pointer(at).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    Some(RepoRef {
        id: value.get("id")?.as_i64()?,
        owner: text("/owner/login"),
        name: text("/name"),
        default_branch: text("/default_branch"),
        html_url: text("/html_url"),
        private: value
            .get("private")
            .and_then(Value::as_bool)
            // What is not said is not shown to anybody.
            .unwrap_or(true),
    })
}

/// What happened; `None` where the fields that matter are missing.
fn what(event: &str, action: &str, payload: &mut Payload) -> Option<What> {
    let did = action.to_owned();
    Some(match event {
        "issues" => issue(action, payload)?,
        "issue_comment" => comment(action, payload)?,
        "pull_request" => pull(action, payload)?,
        "pull_request_review" => {
            let mut review: Review = payload.take("review")?;
            review.state = review.state.to_ascii_uppercase();
            What::Review {
                action: did,
                review,
                pull: payload.pull()?,
            }
        }
        "push" => What::Push {
            name: payload.text("ref")?,
            before: payload.text("before")?,
            after: payload.text("after")?,
            created: payload.flag("created"),
            deleted: payload.flag("deleted"),
            forced: payload.flag("forced"),
            commits: payload.commits(),
            settings: payload.settings(),
        },
        "create" => What::RefCreated {
            name: payload.text("ref")?,
            kind: payload.text("ref_type")?,
        },
        "delete" => What::RefDeleted {
            name: payload.text("ref")?,
            kind: payload.text("ref_type")?,
        },
        "workflow_run" => What::WorkflowRun {
            action: did,
            run: payload.take("workflow_run").map(Box::new)?,
        },
        "check_run" => What::CheckRun {
            action: did,
            run: payload.take("check_run").map(Box::new)?,
        },
        "check_suite" => {
            let suite = payload.0.get("check_suite")?;
            let text = |key| suite.get(key).and_then(Value::as_str).map(str::to_owned);
            What::CheckSuite {
                action: did,
                sha: text("head_sha")?,
                status: text("status").unwrap_or_default(),
                conclusion: text("conclusion"),
            }
        }
        "status" => What::Status {
            sha: payload.text("sha")?,
            context: payload.text("context").unwrap_or_default(),
            state: payload.text("state").unwrap_or_default(),
        },
        "release" => What::Release {
            action: did,
            release: payload.take("release").map(Box::new)?,
        },
        "installation" => What::Installation { action: did },
        "installation_repositories" => What::InstallationRepositories {
            added: payload.ids("repositories_added"),
            removed: payload.ids("repositories_removed"),
        },
        "repository" => What::Repository { action: did },
        "repository_ruleset" | "branch_protection_rule" => What::Rules,
        "ping" => What::Ping,
        _ => return None,
    })
}

/// A label on what is merged may ask for a hotfix; on anything else it is one of
/// the changes of a pull request.
fn pull(action: &str, payload: &mut Payload) -> Option<What> {
    let label = at_path(&payload.0, &["label", "name"]).and_then(Value::as_str);
    let label = label.map(str::to_owned);
    let pull = payload.pull()?;
    Some(match (action, label) {
        ("labeled" | "unlabeled", Some(label)) if pull.is_merged() => {
            let first = closes_in_text(&pull.body).into_iter().next();
            let first = first.and_then(|number| i64::try_from(number).ok());
            What::PullLabel {
                issue: first.unwrap_or(pull.number),
                on: action == "labeled",
                label,
                pull,
            }
        }
        _ => What::Pull {
            pull,
            action: action.to_owned(),
        },
    })
}

fn issue(action: &str, payload: &mut Payload) -> Option<What> {
    let issue = payload.issue()?;
    let is_pull = issue.is_pull();
    let label = at_path(&payload.0, &["label", "name"]).and_then(Value::as_str);
    let label = label.map(str::to_owned);
    what_was_said("issues", action, issue, is_pull, label, None, None)
}

fn comment(action: &str, payload: &mut Payload) -> Option<What> {
    let issue = payload.issue()?;
    let is_pull = issue.is_pull();
    let comment = payload.take("comment");
    let before = at_path(&payload.0, &["changes", "body", "from"]).and_then(Value::as_str);
    let before = before.map(str::to_owned);
    what_was_said(
        "issue_comment",
        action,
        issue,
        is_pull,
        None,
        comment,
        before,
    )
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
