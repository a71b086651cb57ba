//! What the bot itself must know of a workflow file: what starts it, and what
//! its jobs may do to the outside.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

mod act;
mod actions;
mod acts;
mod asks;
mod checkout;
mod commands;
mod condition;
mod elsewhere;
mod glob;
mod gone;
mod held;
mod job;
mod known;
mod latest;
mod leans;
mod may;
mod message;
mod moves;
mod named;
mod own;
mod parallel;
mod proves;
mod ran;
mod script;
mod shell;
mod ships;
mod skip;
mod step;
mod targets;
mod tools;

pub use self::act::{Act, Permissions};
pub use self::acts::{of_action, says_reaching};
pub use self::asks::{Asks, of_action as asks_of_action};
pub use self::condition::{Cause, Merged, Start, holds};
pub use self::gone::Gone;
pub use self::held::DEFAULT_BRANCH;
pub use self::job::{Job, Reaches};
pub use self::known::CRATES;
pub use self::latest::{Latest, Says};
pub use self::leans::{Leans, fits};
pub use self::may::{Led, Shipped};
pub use self::own::{files_of, is_own, only_looks};
pub use self::proves::Proves;
pub use self::script::of_own_script;
pub use self::ships::{Ship, Shipping, Sure, of_own_action};
pub use self::skip::{skips_ci, unmarked};

/// A workflow file, as far as the bot reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowFile {
    /// `name`; without one GitHub shows the file's path.
    pub name: Option<String>,
    /// `on`.
    pub on: Triggers,
    /// Whether a step publishes to a registry of crates (by its text).
    pub publishes_crate: bool,
    /// Whether a step creates a GitHub release (by its text).
    pub creates_release: bool,
    /// Workflow files of the repository that its jobs call, by name.
    pub calls: Vec<String>,
    /// The branches that its jobs set to another commit by force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<String>,
    /// What its jobs use of the repository otherwise.
    #[serde(default)]
    pub leans: Leans,
    /// Its jobs. Where an earlier version did not read them, one of which
    /// nothing is known.
    #[serde(default = "job::unread")]
    pub jobs: Vec<Job>,
}

/// What starts a workflow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Triggers {
    /// A push of a branch or a tag.
    pub push: Option<RefFilter>,
    /// A pull request, by its base branch.
    pub pull_request: Option<RefFilter>,
    /// A pull request, by its base branch, with the rights of that branch.
    pub pull_request_target: Option<RefFilter>,
    /// By hand or API, with these inputs.
    pub workflow_dispatch: Option<Vec<Input>>,
    /// Another workflow.
    pub workflow_run: Option<AfterRun>,
    /// A release, by these types of activity; empty: every type.
    pub release: Option<Vec<String>>,
    /// Called by another workflow.
    pub workflow_call: bool,
    /// Every other event that is named.
    pub other: Vec<String>,
}

/// Which refs an event is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RefFilter {
    /// `branches`.
    pub branches: Option<Vec<String>>,
    /// `branches-ignore`.
    pub branches_ignore: Option<Vec<String>>,
    /// `tags`.
    pub tags: Option<Vec<String>>,
    /// `tags-ignore`.
    pub tags_ignore: Option<Vec<String>>,
    /// `paths`. GitHub evaluates it for branches and pull requests, never for
    /// tags.
    pub paths: Option<Vec<String>>,
    /// `paths-ignore`, likewise.
    pub paths_ignore: Option<Vec<String>>,
    /// `types`, of pull requests.
    pub types: Option<Vec<String>>,
}

/// An input of `workflow_dispatch`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Whether it must be given.
    pub required: bool,
    /// Its default, as text.
    pub default: Option<String>,
    /// Whether its default or its description shows a version with a `v` before it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shows_v: bool,
}

/// `workflow_run`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfterRun {
    /// The names of the workflows that it follows.
    pub workflows: Vec<String>,
    /// `completed`, `requested`, `in_progress`; empty: every one.
    pub types: Vec<String>,
    /// The branches of the run that it follows.
    pub on: RefFilter,
}

