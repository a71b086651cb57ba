//! The parts of a workflow file that the stand-in needs to know.

use std::collections::BTreeMap;

use serde_json::Value;

/// A workflow file that could be read.
#[derive(Clone, Debug)]
pub struct Workflow {
    /// The path in the repository.
    pub path: String,
    /// `name:`, or the path when there is none.
    pub name: String,
    /// What starts it.
    pub on: Triggers,
    /// Its jobs in the order of the file.
    pub jobs: Vec<JobDef>,
}

/// The `on:` part.
#[derive(Clone, Debug, Default)]
pub struct Triggers {
    /// `push`.
    pub push: Option<Filter>,
    /// `pull_request`; `branches` are those of the base.
    pub pull_request: Option<Filter>,
    /// `release`.
    pub release: Option<Filter>,
    /// `workflow_run`.
    pub workflow_run: Option<Filter>,
    /// `workflow_dispatch`, with its inputs.
    pub workflow_dispatch: Option<Vec<Input>>,
    /// Events that the stand-in does not start anything for.
    pub others: Vec<String>,
}

/// The filters below one event. Absent is not the same as empty.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Filter {
    pub branches: Option<Vec<String>>,
    pub branches_ignore: Option<Vec<String>>,
    pub tags: Option<Vec<String>>,
    pub tags_ignore: Option<Vec<String>>,
    pub paths: Option<Vec<String>>,
    pub paths_ignore: Option<Vec<String>>,
    pub types: Option<Vec<String>>,
    pub workflows: Option<Vec<String>>,
}

/// One input of `workflow_dispatch`.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Whether a dispatch without it is refused.
    pub required: bool,
    /// Its default, as text.
    pub default: Option<String>,
}

/// One job as written, a matrix already spread out.
#[derive(Clone, Debug)]
pub struct JobDef {
    /// The key below `jobs:`.
    pub id: String,
    /// The name that runs show.
    pub name: String,
    /// Keys of the jobs that it waits for.
    pub needs: Vec<String>,
    /// The environment that it deploys to.
    pub environment: Option<String>,
    /// The text of `if:`.
    pub condition: Option<String>,
    /// `runs-on` labels.
    pub runs_on: Vec<String>,
    /// A called workflow (`uses:` on the job).
    pub uses: Option<String>,
    /// Its steps.
    pub steps: Vec<StepDef>,
    /// Its values of the matrix by their dotted names: `matrix.os`.
    pub matrix: BTreeMap<String, String>,
}

/// One step as written.
#[derive(Clone, Debug, Default)]
pub struct StepDef {
    /// `name:`, or what GitHub shows in its place.
    pub name: String,
    /// The text of `run:`.
    pub run: Option<String>,
    /// The action of `uses:`.
    pub uses: Option<String>,
    /// `with:`, as text.
    pub with: BTreeMap<String, String>,
    /// The text of `if:`.
    pub condition: Option<String>,
    /// `working-directory:`.
    pub dir: Option<String>,
}

/// A scalar as its text.
pub(in crate::sim) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        _ => None,
    }
}

/// A scalar, or a list of them, as texts.
pub(super) fn texts_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(text_of).collect(),
        other => text_of(other).into_iter().collect(),
    }
}
