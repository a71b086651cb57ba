//! Labels in any order, heard of late, twice, or not at all: a hotfix that was
//! asked for is never lost, and none goes on that nobody asks for any more.

use proptest::prelude::*;
use proptest::sample::Index;

use super::world::{World, base, needs, seen};
use crate::domain::event::Event;
use crate::domain::facts::LabelChange;
use crate::domain::ids::{Actor, Millis};
use crate::domain::need::NeedKind;
use crate::domain::policy::Policy;
use crate::domain::wish::Lane;

const LABELS: [&str; 3] = ["P0", "hotfix", "bug"];
/// The first two may start a hotfix. The last is no person.
const PEOPLE: [&str; 4] = ["maintainer", "developer", "sorter", "sorter[bot]"];
const MINUTE: Millis = 60_000;

fn actor(login: &str) -> Actor {
    Actor {
        bot: login.ends_with("[bot]"),
        ..Actor::person(login)
    }
}

/// Something that happens to one of two issues.
#[derive(Clone, Debug)]
enum Happens {
    /// Somebody puts a label on, or takes it off.
    Label(usize, usize, bool),
    /// Something that waits to be heard is heard; it stays to be heard again.
    Heard(Index, bool),
    /// It is never heard.
    Lost(Index),
    /// Something that is wished is done.
    Done(Index),
    /// Everything that is wished to be read is read.
    Read,
    /// Everything that comes is heard, and everything that is wished is done.
    Rest,
    /// Time passes.
    Minutes(i64),
    /// A push to main: it is not known any more which labels count.
    Forgotten,
}

fn happens(people: usize, lost: u32) -> impl Strategy<Value = (usize, Happens)> {
    let one = any::<Index>;
    let what = prop_oneof![
        6 => (0..3_usize, 0..people, any::<bool>()).prop_map(|(l, p, on)| Happens::Label(l, p, on)),
        6 => (one(), prop::bool::weighted(0.2)).prop_map(|(at, again)| Happens::Heard(at, again)),
        lost => one().prop_map(Happens::Lost),
        8 => one().prop_map(Happens::Done),
        3 => Just(Happens::Read),
        2 => Just(Happens::Rest),
        1 => (1_i64..8).prop_map(Happens::Minutes),
        1 => Just(Happens::Forgotten),
    ];
    (prop_oneof![3 => Just(0_usize), 1 => Just(1)], what)
}

/// An issue, its case if it has one, and what is on its way to it.
struct Side {
    w: World,
    alive: bool,
    coming: Vec<Event>,
    lost: Vec<Event>,
    /// What was heard without a case overtook the label that begins one: nobody
    /// keeps it until then.
    overtaken: bool,
}

impl Side {
    /// Whether an older change of the label is still to be heard.
    fn overtakes(&self, of: &str, at: Millis) -> bool {
        self.coming.iter().any(|event| match event {
            Event::Labeled { label, changed, .. } => label == of && *changed < at,
            _ => false,
        })
    }
}

struct Two {
    sides: [Side; 2],
    known: bool,
}

impl Two {
    fn new() -> Two {
        let side = |case: i64| {
            let mut w = World::new(base(), Policy::default());
            w.facts.case = case;
            w.roles.insert("sorter", "triage");
            Side {
                w,
                alive: false,
                coming: Vec::new(),
                lost: Vec::new(),
                overtaken: false,
            }
        };
        Two {
            sides: [side(1), side(2)],
            known: false,
        }
    }

    /// Whose base it is, and what an ended case leaves behind.
    fn settle(&mut self, at: usize) {
        let side = &mut self.sides[at];
        self.known |= side.w.facts.policy.get().is_some() && side.alive;
        if side.alive && side.w.plan.over {
            side.alive = false;
            let next: Vec<LabelChange> = side.w.plan.next.clone();
            if let Some(since) = next.iter().map(|it| it.changed).min() {
                let events = next.into_iter().map(|it| Event::Labeled {
                    label: it.label,
                    by: it.by,
                    issue: side.w.issue.clone(),
                    changed: it.changed,
                });
                side.alive = true;
                let events = events.collect();
                side.w.next_case(since, events);
            }
        }
        // The first that has claims holds the base until it is over.
        for (one, other) in [(0, 1), (1, 0)] {
            let holds = |side: &Side| side.alive && !side.w.line().claims.is_empty();
            let held = holds(&self.sides[other]) && !holds(&self.sides[one]);
            let id = self.sides[other].w.facts.case;
            let side = &mut self.sides[one];
            let was = std::mem::replace(&mut side.w.behind, held.then_some(id));
            if was.is_some() && !held && side.alive {
                side.w.tell(Event::Wake);
            }
        }
    }

    fn hear(&mut self, at: usize, event: Event) {
        let known = self.known;
        let side = &mut self.sides[at];
        if side.alive {
            side.w.tell(event);
        } else if let Event::Labeled {
            label, by, changed, ..
        } = &event
        {
            let counts = !known || Policy::default().trigger.starts(label);
            let overtaken = side.w.facts.overtook(label, by, *changed);
            if by.bot || !counts || overtaken {
                side.overtaken |= side.overtakes(label, *changed);
            } else {
                let last = side.w.facts.issue.get().map_or(0, |it| it.updated_at);
                let since = (changed - 60 * MINUTE).max(last + 1);
                side.alive = true;
                side.w.next_case(since, vec![event]);
            }
        } else if let Event::Unlabeled { label, changed, .. } = &event {
            side.overtaken |= side.overtakes(label, *changed);
        }
        self.settle(at);
    }