/// Why a workflow file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum WorkflowFileError {
    /// Not YAML.
    #[error("the workflow file is not valid YAML: {message}")]
    NotYaml {
        /// What the parser says, with its place.
        message: String,
    },
    /// YAML, and yet no workflow.
    #[error("the workflow file has no {missing}")]
    NoWorkflow {
        /// What a workflow must have.
        missing: String,
    },
}

impl WorkflowFile {
    /// Reads a workflow file.
    ///
    /// # Errors
    /// Where the text is no YAML, or has no `on`. What is of another type than
    /// GitHub takes counts as absent.
    pub fn parse(text: &str) -> Result<Self, WorkflowFileError> {
        let mut root: Value =
            crate::ecosystem::yaml::read(text).map_err(|error| WorkflowFileError::NotYaml {
                message: first_line(&error.to_string()),
            })?;
        parallel::in_jobs(&mut root);
        checkout::at_root(&mut root);
        let missing = |what: &str| WorkflowFileError::NoWorkflow {
            missing: what.to_owned(),
        };
        if !root.is_object() {
            return Err(missing("keys: expected a mapping"));
        }
        let on = root.get("on").ok_or_else(|| missing("\"on\""))?;
        let jobs = job::jobs(&root);
        let does = |is: fn(&Act) -> bool| jobs.iter().flat_map(|job| &job.acts).any(is);
        let crates = |act: &Act| matches!(act, Act::Publishes { what } if what == CRATES);
        Ok(Self {
            name: root.get("name").and_then(text_of),
            on: triggers(on),
            publishes_crate: does(crates),
            creates_release: does(|act| *act == Act::Releases),
            calls: jobs.iter().filter_map(Job::called).collect(),
            moves: moves::branches(&root),
            leans: Leans::read(&root),
            jobs,
        })
    }

    /// Whether a job of it attests what it builds, by the action or the right that
    /// that takes. (GitHub: using artifact attestations, `attestations: write`.)
    pub fn attests(&self) -> bool {
        let mut acts = self.jobs.iter().flat_map(|job| &job.acts);
        acts.any(|act| matches!(act, Act::Writes(what) if what == "attestations"))
    }

    /// Whether a run of it that passed has run this very command.
    pub fn runs(&self, command: &str) -> bool {
        let command = ran::print(command);
        self.jobs.iter().any(|job| job.ran.contains(&command))
    }

    /// Whether a push of this branch starts it, paths aside.
    pub fn starts_on_branch(&self, branch: &str) -> bool {
        self.on
            .push
            .as_ref()
            .is_some_and(|f| f.takes_branch(branch))
    }

    /// Whether a push of this tag starts it.
    pub fn starts_on_tag(&self, tag: &str) -> bool {
        self.on.push.as_ref().is_some_and(|f| f.takes_tag(tag))
    }

    /// Whether the commits of a pull request into this branch start it, paths
    /// aside: one that waits for a label or for the end says nothing of them.
    /// (GitHub: events that trigger workflows, `pull_request`.)
    pub fn starts_on_pull_request_to(&self, base: &str) -> bool {
        let commits = ["opened", "synchronize", "reopened"];
        let of_commits = |f: &RefFilter| match &f.types {
            Some(types) => types.iter().any(|t| commits.contains(&t.as_str())),
            None => true,
        };
        let filter = self.on.pull_request.as_ref();
        filter.is_some_and(|f| {
            of_commits(f) && takes(base, f.branches.as_deref(), f.branches_ignore.as_deref())
        })
    }

    /// The same of every commit: what only the opening starts says nothing of those
    /// that are pushed later, and a hotfix's fix is one of these.
    pub fn tests_pull_requests_to(&self, base: &str) -> bool {
        let types = self.on.pull_request.as_ref().and_then(|f| f.types.as_ref());
        let pushed = types.is_none_or(|types| types.iter().any(|t| t == "synchronize"));
        pushed && self.starts_on_pull_request_to(base)
    }

