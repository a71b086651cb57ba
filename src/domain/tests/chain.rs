//! Releases in several workflows: what belongs to them, and whose run is whose.

use super::world::{World, base, needs, published, ready, ready_of, seen, sha, workflow};
use crate::domain::event::Event;
use crate::domain::facts::SaidState;
use crate::domain::need::{NeedKind, Start};
use crate::domain::objects::{Base, Object, Run};
use crate::domain::policy::{self, Policy};
use crate::domain::procedure::release_runs::ReleaseWorkflow;

const AFTER: &str = "name: Release\non:\n  workflow_run:\n    workflows: [Publish]\n    types: [completed]\njobs:\n  r:\n    runs-on: x\n    steps:\n      - run: gh release create x\n";
const LATER: &str = "on:\n  workflow_run:\n    workflows: [Release]\n    types: [completed]\n    branches: [main]\njobs: {}\n";
const OTHER: &str = "on:\n  workflow_run:\n    workflows: [CI]\n    types: [completed]\njobs: {}\n";
const ON_RELEASE: &str = "on:\n  release:\n    types: [published]\njobs: {}\n";

fn chained() -> Base {
    let mut base = base();
    base.main_workflows = base.workflows.clone();
    base.main_workflows.push(workflow("release.yml", AFTER));
    base
}

fn released() -> World {
    let mut w = ready_of(World::of(chained(), Policy::default(), "maintainer"));
    w.say("maintainer", "/hotfix release fffffff");
    w
}

fn follower(id: u64, conclusion: Option<&str>, created_at: i64) -> Run {
    Run {
        id,
        attempt: 1,
        path: ".github/workflows/release.yml".into(),
        name: "Release".into(),
        event: "workflow_run".into(),
        ref_name: "main".into(),
        sha: sha('8'),
        status: match conclusion {
            Some(_) => "completed",
            None => "in_progress",
        }
        .into(),
        conclusion: conclusion.map(str::to_owned),
        created_at,
        ..Run::default()
    }
}

/// The publishing run, ended at this moment of GitHub's time.
fn parent(conclusion: &str, attempt: u64, ended: i64) -> Run {
    Run {
        id: 2,
        attempt,
        path: ".github/workflows/publish.yml".into(),
        event: "push".into(),
        ref_name: "v1.0.5".into(),
        sha: sha('f'),
        conclusion: Some(conclusion.into()),
        status: "completed".into(),
        updated_at: ended,
        ..Run::default()
    }
}

fn found(base: Base, policy: &Policy) -> Vec<ReleaseWorkflow> {
    let w = World::of(base, policy.clone(), "maintainer");
    seen(&w, |view| {
        assert!(view.proofs().branched.is_some(), "a branch");
        view.release_workflows.clone()
    })
}

#[test]
fn the_chain_is_followed_by_name_and_read_from_main() {
    let mut base = chained();
    base.main_workflows.push(workflow("later.yml", LATER));
    base.main_workflows.push(workflow("other.yml", OTHER));
    base.workflows.push(workflow("site.yml", ON_RELEASE));
    let all = found(base, &Policy::default());
    let seen: Vec<_> = all
        .iter()
        .map(|w| (w.file.as_str(), w.start.clone(), w.required))
        .collect();
    let after = |file: &str| Start::After(vec![file.to_owned()]);
    assert_eq!(
        seen,
        [
            ("publish.yml", Start::Tag, true),
            ("release.yml", after("publish.yml"), true),
            ("later.yml", after("release.yml"), true),
            ("site.yml", Start::Release, false),
        ],
        "what follows the tests is no part of it"
    );
}

#[test]
fn a_filter_on_branches_is_held_against_the_parents_ref() {
    let mut base = chained();
    base.main_workflows.pop();
    let only_main = AFTER.replace("types: [completed]", "branches: [main]");
    base.main_workflows
        .push(workflow("release.yml", &only_main));
    let all = found(base, &Policy::default());
    assert_eq!(all.len(), 1, "the tag's run is not on main: {all:?}");
}

#[test]
fn as_configured_a_chain_may_be_named_or_found() {
    let text = "[[release.workflow]]\nfile = \"release.yml\"\non = \"after\"\n\
                [[release.workflow]]\nfile = \"site.yml\"\nrequired = false\n";
    let mut base = chained();
    base.workflows.push(workflow("site.yml", ON_RELEASE));
    let all = found(base, &policy::parse(text).unwrap());
    assert_eq!(all[0].start, Start::After(vec!["publish.yml".into()]));
    assert_eq!((&all[1].start, all[1].required), (&Start::Release, false));
}

