//! From the label to the last edit, and the ways off the path.

use std::collections::BTreeSet;

use super::world::{
    ASSESS, World, base, needs, published, ready, ready_of, seen, sha, status, writes,
};
use crate::domain::effect::Slot;
use crate::domain::event::{Event, Outcome};
use crate::domain::facts::{Claim, News, SaidState};
use crate::domain::need::NeedKind;
use crate::domain::objects::{Base, Object, Tag};
use crate::domain::obstacle::Obstacle;
use crate::domain::policy::Policy;
use crate::domain::refused::Refused;
use crate::domain::step_name::StepName;

#[test]
fn the_label_is_enough_for_branch_bump_and_draft() {
    let w = World::labelled_by("maintainer");
    assert_eq!(writes(&w), ["branch", "bump", "pull"]);
    assert_eq!(w.line().version.as_deref(), Some("1.0.5"));
    assert!(w.line().proven.contains_key(&StepName::Bump));
    assert!(needs(&w).iter().any(|n| matches!(n, NeedKind::Fix { .. })));
}

#[test]
fn the_whole_way() {
    whole_way(false);
}

#[test]
fn the_whole_way_with_every_write_before_every_read() {
    whole_way(true);
}

fn whole_way(writes_first: bool) {
    let mut w = ready_of(World::labelled("maintainer", writes_first));
    assert_eq!(w.facts.refused, Default::default());
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::Release { .. }))
    );
    w.say("maintainer", "/hotfix release fffffff");
    assert_eq!(*w.last_said(), SaidState::Done);
    published(&mut w);
    w.say("maintainer", "/hotfix check fresh-install");
    w.say("reporter", "/hotfix confirm-fixed");
    assert!(w.plan.over, "{:?}", needs(&w));
    assert_eq!(
        writes(&w),
        [
            "branch",
            "bump",
            "pull",
            "tag",
            "ready",
            "merge",
            "notes",
            "close-issue",
            "delete-branch"
        ]
    );
    let closing = w.wrote.iter().filter(|s| *s == "comment/closing").count();
    assert_eq!(closing, 2, "posted once and edited once");
    assert!(w.plan.wishes.is_empty());
    assert_eq!(w.facts.refused, Default::default());
}

#[test]
fn what_is_refused_is_told_and_not_tried_again_unasked() {
    let mut w = World::new(base(), Policy::default());
    let obstacle = Obstacle::Refused("not today".into());
    let refused = Outcome::Refused {
        obstacle: obstacle.clone(),
    };
    w.instead.insert("bump", refused);
    // A step that looks first wants nothing while it looks.
    w.begin("maintainer");
    let stuck = NeedKind::Stuck {
        slot: Slot::Bump,
        obstacle,
    };
    assert!(needs(&w).contains(&stuck), "{:?}", needs(&w));
    w.look();
    assert_eq!(writes(&w), ["branch", "bump"]);
    w.instead.clear();
    w.say("developer", "/hotfix retry");
    assert_eq!(writes(&w), ["branch", "bump", "bump", "pull"]);
    assert!(!needs(&w).contains(&stuck));
    assert_eq!(w.facts.refused, Default::default());
}

#[test]
fn it_sleeps_while_it_waits_for_people() {
    let mut w = World::labelled_by("maintainer");
    let before = w.wrote.len();
    w.wait(14 * 60_000);
    assert_eq!(w.wrote.len(), before, "silence while nothing happens");
    // Then its times are over, one after the other, and that alone is said.
    w.wait(6 * 3_600_000);
    let said: Vec<&str> = w.wrote.iter().skip(before).map(String::as_str).collect();
    let called = said.iter().filter(|it| it.starts_with("comment/moment"));
    let calls: BTreeSet<_> = called.collect();
    assert_eq!(calls.len(), 2, "{said:?}");
    assert!(said.iter().all(|it| it.starts_with("comment/")), "{said:?}");
    assert!(said.len() < 40, "{said:?}");
}

#[test]
fn an_outsiders_label_waits_for_a_commander() {
    let mut w = World::labelled_by("reporter");
    assert!(writes(&w).is_empty());
    w.say("developer", "/hotfix confirm");
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    w.say("maintainer", "/hotfix confirm");
    assert_eq!(writes(&w), ["branch", "bump", "pull"]);
}