    /// What its jobs may do to the outside, job by job; empty: it is harmless.
    /// A workflow of the repository that a job calls is one of these: whoever
    /// knows the other files follows it.
    pub fn harm(&self) -> Vec<(String, Act)> {
        let of = |job: &'_ Job| {
            job.acts
                .iter()
                .cloned()
                .map(|act| (job.id.clone(), act))
                .collect::<Vec<_>>()
        };
        self.jobs.iter().flat_map(of).collect()
    }

    /// The conditions by which no job of it ever runs when it is started so;
    /// none where one may.
    pub fn never_runs(&self, start: Start<'_>) -> Option<Vec<String>> {
        condition::never(&self.jobs, start)
    }

    /// What its jobs ask for before they run, each once.
    pub fn conditions(&self) -> Vec<String> {
        let all = self.jobs.iter().filter_map(|job| job.when.as_deref());
        let mut all: Vec<String> = all.map(|when| when.trim().to_owned()).collect();
        all.dedup();
        all
    }

    /// The repository's own actions that its jobs use, by folder.
    pub fn uses(&self) -> impl Iterator<Item = &str> {
        let acts = self.jobs.iter().flat_map(|job| &job.acts);
        acts.filter_map(|act| match act {
            Act::Uses(folder) => Some(folder.as_str()),
            _ => None,
        })
    }

    /// What of the repository its commands run, files and targets, as far as that could
    /// reach outside.
    pub fn runs_own(&self) -> impl Iterator<Item = &str> {
        let ships = self.jobs.iter().flat_map(|job| &job.ships);
        let used = ships.filter_map(|ship| ship.uses.as_deref());
        used.filter(|key| own::is_own(key))
    }

    /// What its jobs ask of a tag, of those that run, or may run, for this cause.
    pub fn asks(&self, cause: Cause<'_>) -> Vec<&Asks> {
        let (out, _) = condition::left_out(&self.jobs, cause);
        let jobs = self.jobs.iter();
        let runs = jobs.filter(|job| !out.contains(&job.id.as_str()));
        runs.flat_map(|job| &job.asks).collect()
    }

    /// The environments of the jobs that run, or may run, for this cause; those
    /// whose names only the run knows are left out.
    pub fn environments(&self, cause: Cause<'_>) -> Vec<String> {
        let (out, _) = condition::left_out(&self.jobs, cause);
        let runs = self
            .jobs
            .iter()
            .filter(|job| !out.contains(&job.id.as_str()));
        let names = runs.filter_map(|job| job.environment.as_ref());
        let mut names: Vec<String> = names.filter(|it| !it.contains("${{")).cloned().collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether the end of a pull request into this branch starts it.
    pub fn starts_on_closed_pull_request_to(&self, base: &str) -> bool {
        let starts = |f: &RefFilter| {
            f.types.iter().flatten().any(|t| t == "closed")
                && takes(base, f.branches.as_deref(), f.branches_ignore.as_deref())
        };
        let both = [&self.on.pull_request, &self.on.pull_request_target];
        both.into_iter().flatten().any(starts)
    }

    /// Whether it follows a run of the workflow of this name.
    pub fn starts_after(&self, workflow: &str) -> bool {
        let after = self.on.workflow_run.as_ref();
        after.is_some_and(|run| run.workflows.iter().any(|name| name == workflow))
    }

    /// Whether a release that is made in public starts it. GitHub tells of one as
    /// "created", "published" and "released"; of a draft it tells the first no workflow.
    pub fn starts_on_new_release(&self) -> bool {
        let all = ["published", "released", "created"];
        all.iter().any(|activity| self.starts_on_release(activity))
    }

    /// Whether this activity of a release ("published", "created", …) starts it.
    pub fn starts_on_release(&self, activity: &str) -> bool {
        let types = self.on.release.as_ref();
        types.is_some_and(|types| types.is_empty() || types.iter().any(|t| t == activity))
    }
}

impl AfterRun {
    /// Whether a run with this head branch, or tag, passes `branches`.
    pub fn takes(&self, head_branch: &str) -> bool {
        takes(
            head_branch,
            self.on.branches.as_deref(),
            self.on.branches_ignore.as_deref(),
        )
    }
}

impl RefFilter {
    /// Whether a push of this branch passes: a filter that names tags alone
    /// lets no branch pass. (GitHub's workflow syntax, `on.push`.)
    pub fn takes_branch(&self, branch: &str) -> bool {
        let for_branches = self.branches.is_some() || self.branches_ignore.is_some();
        let for_tags = self.tags.is_some() || self.tags_ignore.is_some();
        if !for_branches {
            return !for_tags;
        }
        takes(
            branch,
            self.branches.as_deref(),
            self.branches_ignore.as_deref(),
        )
    }

