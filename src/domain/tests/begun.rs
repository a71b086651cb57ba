//! How a hotfix begins without a label, and what is no hotfix.

use std::sync::Arc;

use super::world::{World, base};
use crate::domain::effect::{Act, Effect};
use crate::domain::facts::SaidState;
use crate::domain::ids::Actor;
use crate::domain::objects::CommentKind;
use crate::domain::policy::Policy;
use crate::domain::refused::Refused;

/// An issue with these labels, on which nobody asked for anything.
fn labelled(labels: &[&str]) -> World {
    let mut w = World::new(base(), Policy::default());
    w.issue.labels = labels.iter().map(|label| (*label).to_owned()).collect();
    w
}

fn told(w: &World) -> Vec<&str> {
    let body = |act: &'_ Effect| match act {
        Act::Comment { kind, .. } => *kind == CommentKind::Regular,
        _ => false,
    };
    let told = w.acts.iter().filter(|act| body(act));
    told.filter_map(|act| match act {
        Act::Comment { body, .. } => Some(body.as_str()),
        _ => None,
    })
    .collect()
}

fn replies(w: &World) -> usize {
    let reply = |act: &&Effect| matches!(act, Act::Reply { .. });
    w.acts.iter().filter(reply).count()
}

fn made_a_branch(w: &World) -> bool {
    w.wrote.iter().any(|slot| slot == "branch")
}

#[test]
fn a_word_begins_a_hotfix_as_a_label_does() {
    for line in ["start", "start severity=p0", "start v1.0.4 severity=P0"] {
        let mut w = labelled(&[]);
        w.say("developer", &format!("/hotfix {line}"));
        assert_eq!(w.last_said(), &SaidState::Done, "{line}");
        assert!(
            made_a_branch(&w) && w.pull.is_some(),
            "{line}: {:?}",
            w.wrote
        );
        assert!(w.facts.moments.is_empty(), "late from the beginning");
        // It does not hang on any label.
        w.label("P0", Actor::person("maintainer"));
        w.run();
        w.unlabel("P0", Actor::person("maintainer"));
        w.run();
        w.wait(20 * 60_000);
        assert!(
            w.facts.hold.is_none() && w.facts.cancelled.is_none(),
            "{line}"
        );
    }
}

#[test]
fn a_word_of_who_may_not_begins_nothing_and_leaves_nothing() {
    let mut w = labelled(&[]);
    w.say("passer-by", "/hotfix start");
    assert!(w.plan.over, "{:?}", w.plan);
    assert!(
        w.wrote.iter().all(|slot| slot.starts_with("react/")),
        "{:?}",
        w.wrote
    );
    // Where a label asks for more than write, it waits for a commander.
    let mut policy = Policy::default();
    policy.trigger.who = crate::domain::role::Role::Maintain;
    let mut w = World::new(base(), policy);
    w.say("developer", "/hotfix start");
    assert!(!made_a_branch(&w) && !w.plan.over);
    w.say("maintainer", "/hotfix confirm");
    assert!(made_a_branch(&w));
}

#[test]
fn other_words_begin_nothing() {
    let mut w = labelled(&[]);
    w.say("developer", "/hotfix start severity=P0");
    w.say("developer", "/hotfix start");
    assert!(!w.plan.over);
    let mut w = labelled(&[]);
    w.say("developer", "/hotfix status");
    // It is said what would.
    assert_eq!(w.last_said(), &SaidState::Refused(Refused::NotBegun));
    assert!(w.plan.over && replies(&w) == 1, "{:?}", w.wrote);
    assert!(!made_a_branch(&w));
    let mut w = labelled(&[]);
    w.say("passer-by", "/hotfix status");
    assert!(w.plan.over && replies(&w) == 0, "{:?}", w.wrote);
    assert_eq!(w.wrote.len(), 1, "{:?}", w.wrote);
    // What is said beside the word that begins it is for what began.
    let mut w = labelled(&[]);
    w.say("developer", "/hotfix assess affected=100\n/hotfix start");
    assert!(made_a_branch(&w) && w.facts.answers.affected.is_some());
}

