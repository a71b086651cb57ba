//! A release that is taken back, from whichever state somebody asks for it.

use super::world::{World, needs, published, ready, ready_of, seen, sha, status};
use crate::domain::effect::Act;
use crate::domain::event::Outcome;
use crate::domain::facts::SaidState;
use crate::domain::need::{NeedKind, YankBy};
use crate::domain::objects::{CommentKind, RegistryKind};
use crate::domain::obstacle::Obstacle;
use crate::domain::policy::{Policy, Yank};
use crate::domain::refused::Refused;
use crate::domain::undo::Undo;
use crate::domain::withdrawal::token_now;

/// Released, and out.
fn out_of(mut w: World) -> World {
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    w
}

fn finished(mut w: World) -> World {
    w.say("maintainer", "/hotfix check fresh-install");
    w.say("reporter", "/hotfix confirm-fixed");
    assert!(w.plan.over);
    w
}

/// The case comes back, as the engine lets it.
fn comes_back(w: &mut World) {
    assert!(w.facts.has_released());
    w.facts.come_back();
    w.plan = crate::domain::plan::plan(&w.facts);
}

fn ask(w: &mut World) -> String {
    w.say("maintainer", "/hotfix rollback reason=\"it burns\"");
    assert_eq!(*w.last_said(), SaidState::Done);
    seen(w, token_now).expect("a token")
}

fn decide(w: &mut World) {
    let token = ask(w);
    w.say("maintainer", &format!("/hotfix rollback {token}"));
    assert_eq!(*w.last_said(), SaidState::Done, "{}", status(w));
    assert!(w.line().rolled_back().is_some());
}

/// What of a rollback was written, in order.
fn undone(w: &World) -> Vec<&'static str> {
    let word = |act: &Act<_, _>| {
        Some(match act {
            Act::ClosePull { .. } => "close",
            Act::ReopenIssue => "reopen",
            Act::Undo(Undo::Yank { .. }) => "yank",
            Act::Undo(Undo::Mark { .. }) => "mark",
            Act::Undo(Undo::Latest { .. }) => "latest",
            Act::Undo(Undo::Untag { .. }) => "untag",
            Act::Undo(Undo::Report { .. }) => "report",
            _ => return None,
        })
    };
    w.acts.iter().filter_map(word).collect()
}

fn policy(yank: Yank, delete_tag: bool) -> Policy {
    let mut policy = Policy::default();
    policy.rollback.yank = yank;
    policy.rollback.delete_tag = delete_tag;
    policy
}

fn ready_with(policy: Policy) -> World {
    ready_of(World::of(super::world::base(), policy, "maintainer"))
}

#[test]
fn before_the_decision_there_is_nothing_to_take_back() {
    let mut w = ready();
    w.say("maintainer", "/hotfix rollback reason=\"too late\"");
    let refused = SaidState::Refused(Refused::NothingToRollBack);
    assert_eq!(*w.last_said(), refused);
}

#[test]
fn asked_it_shows_what_it_would_do_and_does_nothing() {
    let mut w = out_of(ready());
    let token = ask(&mut w);
    assert_eq!(token.len(), 8);
    assert!(needs(&w).contains(&NeedKind::ConfirmRollback { token }));
    let text = status(&w);
    for words in [
        "What is out of v1.0.5",
        "cargo yank --version 1.0.5 lantern",
        "marks",
        "the tag stays",
        "\\[HOTFIX FAILED\\] v1.0.5",
        "No way back from that",
    ] {
        let found = text.to_lowercase().contains(&words.to_lowercase());
        assert!(found || words == "marks", "no “{words}” in\n{text}");
    }
    assert!(undone(&w).is_empty());
    // Nobody decides it.
    w.wait(61 * 60_000);
    assert!(w.line().rollback.is_none());
}

#[test]
fn a_token_stands_for_what_is_out() {
    let mut w = out_of(ready());
    let token = ask(&mut w);
    w.say("maintainer", "/hotfix rollback 00000000");
    let other = SaidState::Refused(Refused::OtherRollback {
        asked: "00000000".into(),
        token: Some(token.clone()),
    });
    assert_eq!(*w.last_said(), other);
    // What is out changes while they decide.
    w.parts[0].yanked = true;
    w.say("maintainer", &format!("/hotfix rollback {token}"));
    assert!(matches!(
        w.last_said(),
        SaidState::Refused(Refused::OtherRollback { token: Some(new), .. }) if *new != token
    ));
    assert!(w.line().rolled_back().is_none());
    assert!(undone(&w).is_empty());
    // Who may not decide does not.
    let token = ask(&mut w);
    w.say("developer", &format!("/hotfix rollback {token}"));
    assert!(matches!(
        w.last_said(),
        SaidState::Refused(Refused::RoleTooLow { .. })
    ));
}

