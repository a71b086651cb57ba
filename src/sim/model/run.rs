//! A repository's workflows and runs, and what a rehearsal may set of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::account::UserId;
use crate::sim::clock::Millis;
use crate::sim::workflow_file::infer::Effect;
use crate::sim::workflow_file::parts::Workflow;

/// A repository's workflows and runs.
#[derive(Debug, Default)]
pub struct RepoActions {
    /// Workflows by path, once seen.
    pub workflows: BTreeMap<String, Registered>,
    /// Runs by id.
    pub runs: BTreeMap<u64, Run>,
    /// What a rehearsal sets.
    pub settings: Settings,
    /// What was read from steps, and done, in order.
    pub inferred: Vec<Inferred>,
    /// Workflow files by commit.
    pub(in crate::sim) files: BTreeMap<String, Arc<Vec<File>>>,
}

/// A workflow as GitHub lists it.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Its id.
    pub id: u64,
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Whether it starts at all (`active`, else `disabled_manually`).
    pub active: bool,
    /// When it was first seen.
    pub created_at: Millis,
    /// The number of its latest run.
    pub runs: u32,
}

/// One workflow file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path.
    pub path: String,
    /// Its name, whether or not the file can be read.
    pub name: String,
    /// What it says, or what is wrong with it.
    pub flow: Result<Arc<Workflow>, String>,
}

/// How runs go. Files are named by their last part (`publish.yml`) or path.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Times by file.
    pub pace: BTreeMap<String, Pace>,
    /// Times of all other files.
    pub default_pace: Pace,
    /// What fails.
    pub failures: Vec<Failure>,
    /// What the jobs of a file print beside what is inferred.
    pub logs: BTreeMap<String, Vec<String>>,
    /// What the runs of a file upload once they are through: names.
    pub artifacts: BTreeMap<String, Vec<String>>,
    /// What no job builds for a release, by parts of the files' names.
    pub unbuilt: Vec<String>,
    /// Whether nobody knows what the files of the releases are called, so that names
    /// were made up: what a job uploads comes with files like those.
    pub names_made_up: bool,
    /// Environments whose jobs wait for one of these people.
    pub protected: BTreeMap<String, Vec<UserId>>,
    /// Environments that take these refs alone: `tag` or `branch`, and the name
    /// or how it begins (`v*`).
    pub deploys: BTreeMap<String, Vec<(String, String)>>,
    /// Whether the repository's name stands for another that nobody knows, so
    /// that conditions on it cannot be decided.
    pub nameless: bool,
}

/// How long a run takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// From the trigger to the runner.
    pub queue_ms: Millis,
    /// From then to the end, shared evenly by the levels of `needs`.
    pub run_ms: Millis,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            queue_ms: 5_000,
            run_ms: 180_000,
        }
    }
}

/// A failure to come. The first that fits counts.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The workflow file.
    pub file: String,
    /// Only this run of the file (`run_number`, from 1); none: every one.
    pub run: Option<u32>,
    /// Only this attempt; none: every one.
    pub attempt: Option<u32>,
    /// Only this job, by key or name; none: the first that runs.
    pub job: Option<String>,
    /// The job's conclusion: `failure`, `timed_out`, `cancelled`, ...
    pub conclusion: String,
    /// How many of the job's effects still happen before it fails.
    pub after_effects: usize,
}

impl Failure {
    /// The first attempt of every run of `file` fails in its first job.
    pub fn first_attempt(file: &str) -> Failure {
        Failure {
            attempt: Some(1),
            ..Failure::always(file)
        }
    }

    /// Every attempt of every run of `file` fails in its first job.
    pub fn always(file: &str) -> Failure {
        Failure {
            file: file.to_owned(),
            run: None,
            attempt: None,
            job: None,
            conclusion: "failure".to_owned(),
            after_effects: 0,
        }
    }

    /// Only the nth run of the file.
    pub fn run(mut self, number: u32) -> Failure {
        self.run = Some(number);
        self
    }

    /// Only this job, by key or name.
    pub fn job(mut self, name: &str) -> Failure {
        self.job = Some(name.to_owned());
        self
    }
}

/// Whether `named` means the file at `path`.
fn means(named: &str, path: &str) -> bool {
    named == path || path.rsplit('/').next() == Some(named)
}

impl Settings {
    /// Whether an environment takes jobs that run on this ref. (GitHub:
    /// deployment branches and tags.)
    pub fn takes(&self, environment: &str, full_ref: &str) -> bool {
        let Some(all) = self.deploys.get(environment) else {
            return true;
        };
        all.iter().any(|(kind, pattern)| {
            let folder = if kind == "tag" {
                "refs/tags/"
            } else {
                "refs/heads/"
            };
            let name = full_ref.strip_prefix(folder);
            name.is_some_and(|name| super::branch::fits(pattern, name))
        })
    }

    /// Sets the times of one file.
    pub fn set_pace(&mut self, file: &str, queue_ms: Millis, run_ms: Millis) {
        self.pace.insert(file.to_owned(), Pace { queue_ms, run_ms });
    }

    pub(in crate::sim) fn pace_of(&self, path: &str) -> Pace {
        let own = self.pace.iter().find(|(file, _)| means(file, path));
        own.map_or(self.default_pace, |(_, pace)| *pace)
    }

