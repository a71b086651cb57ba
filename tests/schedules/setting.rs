//! What a schedule's world is like, and what can go wrong beside the events that every
//! one has.

use super::dice::Dice;
use super::schedule::{Deed, Event, MILESTONES, MINUTE, Milestone, What};
use super::schedule::{calls, deed, fate, soon};

/// The world of a schedule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// The default branch has begun the next version and keeps known issues, so that
    /// the fix is carried over, by pull requests of the bot's.
    pub ahead: bool,
    /// Once it is done the release is taken back.
    pub back: bool,
}

impl Setting {
    /// Half of the worlds are plain.
    pub fn of(dice: &mut Dice) -> Setting {
        let (ahead, back) = match dice.below(8) {
            0 => (true, false),
            1 | 2 => (false, true),
            3 => (true, true),
            _ => (false, false),
        };
        Setting { ahead, back }
    }
}

/// What else happens there.
pub fn more(dice: &mut Dice, setting: Setting) -> Vec<Event> {
    let mut all: Vec<Event> = (0..dice.below(4))
        .map(|_| Event {
            after: dice.one(&MILESTONES[..6]),
            by: soon(dice),
            what: rare(dice),
        })
        .collect();
    if setting.back {
        let of_the_rollback = (0..1 + dice.below(4)).map(|_| Event {
            after: Milestone::Back,
            by: soon(dice),
            what: common(dice),
        });
        all.extend(of_the_rollback);
    }
    all
}

fn rare(dice: &mut Dice) -> What {
    match dice.below(8) {
        0..=2 => What::Sessions,
        3 => What::Fails(dice.one(&["ci.yml", "publish.yml", "release.yml"])),
        4 => What::Demoted(dice.one(&[MINUTE, 20 * MINUTE])),
        5 => What::Person(Deed::DeletesTag),
        6 => What::Person(Deed::Titles),
        _ => What::Person(Deed::Renames),
    }
}

fn common(dice: &mut Dice) -> What {
    match dice.below(10) {
        0..=3 => What::Calls(calls(dice)),
        4 => What::Deliveries((0..1 + dice.below(8)).map(|_| fate(dice)).collect()),
        5 | 6 => What::Dies(dice.one(&[0, 0, 20 * MINUTE])),
        7 => What::Sessions,
        _ => What::Person(deed(dice)),
    }
}