#[test]
fn a_release_while_a_gate_is_open_is_refused() {
    let mut w = ready();
    w.facts.words.clear();
    w.say("maintainer", "/hotfix release fffffff");
    let SaidState::Refused(Refused::GatesOpen { gates }) = w.last_said() else {
        panic!("{:?}", w.last_said());
    };
    assert!(
        gates
            .iter()
            .any(|g| matches!(g.kind, NeedKind::ManualTest { .. })),
        "{gates:?}"
    );
    assert!(w.tag.is_none());
}

#[test]
fn only_a_commander_releases_and_only_the_head() {
    let mut w = ready();
    w.say("developer", "/hotfix release fffffff");
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    w.say("maintainer", "/hotfix release bbbbbbb");
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    assert!(w.tag.is_none());
}

#[test]
fn a_new_head_voids_tests_approval_and_manual_test() {
    let mut w = ready();
    w.push_fix('9');
    let needs = needs(&w);
    assert!(
        needs
            .iter()
            .any(|n| matches!(n, NeedKind::RunMissing { .. }))
    );
    assert!(
        needs
            .iter()
            .any(|n| matches!(n, NeedKind::Approval { have: 0, .. }))
    );
    assert!(
        needs
            .iter()
            .any(|n| matches!(n, NeedKind::ManualTest { .. }))
    );
}

#[test]
fn a_push_between_decision_and_tag_lapses_the_decision() {
    let mut w = ready();
    // The push is there, but no delivery has told of it yet: only the fresh
    // look after the decision sees it.
    let head = w.head.as_mut().unwrap();
    head.sha = sha('9');
    let mut commit = head.commits.last().unwrap().clone();
    commit.sha = sha('9');
    head.commits.push(commit);
    w.pull.as_mut().unwrap().head = sha('9');
    w.say("maintainer", "/hotfix release fffffff");
    assert!(w.tag.is_none(), "nothing is tagged that was not seen");
    assert!(w.line().decision.is_none());
    let [told] = w.facts.notices.as_slice() else {
        panic!("{:?}", w.facts.notices);
    };
    let lapsed = News::Lapsed {
        head: sha('f'),
        login: "maintainer".into(),
    };
    assert_eq!(told.what, lapsed);
}

#[test]
fn the_fixs_author_does_not_approve_it() {
    let mut w = World::labelled_by("maintainer");
    w.push_fix('f');
    w.approve("developer", &sha('f'));
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::Approval { have: 0, .. }))
    );
}

#[test]
fn a_failed_run_is_a_need_and_retry_runs_it_again() {
    let mut w = World::labelled_by("maintainer");
    w.push_fix('f');
    w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "failure");
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::RunFailed { .. }))
    );
    w.say("developer", "/hotfix retry");
    assert_eq!(w.wrote.iter().filter(|s| *s == "rerun/1").count(), 1);
    w.look();
    assert_eq!(w.wrote.iter().filter(|s| *s == "rerun/1").count(), 1);
}

#[test]
fn a_run_whose_file_is_broken_is_given_no_second_attempt() {
    let mut w = World::labelled_by("maintainer");
    w.push_fix('f');
    let (branch, head) = ("hotfix/v1.0.5", sha('f'));
    w.run_ends(1, "ci.yml", branch, &head, "startup_failure");
    let failed = |n: &NeedKind| matches!(n, NeedKind::RunFailed { .. });
    assert!(needs(&w).iter().any(failed));
    w.say("developer", "/hotfix retry");
    assert!(!w.wrote.iter().any(|s| s == "rerun/1"));
}

#[test]
fn a_failed_run_is_not_run_again_before_it_was_looked_at() {
    let mut w = World::labelled("maintainer", true);
    w.push_fix('f');
    w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "failure");
    w.say("developer", "/hotfix retry");
    assert_eq!(w.wrote.iter().filter(|s| *s == "rerun/1").count(), 1);
}

