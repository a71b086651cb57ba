//! The checks that must pass on the head beside the runs of the tests: those
//! that the configuration names, and those that the rules of the branch require
//! to which the pull request goes. Check runs and commit statuses, whichever has
//! the name.
//!
//! A check that a job of a required workflow leaves is proven by that file's
//! run, and asked for nowhere else.

use super::branch::Branched;
use super::fix::Fixed;
use super::overrides::is_passed;
use super::required::required;
use super::step::Case;
use super::triggers::at_head;
use crate::domain::need::{CheckFrom, Looking, Need, NeedKind, RequiredBy, Who};
use crate::domain::objects::{CheckState, Checks, RequiredCheck, Workflow};

/// GitHub Actions as an App, on github.com. Elsewhere it has another number:
/// then its checks are read like those of any other App.
const ACTIONS: u64 = 15_368;

/// What proves a check that the rules require.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The run of this file, which is required as a test.
    Run(String),
    /// The check itself, which this leaves.
    Check(CheckFrom),
}

/// The checks that the rules require, each with what proves it.
pub fn by_rules(c: &Case<'_>, branched: &Branched) -> Vec<(RequiredCheck, Proof)> {
    let checks = &branched.base.target().checks;
    if checks.is_empty() {
        return Vec::new();
    }
    let tests = required(c, branched);
    let proof = |check: &RequiredCheck| (check.clone(), proof(branched, &tests, check));
    checks.iter().map(proof).collect()
}

fn proof(branched: &Branched, tests: &[String], check: &RequiredCheck) -> Proof {
    if check.app.is_some_and(|app| app != ACTIONS) {
        return Proof::Check(CheckFrom::App);
    }
    let leaves = |workflow: &Workflow| {
        let mut jobs = workflow.file.jobs.iter();
        jobs.any(|job| job.leaves(&check.name))
    };
    let at_head = |file: &&String| at_head(branched, file).is_some_and(leaves);
    if let Some(file) = tests.iter().find(at_head) {
        return Proof::Run(file.clone());
    }
    let base = &branched.base;
    let all = branched.at_tag().iter().chain(&base.workflows);
    let mut all = all.chain(&base.main_workflows);
    Proof::Check(match all.find(|workflow| leaves(workflow)) {
        Some(workflow) => CheckFrom::Job(workflow.name().to_owned()),
        None if check.app.is_some() => CheckFrom::Nothing,
        None => CheckFrom::Elsewhere,
    })
}

/// A check that is asked for on the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// Who requires it.
    pub by: RequiredBy,
}

impl Wanted {
    /// How it stands, if it is there.
    fn state(&self, all: &Checks) -> Option<CheckState> {
        let app = match &self.by {
            RequiredBy::Configuration => None,
            RequiredBy::Rules { app, .. } => *app,
        };
        all.of(&self.name, app).map(|check| check.state)
    }

    /// Whether it is as it must be. GitHub merges with a required check that
    /// was skipped. (GitHub: troubleshooting required status checks.)
    pub fn is_met(&self, all: &Checks) -> bool {
        match (self.state(all), &self.by) {
            (Some(CheckState::Passed), _) => true,
            (Some(CheckState::Idle), by) => *by != RequiredBy::Configuration,
            _ => false,
        }
    }
}

/// The checks that are asked for on the head.
pub fn wanted(c: &Case<'_>, branched: &Branched) -> Vec<Wanted> {
    let configured = c.policy.test.checks.iter().map(|name| Wanted {
        name: name.clone(),
        by: RequiredBy::Configuration,
    });
    let mut all: Vec<Wanted> = configured.collect();
    for (RequiredCheck { name, app }, proof) in by_rules(c, branched) {
        let Proof::Check(from) = proof else {
            continue;
        };
        // The configuration asks for more: that it passed.
        let named = all.iter().any(|it| it.name.eq_ignore_ascii_case(&name));
        if !named || app.is_some() {
            let by = RequiredBy::Rules { app, from };
            all.push(Wanted { name, by });
        }
    }
    all
}

/// The names of those that passed on the head, and what is missing.
pub fn checks(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> (Vec<String>, Vec<Need>) {
    let (mut passed, mut needs) = (Vec::new(), Vec::new());
    let mut wanted = wanted(c, branched);
    wanted.retain(|it| !is_passed(c, &it.by.gate(), &fixed.head));
    if wanted.is_empty() {
        return (passed, needs);
    }
    let Some(seen) = c.line.seen.checks.get().filter(|s| s.sha == fixed.head) else {
        return (passed, vec![Need::looking(Looking::Checks)]);
    };
    for check in wanted {
        let state = check.state(seen);
        if check.is_met(seen) {
            passed.extend((state == Some(CheckState::Passed)).then_some(check.name));
            continue;
        }
        let who = match state {
            Some(CheckState::Pending) => Who::Machine,
            _ => Who::Responder,
        };
        let kind = NeedKind::Check {
            name: check.name,
            head: fixed.head.clone(),
            state,
            by: check.by,
        };
        needs.push(Need::new(who, kind));
    }
    (passed, needs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::objects::Check;

    #[test]
    fn a_check_counts_by_its_name_and_its_app() {
        let check = |name: &str, app, state| Check {
            name: name.to_owned(),
            state,
            app,
            ..Check::default()
        };
        use CheckState::{Failed, Idle, Passed, Pending};
        let by = |app| RequiredBy::Rules {
            app,
            from: CheckFrom::Elsewhere,
        };
        for (app, there, met) in [
            (None, vec![(None, Passed)], true),
            (None, vec![(Some(7), Passed)], true),
            (None, vec![(Some(7), Idle)], true),
            (None, vec![(Some(7), Passed), (Some(8), Failed)], false),
            (None, vec![(Some(7), Pending)], false),
            (None, vec![], false),
            // Anybody who may push sets a status, and any App a check.
            (Some(7), vec![(None, Passed)], false),
            (Some(7), vec![(Some(8), Passed)], false),
            (Some(7), vec![(Some(7), Passed), (Some(8), Failed)], true),
            (Some(7), vec![(Some(7), Passed), (Some(7), Failed)], false),
        ] {
            let all = Checks {
                checks: there
                    .iter()
                    .map(|(app, state)| check("Scan", *app, *state))
                    .collect(),
                ..Checks::default()
            };
            let wanted = Wanted {
                name: "scan".to_owned(),
                by: by(app),
            };
            assert_eq!(wanted.is_met(&all), met, "{app:?} {there:?}");
        }
        let idle = Checks {
            checks: vec![check("scan", None, Idle)],
            ..Checks::default()
        };
        let configured = Wanted {
            name: "scan".to_owned(),
            by: RequiredBy::Configuration,
        };
        assert!(!configured.is_met(&idle), "what is named must have passed");
    }
}
