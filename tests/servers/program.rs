//! The real program in real time, on a database of PostgreSQL, and the stand-in that it
//! works with.

use hotfix_bot::sim::{Person, Sim};

pub use crate::real_time::{Program, until};
use crate::real_time::{TOOL, is_prepared, serve, stage};

/// Waits until it leads.
pub async fn leads(program: &Program) {
    program.has_said("\"took over\"").await;
}

/// Waits until it waits for another one.
pub async fn stands_by(program: &Program) {
    program.has_said("another server leads").await;
}

/// The stand-in with a repository that the App is installed on.
pub struct House {
    pub sim: Sim,
    repo: u64,
    app: u64,
    dir: tempfile::TempDir,
}

impl House {
    pub async fn new() -> House {
        let dir = tempfile::tempdir().unwrap();
        let (sim, repo, app) = stage(dir.path(), 0, &TOOL).await;
        House {
            sim,
            repo,
            app,
            dir,
        }
    }

    /// A server of it.
    pub fn serves(&self, database_url: &str) -> Program {
        let mut command = serve(&self.sim, self.app, self.dir.path());
        command.envs([("DATABASE_URL", database_url), ("RUST_LOG", "info")]);
        Program::starts(&mut command)
    }

    /// GitHub sends to this one.
    pub async fn sends_to(&self, program: &Program) {
        self.sim.set_webhook(Some(program.webhook().await));
    }

    fn person(&self) -> Person {
        self.sim.person("maintainer", self.repo)
    }

    /// An issue, labelled.
    pub fn labelled(&self) -> u64 {
        let person = self.person();
        let issue = person.open_issue("It does not start", "At all.").unwrap();
        person.label(issue, "P0").unwrap();
        issue
    }

    /// Waits until the hotfix of the issue has its pull request, and holds that nothing
    /// was made twice.
    pub async fn is_prepared(&self, issue: u64) {
        is_prepared(&self.sim, self.repo, issue).await;
        let world = self.sim.world();
        let done = |operation: &str| {
            let calls = world.log.calls.iter();
            let of = calls.filter(|c| c.operation.as_deref() == Some(operation));
            of.filter(|c| c.status == 201).count()
        };
        assert_eq!(done("git/create-ref"), 1, "one branch");
        assert_eq!(done("pulls/create"), 1, "one pull request");
    }
}
