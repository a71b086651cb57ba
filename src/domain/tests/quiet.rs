//! A repository on a quiet day, of which nothing is to be said.

use std::sync::Arc;

use super::sample::{self, sha, workflow};
use crate::domain::ailments::Around;
use crate::domain::facts::Facts;
use crate::domain::ids::Person;
use crate::domain::objects::{
    Ahead, Base, Bypass, ConfigFault, Environment, Guards, PolicyRead, Repo, Rule, Ruleset, Seen,
    Takes,
};
use crate::domain::policy::{DryRun, Install, Policy};
use crate::domain::quiet_day::{examined, quiet_day};
use crate::ecosystem::Registry;

/// What is known of a repository.
pub struct Known {
    pub base: Base,
    pub policy: Policy,
    pub own_file: bool,
    pub faults: Vec<ConfigFault>,
    pub guards: Guards,
    pub writers: Vec<&'static str>,
    pub around: Around,
}

pub fn seen<T>(value: T) -> Seen<T> {
    Seen {
        value: Some(value),
        answered: 1,
        ..Seen::default()
    }
}

impl Known {
    /// A repository of which nothing is to be said.
    pub fn well() -> Known {
        let mut base = sample::base();
        base.tag_pattern = "v{version}".into();
        base.known_issues = Some("KNOWN_ISSUES.md".into());
        base.security_policy = Some("SECURITY.md".into());
        base.package.registry = Registry::Ours;
        base.main_workflows = base.workflows.clone();
        let mut policy = Policy::default();
        policy.release.dry_run = DryRun::Workflow("publish.yml".into());
        policy.verify.install = Install::Workflow("install.yml".into());
        policy.roles.escalation = vec!["@lead".into()];
        Known {
            base,
            policy,
            own_file: true,
            faults: Vec::new(),
            guards: sample::guards(),
            writers: vec!["mia", "rev"],
            around: Around::default(),
        }
    }

    /// The workflow file has this text, at the base and on the default branch.
    pub fn file(&mut self, name: &str, text: &str) {
        self.base.workflows.retain(|it| it.name() != name);
        self.base.workflows.push(workflow(name, text));
        self.base.main_workflows = self.base.workflows.clone();
    }

    /// A ruleset on these refs.
    pub fn rule(&mut self, refs: &str, rule: Rule) {
        let set = Ruleset {
            name: "set".into(),
            tags: refs.starts_with("refs/tags/"),
            include: vec![refs.to_owned()],
            rules: vec![rule],
            bypass: Bypass::Never,
            ..Ruleset::default()
        };
        self.guards.rulesets.get_or_insert_default().push(set);
    }

    /// An environment that `publish.yml` deploys to.
    pub fn environment(&mut self, takes: Takes, minutes: u64) {
        let text = sample::PUBLISH.replace("runs-on", "environment: prod\n    runs-on");
        self.file("publish.yml", &text);
        self.guards.environments = Some(vec![Environment {
            name: "prod".into(),
            takes,
            minutes,
            ..Environment::default()
        }]);
    }

    pub fn facts(&self) -> Facts {
        let repo = Repo {
            id: 1,
            owner: "acme".into(),
            name: "lantern".into(),
            default_branch: "main".into(),
            ..Repo::default()
        };
        let mut facts = quiet_day(repo, "hotfix-bot[bot]", 1_000_000);
        facts.policy = seen(PolicyRead {
            commit: sha('1'),
            own_file: self.own_file,
            policy: Arc::new(self.policy.clone()),
            faults: self.faults.clone(),
            notes: None,
        });
        let line = facts.lines.only_mut();
        line.version = Some("1.0.5".into());
        line.seen.base = seen(Arc::new(self.base.clone()));
        line.seen.main = seen(Ahead::default());
        line.seen.guards = seen(self.guards.clone());
        let writers = self.writers.iter().zip(1..);
        let writers = writers.map(|(login, id)| Person {
            id,
            login: (*login).to_owned(),
        });
        line.seen.writers = seen(Some(writers.collect()));
        facts
    }

    pub fn found(&self) -> Vec<&'static str> {
        let all = examined(&self.facts(), &self.around).findings;
        all.into_iter().map(|it| it.name).collect()
    }
}

pub fn on(on: &str, job: &str) -> String {
    format!("on: {on}\njobs: {{a: {{runs-on: x, {job}}}}}")
}

pub fn run(script: &str) -> String {
    format!("steps: [{{run: '{script}'}}]")
}

pub const TAG: &str = "{push: {tags: ['v*']}}";
pub const MAIN: &str = "{push: {branches: [main]}}";
/// A change of what is known.
pub type Change = fn(&mut Known);
