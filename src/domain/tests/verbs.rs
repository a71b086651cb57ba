//! What commanders and responders change of a hotfix that is under way.

use super::world::{World, ready, sha};
use crate::domain::command::{Duty, Phase};
use crate::domain::effect::{Act, Effect};
use crate::domain::facts::{News, SaidState};
use crate::domain::objects::CommentKind;
use crate::domain::procedure::{Case, names};
use crate::domain::refused::{NoNumber, Refused};
use crate::domain::timeline::timeline;

fn status(w: &World) -> String {
    let status = |act: &Effect| match act {
        Act::Comment {
            kind: CommentKind::Status,
            body,
            ..
        } => Some(body.clone()),
        _ => None,
    };
    w.acts.iter().rev().find_map(status).expect("a status")
}

fn branch(w: &World) -> String {
    let policy = w.facts.policy();
    let case = Case::of(&w.facts, &policy);
    names::branch(&case, case.line.version.as_deref().expect("a version"))
}

fn refused(w: &World) -> &Refused {
    match w.last_said() {
        SaidState::Refused(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_configuration_is_read_again_and_what_stands_keeps_its_name() {
    let mut w = World::labelled_by("maintainer");
    w.push_fix('f');
    w.policy.base.branch = "urgent/{version}".into();
    w.policy.test.manual = false;
    w.look();
    assert!(w.facts.policy().test.manual, "it is pinned");
    w.say("developer", "/hotfix adopt");
    assert!(matches!(refused(&w), Refused::RoleTooLow { .. }));
    w.say("maintainer", "/hotfix adopt");
    assert_eq!(w.last_said(), &SaidState::Done);
    assert!(!w.facts.policy().test.manual);
    assert_eq!(branch(&w), "hotfix/v1.0.5");
    assert!(w.plan.phase != "branch" && !w.plan.over, "{}", w.plan.phase);
    let adopted = |it: &News| matches!(it, News::Adopted { .. });
    assert!(w.facts.notices.iter().any(|it| adopted(&it.what)));
}

#[test]
fn who_does_what_and_more_time_are_shown() {
    let mut w = World::labelled_by("maintainer");
    w.say(
        "maintainer",
        "/hotfix assign test @Rita\n/hotfix assign fix developer\n/hotfix assign test @sam",
    );
    assert_eq!(w.facts.assigned[&Duty::Test].login, "sam");
    assert!(status(&w).contains("| Who does what | fix: @developer, test: @sam |"));
    let maximum = |w: &World, row: usize| {
        let policy = w.facts.policy();
        timeline(&Case::of(&w.facts, &policy)).rows[row].maximum
    };
    let before = [maximum(&w, 1), maximum(&w, 2)];
    w.say("maintainer", "/hotfix extend fix 30m reason=no device here");
    w.say("maintainer", "/hotfix extend fix 1h more");
    assert_eq!(maximum(&w, 1), before[0] + 90 * 60_000);
    assert_eq!(maximum(&w, 2), before[1]);
    assert!(status(&w).contains("More time for `fix`: 30 min, by @maintainer (“no device here”)"));
    assert!(w.facts.extended.iter().all(|it| it.phase == Phase::Fix));
    for wrong in [
        "extend fix",
        "extend lunch 30m reason=x",
        "extend fix 3d reason=x",
        "extend fix soon reason=x",
        "extend fix 30m",
        "assign fix",
        "assign cook @x",
        "assign fix a/b",
    ] {
        w.say("maintainer", &format!("/hotfix {wrong}"));
        assert!(matches!(w.last_said(), SaidState::Confused(_)), "{wrong}");
    }
}

#[test]
fn a_lower_level_ends_it_and_keeps_the_work() {
    let mut w = World::labelled_by("maintainer");
    w.push_fix('f');
    for (who, line) in [
        ("developer", "P1 reason=x"),
        ("maintainer", "P0 reason=x"),
        ("maintainer", "P7 reason=x"),
    ] {
        w.say(who, &format!("/hotfix downgrade {line}"));
        refused(&w);
    }
    w.say(
        "maintainer",
        "/hotfix downgrade p1 reason=there is a way around",
    );
    assert_eq!(w.last_said(), &SaidState::Done);
    assert!(!w.pull.as_ref().expect("a pull request").open);
    assert!(
        w.head.is_some()
            && w.wrote
                .iter()
                .all(|slot| !slot.starts_with("delete-branch"))
    );
    let text = status(&w);
    for says in [
        "**No hotfix:** @maintainer decided",
        "there is a way around",
        &format!("git cherry-pick {}", sha('f')),
        "git switch --no-track -c fix/issue-12 origin/main",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert!(
        !text.contains(&format!("git cherry-pick {}", sha('b'))),
        "the bump stays behind"
    );
    assert!(w.plan.over);
    // Where nobody wrote anything, nothing is left behind.
    let mut w = World::labelled_by("maintainer");
    w.say("maintainer", "/hotfix downgrade P2 reason=no");
    assert!(w.head.is_none() && w.plan.over);
}

#[test]
fn a_person_chooses_the_number_until_the_decision() {
    let mut w = ready();
    for (number, why) in [
        (
            "1.0.4",
            NoNumber::NotAbove {
                base: "1.0.4".into(),
            },
        ),
        ("next", NoNumber::NoVersion),
        ("1.0.5", NoNumber::Claimed),
        ("1.0.6", NoNumber::Taken),
    ] {
        w.base.taken.insert("1.0.6".into());
        w.facts.lines.only_mut().seen.base.value = Some(std::sync::Arc::new(w.base.clone()));
        w.say("developer", &format!("/hotfix bump {number}"));
        let refused_so =
            matches!(refused(&w), Refused::NoNumber { is: found, .. } if *found == why);
        assert!(refused_so, "{number}: {:?}", w.last_said());
    }
    w.say("developer", "/hotfix bump");
    assert!(matches!(refused(&w), Refused::NothingToBump { .. }));
    w.say("developer", "/hotfix bump v1.0.7");
    assert_eq!(w.last_said(), &SaidState::Done);
    assert_eq!(w.line().version.as_deref(), Some("1.0.7"));
    assert_eq!(branch(&w), "hotfix/v1.0.5", "the branch keeps its name");
    let raised = w.acts.iter().rev().find_map(|act| match act {
        Act::PushBump { version, was, .. } => Some((version.clone(), was.clone())),
        _ => None,
    });
    assert_eq!(raised, Some(("1.0.7".into(), Some("1.0.5".into()))));
    let held = &w.head.as_ref().expect("a head").versions;
    assert_eq!(held, &[("Cargo.toml".to_owned(), Some("1.0.7".to_owned()))]);
    // It is another head: what was tested and approved counts no more.
    let policy = w.facts.policy();
    let outlook = crate::domain::outlook::outlook(&Case::of(&w.facts, &policy));
    assert!(outlook.survey.proofs.bumped.is_some() && outlook.survey.proofs.tested.is_none());
}

#[test]
fn a_number_that_another_case_holds_is_given_back() {
    let mut w = ready();
    w.behind = Some(99);
    let heard = w.writes_a_comment("developer", "/hotfix bump 1.0.7");
    w.tell(crate::domain::event::Event::Commented(heard));
    for _ in 0..3 {
        let read = w
            .plan
            .wishes
            .iter()
            .find(|wish| wish.act.slot().is_read())
            .cloned();
        if let Some(read) = read {
            w.carry_out(&read);
        }
    }
    assert_eq!(w.line().version.as_deref(), Some("1.0.5"));
}

#[test]
fn a_step_is_tried_again_alone() {
    let mut w = World::labelled_by("maintainer");
    w.push_fix('f');
    w.run_ends(8, "ci.yml", "hotfix/v1.0.5", &sha('f'), "failure");
    for step in ["tag", "release", "lunch"] {
        w.say("developer", &format!("/hotfix retry {step}"));
        let there = match refused(&w) {
            Refused::NothingToRetryThere { there, .. } => there.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(there, ["test"]);
    }
    for step in ["ci.yml", "CI", "test", "5", "8"] {
        let mut w = World::labelled_by("maintainer");
        w.push_fix('f');
        w.run_ends(8, "ci.yml", "hotfix/v1.0.5", &sha('f'), "failure");
        w.say("developer", &format!("/hotfix retry {step}"));
        assert_eq!(w.last_said(), &SaidState::Done, "{step}");
        assert!(w.wrote.iter().any(|slot| slot == "rerun/8"), "{step}");
    }
}
