//! Nobody is called on what was read before: what should have been by now is looked at
//! first, for it may have been while nobody heard of it.

use super::watch::{decided, publishes};
use super::world::{World, needs};
use crate::domain::effect::Slot;
use crate::domain::event::{Event, Outcome};
use crate::domain::ids::{LineId, Millis};
use crate::domain::moment::Moment;
use crate::domain::need::NeedKind;
use crate::domain::objects::Object;
use crate::domain::policy::Policy;

const HOUR: Millis = 60 * 60_000;

/// It passes, and nobody hears of it.
fn passes(w: &mut World) {
    let run = publishes(w, "completed", Some("success"));
    w.runs.retain(|it| it.id != run.id);
    w.runs.push(run);
}

fn calls(w: &World) -> usize {
    let late = |moment: &Moment| matches!(moment, Moment::Late { .. });
    w.facts.moments.iter().filter(|it| late(&it.moment)).count()
}

fn is_missed(w: &World) -> bool {
    let missed = |need: &NeedKind| matches!(need, NeedKind::ReleaseRunMissing { late: true, .. });
    needs(w).iter().any(missed)
}

#[test]
fn what_was_done_while_nobody_heard_calls_nobody() {
    for back in [false, true] {
        let mut w = decided(Policy::default());
        let run = publishes(&w, "in_progress", None);
        w.run_is(run);
        let since = w.now;
        passes(&mut w);
        // The server was away, or GitHub told nothing.
        w.now += 4 * HOUR;
        w.tell(match back {
            true => Event::Back { since: Some(since) },
            false => Event::Wake,
        });
        assert_eq!(calls(&w), 0, "nothing is read yet");
        w.run();
        assert_eq!(calls(&w), 0, "{:?}", w.facts.moments);
        // What comes next has its own time.
        w.wait(HOUR);
        assert!(calls(&w) > 0);
    }
}

#[test]
fn what_still_goes_on_calls_people_once_it_was_looked_at() {
    let mut w = decided(Policy::default());
    let run = publishes(&w, "in_progress", None);
    w.run_is(run);
    w.now += 4 * HOUR;
    // Whatever is heard first.
    w.tell(Event::Touched {
        objects: vec![Object::Issue],
    });
    assert_eq!(calls(&w), 0, "nothing is read yet");
    w.run();
    w.wait(0);
    assert_eq!(calls(&w), 1, "{:?}", w.facts.moments);
}

#[test]
fn what_is_not_answered_keeps_nobody_from_being_called() {
    let mut w = decided(Policy::default());
    let run = publishes(&w, "in_progress", None);
    w.run_is(run);
    w.now += 4 * HOUR;
    w.tell(Event::Wake);
    let silent = Slot::Read(Object::Issue);
    let other = |w: &World| {
        let mut all = w.plan.wishes.iter().map(|it| (it.act.slot(), it));
        let found = all.find(|(slot, _)| slot.is_read() && *slot != silent);
        found.map(|(_, wish)| wish.clone())
    };
    while let Some(read) = other(&w) {
        w.carry_out(&read);
    }
    let mut all = w.plan.wishes.iter();
    let silent = all.find(|it| it.act.slot() == silent);
    let silent = silent.expect("it is looked at").clone();
    assert_eq!(calls(&w), 0, "one answer is to come");
    w.tell(Event::Ended {
        line: LineId::default(),
        slot: silent.act.slot(),
        subject: silent.subject,
        generation: silent.generation,
        began: w.now,
        outcome: Outcome::Unanswered {
            message: "502 Server Error".into(),
            since: w.now,
        },
    });
    assert_eq!(calls(&w), 1, "{:?}", w.facts.moments);
}

#[test]
fn a_run_is_missed_once_it_was_looked_for() {
    for begun in [true, false] {
        let mut w = decided(Policy::default());
        if begun {
            passes(&mut w);
        }
        w.now += HOUR;
        w.tell(Event::Wake);
        assert!(!is_missed(&w), "nothing is read yet");
        w.run();
        assert_eq!(is_missed(&w), !begun, "{:?}", needs(&w));
    }
}
