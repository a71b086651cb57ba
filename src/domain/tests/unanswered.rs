//! GitHub is silent for long: it is told, and nothing stops.

use super::world::{World, needs, seen, status};
use crate::domain::effect::{Effect, Slot};
use crate::domain::event::{Event, Outcome};
use crate::domain::facts::SaidState;
use crate::domain::ids::LineId;
use crate::domain::need::NeedKind;
use crate::domain::objects::Object;
use crate::domain::obstacle::Obstacle;
use crate::domain::wish::Wish;

fn unanswered(w: &mut World, slot: &str, subject: &str, generation: u64) {
    let since = w.now;
    w.tell(Event::Ended {
        line: LineId::default(),
        slot: slot.parse().expect("a slot"),
        subject: subject.into(),
        generation,
        began: w.now,
        outcome: Outcome::Unanswered {
            message: "502 Server Error".into(),
            since,
        },
    });
}

fn silent(w: &World) -> usize {
    let is = |need: &&NeedKind| matches!(need, NeedKind::Unanswered { .. });
    needs(w).iter().filter(is).count()
}

/// The branch is looked at again, and that is not answered.
fn stuck() -> World {
    let mut w = World::labelled_by("maintainer");
    w.tell(Event::Back { since: None });
    let wish = w
        .plan
        .wishes
        .iter()
        .find(|w| w.act.slot() == Slot::Read(Object::Branch));
    let wish = wish.expect("it is read again").clone();
    unanswered(&mut w, "read/branch", &wish.subject, wish.generation);
    assert!(w.plan.wishes.contains(&wish), "it is wished on");
    w
}

#[test]
fn it_is_told_while_it_lasts() {
    let mut w = stuck();
    assert_eq!(silent(&w), 1);
    let text = status(&w);
    let line = "**Under way:** GitHub does not answer when asked to show something";
    assert!(
        text.contains(line) && text.contains("502 Server Error"),
        "{text}"
    );
    // Another cause to read it: still the same silence.
    let known = w.facts.unanswered.clone();
    w.tell(Event::Back { since: None });
    unanswered(&mut w, "read/branch", "hotfix/v1.0.5", 9);
    assert_eq!((silent(&w), &w.facts.unanswered), (1, &known));
    w.run();
    assert_eq!(silent(&w), 0);
    assert!(!status(&w).contains("does not answer"));
}

#[test]
fn it_gates_nothing_and_may_be_retried() {
    let mut w = stuck();
    let gates = seen(&w, |view| view.gates.clone());
    assert!(
        !gates
            .iter()
            .any(|g| matches!(g.kind, NeedKind::Unanswered { .. }))
    );
    let retries = w.facts.retries.clone();
    w.say("developer", "/hotfix retry");
    // It was answered on the way.
    assert_eq!(silent(&w), 0);
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    assert_eq!(w.facts.retries, retries);
}

#[test]
fn what_is_not_wished_any_more_is_forgotten() {
    let mut w = World::labelled_by("maintainer");
    unanswered(&mut w, "read/tag", "v1.0.5", 1);
    assert_eq!((silent(&w), w.facts.unanswered.len()), (0, 0));
}

#[test]
fn a_refused_read_is_made_again_by_the_clock_and_shown_until_it_is_answered() {
    let mut w = World::labelled_by("maintainer");
    w.tell(Event::Back { since: None });
    let of_branch = |w: &World| {
        let mut wishes = w.plan.wishes.iter();
        let wish = wishes.find(|wish| wish.act.slot() == Slot::Read(Object::Branch));
        wish.cloned()
    };
    let refused = |w: &mut World, wish: &Wish<Effect>| {
        w.tell(Event::Ended {
            line: LineId::default(),
            slot: Slot::Read(Object::Branch),
            subject: wish.subject.clone(),
            generation: wish.generation,
            began: w.now,
            outcome: Outcome::Refused {
                obstacle: Obstacle::Refused("Validation Failed".into()),
            },
        });
    };
    let stuck = |w: &World| {
        let is = |need: &NeedKind| matches!(need, NeedKind::Stuck { .. });
        needs(w).iter().any(is)
    };
    let wish = of_branch(&w).expect("it is read again");
    refused(&mut w, &wish);
    assert!(stuck(&w) && of_branch(&w).is_none(), "not at once");
    let at = w.plan.wake_at.expect("it is woken");
    assert!(at <= w.now + 30 * 60_000);
    w.now += 30 * 60_000;
    w.tell(Event::Wake);
    let again = of_branch(&w).expect("it is made again");
    assert!(again.generation > wish.generation);
    assert!(stuck(&w), "shown until there is an answer");
    refused(&mut w, &again);
    assert!(stuck(&w) && of_branch(&w).is_none());
    w.say("maintainer", "/hotfix retry");
    assert!(!stuck(&w), "and by a word");
}
