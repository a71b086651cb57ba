//! Publishing is tried out on the tested head before the decision.

use super::sample::workflow;
use super::world::{World, base, needs, ready_of, sha, status};
use crate::domain::need::{NeedKind, NoDryRun};
use crate::domain::objects::Run;
use crate::domain::policy;

const KEY: &str = "[release]\ndry_run = \"workflow:trial.yml\"\n";

/// A hotfix in a repository with this file to try its release out.
fn with(on: &str, job: &str) -> World {
    let mut base = base();
    let text = format!("on: {on}\njobs: {{a: {{runs-on: x, {job}}}}}");
    base.workflows.push(workflow("trial.yml", &text));
    base.main_workflows = base.workflows.clone();
    World::of(base, policy::parse(KEY).unwrap(), "maintainer")
}

fn why(w: &World) -> Option<NoDryRun> {
    needs(w).into_iter().find_map(|need| match need {
        NeedKind::NoDryRun { why, .. } => Some(why),
        _ => None,
    })
}

const HARMLESS: &str = "permissions: {}, steps: [{run: cargo package}]";
const PUBLISHES: &str = "steps: [{run: cargo publish}]";

#[test]
fn what_cannot_be_tried_out_is_a_gate_with_its_reason() {
    for (on, job, expected) in [
        (
            "{schedule: [{cron: '1 2 * * 3'}]}",
            HARMLESS,
            Some(NoDryRun::NoDispatch),
        ),
        ("workflow_dispatch", HARMLESS, None),
        (
            "{workflow_dispatch: {inputs: {dry-run: {}}}}",
            PUBLISHES,
            None,
        ),
        (
            "{workflow_dispatch: {inputs: {DRY_RUN: {required: true}}}}",
            PUBLISHES,
            None,
        ),
        (
            "{workflow_dispatch: {inputs: {dry_run: {}, channel: {required: true}}}}",
            HARMLESS,
            Some(NoDryRun::Inputs(vec!["channel".to_owned()])),
        ),
    ] {
        let w = ready_of(with(on, job));
        assert_eq!(why(&w), expected, "{on} {job}");
        let sent = w.dispatched.iter().any(|file| file == "trial.yml");
        assert_eq!(sent, expected.is_none(), "{on}");
    }
    // Told to do nothing by halves it would publish.
    let mut w = ready_of(with("{workflow_dispatch: {inputs: {tag: {}}}}", PUBLISHES));
    assert!(
        matches!(why(&w), Some(NoDryRun::Harm(_))),
        "{:?}",
        needs(&w)
    );
    assert!(!w.dispatched.contains(&"trial.yml".to_owned()));
    w.say(
        "maintainer",
        "/hotfix override release.dry_run reason=\"tried at my desk\"",
    );
    assert_eq!(why(&w), None);
}

#[test]
fn it_is_tried_once_the_head_is_tested_and_shown_in_the_preview() {
    let mut w = with("workflow_dispatch", HARMLESS);
    w.push_fix('f');
    assert!(w.dispatched.is_empty(), "before the tests");
    let mut w = ready_of(with("workflow_dispatch", HARMLESS));
    assert_eq!(w.dispatched, ["trial.yml"]);
    let ran = |conclusion: &str| Run {
        id: 77,
        attempt: 1,
        path: ".github/workflows/trial.yml".into(),
        name: "Trial".into(),
        event: "workflow_dispatch".into(),
        ref_name: "hotfix/v1.0.5".into(),
        sha: sha('f'),
        status: "completed".into(),
        conclusion: Some(conclusion.to_owned()),
        ..Run::default()
    };
    // What was started before it is no trial, and no other test of the file is.
    let mut earlier = World::of(w.base.clone(), policy::parse(KEY).unwrap(), "maintainer");
    earlier.runs.push(ran("success"));
    let mut earlier = ready_of(earlier);
    assert_eq!(earlier.dispatched, ["trial.yml"]);
    assert!(
        !status(&earlier).contains("was tried out"),
        "{}",
        status(&earlier)
    );
    earlier.say("maintainer", "/hotfix test run=trial.yml");
    assert!(!status(&earlier).contains("was tried out"));
    earlier.run_is(Run {
        id: 78,
        ..ran("success")
    });
    assert!(
        status(&earlier).contains("was tried out"),
        "{}",
        status(&earlier)
    );
    w.run_is(ran("failure"));
    assert!(
        matches!(why(&w), Some(NoDryRun::Failed(_))),
        "{:?}",
        needs(&w)
    );
    w.run_is(ran("success"));
    assert_eq!(why(&w), None);
    let said = status(&w);
    assert!(
        said.contains("Publishing was tried out on this commit"),
        "{said}"
    );
    assert_eq!(w.dispatched, ["trial.yml"], "once a head");
}
