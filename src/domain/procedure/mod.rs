//! The procedure, read from top to bottom.
//!
//! Each step is a function of the facts and of the evidence of the steps that
//! it stands on. It is done, or it wishes effects, or it waits. All steps are
//! asked each time, so steps work ahead where their arguments are there: the
//! branch, the bump and the draft pull request need only an allowed label,
//! while the answers gate the release.
//!
//! The hinge is [`Ship`]: from the moment it is locked,
//! the first list is answered from it and later changes are notices.

pub mod assess;
pub mod begin;
pub mod branch;
pub mod bump;
pub mod cancel;
pub mod chain;
pub mod ci;
pub mod close;
pub mod communicate;
pub mod fix;
pub mod further;
pub mod known;
pub mod monitor;
pub mod observe;
pub mod port;
pub mod required;
pub mod ship;
pub mod test;
pub mod verify;

use super::effect::{Effect, Wish};
use super::facts::{Facts, Ship, StepName};
use super::policy::Policy;
use super::view::{Need, What, Who};

/// Where a step stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<E> {
    /// Proven, by this.
    Done(E),
    /// The bot's turn.
    Do(Vec<Wish>),
    /// Somebody else's turn.
    Wait(Vec<Need>),
}

impl<E> Step<E> {
    /// The proof.
    pub fn evidence(&self) -> Option<&E> {
        match self {
            Step::Done(e) => Some(e),
            _ => None,
        }
    }

    /// The bot's turn, with one wish.
    pub fn wish(wish: Wish) -> Self {
        Step::Do(vec![wish])
    }

    /// Somebody's turn, with one need.
    pub fn wait(who: Who, what: What) -> Self {
        Step::Wait(vec![Need { who, what }])
    }

    /// Something is being read.
    pub fn looking(subject: &str) -> Self {
        Step::wait(
            Who::Machine,
            What::Looking {
                subject: subject.to_owned(),
            },
        )
    }
}

/// Every step's answer; none where the steps before it give no evidence yet.
#[derive(Clone, Debug)]
pub struct Survey {
    /// May it begin at all?
    pub begin: Step<begin::Begun>,
    /// 1
    pub assess: Option<Step<assess::Assessed>>,
    /// 2
    pub branch: Option<Step<branch::Branched>>,
    /// 5
    pub bump: Option<Step<bump::Bumped>>,
    /// 3
    pub fix: Option<Step<fix::Fixed>>,
    /// 4
    pub test: Option<Step<test::Tested>>,
    /// 6
    pub ship: Option<Step<ship::Shipped>>,
    /// 7
    pub monitor: Option<Step<monitor::Monitored>>,
    /// 8
    pub verify: Option<Step<verify::Verified>>,
    /// 9
    pub communicate: Option<Step<communicate::Communicated>>,
    /// 10: the fix on the default branch; works ahead, right after the tag
    pub land: Option<Step<port::Landed>>,
    /// 10: the entry in the known issues
    pub known: Option<Step<known::Known>>,
    /// 10
    pub close: Option<Step<close::Closed>>,
}

fn done<E>(step: &Option<Step<E>>) -> Option<&E> {
    step.as_ref().and_then(Step::evidence)
}