    /// Whether a push of this tag passes: a filter that names branches alone
    /// lets no tag pass.
    pub fn takes_tag(&self, tag: &str) -> bool {
        let for_branches = self.branches.is_some() || self.branches_ignore.is_some();
        let for_tags = self.tags.is_some() || self.tags_ignore.is_some();
        if !for_tags {
            return !for_branches;
        }
        takes(tag, self.tags.as_deref(), self.tags_ignore.as_deref())
    }

    /// Whether the changed paths decide, too.
    pub fn by_paths(&self) -> bool {
        self.paths.is_some() || self.paths_ignore.is_some()
    }

    /// Whether a change of these paths passes: one of them is enough.
    pub fn takes_paths<'p>(&self, mut changed: impl Iterator<Item = &'p str>) -> bool {
        if !self.by_paths() {
            return true;
        }
        changed.any(|path| takes(path, self.paths.as_deref(), self.paths_ignore.as_deref()))
    }
}

fn takes(name: &str, only: Option<&[String]>, ignore: Option<&[String]>) -> bool {
    only.is_none_or(|patterns| glob::any(patterns, name))
        && ignore.is_none_or(|patterns| !glob::any(patterns, name))
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}

fn triggers(on: &Value) -> Triggers {
    let mut all = Triggers::default();
    match on {
        Value::String(event) => add(&mut all, event, &Value::Null),
        Value::Array(events) => {
            for event in events.iter().filter_map(Value::as_str) {
                add(&mut all, event, &Value::Null);
            }
        }
        Value::Object(events) => {
            for (event, settings) in events {
                add(&mut all, event, settings);
            }
        }
        _ => {}
    }
    all
}

fn add(all: &mut Triggers, event: &str, settings: &Value) {
    let list = |key: &str| settings.get(key).and_then(texts);
    match event {
        "push" => all.push = Some(filter(settings)),
        "pull_request" => all.pull_request = Some(filter(settings)),
        "pull_request_target" => {
            all.pull_request_target = Some(filter(settings));
            all.other.push(event.to_owned());
        }
        "workflow_dispatch" => all.workflow_dispatch = Some(inputs(settings.get("inputs"))),
        "workflow_call" => all.workflow_call = true,
        "release" => all.release = Some(list("types").unwrap_or_default()),
        "workflow_run" => {
            all.workflow_run = Some(AfterRun {
                workflows: list("workflows").unwrap_or_default(),
                types: list("types").unwrap_or_default(),
                on: filter(settings),
            });
        }
        other => all.other.push(other.to_owned()),
    }
}

fn filter(settings: &Value) -> RefFilter {
    let list = |key: &str| settings.get(key).and_then(texts);
    RefFilter {
        branches: list("branches"),
        branches_ignore: list("branches-ignore"),
        tags: list("tags"),
        tags_ignore: list("tags-ignore"),
        paths: list("paths"),
        paths_ignore: list("paths-ignore"),
        types: list("types"),
    }
}

fn inputs(inputs: Option<&Value>) -> Vec<Input> {
    let Some(Value::Object(inputs)) = inputs else {
        return Vec::new();
    };
    inputs
        .iter()
        .map(|(name, settings)| Input {
            name: name.clone(),
            required: settings.get("required").and_then(Value::as_bool) == Some(true),
            default: settings.get("default").and_then(text_of),
            shows_v: ["default", "description"]
                .iter()
                .filter_map(|key| settings.get(key)?.as_str())
                .any(shows_v),
        })
        .collect()
}

/// Whether a text has a version with a `v` before it, and none without.
fn shows_v(text: &str) -> bool {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    let is_one = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit()) && word.trim_end_matches('.').contains('.')
    };
    let mut with = words.clone().filter_map(|word| word.strip_prefix('v'));
    with.any(is_one) && !words.clone().any(is_one)
}

/// A scalar as text.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}

/// One text or several.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(all) => Some(all.iter().filter_map(text_of).collect()),
        Value::Null => None,
        one => text_of(one).map(|one| vec![one]),
    }
}

#[cfg(test)]
mod acts_tests;
#[cfg(test)]
mod tests;
