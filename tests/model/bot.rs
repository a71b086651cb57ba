//! The server, as far as the model needs it: what the engine does around
//! `decide`, one thing at a time.

use hotfix_bot::domain::decide::decide;
use hotfix_bot::domain::effect::{Effect, Slot};
use hotfix_bot::domain::event::{Event, Outcome};
use hotfix_bot::domain::facts::{Claim, Facts, SCHEMA};
use hotfix_bot::domain::ids::{LineId, Millis};
use hotfix_bot::domain::objects::Repo;
use hotfix_bot::domain::plan::{Plan, plan};
use hotfix_bot::domain::slot::Place;
use hotfix_bot::domain::wish::{Lane, Wish};

use crate::hub::{BOT, FIRST};

/// An effect that was carried out, and whose outcome is on its way.
#[derive(Clone, Debug)]
pub struct Flight {
    pub line: LineId,
    pub slot: Slot,
    pub subject: String,
    pub generation: u64,
    pub began: Millis,
    pub outcome: Outcome,
}

/// A case.
#[derive(Clone, Debug)]
pub struct Bot {
    /// Its issue, by its place in the hub.
    pub issue: usize,
    pub facts: Facts,
    pub plan: Plan,
    pub flights: Vec<Flight>,
    pub slow: Vec<Flight>,
    pub over: bool,
}

/// What cases hold: which case holds what.
pub type Claims = Vec<(Claim, i64)>;

impl Bot {
    /// A new case.
    pub fn new(case: i64, issue: usize, since: Millis) -> Bot {
        let facts = Facts {
            schema: SCHEMA,
            case,
            bot: BOT.into(),
            number: FIRST + issue as u64,
            labels_since: since,
            repo: Repo {
                id: 1,
                owner: "acme".into(),
                name: "lantern".into(),
                default_branch: "main".into(),
                html_url: "x".into(),
                private: false,
            },
            ..Facts::default()
        };
        Bot {
            issue,
            plan: plan(&facts),
            facts,
            flights: Vec::new(),
            slow: Vec::new(),
            over: false,
        }
    }

    /// Takes an event in, with the answers to its claims.
    pub fn tell(&mut self, event: &Event, now: Millis, claims: &mut Claims) {
        self.plan = decide(&mut self.facts, event, now);
        for _ in 0..10 {
            let Some((line, claim)) = self.plan.claims.first().cloned() else {
                break;
            };
            let mine = self.facts.case;
            let held = claims.iter().find(|(held, _)| *held == claim);
            let behind = held.map(|(_, case)| *case).filter(|case| *case != mine);
            if held.is_none() {
                claims.push((claim.clone(), mine));
            }
            let known = self.facts.lines.get(&line).and_then(|line| line.behind);
            let waits = behind.is_some() && known == behind;
            let event = Event::Claimed {
                line,
                claim,
                behind,
                issue: None,
            };
            self.plan = decide(&mut self.facts, &event, now);
            if waits {
                break;
            }
        }
        if self.plan.over {
            self.over = true;
            claims.retain(|(_, case)| *case != self.facts.case);
        }
    }

    fn is_under_way(&self, place: &Place) -> bool {
        let mut all = self.flights.iter().chain(&self.slow);
        all.any(|it| it.line == place.line && it.slot == place.slot)
    }

    /// The next effect to be carried out, of these lanes.
    pub fn next(&self, lanes: &[Lane]) -> Option<Wish<Effect>> {
        let mut wishes = self.plan.wishes.iter();
        let next = wishes
            .find(|wish| lanes.contains(&wish.act.lane()) && !self.is_under_way(&wish.place()));
        next.filter(|_| !self.over).cloned()
    }
}

impl Flight {
    /// The event of its end.
    pub fn end(self) -> Event {
        Event::Ended {
            line: self.line,
            slot: self.slot,
            subject: self.subject,
            generation: self.generation,
            began: self.began,
            outcome: self.outcome,
        }
    }
}
