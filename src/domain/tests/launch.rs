//! What of the release the bot starts itself: where, with what, and how often.

use std::collections::BTreeMap;

use super::world::{World, base, needs, ready_of, sha, status, workflow};
use crate::domain::effect::Act;
use crate::domain::event::Outcome;
use crate::domain::need::{NeedKind, Start, Stopped};
use crate::domain::objects::{Base, Run, Tag};
use crate::domain::obstacle::Obstacle;
use crate::domain::policy::{Policy, ReleaseWorkflow, StartedBy, TaggedBy};
use crate::domain::shipping::Publishes;

const INPUTS: &str = "{inputs: {tag: {required: true}, dry-run: {default: 'true'}, note: {}}}";

/// A workflow that is started by hand, and does this.
fn by_hand(inputs: &str, script: &str) -> String {
    format!(
        "on: {{workflow_dispatch: {inputs}}}\njobs: {{a: {{runs-on: x, steps: [{{run: '{script}'}}]}}}}"
    )
}

/// A base whose workflows, besides the tests, are these.
fn with(files: &[(&str, &str)]) -> Base {
    let mut base = base();
    base.workflows.truncate(1);
    let all = files.iter().map(|(name, text)| workflow(name, text));
    base.workflows.extend(all);
    base.main_workflows = base.workflows.clone();
    base
}

/// The bot is to start `w.yml`, with these inputs.
fn dispatched(inputs: &[(&str, &str)]) -> Policy {
    let mut policy = Policy::default();
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    policy.release.workflow = vec![ReleaseWorkflow {
        on: StartedBy::Dispatch,
        inputs: inputs.iter().map(text).collect(),
        ..ReleaseWorkflow::new("w.yml")
    }];
    policy
}

/// The inputs of each start so far.
fn given(w: &World) -> Vec<BTreeMap<String, String>> {
    let given = |act: &_| match act {
        Act::Launch { inputs, .. } => Some(BTreeMap::clone(inputs)),
        _ => None,
    };
    w.acts.iter().filter_map(given).collect()
}

fn launched(w: &World) -> Vec<(&str, &str)> {
    let all = w.launched.iter();
    all.map(|(file, at)| (file.as_str(), at.as_str())).collect()
}

/// A run by dispatch.
fn run(id: u64, at: &str, conclusion: Option<&str>) -> Run {
    Run {
        id,
        attempt: 1,
        path: ".github/workflows/w.yml".into(),
        event: "workflow_dispatch".into(),
        ref_name: at.into(),
        sha: sha('f'),
        status: conclusion.map_or("in_progress", |_| "completed").into(),
        conclusion: conclusion.map(str::to_owned),
        ..Run::default()
    }
}

fn waits_for_run(w: &World) -> bool {
    needs(w).iter().any(|need| {
        matches!(
            need,
            NeedKind::ReleaseRunMissing {
                start: Start::Bot,
                ..
            } | NeedKind::RunPending { .. }
        )
    })
}

