//! The fix comes to the default branch by a second pull request.

use super::world::{World, needs, published, ready, ready_of, sha, status, workflow, writes};
use crate::domain::event::Event;
use crate::domain::facts::SaidState;
use crate::domain::need::{NeedKind, PullNeed};
use crate::domain::objects::{Object, Run, Stray, Way};

/// Ready to release, with a pull request that conflicts.
pub fn conflicting() -> World {
    conflicting_of(ready())
}

pub fn conflicting_of(mut w: World) -> World {
    w.pull.as_mut().expect("a pull request").mergeable = Some(false);
    touch(&mut w, Object::Pull);
    w
}

fn touch(w: &mut World, object: Object) {
    w.tell(Event::Touched {
        objects: vec![object],
    });
    w.run();
}

pub fn people_are_content(w: &mut World) {
    w.say("maintainer", "/hotfix check fresh-install");
    w.say("reporter", "/hotfix confirm-fixed");
}

#[test]
fn a_conflict_with_main_does_not_hold_the_tag_up() {
    let mut w = conflicting();
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::Release { .. }))
    );
    let said = status(&w);
    assert!(said.contains("the tag does not wait for that"), "{said}");
    w.say("maintainer", "/hotfix release fffffff");
    assert_eq!(*w.last_said(), SaidState::Done);
    assert_eq!(
        writes(&w),
        [
            "branch",
            "bump",
            "pull",
            "tag",
            "carry/port",
            "pull/port",
            "close-pull",
            "merge/port"
        ]
    );
    published(&mut w);
    people_are_content(&mut w);
    assert!(w.plan.over, "{:?}", needs(&w));
    let last: Vec<_> = writes(&w).into_iter().rev().take(2).collect();
    assert_eq!(last, ["delete-branch/port", "delete-branch"]);
    assert_eq!(w.facts.refused, Default::default());
}

#[test]
fn with_every_write_before_every_read_it_is_the_same() {
    let mut w = conflicting_of(ready_of(World::labelled("maintainer", true)));
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    people_are_content(&mut w);
    assert!(w.plan.over, "{:?}", needs(&w));
    let carried = w.wrote.iter().filter(|slot| *slot == "carry/port").count();
    assert_eq!(carried, 1);
}

#[test]
fn files_that_only_a_person_can_resolve_wait_on_a_draft() {
    let mut w = ready();
    w.port.by_hand = vec![("src/lib.rs".into(), "both sides changed it".into())];
    let mut w = conflicting_of(w);
    w.say("maintainer", "/hotfix release fffffff");
    assert!(w.tag.is_some(), "the users get the fix first");
    let conflicts = |w: &World| {
        needs(w).iter().any(
            |n| matches!(n, NeedKind::Pull(PullNeed::PortConflicts { files, .. }) if *files == ["src/lib.rs".to_owned()]),
        )
    };
    assert!(conflicts(&w), "{:?}", needs(&w));
    published(&mut w);
    people_are_content(&mut w);
    assert!(!w.plan.over, "the fix is not on main yet");
    // Out of draft with the markers still in: it is not merged.
    w.port.pull.as_mut().unwrap().draft = false;
    touch(&mut w, Object::Port);
    assert!(conflicts(&w));
    assert!(!w.wrote.iter().any(|slot| slot == "merge/port"));
    // Resolved.
    w.port.pull.as_mut().unwrap().head = sha('6');
    touch(&mut w, Object::Port);
    assert!(w.plan.over, "{:?}", needs(&w));
    assert!(w.wrote.iter().any(|slot| slot == "merge/port"));
}

#[test]
fn it_is_built_anew_when_the_default_branch_moves_on() {
    let mut w = ready();
    w.base.main_workflows = vec![workflow("ci.yml", super::world::CI)];
    let mut w = conflicting_of(ready_of(World::of(
        w.base.clone(),
        w.policy.clone(),
        "maintainer",
    )));
    w.say("maintainer", "/hotfix release fffffff");
    // Its own run holds the merge up, and main moves meanwhile.
    assert!(!w.wrote.iter().any(|slot| slot == "merge/port"));
    w.port.main = sha('2');
    w.port.pull.as_mut().unwrap().mergeable = Some(false);
    touch(&mut w, Object::Port);
    let carried = w.wrote.iter().filter(|slot| *slot == "carry/port").count();
    assert_eq!(carried, 2);
    assert!(
        !needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::Pull(PullNeed::Conflict { .. })))
    );
    w.port.runs = vec![Run {
        id: 9,
        attempt: 1,
        path: ".github/workflows/ci.yml".into(),
        event: "pull_request".into(),
        sha: sha('4'),
        status: "completed".into(),
        conclusion: Some("success".into()),
        ..Run::default()
    }];
    touch(&mut w, Object::PortRuns);
    assert!(w.wrote.iter().any(|slot| slot == "merge/port"));
}