    fn happens(&mut self, at: usize, what: &Happens) {
        let side = &mut self.sides[at];
        match what {
            Happens::Label(label, who, on) => {
                let label = LABELS[*label];
                if side.w.issue.labels.iter().any(|l| l == label) != *on {
                    side.w.now += 1_000;
                    let event = side.w.labelled_unheard(label, actor(PEOPLE[*who]), *on);
                    side.coming.push(event);
                }
            }
            Happens::Heard(which, again) if !side.coming.is_empty() => {
                let which = which.index(side.coming.len());
                let event = match again {
                    true => side.coming[which].clone(),
                    false => side.coming.remove(which),
                };
                self.hear(at, event);
            }
            Happens::Lost(which) if !side.coming.is_empty() => {
                let event = side.coming.remove(which.index(side.coming.len()));
                side.lost.push(event);
            }
            Happens::Done(which) if side.alive && !side.w.plan.wishes.is_empty() => {
                let wish = which.get(&side.w.plan.wishes).clone();
                side.w.carry_out(&wish);
                self.settle(at);
            }
            Happens::Read => {
                for _ in 0..20 {
                    let side = &mut self.sides[at];
                    let mut wishes = side.w.plan.wishes.iter();
                    let read = wishes.find(|wish| wish.act.lane() == Lane::Read);
                    let Some(wish) = read.cloned().filter(|_| side.alive) else {
                        break;
                    };
                    side.w.carry_out(&wish);
                    self.settle(at);
                }
            }
            Happens::Rest => {
                for event in std::mem::take(&mut side.coming) {
                    self.hear(at, event);
                }
                if self.sides[at].alive {
                    self.sides[at].w.run();
                    self.settle(at);
                }
            }
            Happens::Minutes(minutes) => {
                side.w.now += minutes * MINUTE;
                if side.alive {
                    side.w.tell(Event::Wake);
                    self.settle(at);
                }
            }
            Happens::Forgotten => self.known = false,
            _ => {}
        }
    }

    /// Everything that comes is heard, everything that is wished is done, and
    /// time passes. Of an issue without a case, what was lost is found in the
    /// log of deliveries.
    fn rest(&mut self) {
        for _ in 0..3 {
            for at in [0, 1] {
                for event in std::mem::take(&mut self.sides[at].coming) {
                    self.hear(at, event);
                }
                let side = &mut self.sides[at];
                if side.alive {
                    side.w.run();
                    side.w.wait(31 * MINUTE);
                }
                self.settle(at);
                if !self.sides[at].alive {
                    for event in std::mem::take(&mut self.sides[at].lost) {
                        self.hear(at, event);
                    }
                }
            }
        }
    }
}

/// Who put the trigger labels there that are on the issue.
fn labellers(w: &World) -> Vec<&Actor> {
    let on = |label: &str| w.issue.labels.iter().any(|l| l == label);
    let log = w.log.iter().filter(|it| it.on && on(&it.label));
    let starts = log.filter(|it| Policy::default().trigger.starts(&it.label));
    starts.map(|it| &it.by).collect()
}

fn may(by: &&Actor) -> bool {
    PEOPLE[..2].contains(&by.login.as_str())
}

fn has_begun(side: &Side) -> bool {
    side.alive && seen(&side.w, |view| view.proofs().begun.is_some())
}

fn goes_on(side: &Side) -> bool {
    has_begun(side) && side.w.facts.hold.is_none() && side.w.facts.cancelled.is_none()
}

fn asks(side: &Side) -> bool {
    let open = |need: &NeedKind| !matches!(need, NeedKind::Looking { .. });
    side.alive && needs(&side.w).iter().any(open)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_is_heard_in_the_end_is_what_counts(
        all in prop::collection::vec(happens(4, 0), 1..80),
    ) {
        let mut two = Two::new();
        all.iter().for_each(|(at, what)| two.happens(*at, what));
        two.rest();
        for side in &two.sides {
            let by = labellers(&side.w);
            if by.iter().any(may) {
                prop_assert!(goes_on(side), "lost: {by:?} {:#?}", side.w.facts.labels);
            } else {
                let known = !side.overtaken;
                prop_assert!(!known || !goes_on(side), "nobody's: {by:?} {:#?}", side.w.facts.labels);
            }
            let theirs = by.iter().any(|by| !by.bot);
            prop_assert!(!theirs || asks(side), "silent: {by:?}");
        }
    }

    #[test]
    fn what_is_never_heard_is_seen_on_the_issue(
        all in prop::collection::vec(happens(3, 3), 1..80),
    ) {
        let mut two = Two::new();
        all.iter().for_each(|(at, what)| two.happens(*at, what));
        two.rest();
        for side in &two.sides {
            let by = labellers(&side.w);
            prop_assert!(!by.iter().any(may) || has_begun(side) || asks(side), "lost: {by:?}");
            prop_assert!(!by.is_empty() || !goes_on(side), "nobody's");
        }
    }
}
