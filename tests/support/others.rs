//! What others than a story's people leave in the repository: rules, statuses and
//! checks of Apps.

use hotfix_bot::sim::checks::{CheckRun, Status, Suite};
use hotfix_bot::sim::world::BranchRule;
use hotfix_bot::sim::{Sim, Who};
use serde_json::Value;

use super::story::Story;

impl Story {
    /// A commit status of somebody else's.
    pub fn status_is(&self, sha: &str, context: &str, state: &str) {
        let mut world = self.sim().world();
        let status = Status {
            id: world.next_id(),
            sha: sha.to_owned(),
            state: state.to_owned(),
            context: context.to_owned(),
            description: None,
            target_url: None,
            creator: world.add_user("maintainer"),
            created_at: world.now(),
        };
        let repo = world.repos.get_mut(&self.stage.scene.repo).expect("it");
        repo.checks.statuses.push(status);
    }

    /// The owner takes the App off.
    pub fn takes_the_app_off(&self) {
        let mut world = self.sim().world();
        let who = Who::person(world.repo(self.repo()).expect("it").owner);
        let taken = world.uninstalls(self.stage.scene.app, self.repo(), &who);
        taken.expect("taken off");
    }

    /// And installs it again.
    pub fn installs_the_app_again(&self) {
        let mut world = self.sim().world();
        let who = Who::person(world.repo(self.repo()).expect("it").owner);
        let back = world.installs(self.stage.scene.app, self.repo(), &who);
        back.expect("installed");
    }

    /// A rule on a branch; of ruleset 0 it is classic protection.
    pub fn rule(sim: &Sim, repo: u64, ruleset: u64, kind: &str, parameters: Value) {
        Story::rule_on(sim, repo, (ruleset, "main"), kind, parameters);
    }

    /// The same on other refs.
    pub fn rule_on(sim: &Sim, repo: u64, on: (u64, &str), kind: &str, parameters: Value) {
        let (ruleset, refs) = on;
        let rule = BranchRule {
            ruleset,
            branch: refs.into(),
            kind: kind.into(),
            parameters,
            bypass_apps: Default::default(),
        };
        sim.world().add_rule(repo, rule);
    }

    /// A check run of the bot's own App, which stands for any App.
    pub fn app_checks(&self, sha: &str, name: &str, conclusion: &str) {
        let mut world = self.sim().world();
        let (id, now, app) = (world.next_id(), world.now(), self.stage.scene.app);
        let suite = Suite {
            id: world.next_id(),
            app,
            head_sha: sha.to_owned(),
            created_at: now,
        };
        let run = CheckRun {
            id,
            app,
            suite: suite.id,
            head_sha: sha.to_owned(),
            name: name.to_owned(),
            status: "completed".to_owned(),
            conclusion: Some(conclusion.to_owned()),
            external_id: String::new(),
            details_url: None,
            started_at: Some(now),
            completed_at: Some(now),
            output: [None, None, None],
            annotations: Vec::new(),
            actions: Vec::new(),
            history: Vec::new(),
        };
        let repo = world.repos.get_mut(&self.stage.scene.repo).expect("it");
        repo.checks.suites.insert(suite.id, suite);
        repo.checks.runs.insert(id, run);
    }
}