#[test]
fn a_run_that_never_shows_up_is_not_waited_for_for_ever() {
    let mut base = super::world::base();
    base.main_workflows = vec![workflow("ci.yml", super::world::CI)];
    let w = World::of(base, Default::default(), "maintainer");
    let mut w = conflicting_of(ready_of(w));
    w.say("maintainer", "/hotfix release fffffff");
    assert!(!w.wrote.iter().any(|slot| slot == "merge/port"));
    w.wait(11 * 60 * 1_000);
    assert!(w.wrote.iter().any(|slot| slot == "merge/port"));
}

#[test]
fn a_failed_run_holds_the_merge_up_and_retry_runs_it_again() {
    let mut w = ready();
    w.port.runs = vec![Run {
        id: 9,
        attempt: 1,
        path: ".github/workflows/ci.yml".into(),
        event: "pull_request".into(),
        sha: sha('8'),
        status: "completed".into(),
        conclusion: Some("failure".into()),
        ..Run::default()
    }];
    let mut w = conflicting_of(w);
    w.say("maintainer", "/hotfix release fffffff");
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::RunFailed { .. }))
    );
    assert!(!w.wrote.iter().any(|slot| slot == "merge/port"));
    w.say("developer", "/hotfix retry");
    assert_eq!(w.wrote.iter().filter(|s| *s == "rerun/9").count(), 1);
}

#[test]
fn a_closed_forward_port_waits_for_the_fix_or_for_a_waiver() {
    let mut w = ready();
    w.port.by_hand = vec![("src/lib.rs".into(), "both sides changed it".into())];
    let mut w = conflicting_of(w);
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    people_are_content(&mut w);
    w.port.pull.as_mut().unwrap().open = false;
    touch(&mut w, Object::Port);
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::Pull(PullNeed::NotOnMain { merged: false, .. })))
    );
    w.say("developer", "/hotfix waive forward-port reason=never");
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    w.say(
        "maintainer",
        "/hotfix waive forward-port reason=\"main has no such code any more\"",
    );
    assert_eq!(*w.last_said(), SaidState::Done);
    assert!(w.plan.over, "{:?}", needs(&w));
    assert!(
        !w.wrote.iter().any(|slot| slot == "delete-branch/port"),
        "somebody may still want it"
    );
}

#[test]
fn a_fix_that_people_brought_to_main_is_found() {
    let mut w = ready();
    w.port.by_hand = vec![("src/lib.rs".into(), "both sides changed it".into())];
    let mut w = conflicting_of(w);
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    people_are_content(&mut w);
    w.port.pull.as_mut().unwrap().open = false;
    w.port.holds = Some(sha('1'));
    touch(&mut w, Object::Port);
    assert!(w.plan.over, "{:?}", needs(&w));
}

#[test]
fn nothing_is_waived_that_is_not_there() {
    let mut w = ready();
    w.say("maintainer", "/hotfix waive forward-port reason=x");
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
}

#[test]
fn where_it_is_not_required_it_is_left_open() {
    let mut policy = crate::domain::policy::Policy::default();
    policy.merge.require_forward_port = false;
    let w = World::of(super::world::base(), policy, "maintainer");
    let mut w = conflicting_of(ready_of(w));
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    people_are_content(&mut w);
    assert!(w.plan.over, "{:?}", needs(&w));
    assert!(!w.wrote.iter().any(|slot| slot == "merge/port"));
}

/// A repository that keeps a file of known issues.
pub fn keeps_known_issues() -> World {
    let mut base = super::world::base();
    base.known_issues = Some("docs/known-issues.md".into());
    World::of(base, Default::default(), "maintainer")
}

#[test]
fn the_known_issue_is_written_from_what_people_say() {
    let mut w = ready_of(keeps_known_issues());
    w.say("maintainer", "/hotfix release fffffff");
    let asked = |w: &World| {
        needs(w)
            .iter()
            .any(|n| matches!(n, NeedKind::KnownIssueText { .. }))
    };
    assert!(
        !asked(&w),
        "nobody is asked while the release is on its way"
    );
    published(&mut w);
    people_are_content(&mut w);
    assert!(asked(&w), "{:?}", needs(&w));
    assert!(!w.plan.over);
    w.say(
        "developer",
        "/hotfix check root-cause note=\"an empty lens\"",
    );
    assert!(asked(&w));
    w.say("developer", "/hotfix check prevention note=\"ask first\"");
    assert!(w.plan.over, "{:?}", needs(&w));
    let last: Vec<_> = writes(&w).into_iter().rev().take(5).rev().collect();
    assert_eq!(
        last,
        [
            "carry/known",
            "pull/known",
            "merge/known",
            "delete-branch",
            "delete-branch/known"
        ]
    );
}