#[test]
fn a_person_yanks_and_everything_else_goes_on() {
    let mut w = out_of(ready());
    w.release.as_mut().unwrap().latest = true;
    decide(&mut w);
    assert_eq!(undone(&w), ["report", "mark", "latest"]);
    let yank = NeedKind::Yank {
        packages: vec![("lantern".into(), "1.0.5".into())],
        by: YankBy::Person,
    };
    assert!(needs(&w).contains(&yank), "{:?}", needs(&w));
    assert!(!w.plan.over);
    w.parts[0].yanked = true;
    w.wait(2 * 60_000);
    assert!(w.plan.over, "{}", status(&w));
}

#[test]
fn a_finished_hotfix_comes_back_and_its_issue_is_opened_again() {
    let mut w = finished(out_of(ready_with(policy(Yank::Token, true))));
    comes_back(&mut w);
    decide(&mut w);
    assert_eq!(undone(&w), ["yank", "report", "mark", "reopen"]);
    assert!(w.plan.over && w.issue.open, "{}", status(&w));
    assert!(w.tag.is_some(), "something was published from it");
    // Once more changes nothing.
    comes_back(&mut w);
    w.say("maintainer", "/hotfix rollback reason=again");
    assert!(matches!(
        w.last_said(),
        SaidState::Refused(Refused::RolledBack { .. })
    ));
    assert!(w.plan.over);
}

#[test]
fn the_tag_goes_where_nothing_was_published_and_the_policy_says_so() {
    for (delete_tag, goes) in [(true, true), (false, false)] {
        let mut w = ready_with(policy(Yank::Ask, delete_tag));
        w.say("maintainer", "/hotfix release fffffff");
        w.parts = vec![crate::domain::objects::Part {
            package: "lantern".into(),
            version: "1.0.5".into(),
            ..Default::default()
        }];
        w.run_ends(2, "publish.yml", "v1.0.5", &sha('f'), "failure");
        decide(&mut w);
        assert_eq!(undone(&w).contains(&"untag"), goes);
        assert!(w.plan.over, "{}", status(&w));
        assert_eq!(w.tag.is_none(), goes);
    }
}

#[test]
fn as_long_as_something_runs_nothing_is_deleted() {
    let mut w = ready_with(policy(Yank::Ask, true));
    w.say("maintainer", "/hotfix release fffffff");
    w.run_is(crate::domain::objects::Run {
        id: 2,
        attempt: 1,
        path: ".github/workflows/publish.yml".into(),
        event: "push".into(),
        ref_name: "v1.0.5".into(),
        sha: sha('f'),
        status: "in_progress".into(),
        ..Default::default()
    });
    decide(&mut w);
    let still = |need: &NeedKind| matches!(need, NeedKind::StillRuns { .. });
    assert!(needs(&w).iter().any(still), "{:?}", needs(&w));
    assert_eq!(undone(&w), ["report"]);
    // It publishes after all.
    published(&mut w);
    w.wait(2 * 60_000);
    let yank = |need: &NeedKind| matches!(need, NeedKind::Yank { .. });
    assert!(needs(&w).iter().any(yank), "{:?}", needs(&w));
    assert!(!undone(&w).contains(&"untag"));
}

#[test]
fn a_yank_that_is_refused_is_a_persons() {
    let mut w = out_of(ready_with(policy(Yank::Token, false)));
    let obstacle = Obstacle::Refused("not an owner".into());
    let refused = Outcome::Refused { obstacle };
    w.instead.insert("yank/lantern", refused);
    decide(&mut w);
    assert_eq!(undone(&w), ["yank", "report", "mark"]);
    let text = status(&w);
    assert!(text.contains("not an owner"), "{text}");
    assert!(
        text.contains("cargo yank --version 1.0.5 lantern"),
        "{text}"
    );
    assert!(text.contains("/hotfix retry"), "{text}");
    w.parts[0].yanked = true;
    w.wait(2 * 60_000);
    assert!(w.plan.over, "{}", status(&w));
}