#[test]
fn the_release_waits_for_the_run_that_follows() {
    let mut w = released();
    let missing = |w: &World| {
        needs(w)
            .iter()
            .any(|n| matches!(n, NeedKind::ReleaseRunMissing { file, .. } if file == "release.yml"))
    };
    assert!(missing(&w), "{:?}", needs(&w));
    // An older run of the same file belongs to an older release.
    w.run_is(parent("success", 1, 1_000_000));
    w.run_is(follower(3, Some("success"), 900_000));
    assert!(missing(&w));
    w.run_is(follower(4, None, 1_001_000));
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::RunPending { run } if run.id == 4))
    );
    w.run_is(follower(4, Some("success"), 1_001_000));
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::FreshInstall))
    );
}

#[test]
fn what_a_failed_parent_leaves_behind_is_ignored() {
    let mut w = released();
    w.run_is(parent("failure", 1, 1_000_000));
    w.run_is(follower(3, Some("skipped"), 1_001_000));
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::RunFailed { .. }))
    );
    w.run_is(parent("success", 2, 2_000_000));
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::ReleaseRunMissing { .. }))
    );
    w.run_is(follower(4, Some("success"), 2_000_500));
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::FreshInstall))
    );
}

#[test]
fn a_follower_that_has_nothing_to_do_is_not_waited_for() {
    let mut w = released();
    w.run_is(parent("success", 1, 1_000_000));
    w.run_is(follower(3, Some("skipped"), 1_001_000));
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::FreshInstall))
    );
}

#[test]
fn a_time_that_is_raised_later_loses_no_run() {
    let mut w = released();
    w.run_is(parent("success", 1, 1_000_000));
    w.run_is(follower(3, None, 1_001_000));
    // GitHub touches the parent's run once more.
    w.run_is(parent("success", 1, 9_000_000));
    w.run_is(follower(3, Some("success"), 1_001_000));
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::FreshInstall))
    );
}

#[test]
fn two_candidates_are_a_need_until_they_agree_or_the_release_decides() {
    let unclear = |w: &World| {
        needs(w)
            .iter()
            .any(|n| matches!(n, NeedKind::ReleaseRunUnclear { runs, .. } if runs.len() == 2))
    };
    let two = |second: &str| {
        let mut w = released();
        w.run_is(parent("success", 1, 1_000_000));
        w.runs.push(follower(3, Some("success"), 1_001_000));
        w.run_is(follower(4, Some(second), 1_002_000));
        w
    };
    let mut w = two("failure");
    w.tell(Event::Touched {
        objects: vec![Object::Release],
    });
    w.run();
    assert!(unclear(&w), "{:?}", needs(&w));
    published(&mut w);
    w.run_is(parent("success", 1, 1_000_000));
    w.tell(Event::Touched {
        objects: vec![Object::Release],
    });
    w.run();
    assert!(!unclear(&w), "{:?}", needs(&w));
    assert!(!unclear(&two("success")));
}

fn skipped_run(w: &World) -> bool {
    needs(w)
        .iter()
        .any(|n| matches!(n, NeedKind::RunSkipped { .. }))
}

#[test]
fn a_run_of_the_tag_that_was_skipped_is_named_and_run_again() {
    let mut w = ready();
    w.say("maintainer", "/hotfix release fffffff");
    w.run_ends(2, "publish.yml", "v1.0.5", &sha('f'), "skipped");
    assert!(skipped_run(&w), "{:?}", needs(&w));
    w.say("developer", "/hotfix retry");
    assert_eq!(*w.last_said(), SaidState::Done);
    assert!(w.wrote.contains(&"rerun/2".to_owned()));
    assert!(!skipped_run(&w));
    published(&mut w);
    assert!(!skipped_run(&w));
    let found = |need: &NeedKind| matches!(need, NeedKind::FreshInstall);
    assert!(needs(&w).iter().any(found), "{:?}", needs(&w));
}

#[test]
fn what_tests_every_push_may_skip_the_tag() {
    let mut base = base();
    base.workflows
        .push(workflow("every.yml", "on: push\njobs: {}\n"));
    let mut w = World::of(base, Policy::default(), "maintainer");
    w.push_fix('f');
    w.run_ends(3, "every.yml", "hotfix/v1.0.5", &sha('f'), "skipped");
    assert!(skipped_run(&w), "on the head it is missed");
    w.run_ends(3, "every.yml", "hotfix/v1.0.5", &sha('f'), "success");
    let mut w = ready_of(w);
    w.say("maintainer", "/hotfix release fffffff");
    assert!(w.tag.is_some());
    w.run_ends(4, "every.yml", "v1.0.5", &sha('f'), "skipped");
    published(&mut w);
    let found = |need: &NeedKind| matches!(need, NeedKind::FreshInstall);
    assert!(needs(&w).iter().any(found), "{:?}", needs(&w));
}
