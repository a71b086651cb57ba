//! What is said to a hotfix that is over.

use super::world::{World, needs};
use crate::domain::command::{VERBS, Verb};
use crate::domain::effect::{Act, Effect};
use crate::domain::event::{Event, Outcome};
use crate::domain::objects::Reaction;
use crate::domain::obstacle::Obstacle;

/// A hotfix that a maintainer gave up.
fn given_up() -> World {
    let mut w = World::labelled_by("maintainer");
    w.say("maintainer", "/hotfix cancel reason=\"nobody is hit\"");
    assert!(w.plan.over, "{:?}", needs(&w));
    w.acts.clear();
    w.wrote.clear();
    w
}

fn reactions(w: &World, of: u64) -> Vec<Reaction> {
    let given = |act: &Effect| match act {
        Act::React { comment, reaction } if *comment == of => Some(*reaction),
        _ => None,
    };
    w.acts.iter().filter_map(given).collect()
}

fn replies(w: &World) -> Vec<&str> {
    let all = w.acts.iter();
    all.filter_map(|act| match act {
        Act::Reply { body, .. } => Some(body.as_str()),
        _ => None,
    })
    .collect()
}

/// What could be said with the verb.
fn line(verb: Verb) -> String {
    let arguments = match verb {
        Verb::Assess => " affected=50",
        Verb::Pick => " abcdef1",
        Verb::Check | Verb::Uncheck => " fresh-install",
        Verb::Release => " abcdef1",
        Verb::Downgrade => " P1 reason=no",
        Verb::Override => " judge reason=no",
        Verb::Waive => " forward-port reason=no",
        Verb::Extend => " fix 30m reason=no",
        Verb::Join => " #3",
        Verb::Advisory => " none",
        Verb::Assign => " fix @dev",
        Verb::Rollback | Verb::Cancel => " reason=no",
        _ => "",
    };
    format!("/hotfix {verb}{arguments}")
}

#[test]
fn every_command_gets_one_reaction_and_words_come_once() {
    let mut w = given_up();
    let mut answered = 0;
    for verb in VERBS {
        let comment = w.say("developer", &line(*verb));
        let asks = verb.is_question() || matches!(verb, Verb::Status | Verb::Help);
        let wanted = if asks {
            Reaction::Done
        } else {
            Reaction::Refused
        };
        assert_eq!(reactions(&w, comment), [wanted], "{verb}");
        answered += usize::from(asks);
    }
    assert_eq!(replies(&w).len(), answered, "{:#?}", replies(&w));
    assert!(w.plan.over && w.plan.wishes.is_empty());
    // Nothing else is written.
    let talk = |slot: &String| slot.starts_with("react/") || slot.starts_with("reply/");
    assert!(w.wrote.iter().all(talk), "{:?}", w.wrote);
}

#[test]
fn what_is_refused_first_says_how_it_ended_and_what_begins_the_next() {
    let mut w = given_up();
    for said in ["retry", "relase abcdef1", "hold"] {
        w.say("developer", &format!("/hotfix {said}"));
    }
    let [words] = replies(&w)[..] else {
        panic!("{:#?}", replies(&w));
    };
    for says in [
        "**This hotfix is over:** @maintainer gave it up at ",
        "nobody is hit",
        "```\n/hotfix start\n```",
    ] {
        assert!(words.contains(says), "{says}: {words}");
    }
}

#[test]
fn who_has_no_part_in_it_gets_no_words() {
    let mut w = given_up();
    let comment = w.say("passer-by", "/hotfix retry");
    assert_eq!(reactions(&w, comment), [Reaction::Refused]);
    assert!(replies(&w).is_empty());
    // And leaves nothing, not even the turn of who has.
    let comment = w.say("passer-by", "/hotfix hold");
    assert!(reactions(&w, comment).is_empty());
    w.say("maintainer", "/hotfix hold");
    assert_eq!(replies(&w).len(), 1);
}

#[test]
fn a_role_that_github_does_not_say_leaves_nobody_without_an_answer() {
    let mut w = given_up();
    let obstacle = Obstacle::Refused("no".into());
    w.instead
        .insert("role/developer", Outcome::Refused { obstacle });
    let comment = w.say("developer", "/hotfix retry");
    assert_eq!(reactions(&w, comment), [Reaction::Refused]);
    w.instead.clear();
    let comment = w.say("developer", "/hotfix plan");
    assert_eq!(reactions(&w, comment), [Reaction::Done]);
}

#[test]
fn where_the_app_was_taken_off_nothing_is_said() {
    let mut w = World::labelled_by("maintainer");
    let heard = w.writes_a_comment("developer", "/hotfix plan");
    w.tell(Event::Commented(heard));
    w.tell(Event::Gone);
    assert!(w.plan.over && w.plan.wishes.is_empty(), "{:?}", w.plan);
    // It is back, and somebody asks.
    w.acts.clear();
    let comment = w.say("developer", "/hotfix retry");
    assert_eq!(reactions(&w, comment), [Reaction::Refused]);
    let all = replies(&w).join("\n");
    assert!(all.contains("**This hotfix broke off:**"), "{all}");
}
