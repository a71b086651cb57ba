//! What goes wrong, and when: drawn from a seed, so that the number alone tells
//! all of it.

use std::fmt;

use hotfix_bot::sim::FaultWhen;
use hotfix_bot::sim::mishaps::{Fate, Meets, Mishap, Planned};

use super::dice::Dice;
use super::setting::{Setting, more};

pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;

/// A point of the hotfix from which moments are counted: so that what goes wrong
/// comes where something is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Milestone {
    /// The label.
    Start,
    /// There is a hotfix branch.
    Branch,
    /// The fix is pushed.
    Fix,
    /// Somebody decided to release.
    Decided,
    /// There is a tag.
    Tagged,
    /// The pull request is merged.
    Merged,
    /// Somebody decided to take the release back.
    Back,
}

pub const MILESTONES: [Milestone; 7] = [
    Milestone::Start,
    Milestone::Branch,
    Milestone::Fix,
    Milestone::Decided,
    Milestone::Tagged,
    Milestone::Merged,
    Milestone::Back,
];

/// What somebody does by hand, beside those who carry the hotfix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The developer pushes one more commit to the hotfix branch.
    Push,
    /// The developer amends its newest commit.
    Amend,
    /// It is set back to what it was before its newest commit.
    SetBack,
    /// The branch is deleted.
    DeleteBranch,
    /// Somebody pushes to the default branch.
    PushMain,
    /// The maintainer says this.
    Says(&'static str),
    /// The maintainer decides for the head, whatever stands there.
    Decides,
    /// A stranger says this.
    StrangerSays(&'static str),
    /// The maintainer edits the newest comment to this.
    Edits(&'static str),
    /// The newest comment of a person is deleted.
    DeletesComment,
    /// A box of the status comment is ticked.
    Ticks,
    /// The status comment is overwritten.
    Overwrites,
    /// It is deleted.
    DeletesStatus,
    /// The label is taken off.
    Unlabels,
    /// The label is put on.
    Labels,
    /// The hotfix pull request is closed.
    ClosesPull,
    /// It is opened again.
    ReopensPull,
    /// It is merged by hand.
    MergesPull,
    /// It becomes a draft.
    Drafts,
    /// It goes to another branch.
    Retargets,
    /// The maintainer asks for changes.
    RequestsChanges,
    /// The maintainer approves.
    Approves,
    /// The issue is closed.
    ClosesIssue,
    /// It is opened again.
    ReopensIssue,
    /// The version's tag is made by hand: at the head (or at the base), annotated
    /// (or not).
    Tags { head: bool, annotated: bool },
    /// The version's tag is deleted.
    DeletesTag,
    /// The issue gets another title.
    Titles,
    /// The repository gets another name.
    Renames,
}

/// One thing that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Calls go wrong.
    Calls(Planned),
    /// The next deliveries go wrong, one fate each.
    Deliveries(Vec<Fate>),
    /// The server is killed, and started again so much later.
    Dies(i64),
    /// No delivery reaches it for so long.
    Deaf(i64),
    /// GitHub answers nothing but 503 for so long.
    Down(i64),
    /// The server's clock is put back.
    Back(i64),
    /// The server's clock is put forward.
    Ahead(i64),
    /// Somebody does something.
    Person(Deed),
    /// The next run of this workflow fails.
    Fails(&'static str),
    /// The maintainer may do nothing but read for so long.
    Demoted(i64),
    /// All sessions on the database end at once; of a file there are none.
    Sessions,
}

/// Something that happens, so long after a milestone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub after: Milestone,
    pub by: i64,
    pub what: What,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.by as f64 / SECOND as f64;
        write!(
            f,
            "{seconds:>7.1} s after {:?}: {:?}",
            self.after, self.what
        )
    }
}

/// All that happens beside the hotfix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub seed: u64,
    /// What the world is like.
    pub setting: Setting,
    /// Each with its number, by which it is named when others were left out.
    pub events: Vec<(usize, Event)>,
}

impl Schedule {
    /// The schedule of this number.
    pub fn of(seed: u64) -> Schedule {
        let mut dice = Dice::of(seed, 0x5EED);
        let mut events: Vec<Event> = (0..1 + dice.below(12)).map(|_| event(&mut dice)).collect();
        // Drawn apart: what a seed told before, it tells still.
        let mut dice = Dice::of(seed, 0xA11);
        let setting = Setting::of(&mut dice);
        events.extend(more(&mut dice, setting));
        Schedule {
            seed,
            setting,
            events: events.into_iter().enumerate().collect(),
        }
    }

    /// The same with these alone.
    pub fn only(&self, kept: &[usize]) -> Schedule {
        let events = self.events.iter().filter(|(n, _)| kept.contains(n));
        Schedule {
            seed: self.seed,
            setting: self.setting,
            events: events.cloned().collect(),
        }
    }

    /// How long what is said may wait for its answer: as long as everything that
    /// goes wrong may take together, and some more.
    pub fn patience(&self) -> i64 {
        let takes = self.events.iter().map(|(_, event)| match &event.what {
            What::Dies(it) | What::Deaf(it) | What::Down(it) => *it,
            What::Calls(it) => match it.mishap {
                // Whoever is refused again after the wait waits once more.
                Mishap::Primary(seconds) => i64::from(it.times) * i64::from(seconds) * SECOND,
                // Told nothing, it is half an hour at most.
                Mishap::Secondary(None) => i64::from(it.times) * 30 * MINUTE,
                // What fails waits longer each time, five minutes at most.
                _ => i64::from(it.times) * 5 * MINUTE,
            },
            _ => 0,
        });
        45 * MINUTE + takes.sum::<i64>()
    }

