//! Single answers that go wrong, and deliveries that do, while everything else
//! goes on.

use super::faults::FaultWhen;
use crate::sim::answer::{Answer, Body};
use crate::sim::clock::Millis;
use crate::sim::refusal::Refusal;

/// What becomes of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// The connection is cut.
    Cut(FaultWhen),
    /// No answer comes for so many milliseconds of the stand-in's clock; then the
    /// connection is cut.
    Hang(Millis, FaultWhen),
    /// A page comes with this status in place of the answer.
    Page(u16, FaultWhen),
    /// Half an answer comes, with the status of a whole one.
    Garbage(FaultWhen),
    /// The primary limit is reached for so many seconds: nothing is left.
    Primary(u32),
    /// A secondary limit is reached: `retry-after` in seconds, where it is told.
    Secondary(Option<u32>),
    /// Everything stands still, as with a [`FaultPlan`], until it is released.
    ///
    /// [`FaultPlan`]: super::faults::FaultPlan
    Freeze(FaultWhen),
}

/// Which calls it may meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meets {
    /// Any with a token.
    Any,
    /// Those that change nothing.
    Reads,
    /// Those that change something.
    Writes,
}

impl Meets {
    fn meets(self, is_write: bool) -> bool {
        match self {
            Meets::Any => true,
            Meets::Reads => !is_write,
            Meets::Writes => is_write,
        }
    }
}

/// A mishap that is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which calls it meets.
    pub meets: Meets,
    /// How many of them pass before.
    pub skip: u32,
    /// How many it meets then.
    pub times: u32,
    /// What becomes of them.
    pub mishap: Mishap,
}

/// What becomes of one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is sent.
    Sent,
    /// It is recorded as a failure, and never sent.
    Lost,
    /// It is sent so many milliseconds later.
    Late(Millis),
    /// It is sent, and once more so many milliseconds later, with the same GUID.
    Twice(Millis),
}

impl Mishap {
    /// On which side of the call it comes.
    pub(in crate::sim) fn when(self) -> FaultWhen {
        match self {
            Mishap::Cut(when)
            | Mishap::Hang(_, when)
            | Mishap::Page(_, when)
            | Mishap::Garbage(when)
            | Mishap::Freeze(when) => when,
            Mishap::Primary(_) | Mishap::Secondary(_) => FaultWhen::Before,
        }
    }

    /// What is answered; none: the connection is cut.
    pub(in crate::sim) fn answer(self, now: Millis) -> Option<Answer> {
        let page = |status, text: &str| Answer {
            status,
            headers: Vec::new(),
            body: Body::Bytes("text/html", text.as_bytes().to_vec()),
        };
        let limited = |message: &str, headers: &[(&str, String)]| {
            let mut refusal = Refusal::new(403, message);
            let headers = headers.iter().cloned();
            refusal.headers = headers.map(|(name, it)| (name.to_owned(), it)).collect();
            Answer::from(refusal)
        };
        match self {
            Mishap::Cut(_) | Mishap::Hang(..) | Mishap::Freeze(_) => None,
            Mishap::Page(status, _) => Some(page(status, "<html>Unicorn!</html>")),
            Mishap::Garbage(_) => Some(page(200, "{\"id\": 17, \"no")),
            Mishap::Primary(seconds) => {
                let reset = now.div_euclid(1_000) + Millis::from(seconds);
                let headers = [
                    ("x-ratelimit-remaining", "0".to_owned()),
                    ("x-ratelimit-reset", reset.to_string()),
                ];
                Some(limited(
                    "API rate limit exceeded for installation.",
                    &headers,
                ))
            }
            Mishap::Secondary(after) => {
                let told = after.map(|it| ("retry-after", it.to_string()));
                let headers: Vec<_> = told.into_iter().collect();
                Some(limited(
                    "You have exceeded a secondary rate limit.",
                    &headers,
                ))
            }
        }
    }
}

/// All that is planned.
#[derive(Debug, Default)]
pub struct Mishaps {
    /// In the order in which they are looked through: a call meets one at most.
    pub planned: Vec<Planned>,
}

impl Mishaps {
    /// Takes the one that meets this call.
    pub(in crate::sim) fn meet(&mut self, is_write: bool) -> Option<Mishap> {
        let mut all = self.planned.iter();
        let at = all.position(|it| it.meets.meets(is_write))?;
        let it = self.planned.get_mut(at)?;
        if it.skip > 0 {
            it.skip -= 1;
            return None;
        }
        let mishap = it.mishap;
        it.times = it.times.saturating_sub(1);
        if it.times == 0 {
            self.planned.remove(at);
        }
        Some(mishap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mishap_meets_the_calls_that_it_is_planned_for() {
        let cut = Mishap::Cut(FaultWhen::After);
        let writes = Planned {
            meets: Meets::Writes,
            skip: 1,
            times: 2,
            mishap: cut,
        };
        let mut all = Mishaps {
            planned: vec![writes],
        };
        let calls = [false, true, false, true, true, true];
        let met = calls.map(|is_write| all.meet(is_write).is_some());
        assert_eq!(met, [false, false, false, true, true, false]);
        assert!(all.planned.is_empty());
    }
}
