//! What starts runs: tags, dispatches, other runs; and what does not.

use serde_json::{Map, json};

use super::stage;
use crate::sim::actions::listen::on_push;
use crate::sim::actions::{Failure, PushInfo, actions_bot, dispatch};
use crate::sim::world::Who;

const AFTER: &str = "name: After\non:\n  workflow_run:\n    workflows: [Publish]\n    types: [completed]\njobs:\n  after:\n    if: github.event.workflow_run.conclusion == 'success'\n    runs-on: x\n    steps:\n      - run: make\n";

#[test]
fn a_tag_starts_its_workflows_on_the_commit_behind_it() {
    let mut s = stage(&[]);
    let tag_object = s.push_tag("v1.0.5");
    let files: Vec<_> = s.runs().iter().map(|r| r.path.clone()).collect();
    assert_eq!(
        files,
        [
            ".github/workflows/publish.yml",
            ".github/workflows/release.yml"
        ]
    );
    let run = s.run_of("publish.yml");
    assert_ne!(tag_object, s.head);
    assert_eq!(run.head_sha, s.head, "not the tag object");
    assert_eq!(
        (run.head_branch.as_str(), run.event.as_str()),
        ("v1.0.5", "push")
    );
}

#[test]
fn a_run_s_end_starts_what_is_chained_to_its_name() {
    let mut s = stage(&[(".github/workflows/after.yml", AFTER)]);
    s.push_tag("v1.0.5");
    s.pass(185_000);
    let after = s.run_of("after.yml");
    assert_eq!(after.event, "workflow_run");
    assert_eq!(after.head_branch, "main", "on the default branch");
    s.pass(185_000);
    assert_eq!(s.run_of("after.yml").conclusion.as_deref(), Some("success"));
}

#[test]
fn a_failed_parent_leaves_a_skipped_run() {
    let mut s = stage(&[(".github/workflows/after.yml", AFTER)]);
    let settings = &mut s.world.repos.get_mut(&s.repo).unwrap().actions.settings;
    settings.failures.push(Failure::always("publish.yml"));
    s.push_tag("v1.0.5");
    s.pass(200_000);
    assert_eq!(s.run_of("after.yml").conclusion.as_deref(), Some("skipped"));
}

#[test]
fn a_workflow_s_own_token_starts_nothing_but_dispatches() {
    let mut s = stage(&[]);
    let bot = actions_bot(&mut s.world);
    let push = PushInfo {
        ref_name: "refs/heads/main".into(),
        before: None,
        after: Some(s.head.clone()),
        after_commit: Some(s.head.clone()),
        who: Who::github_token(bot),
    };
    on_push(&mut s.world, s.repo, &push);
    assert!(s.runs().is_empty());
    let inputs = json!({ "version": "v1.0.5" }).as_object().cloned().unwrap();
    let path = ".github/workflows/bundle.yml";
    dispatch(&mut s.world, s.repo, path, "main", &inputs, &push.who).unwrap();
    assert_eq!(s.run_of("bundle.yml").event, "workflow_dispatch");
}

#[test]
fn a_dispatch_is_checked() {
    let mut s = stage(&[]);
    let who = s.owner();
    let mut try_it = |path: &str, at: &str, inputs: serde_json::Value| {
        let inputs: Map<_, _> = inputs.as_object().cloned().unwrap();
        let path = format!(".github/workflows/{path}");
        dispatch(&mut s.world, s.repo, &path, at, &inputs, &who)
    };
    let version = json!({ "version": "1" });
    let run = try_it("bundle.yml", "v1.0.4", version.clone()).unwrap();
    for (path, at, inputs, status, text) in [
        ("none.yml", "main", version.clone(), 404, "Not Found"),
        ("ci.yml", "main", json!({}), 422, "workflow_dispatch"),
        (
            "bundle.yml",
            "nowhere",
            version.clone(),
            422,
            "No ref found",
        ),
        (
            "bundle.yml",
            "main",
            json!({}),
            422,
            "Required input 'version'",
        ),
        (
            "bundle.yml",
            "main",
            json!({ "version": "1", "x": 1 }),
            422,
            "Unexpected inputs",
        ),
    ] {
        let refusal = try_it(path, at, inputs).unwrap_err();
        assert_eq!(refusal.status, status, "{path} {at}");
        assert!(refusal.message.contains(text), "{}", refusal.message);
    }
    let run = &s.world.repos[&s.repo].actions.runs[&run];
    assert_eq!(run.values["inputs.kind"], "full", "the default");
    assert_eq!(
        (run.head_branch.as_str(), &run.head_sha),
        ("v1.0.4", &s.head)
    );
}