#[test]
fn a_level_of_a_regular_release_is_answered_and_not_started() {
    for (level, line) in [
        ("P1", "start severity=P1"),
        ("P2", "start severity=p2"),
        ("P7", "start severity=P7"),
    ] {
        let mut w = labelled(&[]);
        w.say("developer", &format!("/hotfix {line}"));
        let refused = matches!(
            w.last_said(),
            SaidState::Refused(Refused::RegularLevel { .. } | Refused::UnknownLevel { .. })
        );
        assert!(refused && w.plan.over, "{level}: {:?}", w.last_said());
        assert_eq!(replies(&w), 1, "the words stand somewhere");
        assert!(!made_a_branch(&w));
    }
    // The label says so.
    let mut w = labelled(&["P1"]);
    w.say("developer", "/hotfix start");
    assert!(w.plan.over && replies(&w) == 1 && !made_a_branch(&w));
    // And is overruled by who says otherwise.
    let mut w = labelled(&["P1"]);
    w.say("developer", "/hotfix start severity=P0");
    assert!(made_a_branch(&w));
}

#[test]
fn a_trigger_beside_a_regular_level_is_answered_once() {
    let mut w = labelled(&["p1"]);
    w.label("hotfix", Actor::person("maintainer"));
    w.run();
    assert_eq!(told(&w).len(), 1);
    let text = told(&w)[0];
    for says in [
        "### p1: this waits for the next regular release",
        "/hotfix start severity=P0",
        "fewer than 10 % of users",
        "Documentation updates",
        "Multiple related issues",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert!(w.plan.over && !made_a_branch(&w));
    // A level that may be hotfixed wins.
    let mut w = labelled(&["P1"]);
    w.label("P0", Actor::person("maintainer"));
    w.run();
    assert!(told(&w).is_empty() && made_a_branch(&w));
    // What has begun goes on.
    let mut w = labelled(&[]);
    w.label("hotfix", Actor::person("maintainer"));
    w.run();
    w.label("P1", Actor::person("maintainer"));
    w.run();
    w.look();
    assert!(told(&w).is_empty() && made_a_branch(&w) && !w.plan.over);
}

#[test]
fn a_regular_level_alone_is_answered_where_the_bot_is_configured() {
    for (own_file, by, told_of_it) in [
        (true, Actor::person("triage"), 1),
        (false, Actor::person("triage"), 0),
        (true, bot(), 0),
    ] {
        let mut w = labelled(&[]);
        w.own_file = own_file;
        w.label("P1", by);
        w.run();
        assert_eq!(told(&w).len(), told_of_it, "{own_file}");
        assert!(w.plan.over && !made_a_branch(&w));
    }
    // Once for an issue.
    let mut w = labelled(&[]);
    w.own_file = true;
    w.facts.told_regular = true;
    w.label("P1", Actor::person("triage"));
    w.run();
    assert!(told(&w).is_empty() && w.plan.over);
    // Where no level waits, nothing is said.
    let mut policy = Policy::default();
    policy.severity.regular = Vec::new();
    let mut w = labelled(&[]);
    (w.own_file, w.policy) = (true, policy);
    w.label("P1", Actor::person("triage"));
    w.run();
    assert!(told(&w).is_empty() && w.plan.over);
}

#[test]
fn a_wrong_configuration_is_shown_to_who_may_begin_alone() {
    let faults = || vec![super::world::fault()];
    let mut w = World::new(base(), Policy::default());
    w.faults = faults();
    w.say("passer-by", "/hotfix start");
    assert!(w.plan.over && w.wrote.iter().all(|slot| slot.starts_with("react/")));
    let mut w = World::new(base(), Policy::default());
    w.faults = faults();
    w.say("developer", "/hotfix start");
    assert!(w.wrote.iter().any(|slot| slot == "comment/status") && !w.plan.over);
    let policy = Arc::clone(&w.facts.policy.get().expect("read").policy);
    assert_eq!(*policy, Policy::default());
}

fn bot() -> Actor {
    Actor {
        bot: true,
        ..Actor::person("triage[bot]")
    }
}