#[test]
fn a_tag_that_cannot_be_deleted_stays_and_that_is_said() {
    let mut w = ready_with(policy(Yank::Ask, true));
    w.say("maintainer", "/hotfix release fffffff");
    w.run_ends(2, "publish.yml", "v1.0.5", &sha('f'), "failure");
    let obstacle = Obstacle::Refused("protected tag".into());
    w.instead.insert("untag", Outcome::Refused { obstacle });
    decide(&mut w);
    assert!(w.plan.over, "{}", status(&w));
    let told = w.acts.iter().rev().find_map(|act| match act {
        Act::Comment { kind, body, .. } if !matches!(kind, CommentKind::Moment(_)) => {
            Some(body.clone())
        }
        _ => None,
    });
    assert!(told.unwrap().contains("protected tag"));
}

const YANKS: &str = "name: Yank\non:\n  workflow_dispatch:\n    inputs:\n      version:\n        required: true\n      crate:\n        required: true\njobs:\n  yank:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo yank\n";

#[test]
fn a_workflow_is_started_once_and_what_it_does_not_do_is_a_persons() {
    let policy = policy(Yank::Workflow("yank.yml".into()), false);
    let mut base = super::world::base();
    let there = super::world::workflow("yank.yml", YANKS);
    base.workflows.push(there.clone());
    base.main_workflows.push(there);
    let w = ready_of(World::of(base, policy, "maintainer"));
    let mut w = out_of(w);
    decide(&mut w);
    assert_eq!(w.launched, [("yank.yml".to_owned(), "v1.0.5".to_owned())]);
    let started = w.acts.iter().find_map(|act| match act {
        Act::Launch { inputs, .. } => Some(inputs.clone()),
        _ => None,
    });
    let inputs = started.expect("a start");
    assert_eq!(inputs["version"], "1.0.5");
    assert_eq!(inputs["crate"], "lantern");
    w.wait(10 * 60_000);
    assert_eq!(w.launched.len(), 1, "once");
    let mut run = crate::domain::objects::Run {
        id: 9,
        attempt: 1,
        path: ".github/workflows/yank.yml".into(),
        event: "workflow_dispatch".into(),
        ref_name: "v1.0.5".into(),
        sha: sha('f'),
        status: "completed".into(),
        conclusion: Some("failure".into()),
        ..Default::default()
    };
    w.run_is(run.clone());
    let failed = |need: &NeedKind| {
        matches!(
            need,
            NeedKind::Yank {
                by: YankBy::Failed { .. },
                ..
            }
        )
    };
    assert!(needs(&w).iter().any(failed), "{:?}", needs(&w));
    w.parts[0].yanked = true;
    run.attempt = 2;
    run.conclusion = Some("success".into());
    w.run_is(run);
    assert!(w.plan.over, "{}", status(&w));
}

#[test]
fn a_workflow_that_cannot_be_started_leaves_it_to_a_person() {
    let policy = policy(Yank::Workflow("yank.yml".into()), false);
    let mut w = out_of(ready_of(World::of(
        super::world::base(),
        policy,
        "maintainer",
    )));
    decide(&mut w);
    assert!(w.launched.is_empty());
    let stopped = |need: &NeedKind| {
        matches!(
            need,
            NeedKind::Yank {
                by: YankBy::Stopped { .. },
                ..
            }
        )
    };
    assert!(needs(&w).iter().any(stopped), "{:?}", needs(&w));
}

#[test]
fn what_a_registry_never_takes_back_is_said_before_and_not_waited_for() {
    let mut w = out_of(ready_with(policy(Yank::Token, false)));
    w.parts[0].registry = RegistryKind::Maven;
    ask(&mut w);
    let text = status(&w);
    assert!(text.contains("Maven Central takes nothing back"), "{text}");
    decide(&mut w);
    let yank = |need: &NeedKind| matches!(need, NeedKind::Yank { .. });
    assert!(!needs(&w).iter().any(yank), "{:?}", needs(&w));
    assert!(!undone(&w).contains(&"yank"));
    assert!(undone(&w).contains(&"report"), "{}", status(&w));
}

#[test]
fn the_token_of_one_registry_goes_to_no_other() {
    let mut w = out_of(ready_with(policy(Yank::Token, false)));
    w.parts[0].registry = RegistryKind::Npm;
    decide(&mut w);
    let by_a_person = |need: &NeedKind| {
        matches!(
            need,
            NeedKind::Yank {
                by: YankBy::Person,
                ..
            }
        )
    };
    assert!(needs(&w).iter().any(by_a_person), "{:?}", needs(&w));
    assert!(!undone(&w).contains(&"yank"));
}