    pub fn numbers(&self) -> Vec<usize> {
        self.events.iter().map(|(n, _)| *n).collect()
    }

    /// How it is played again.
    pub fn replay(&self) -> String {
        let numbers: Vec<_> = self.numbers().iter().map(usize::to_string).collect();
        format!(
            "SCHEDULE_SEED={} SCHEDULE_ONLY={} cargo test --test schedules",
            self.seed,
            numbers.join(",")
        )
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {:?}", self.setting)?;
        for (number, event) in &self.events {
            writeln!(f, "  [{number}] {event}")?;
        }
        Ok(())
    }
}

fn event(dice: &mut Dice) -> Event {
    let after = dice.one(&MILESTONES[..6]);
    let by = soon(dice);
    let what = match dice.below(20) {
        0..=6 => What::Calls(calls(dice)),
        7..=9 => What::Deliveries((0..1 + dice.below(12)).map(|_| fate(dice)).collect()),
        10 => What::Dies(dice.one(&[0, 0, 0, 30 * SECOND, 20 * MINUTE])),
        11 => What::Deaf(dice.one(&[MINUTE, 10 * MINUTE, 40 * MINUTE])),
        12 => What::Down(dice.one(&[20 * SECOND, 5 * MINUTE, 30 * MINUTE])),
        13 if dice.below(2) == 0 => What::Back(dice.one(&[5 * SECOND, 10 * MINUTE, 90 * MINUTE])),
        13 => What::Ahead(dice.one(&[5 * SECOND, 3 * MINUTE, 30 * MINUTE])),
        _ => What::Person(deed(dice)),
    };
    Event { after, by, what }
}

/// Most things happen within seconds; people take minutes.
pub fn soon(dice: &mut Dice) -> i64 {
    match dice.below(3) {
        0 => dice.below(4) as i64 * SECOND + dice.below(1_000) as i64,
        1 => dice.below(60) as i64 * SECOND,
        _ => dice.below(25 * 60) as i64 * SECOND,
    }
}

pub fn calls(dice: &mut Dice) -> Planned {
    let mishap = match dice.below(10) {
        0 | 1 => Mishap::Cut(side(dice)),
        2 => Mishap::Hang(dice.one(&[4 * SECOND, 15 * SECOND]), side(dice)),
        3 | 4 => Mishap::Page(dice.one(&[500, 502, 503, 504]), side(dice)),
        5 => Mishap::Garbage(side(dice)),
        6 => Mishap::Primary(dice.one(&[5, 600])),
        7 => Mishap::Secondary(dice.one(&[None, Some(7), Some(60)])),
        _ => Mishap::Freeze(side(dice)),
    };
    let times = match mishap {
        Mishap::Freeze(_) => 1,
        _ => dice.one(&[1, 1, 1, 2, 5, 20]),
    };
    Planned {
        meets: dice.one(&[Meets::Writes, Meets::Writes, Meets::Any, Meets::Reads]),
        skip: dice.below(12) as u32,
        times,
        mishap,
    }
}

fn side(dice: &mut Dice) -> FaultWhen {
    dice.one(&[FaultWhen::Before, FaultWhen::After])
}

pub fn fate(dice: &mut Dice) -> Fate {
    let late = dice.one(&[SECOND, 20 * SECOND, 3 * MINUTE, 15 * MINUTE]);
    match dice.below(5) {
        0 => Fate::Sent,
        1 | 2 => Fate::Lost,
        3 => Fate::Late(late),
        _ => Fate::Twice(late),
    }
}

/// What is said beside the procedure.
const SAID: [&str; 12] = [
    "/hotfix hold",
    "/hotfix unhold",
    "/hotfix status",
    "/hotfix plan",
    "/hotfix preview",
    "/hotfix retry",
    "/hotfix check manual-test",
    "/hotfix uncheck manual-test",
    "/hotfix confirm",
    "/hotfix frobnicate",
    "Looks bad, please hurry.",
    "/hotfix cancel reason=\"false alarm\"",
];

pub fn deed(dice: &mut Dice) -> Deed {
    match dice.below(30) {
        0 | 1 => Deed::Push,
        2 => Deed::Amend,
        3 => Deed::SetBack,
        4 => Deed::DeleteBranch,
        5 | 6 => Deed::PushMain,
        7..=10 => Deed::Says(dice.one(&SAID)),
        11 => Deed::Decides,
        12 => Deed::StrangerSays(dice.one(&SAID)),
        13 => Deed::Edits(dice.one(&SAID)),
        14 => Deed::DeletesComment,
        15 => Deed::Ticks,
        16 => Deed::Overwrites,
        17 => Deed::DeletesStatus,
        18 => Deed::Unlabels,
        19 => Deed::Labels,
        20 => Deed::ClosesPull,
        21 => Deed::ReopensPull,
        22 => Deed::MergesPull,
        23 => Deed::Drafts,
        24 => Deed::Retargets,
        25 => Deed::RequestsChanges,
        26 => Deed::Approves,
        27 => Deed::ClosesIssue,
        28 => Deed::ReopensIssue,
        _ => Deed::Tags {
            head: dice.below(2) == 0,
            annotated: dice.below(2) == 0,
        },
    }
}