/// Asks every step.
pub fn survey(f: &Facts, p: &Policy) -> Survey {
    let locked = locked(f);
    let begin = match locked {
        Some(_) => Step::Done(begin::Begun),
        None => begin::begin(f, p),
    };
    let begun = begin.evidence();
    let assess = match locked {
        Some(_) => Some(Step::Done(assess::Assessed)),
        None => begun.map(|b| assess::assess(f, p, b)),
    };
    let branch = match locked {
        Some(ship) => branch::from_ship(f, p, ship).map(Step::Done),
        None => begun.map(|b| branch::branch(f, p, b)),
    };
    let bump = match (locked, done(&branch)) {
        (Some(_), Some(_)) => Some(Step::Done(bump::Bumped)),
        (_, branched) => branched.map(|b| bump::bump(f, b)),
    };
    let fix = match (locked, done(&branch), done(&bump)) {
        (Some(ship), ..) => fix::from_ship(f, ship).map(Step::Done),
        (_, Some(branched), Some(bumped)) => Some(fix::fix(f, branched, bumped)),
        _ => None,
    };
    let test = match (locked, done(&branch), done(&fix)) {
        (Some(ship), _, Some(_)) => Some(Step::Done(test::from_ship(ship))),
        (_, Some(branched), Some(fixed)) => Some(test::test(f, p, branched, fixed)),
        _ => None,
    };
    let ship = match (done(&branch), done(&fix)) {
        (Some(branched), Some(fixed)) => Some(ship::ship(
            f,
            p,
            branched,
            fixed,
            done(&assess),
            done(&test),
        )),
        _ => None,
    };
    // Publishing starts with the tag, whether or not the merge is through.
    let tagged = ship::tagged(f);
    let monitor = match (done(&branch), &tagged) {
        (Some(branched), Some(tagged)) => Some(monitor::monitor(f, p, branched, tagged)),
        _ => None,
    };
    let verify = match (done(&branch), done(&monitor)) {
        (Some(branched), Some(monitored)) => Some(verify::verify(f, p, branched, monitored)),
        _ => None,
    };
    let communicate = match (done(&ship), done(&verify)) {
        (Some(shipped), Some(verified)) => Some(communicate::communicate(f, p, shipped, verified)),
        _ => None,
    };
    let land = match (done(&branch), done(&fix), done(&ship)) {
        (Some(branched), Some(fixed), Some(shipped)) => {
            Some(port::land(f, p, branched, fixed, shipped))
        }
        _ => None,
    };
    let known = match (done(&branch), done(&ship)) {
        (Some(branched), Some(shipped)) => {
            Some(known::known(f, p, branched, shipped, done(&verify)))
        }
        _ => None,
    };
    let close = match (done(&branch), done(&communicate), done(&land), done(&known)) {
        (Some(branched), Some(communicated), Some(landed), Some(known)) => {
            Some(close::close(f, p, branched, communicated, landed, known))
        }
        _ => None,
    };
    Survey {
        begin,
        assess,
        branch,
        bump,
        fix,
        test,
        ship,
        monitor,
        verify,
        communicate,
        land,
        known,
        close,
    }
}

/// The locked decision, if there is one.
pub fn locked(f: &Facts) -> Option<&Ship> {
    f.line.ship.as_ref().filter(|s| s.locked.is_some())
}

impl Survey {
    /// Whether each step is done, in the order of proof.
    pub fn done(&self) -> [(StepName, bool); 10] {
        [
            (StepName::Assess, done(&self.assess).is_some()),
            (StepName::Branch, done(&self.branch).is_some()),
            (StepName::Bump, done(&self.bump).is_some()),
            (StepName::Fix, done(&self.fix).is_some()),
            (StepName::Test, done(&self.test).is_some()),
            (StepName::Ship, done(&self.ship).is_some()),
            (StepName::Monitor, done(&self.monitor).is_some()),
            (StepName::Verify, done(&self.verify).is_some()),
            (StepName::Communicate, done(&self.communicate).is_some()),
            (StepName::Close, done(&self.close).is_some()),
        ]
    }

    /// What all steps wish.
    pub fn wishes(&self) -> Vec<Wish> {
        fn of<E>(step: Option<&Step<E>>) -> Vec<Wish> {
            match step {
                Some(Step::Do(wishes)) => wishes.clone(),
                _ => Vec::new(),
            }
        }
        [
            of(Some(&self.begin)),
            of(self.assess.as_ref()),
            of(self.branch.as_ref()),
            of(self.bump.as_ref()),
            of(self.fix.as_ref()),
            of(self.test.as_ref()),
            of(self.ship.as_ref()),
            of(self.monitor.as_ref()),
            of(self.verify.as_ref()),
            of(self.communicate.as_ref()),
            of(self.land.as_ref()),
            of(self.known.as_ref()),
            of(self.close.as_ref()),
        ]
        .concat()
    }

    /// What the steps wait for, in the order of proof. The first list's needs
    /// are the gates of the release.
    pub fn needs(&self) -> (Vec<Need>, Vec<Need>) {
        fn of<E>(step: Option<&Step<E>>) -> Vec<Need> {
            match step {
                Some(Step::Wait(needs)) => needs.clone(),
                _ => Vec::new(),
            }
        }
        let before = [
            of(Some(&self.begin)),
            of(self.assess.as_ref()),
            of(self.branch.as_ref()),
            of(self.bump.as_ref()),
            of(self.fix.as_ref()),
            of(self.test.as_ref()),
        ]
        .concat();
        let after = [
            of(self.ship.as_ref()),
            of(self.monitor.as_ref()),
            of(self.verify.as_ref()),
            of(self.communicate.as_ref()),
            of(self.land.as_ref()),
            of(self.known.as_ref()),
            of(self.close.as_ref()),
        ]
        .concat();
        (before, after)
    }
}

/// A write's wish: tried again after each `retry`. Its words are filled in
/// when the whole view is known, see [`super::plan`].
pub(super) fn write(f: &Facts, effect: Effect, subject: impl Into<String>) -> Wish {
    let retries = f.retries.get(&effect.slot()).copied().unwrap_or(0);
    Wish::new(effect, subject).generation(1 + retries)
}