    /// What is set for the file at this path.
    pub(in crate::sim) fn of_file<'a>(
        set: &'a BTreeMap<String, Vec<String>>,
        path: &str,
    ) -> &'a [String] {
        let own = set.iter().find(|(file, _)| means(file, path));
        own.map_or(&[], |(_, all)| all)
    }

    /// The failure that meets a job of this run, if any.
    pub(in crate::sim) fn failure_of(&self, run: &Run, job: &RunJob) -> Option<&Failure> {
        self.failures.iter().find(|f| {
            means(&f.file, &run.path)
                && f.run.is_none_or(|n| n == run.number)
                && f.attempt.is_none_or(|n| n == run.attempt)
                && f.job
                    .as_ref()
                    .is_none_or(|j| *j == job.name || *j == job.key)
        })
    }
}

/// One run of a workflow.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its id; a re-run keeps it.
    pub id: u64,
    /// The workflow's id.
    pub workflow_id: u64,
    /// The file's path.
    pub path: String,
    /// The workflow's name.
    pub name: String,
    /// The event that started it.
    pub event: String,
    /// The full ref it runs on.
    pub ref_name: String,
    /// The short name of the branch or tag.
    pub head_branch: String,
    /// The commit, for annotated tags too.
    pub head_sha: String,
    /// Its number within the workflow, from 1.
    pub number: u32,
    /// The present attempt, from 1.
    pub attempt: u32,
    /// `queued`, `waiting`, `in_progress` or `completed`.
    pub status: &'static str,
    /// The end, once completed.
    pub conclusion: Option<String>,
    /// Who caused it.
    pub actor: UserId,
    /// Who caused this attempt.
    pub triggering_actor: UserId,
    /// When it was made.
    pub created_at: Millis,
    /// When this attempt began.
    pub started_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
    /// The check suite it reports to.
    pub check_suite: u64,
    /// The title that lists show.
    pub display_title: String,
    /// Pull requests it belongs to.
    pub pulls: Vec<u64>,
    /// The jobs of this attempt, as far as they exist.
    pub jobs: Vec<RunJob>,
    /// The attempts before.
    pub past: Vec<PastAttempt>,
    /// Values for conditions: `github.ref`, `inputs.x`, ...
    pub values: BTreeMap<String, String>,
    /// How many runs started one another up to this one.
    pub depth: u32,
    pub flow: Option<Arc<Workflow>>,
    pub(in crate::sim) approved: BTreeSet<String>,
    pub(in crate::sim) cancelled: bool,
    /// Names of jobs whose result the attempt takes over.
    pub(in crate::sim) kept: BTreeMap<String, RunJob>,
}

impl Run {
    /// The tag that a run is about, when what started it says so.
    pub fn tag(&self) -> Option<String> {
        let value = |name: &str| self.values.get(name).filter(|v| !v.is_empty()).cloned();
        let of_ref = |name: &str| name.strip_prefix("refs/tags/").map(str::to_owned);
        of_ref(&self.ref_name)
            .or_else(|| of_ref(&value("github.event.workflow_self.ref")?))
            .or_else(|| value("inputs.tag"))
            .or_else(|| value("inputs.version"))
    }
}

/// An attempt that a re-run has left behind.
#[derive(Clone, Debug)]
pub struct PastAttempt {
    /// Its number.
    pub attempt: u32,
    /// Its jobs.
    pub jobs: Vec<RunJob>,
    /// Its end.
    pub conclusion: Option<String>,
    /// Who caused it.
    pub triggering_actor: UserId,
    /// When it began.
    pub started_at: Millis,
    /// When it ended.
    pub updated_at: Millis,
}

/// One job of an attempt.
#[derive(Clone, Debug)]
pub struct RunJob {
    /// Its id, which is also its check run's.
    pub id: u64,
    /// Its key in the file.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The attempt.
    pub attempt: u32,
    /// `queued`, `waiting`, `in_progress` or `completed`.
    pub status: &'static str,
    /// The end, once completed.
    pub conclusion: Option<String>,
    /// When it was queued.
    pub created_at: Millis,
    /// When it began.
    pub started_at: Millis,
    /// When it ended.
    pub completed_at: Option<Millis>,
    /// Labels of the runner.
    pub labels: Vec<String>,
    /// Names of its steps.
    pub steps: Vec<String>,
    /// The environment it deploys to.
    pub environment: Option<String>,
    /// What its steps do.
    pub(in crate::sim) effects: Vec<Effect>,
    /// How it will end.
    pub(in crate::sim) will: String,
    /// What GitHub itself says against it: none of its steps run.
    pub(in crate::sim) against: Option<String>,
}

/// Something that was read from a step's text.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Inferred {
    /// When it was done.
    pub at: Millis,
    /// The workflow file.
    pub file: String,
    /// The run.
    pub run: u64,
    /// The attempt.
    pub attempt: u32,
    /// The job.
    pub job: String,
    /// What was done, or why not.
    pub what: String,
}

/// What becomes due for runs.
#[derive(Clone, Debug)]
pub enum ActionsJob {
    /// The jobs of the level before end, those of `level` begin.
    Advance {
        /// The repository.
        repo: u64,
        /// The run.
        run: u64,
        /// Its attempt; another attempt's progress is stale.
        attempt: u32,
        /// How many levels of `needs` lie before.
        level: usize,
    },
    /// A step of a job does something.
    Effect {
        /// The repository.
        repo: u64,
        /// The run.
        run: u64,
        /// The job.
        job: u64,
        /// Which of the job's effects.
        index: usize,
    },
}