#[test]
fn what_is_configured_is_started_once_at_the_tag() {
    let file = by_hand(INPUTS, "cargo publish");
    let policy = dispatched(&[("note", "{version} of {issue}")]);
    let mut w = ready_of(World::of(with(&[("w.yml", &file)]), policy, "maintainer"));
    assert!(status(&w).contains("**Started by the bot:** `w.yml`, once, after the tag"));
    assert_eq!(launched(&w), []);
    w.say("maintainer", "/hotfix release fffffff");
    assert_eq!(launched(&w), [("w.yml", "v1.0.5")]);
    let expected = [
        ("dry-run", "false"),
        ("note", "1.0.5 of 12"),
        ("tag", "v1.0.5"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(given(&w), [BTreeMap::from(expected)]);
    assert!(waits_for_run(&w), "{:?}", needs(&w));
    w.look();
    w.run_is(run(5, "v1.0.5", None));
    assert!(waits_for_run(&w), "{:?}", needs(&w));
    w.run_is(run(5, "v1.0.5", Some("failure")));
    w.say("developer", "/hotfix retry");
    assert_eq!(w.wrote.iter().filter(|it| *it == "rerun/5").count(), 1);
    w.run_is(Run {
        attempt: 2,
        ..run(5, "v1.0.5", Some("success"))
    });
    assert!(!waits_for_run(&w), "{:?}", needs(&w));
    w.look();
    assert_eq!(launched(&w).len(), 1, "never twice");
}

#[test]
fn a_start_that_nobody_knows_of_is_a_persons_to_repeat() {
    let file = by_hand(INPUTS, "cargo publish");
    let start = || {
        let base = with(&[("w.yml", &file)]);
        let mut w = ready_of(World::of(base, dispatched(&[]), "maintainer"));
        let obstacle = Obstacle::Unknown;
        w.instead
            .insert("launch/w.yml", Outcome::Refused { obstacle });
        w.say("maintainer", "/hotfix release fffffff");
        w.instead.clear();
        w.look();
        assert_eq!(launched(&w), []);
        assert!(
            status(&w).contains("once more may be twice"),
            "{}",
            status(&w)
        );
        w
    };
    let mut w = start();
    w.say("developer", "/hotfix retry");
    assert_eq!(launched(&w).len(), 1);
    // It was started, or somebody did it: nothing is left to ask.
    let mut w = start();
    w.run_is(run(5, "v1.0.5", Some("success")));
    assert_eq!(launched(&w), []);
    let stuck = |need: &NeedKind| matches!(need, NeedKind::Stuck { .. });
    assert!(!needs(&w).iter().any(stuck), "{:?}", needs(&w));
    assert!(!waits_for_run(&w));
}

#[test]
fn what_github_would_not_take_is_told_before_the_tag() {
    let publish = by_hand(INPUTS, "cargo publish");
    let asks = by_hand("{inputs: {channel: {required: true}}}", "cargo publish");
    let push = "on: {push: {branches: [x]}}\njobs: {a: {runs-on: x}}".to_owned();
    let tag = "on: {push: {tags: ['v*']}, workflow_dispatch: }\njobs: {a: {runs-on: x}}".to_owned();
    let inputs = |unknown: &[&str], missing: &[&str]| {
        let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        Stopped::Inputs {
            unknown: owned(unknown),
            missing: owned(missing),
        }
    };
    for (at_base, on_main, given, expected) in [
        (Some(&publish), Some(&publish), vec![], None),
        (None, Some(&publish), vec![], Some(Stopped::NotAtTag)),
        (Some(&publish), None, vec![], Some(Stopped::NotOnMain)),
        (
            Some(&push),
            Some(&publish),
            vec![],
            Some(Stopped::NoDispatch),
        ),
        (
            Some(&asks),
            Some(&asks),
            vec![],
            Some(inputs(&[], &["channel"])),
        ),
        (Some(&asks), Some(&asks), vec![("channel", "stable")], None),
        (
            Some(&publish),
            Some(&publish),
            vec![("chanel", "stable")],
            Some(inputs(&["chanel"], &[])),
        ),
        // Its own trigger does it; by both it would run twice.
        (Some(&tag), Some(&tag), vec![], None),
    ] {
        let mut base = with(&[]);
        base.main_workflows = base.workflows.clone();
        base.workflows
            .extend(at_base.map(|it| workflow("w.yml", it)));
        base.main_workflows
            .extend(on_main.map(|it| workflow("w.yml", it)));
        let mut w = ready_of(World::of(base, dispatched(&given), "maintainer"));
        let why = needs(&w).into_iter().find_map(|need| match need {
            NeedKind::ReleaseStopped { why, .. } => Some(why),
            _ => None,
        });
        assert_eq!(why, expected);
        let by_tag = at_base == Some(&tag);
        if why.is_some() {
            let word = "/hotfix override release-workflows reason=\"by hand\"";
            w.say("maintainer", word);
        }
        w.say("maintainer", "/hotfix release fffffff");
        assert!(w.tag.is_some());
        assert_eq!(launched(&w).len(), usize::from(why.is_none() && !by_tag));
    }
}

#[test]
fn what_makes_the_tag_is_started_on_the_tested_head() {
    let makes = by_hand(
        "{inputs: {version: {required: true}}}",
        "git tag v1 && git push origin v1 && cargo publish",
    );
    let configured = |tagged_by: TaggedBy| {
        let mut policy = Policy::default();
        policy.release.tagged_by = tagged_by;
        policy
    };
    for policy in [
        Policy::default(),
        configured(TaggedBy::Workflow("w.yml".into())),
        dispatched(&[]),
    ] {
        let mut w = ready_of(World::of(with(&[("w.yml", &makes)]), policy, "maintainer"));
        let told = "after the decision the bot starts it (`gh workflow run w.yml --ref hotfix/v1.0.5 -f 'version=1.0.5'`)";
        assert!(status(&w).contains(told), "{}", status(&w));
        w.say("maintainer", "/hotfix release fffffff");
        assert_eq!(launched(&w), [("w.yml", "hotfix/v1.0.5")]);
        assert!(!w.wrote.contains(&"tag".to_owned()));
        assert!(waits_for_run(&w), "{:?}", needs(&w));
        w.run_is(run(5, "hotfix/v1.0.5", None));
        // Made by the run: on another commit nothing goes on.
        let tag = |digit| Tag {
            object: sha(digit),
            commit: sha(digit),
            annotated: false,
        };
        w.tag = Some(tag('9'));
        w.look();
        let wrong = |need: &NeedKind| matches!(need, NeedKind::TagWrong { .. });
        assert!(needs(&w).iter().any(wrong), "{:?}", needs(&w));
        w.tag = Some(tag('f'));
        w.look();
        assert!(!needs(&w).iter().any(wrong));
        assert!(waits_for_run(&w), "{:?}", needs(&w));
        // It publishes, too: nobody is asked to start it a second time.
        let again = |need: &NeedKind| {
            matches!(
                need,
                NeedKind::PublishNow {
                    by: Publishes::Dispatch(_),
                    ..
                }
            )
        };
        assert!(!needs(&w).iter().any(again), "{:?}", needs(&w));
        w.run_is(run(5, "hotfix/v1.0.5", Some("success")));
        assert!(!needs(&w).iter().any(again), "{:?}", needs(&w));
        assert!(!waits_for_run(&w), "{:?}", needs(&w));
        assert_eq!(launched(&w).len(), 1);
    }
}

/// An input is filled as it shows itself.
#[test]
fn a_version_is_written_as_the_input_shows_it() {
    for (shows, given) in [
        ("required: true", "1.0.5"),
        ("required: true, default: v0.1.0", "v1.0.5"),
        ("description: 'such as v1.5.13', required: true", "v1.0.5"),
        ("description: '1.5.13, and not v1.5.13'", "1.0.5"),
        ("description: 'the version, without v'", "1.0.5"),
    ] {
        let on = format!("{{inputs: {{version: {{{shows}}}}}}}");
        let makes = by_hand(&on, "git tag v1 && git push origin v1 && cargo publish");
        let base = with(&[("w.yml", &makes)]);
        let w = ready_of(World::of(base, Policy::default(), "maintainer"));
        let told = format!("-f 'version={given}'`");
        assert!(status(&w).contains(&told), "{shows}: {}", status(&w));
    }
}

#[test]
fn what_makes_the_tag_and_cannot_be_started_is_a_persons() {
    let asks = by_hand(
        "{inputs: {channel: {required: true}}}",
        "git tag v1 && git push origin v1 && cargo publish",
    );
    let knows = by_hand("", "git tag v1 && git push origin v1 && cargo publish");
    // What it asks for is known to nobody; or it ran on the head before.
    for (file, ran) in [(&asks, false), (&knows, true)] {
        let base = with(&[("w.yml", file)]);
        let mut w = ready_of(World::of(base, Policy::default(), "maintainer"));
        if ran {
            w.run_is(run(4, "hotfix/v1.0.5", Some("success")));
        }
        w.say("maintainer", "/hotfix release fffffff");
        assert_eq!(launched(&w), []);
        let asked = |need: &NeedKind| matches!(need, NeedKind::TagNow { .. });
        assert!(needs(&w).iter().any(asked), "{:?}", needs(&w));
    }
}
