//! What the required runs of a head show when they are through: the jobs with
//! their runners, what they built, and the fix's own tests in their logs.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Sha;
use crate::domain::outside::Outside;

/// What the runs of a head show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jobs {
    /// The head.
    pub sha: Sha,
    /// Their jobs.
    pub jobs: Vec<RanJob>,
    /// What they uploaded.
    pub builds: Vec<Build>,
    /// The tests that the fix adds and that a log shows to have passed, each with
    /// the job's id.
    pub shown: Vec<(Outside, u64)>,
    /// How many logs were read.
    pub logs: u64,
}

/// A job of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RanJob {
    /// Its id.
    pub id: u64,
    /// The run's id.
    pub run: u64,
    /// Its name.
    pub name: Outside,
    /// The labels of its runner, as its `runs-on` asks for.
    pub labels: Vec<String>,
    /// Whether it passed.
    pub passed: bool,
    /// Whether it did nothing: GitHub left it out, or all that it runs.
    #[serde(default)]
    pub idle: bool,
    /// Its page.
    pub url: String,
}

/// An artifact of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// Its id.
    pub id: u64,
    /// The run's id.
    pub run: u64,
    /// Its name.
    pub name: Outside,
}

impl Jobs {
    /// The jobs whose logs are read for tests: those that are called so first.
    pub fn to_read(&self) -> Vec<u64> {
        let passed = || self.jobs.iter().filter(|job| job.passed);
        let is_test = |job: &&RanJob| job.name.folded().contains("test");
        let first = passed().filter(is_test);
        let then = passed().filter(|job| !is_test(job));
        first.chain(then).take(LOGS).map(|job| job.id).collect()
    }
}

/// So many logs are read of one head.
const LOGS: usize = 2;
