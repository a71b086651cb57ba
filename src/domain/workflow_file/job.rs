//! A job of a workflow file: whether it runs, what it may do, and the checks
//! that it leaves on a commit.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::act::{Act, Permissions};
use super::acts;
use super::ships::{self, Ship};

/// A job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its key.
    pub id: String,
    /// Its `if:`.
    pub when: Option<String>,
    /// The jobs that it waits for.
    pub needs: Vec<String>,
    /// Its `name:`.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether it runs once for each entry of a matrix.
    #[serde(default)]
    pub matrix: bool,
    /// The workflow that it calls: its `uses:`.
    #[serde(default)]
    pub calls: Option<String>,
    /// Its environment.
    #[serde(default)]
    pub environment: Option<String>,
    /// The rights of its token: its own, else the workflow's.
    #[serde(default)]
    pub permissions: Permissions,
    /// What its steps ship, one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ships: Vec<Ship>,
    /// What it may do to the outside. Of a job that an earlier version read,
    /// nothing is known.
    #[serde(default = "unknown")]
    pub acts: Vec<Act>,
}

impl Job {
    /// The name of the file of this repository that it calls.
    pub fn called(&self) -> Option<String> {
        let called = self.calls.as_deref()?;
        let file = called.strip_prefix("./.github/workflows/")?;
        Some(file.to_owned())
    }
}

/// In place of jobs that were not read.
pub(super) fn unread() -> Vec<Job> {
    vec![Job {
        acts: unknown(),
        ..Job::default()
    }]
}

fn unknown() -> Vec<Act> {
    vec![Act::Unknown("a file that is to be read anew".to_owned())]
}

/// The jobs of a file.
pub(super) fn jobs(root: &Value) -> Vec<Job> {
    let ours = acts::permissions(root);
    let jobs = root.get("jobs").and_then(Value::as_object);
    let read = |(id, job): (&String, &Value)| {
        let permissions = acts::permissions(job).or_else(|| ours.clone());
        let acts = acts::of_job(root, job, &permissions);
        let environment = acts.iter().find_map(|act| match act {
            Act::Environment(name) => Some(name.clone()),
            _ => None,
        });
        Job {
            id: id.clone(),
            when: job.get("if").and_then(text),
            needs: match job.get("needs") {
                Some(Value::Array(all)) => all.iter().filter_map(text).collect(),
                one => one.and_then(text).into_iter().collect(),
            },
            name: job.get("name").and_then(text),
            matrix: job.pointer("/strategy/matrix").is_some(),
            calls: job.get("uses").and_then(text),
            environment,
            permissions,
            ships: ships::of(job),
            acts,
        }
    };
    let mut jobs: Vec<Job> = jobs.into_iter().flatten().map(read).collect();
    // A right to write that no job takes over was asked for all the same.
    let writes = ours.iter().flatten();
    for (name, _) in writes.filter(|(_, level)| !matches!(level.as_str(), "read" | "none")) {
        let act = Act::Writes(name.clone());
        if !jobs.iter().any(|job| job.acts.contains(&act)) {
            jobs.iter_mut().for_each(|job| job.acts.push(act.clone()));
        }
    }
    jobs
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}