#[test]
fn what_was_said_while_nobody_listened_is_judged_by_the_world_as_it_is() {
    let mut w = World::labelled_by("maintainer");
    w.say("maintainer", ASSESS);
    // The push, the runs and the review were never told.
    w.push_unheard('f');
    w.tell(Event::Back { since: None });
    w.say("maintainer", "/hotfix check manual-test");
    // Nothing had shown them that head, unless they name it.
    let SaidState::Refused(Refused::NotTheHead { head, .. }) = w.last_said() else {
        panic!("{:?}", w.last_said());
    };
    assert_eq!(*head, sha('f'));
    w.push_unheard('9');
    w.tell(Event::Back { since: None });
    w.say("maintainer", "/hotfix check manual-test fffffff");
    assert!(matches!(
        w.last_said(),
        SaidState::Refused(Refused::NotTheHead { .. })
    ));
    w.push_unheard('f');
    w.tell(Event::Back { since: None });
    w.say("maintainer", "/hotfix check manual-test fffffff");
    assert_eq!(*w.last_said(), SaidState::Done);
    let head = w.facts.words.values().find_map(|word| word.head.clone());
    assert_eq!(head, Some(sha('f')));
}

#[test]
fn the_record_of_what_shipped_outlives_the_branch() {
    let mut w = ready();
    w.say("maintainer", "/hotfix release fffffff");
    w.head = None;
    w.look();
    let preview = seen(&w, |view| view.preview.clone()).expect("what shipped");
    assert_eq!((preview.files, preview.additions), (1, 9));
}

#[test]
fn hold_stops_the_release_and_unhold_lets_it_go_on() {
    let mut w = ready();
    w.say("developer", "/hotfix hold reason=\"wait for the doctor\"");
    w.say("maintainer", "/hotfix release fffffff");
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    w.say("developer", "/hotfix unhold");
    w.say("maintainer", "/hotfix release fffffff");
    assert!(w.tag.is_some());
}

#[test]
fn cancel_takes_back_what_the_bot_made_alone() {
    let mut w = World::labelled_by("maintainer");
    w.say("maintainer", "/hotfix cancel reason=\"false alarm\"");
    assert_eq!(
        writes(&w),
        ["branch", "bump", "pull", "close-pull", "delete-branch"]
    );
    assert!(w.plan.over);
}

#[test]
fn cancel_leaves_what_a_person_made() {
    let mut w = World::labelled_by("maintainer");
    w.push_fix('f');
    w.say("maintainer", "/hotfix cancel reason=\"false alarm\"");
    assert!(w.head.is_some() && w.pull.as_ref().unwrap().open);
    assert!(w.plan.over);
}

#[test]
fn a_tag_made_by_hand_on_the_tested_commit_is_adopted() {
    let mut w = ready();
    w.tag = Some(Tag {
        object: sha('e'),
        commit: sha('f'),
        annotated: true,
    });
    w.tell(Event::Touched {
        objects: vec![Object::Tag],
    });
    w.run();
    w.say("maintainer", "/hotfix release fffffff");
    assert!(!w.wrote.iter().any(|s| s == "tag"), "it is not made again");
    assert!(w.wrote.iter().any(|s| s == "merge"));
}

#[test]
fn the_facts_survive_the_store() {
    let w = ready();
    let text = serde_json::to_string(&w.facts).unwrap();
    let back: crate::domain::facts::Facts = serde_json::from_str(&text).unwrap();
    assert_eq!(back, w.facts);
}

#[test]
fn tags_are_named_as_was_found_unless_it_is_configured() {
    let named = |pattern: &str, tag: &str| Base {
        tag: tag.into(),
        tag_pattern: pattern.into(),
        ..base()
    };
    let found = named("{version}", "1.0.4");
    let mut w = World::of(found.clone(), Policy::default(), "maintainer");
    assert!(w.line().claims.contains(&Claim::Tag("1.0.5".into())));
    let said = status(&w);
    assert!(said.contains("### Hotfix 1.0.5 of"), "{said}");
    assert!(
        said.contains("Release tags are named `{version}`"),
        "{said}"
    );
    // Another name that appears later changes nothing that is claimed.
    w.base = named("v{version}", "v1.0.4");
    w.facts.touch(Object::Base);
    w.look();
    assert_eq!(w.line().seen.base.get().unwrap().tag_pattern, "{version}");

    let written = crate::domain::policy::parse("[base]\ntag_pattern = \"r{version}\"\n").unwrap();
    let w = World::of(named("r{version}", "r1.0.4"), written, "maintainer");
    assert!(w.line().claims.contains(&Claim::Tag("r1.0.5".into())));
    let said = status(&w);
    assert!(!said.contains("elease tags are named"), "{said}");
}