#[test]
fn texts_that_were_given_early_are_used_right_after_the_tag() {
    let mut w = ready_of(keeps_known_issues());
    w.say(
        "developer",
        "/hotfix check root-cause note=\"an empty lens\"",
    );
    w.say("developer", "/hotfix check prevention note=\"ask first\"");
    assert!(!w.wrote.iter().any(|slot| slot == "carry/known"));
    w.say("maintainer", "/hotfix release fffffff");
    assert!(w.wrote.iter().any(|slot| slot == "merge/known"));
    published(&mut w);
    people_are_content(&mut w);
    assert!(w.plan.over, "{:?}", needs(&w));
}

#[test]
fn a_commander_ends_it_without_the_known_issue() {
    let mut w = ready_of(keeps_known_issues());
    w.say("maintainer", "/hotfix waive known-issue reason=early");
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    people_are_content(&mut w);
    w.say(
        "maintainer",
        "/hotfix waive known-issue reason=\"too small\"",
    );
    assert_eq!(*w.last_said(), SaidState::Done);
    assert!(w.plan.over, "{:?}", needs(&w));
}

#[test]
fn what_was_merged_and_is_not_on_main_is_carried_over_and_keeps_it_open() {
    let mut w = ready();
    w.port.lost = true;
    w.say("maintainer", "/hotfix release fffffff");
    assert!(w.wrote.iter().any(|slot| slot == "merge"));
    // GitHub's servers may not all know of the merge yet.
    assert!(!w.wrote.iter().any(|slot| slot == "carry/port"));
    published(&mut w);
    people_are_content(&mut w);
    w.wait(2 * 60_000);
    assert!(
        w.wrote.iter().any(|slot| slot == "merge/port"),
        "{:?}",
        w.wrote
    );
    // Its own merge is what brings it there; only then the branch goes.
    assert!(w.plan.over, "{:?}", needs(&w));
    let at = |slot: &str| w.wrote.iter().position(|wrote| wrote == slot);
    assert!(at("merge/port") < at("delete-branch"), "{:?}", w.wrote);
}

#[test]
fn a_way_is_compared_in_all_its_parts() {
    let way = Way {
        base: "main".into(),
        base_repo: 1,
        default_branch: "main".into(),
        head: "hotfix/v1.0.5".into(),
        head_repo: 1,
    };
    let strays = |change: fn(&mut Way)| {
        let mut way = way.clone();
        change(&mut way);
        way.strays(1, "hotfix/v1.0.5", None)
    };
    let base = || Some(Stray::Base("next".into()));
    assert_eq!(strays(|_| ()), None);
    assert_eq!(strays(|way| way.base = "next".into()), base());
    assert_eq!(strays(|way| way.base_repo = 2), Some(Stray::Repository));
    let head = strays(|way| way.head = "mine".into());
    assert_eq!(head, Some(Stray::Head("mine".into())));
    assert!(matches!(
        strays(|way| way.head_repo = 2),
        Some(Stray::Head(_))
    ));
    // The default branch has a new name, and the pull request went along.
    let renamed = |way: &mut Way| {
        (way.base, way.default_branch) = ("trunk".into(), "trunk".into());
    };
    assert_eq!(strays(renamed), None);
    assert_eq!(Way::default().strays(1, "hotfix/v1.0.5", None), None);
}

#[test]
fn what_was_read_under_a_name_of_another_s_is_read_and_decided_again() {
    let mut w = ready();
    w.instead.insert(
        "tag",
        crate::domain::event::Outcome::Refused {
            obstacle: crate::domain::obstacle::Obstacle::Undone,
        },
    );
    w.say("maintainer", "/hotfix release fffffff");
    assert!(w.line().locked().is_some() && w.tag.is_none());
    let mut repo = w.facts.repo.clone();
    repo.name = "lamp".into();
    let moved = |repo: &crate::domain::objects::Repo, another| Event::Repository {
        repo: repo.clone(),
        another,
    };
    w.tell(moved(&repo, false));
    assert_eq!(w.facts.repo.name, "lamp");
    assert!(w.line().locked().is_some(), "a new name alone is no fault");
    w.tell(moved(&repo, true));
    assert!(w.line().decision.is_none());
    assert!(!w.line().seen.pull.is_current());
    assert!(w.facts.roles.values().all(|role| !role.is_current()));
}

#[test]
fn a_tag_that_is_not_ours_is_named_as_tags_are_named() {
    let mut w = ready();
    w.tag = Some(crate::domain::objects::Tag {
        object: sha('1'),
        commit: sha('1'),
        annotated: true,
    });
    touch(&mut w, Object::Tag);
    let wrong = needs(&w).into_iter().find_map(|need| match need {
        NeedKind::TagWrong { tag, .. } => Some(tag),
        _ => None,
    });
    assert_eq!(wrong.as_deref(), Some("v1.0.5"));
}
