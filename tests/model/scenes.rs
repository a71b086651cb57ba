//! Where a way begins, and what may happen on it.

use hotfix_bot::domain::policy::Policy;
use stateright::{Model, Property};

use crate::canon::START;
use crate::hub::{Hub, sha};
use crate::moves::{Fate, Looks, Move};
use crate::promises;
use crate::state::{Action, State};

const ASSESS: &str =
    "/hotfix assess condition=all-users workaround=no affected=100 approach=minimal";
const MANUAL: &str = "/hotfix check manual-test";
const RELEASE_A: &str = "/hotfix release 9999999";
const RELEASE_B: &str = "/hotfix release 7777777";

/// A beginning, and what may happen.
#[derive(Clone, Debug)]
pub struct Scene {
    pub name: &'static str,
    begin: State,
    /// What may happen while the server rests, heard at once.
    calm: Vec<Move>,
    /// What may happen in the middle of what it does, too; where it is told, it
    /// may be heard of late.
    hasty: Vec<Move>,
    /// Whether the deliveries of those may be lost.
    losses: bool,
    pub moves: usize,
}

/// So many moves as asked for, else as the suite has time for.
pub fn moves(otherwise: usize) -> usize {
    let asked = std::env::var("HOTFIX_MODEL_MOVES").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(otherwise)
}

impl Model for Scene {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            moves: self.moves,
            ..self.begin.clone()
        }]
    }

    fn actions(&self, s: &State, actions: &mut Vec<Action>) {
        if s.broken.is_some() {
            return;
        }
        if !s.rests() {
            actions.push(Action::Step);
        }
        if s.moves == 0 {
            return;
        }
        let open = |moves: &[Move]| -> Vec<Move> {
            let open = moves.iter().copied().filter(|it| it.is_open(s));
            open.collect()
        };
        if s.rests() {
            let calm = open(&self.calm).into_iter();
            actions.extend(calm.map(|it| Action::Move(it, Fate::Heard)));
        }
        for it in open(&self.hasty) {
            actions.push(Action::Move(it, Fate::Heard));
            if self.losses && it.is_told() {
                actions.push(Action::Move(it, Fate::Lost));
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut next = last.clone();
        if matches!(action, Action::Move(..)) {
            next.moves -= 1;
        }
        next.act(action);
        if next.broken.is_none() && next.rests() {
            next.broken = promises::at_rest(&next);
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("every promise is kept", |_, s: &State| {
            s.broken.is_none()
        })]
    }
}

fn empty(policy: Policy, issues: usize) -> State {
    State::new(Hub::new(START, policy, issues))
}

/// The state after these moves, each with all that follows.
fn after(mut s: State, moves: &[Move]) -> State {
    for it in moves {
        assert!(it.is_open(&s), "{it:?}");
        s.act(Action::Move(*it, Fate::Heard));
        s.settle();
        assert_eq!(s.broken, None, "{it:?}");
    }
    s
}

const LABEL: Move = Move::Label(0, "maintainer", "P0");

/// A fix that passed its tests and was approved; what is missing is said.
pub fn deciding(moves: usize) -> Scene {
    let begin = after(
        empty(Policy::default(), 1),
        &[
            LABEL,
            Move::Say(0, "maintainer", ASSESS),
            Move::Push(Looks::Honest),
            Move::Pass,
            Move::Approve("writer"),
        ],
    );
    assert_eq!(begin.hub.head(), Some(sha('9')));
    Scene {
        name: "deciding",
        begin,
        calm: vec![
            Move::Say(0, "maintainer", MANUAL),
            Move::Say(0, "maintainer", RELEASE_A),
            Move::Say(0, "maintainer", RELEASE_B),
            Move::Pass,
            Move::Approve("writer"),
        ],
        hasty: vec![
            Move::Delete,
            Move::Edit,
            Move::Push(Looks::Honest),
            Move::Unlabel(0, "P0"),
            Move::Slow,
        ],
        losses: true,
        moves,
    }
}

/// The same, with nothing but what is needed to release another commit.
pub fn trying(moves: usize) -> Scene {
    Scene {
        name: "trying",
        calm: vec![
            Move::Say(0, "maintainer", MANUAL),
            Move::Say(0, "maintainer", RELEASE_B),
            Move::Pass,
            Move::Approve("writer"),
        ],
        hasty: vec![Move::Push(Looks::Honest)],
        losses: false,
        ..deciding(moves)
    }
}

/// A branch with the bump alone; who writes what comes, and who approves it.
pub fn writing(moves: usize) -> Scene {
    let mut policy = Policy::default();
    policy.test.manual = false;
    let begin = after(
        empty(policy, 1),
        &[LABEL, Move::Say(0, "maintainer", ASSESS)],
    );
    let mut calm = vec![
        Move::Pass,
        Move::Approve("writer"),
        Move::Approve("developer"),
        Move::Say(0, "maintainer", RELEASE_A),
        Move::Say(0, "maintainer", RELEASE_B),
    ];
    let looks = [
        Looks::Honest,
        Looks::LikeTheWriters,
        Looks::Unknown,
        Looks::TogetherWithTheWriter,
        Looks::LikeTheBots,
    ];
    calm.extend(looks.map(Move::Push));
    Scene {
        name: "writing",
        begin,
        calm,
        hasty: Vec::new(),
        losses: false,
        moves,
    }
}

/// Everything is there but the decision; where the pull request goes changes.
pub fn merging(moves: usize) -> Scene {
    let begin = after(deciding(0).begin, &[Move::Say(0, "maintainer", MANUAL)]);
    Scene {
        name: "merging",
        begin,
        calm: vec![
            Move::Say(0, "maintainer", RELEASE_A),
            Move::Say(0, "maintainer", "/hotfix check fresh-install"),
            Move::Say(0, "reporter", "/hotfix confirm-fixed"),
        ],
        hasty: vec![Move::Retarget("other"), Move::Retarget("main"), Move::Merge],
        losses: true,
        moves,
    }
}

/// An issue without a label.
pub fn labelling(moves: usize) -> Scene {
    Scene {
        name: "labelling",
        begin: empty(Policy::default(), 1),
        calm: Vec::new(),
        hasty: vec![
            LABEL,
            Move::Label(0, "developer", "hotfix"),
            Move::Label(0, "reporter", "bug"),
            Move::Label(0, "triage[bot]", "P0"),
            Move::Unlabel(0, "P0"),
            Move::MainMoves,
            Move::Slow,
        ],
        losses: true,
        moves,
    }
}

/// The same with people alone, who change their minds.
pub fn changing(moves: usize) -> Scene {
    Scene {
        name: "changing",
        hasty: vec![
            LABEL,
            Move::Label(0, "developer", "hotfix"),
            Move::Unlabel(0, "P0"),
        ],
        losses: false,
        ..labelling(moves)
    }
}

/// Two issues of one repository.
pub fn two_issues(moves: usize) -> Scene {
    Scene {
        name: "two issues",
        begin: empty(Policy::default(), 2),
        calm: vec![Move::Say(0, "maintainer", "/hotfix cancel reason=no")],
        hasty: vec![
            LABEL,
            Move::Label(1, "developer", "P0"),
            Move::Unlabel(0, "P0"),
            Move::Unlabel(1, "P0"),
        ],
        losses: false,
        moves,
    }
}
