//! The state of the world and of the server, and the next one.

use std::hash::{Hash, Hasher};

use hotfix_bot::domain::effect::{Act, Slot};
use hotfix_bot::domain::event::Event;
use hotfix_bot::domain::facts::Facts;
use hotfix_bot::domain::ids::Millis;
use hotfix_bot::domain::wish::Lane;

use crate::bot::{Bot, Claims, Flight};
use crate::canon;
use crate::hub::Hub;
use crate::moves::{Fate, Move};
use crate::promises;

/// A step takes so long, milliseconds.
const STEP: Millis = 1_000;

/// How long before the label that opens a case others may have come with it.
const TOGETHER: Millis = 60 * 60_000;

/// A delivery on its way.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The issue that it is about; none: every case hears of it.
    pub issue: Option<usize>,
    pub event: Event,
    /// Found in the log, once there is nothing else to do.
    pub lost: bool,
}

/// World and server.
#[derive(Clone, Debug)]
pub struct State {
    pub hub: Hub,
    pub bots: Vec<Bot>,
    pub claims: Claims,
    pub deliveries: Vec<Delivery>,
    /// Whether the labels that begin a hotfix are known.
    pub labels_known: bool,
    /// Moves that are left.
    pub moves: usize,
    /// A promise that was broken.
    pub broken: Option<String>,
}

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The server does the next thing.
    Step,
    /// Something else happens.
    Move(Move, Fate),
}

impl State {
    /// A world in which nothing happened.
    pub fn new(hub: Hub) -> State {
        State {
            hub,
            bots: Vec::new(),
            claims: Vec::new(),
            deliveries: Vec::new(),
            labels_known: false,
            moves: 0,
            broken: None,
        }
    }

    /// Takes the action; false: there is nothing to do.
    pub fn act(&mut self, action: Action) -> bool {
        self.hub.now += STEP;
        match action {
            Action::Move(it, fate) => {
                it.make(self, fate);
                true
            }
            Action::Step => self.step(),
        }
    }

    /// Does what is to be done until there is nothing.
    pub fn settle(&mut self) {
        for _ in 0..2_000 {
            if !self.act(Action::Step) {
                return;
            }
        }
        panic!(
            "it never rests: {:?}",
            self.bots.iter().map(|b| &b.plan.wishes).collect::<Vec<_>>()
        );
    }

    /// Whether the server has nothing to do.
    pub fn rests(&self) -> bool {
        let lanes = [Lane::Read, Lane::Write, Lane::Talk];
        let idle =
            |bot: &Bot| bot.flights.is_empty() && bot.slow.is_empty() && bot.next(&lanes).is_none();
        self.deliveries.is_empty() && self.bots.iter().all(idle)
    }

    fn step(&mut self) -> bool {
        if let Some(at) = self.deliveries.iter().position(|it| !it.lost) {
            let delivery = self.deliveries.remove(at);
            self.deliver(delivery);
            return true;
        }
        if let Some(at) = self.bots.iter().position(|bot| !bot.flights.is_empty()) {
            let flight = self.bots[at].flights.remove(0);
            self.ends(at, flight);
            return true;
        }
        for at in 0..self.bots.len() {
            if self.starts(at, &[Lane::Read, Lane::Write]) {
                return true;
            }
        }
        for at in 0..self.bots.len() {
            if self.starts(at, &[Lane::Talk]) {
                // Nothing is decided by when an answer of this kind comes.
                let flight = self.bots[at].flights.remove(0);
                self.ends(at, flight);
                return true;
            }
        }
        if let Some(at) = self.bots.iter().position(|bot| !bot.slow.is_empty()) {
            let flight = self.bots[at].slow.remove(0);
            self.ends(at, flight);
            return true;
        }
        if !self.deliveries.is_empty() {
            let delivery = self.deliveries.remove(0);
            self.deliver(delivery);
            return true;
        }
        false
    }

    fn starts(&mut self, at: usize, lanes: &[Lane]) -> bool {
        let Some(wish) = self.bots[at].next(lanes) else {
            return false;
        };
        let before = promises::before(self, at, &wish.act);
        if let Act::CreateBranch { .. } | Act::PushBump { .. } = &wish.act {
            // The commit is noted before a ref leads to it.
            let line = wish.line.clone();
            let commit = crate::hub::sha('b');
            self.tell(at, &Event::CommitMade { line, commit });
        }
        let outcome = self.hub.carry_out(self.bots[at].issue, &wish.act);
        if let Some(broken) = before {
            self.broken.get_or_insert(broken);
        }
        let flight = Flight {
            line: wish.line.clone(),
            slot: wish.act.slot(),
            subject: wish.subject.clone(),
            generation: wish.generation,
            began: self.hub.now,
            outcome,
        };
        self.bots[at].flights.push(flight);
        true
    }

    fn ends(&mut self, at: usize, flight: Flight) {
        if flight.slot == Slot::Read(hotfix_bot::domain::objects::Object::Policy) {
            self.labels_known = true;
        }
        self.tell(at, &flight.end());
    }

    fn tell(&mut self, at: usize, event: &Event) {
        if self.bots[at].over {
            return;
        }
        self.bots[at].tell(event, self.hub.now, &mut self.claims);
        if self.bots[at].over {
            self.goes_on(at);
            if let Some(broken) = promises::ended(self, at) {
                self.broken.get_or_insert(broken);
            }
            let ended = self.bots[at].facts.case;
            for other in 0..self.bots.len() {
                let waits = |line: &hotfix_bot::domain::facts::Line| line.behind == Some(ended);
                if self.bots[other]
                    .facts
                    .lines
                    .iter()
                    .any(|(_, line)| waits(line))
                {
                    self.tell(other, &Event::Wake);
                }
            }
        }
    }

    /// A case is over: what it leaves behind begins the next.
    fn goes_on(&mut self, at: usize) {
        let (issue, left) = (self.bots[at].issue, self.bots[at].plan.next.clone());
        let Some(since) = left.iter().map(|it| it.changed).min() else {
            return;
        };
        self.bots
            .push(Bot::new(self.bots.len() as i64 + 7, issue, since));
        let next = self.bots.len() - 1;
        for it in left {
            let event = Event::Labeled {
                label: it.label.clone(),
                by: it.by.clone(),
                issue: self.hub.issue(issue),
                changed: it.changed,
            };
            self.tell(next, &event);
        }
    }

    fn deliver(&mut self, delivery: Delivery) {
        let mut taken = false;
        for at in 0..self.bots.len() {
            let concerns = delivery
                .issue
                .is_none_or(|issue| issue == self.bots[at].issue);
            if concerns && !self.bots[at].over {
                self.tell(at, &delivery.event);
                taken = true;
            }
        }
        if taken {
            return;
        }
        if let (Some(issue), Event::Labeled { label, .. }) = (delivery.issue, &delivery.event) {
            let begins = ["hotfix", "p0"].contains(&label.to_lowercase().as_str());
            if begins || !self.labels_known {
                let case = self.bots.len() as i64 + 7;
                // What was on the issue when the last case ended was that one's.
                let last = self.bots.iter().rev().find(|bot| bot.issue == issue);
                let seen = last.and_then(|bot| bot.facts.issue.get());
                let seen = seen.map_or(0, |issue| issue.updated_at + 1);
                let since = (self.hub.now - TOGETHER).max(seen);
                self.bots.push(Bot::new(case, issue, since));
                self.tell(self.bots.len() - 1, &delivery.event);
            }
        }
    }

    /// An action in words.
    pub fn tells(&self, action: &Action) -> String {
        match action {
            Action::Move(it, fate) => format!("{it:?} ({fate:?})"),
            Action::Step => {
                if let Some(it) = self.deliveries.iter().find(|it| !it.lost) {
                    return format!("heard: {}", short(&format!("{:?}", it.event)));
                }
                let flight = |bot: &Bot| bot.flights.first().map(|it| it.slot.to_string());
                if let Some(slot) = self.bots.iter().find_map(flight) {
                    return format!("ended: {slot}");
                }
                let lanes = [Lane::Read, Lane::Write, Lane::Talk];
                let next = |bot: &Bot| {
                    lanes
                        .iter()
                        .find_map(|lane| bot.next(&[*lane]))
                        .map(|wish| match &wish.act {
                            Act::Read(_) => format!("asks: {}", wish.act.slot()),
                            other => format!("does: {}", other.slot()),
                        })
                };
                self.bots
                    .iter()
                    .find_map(next)
                    .unwrap_or_else(|| "goes on".into())
            }
        }
    }

    /// The end in words.
    pub fn ends_with(&self) -> String {
        let said = |f: &Facts| {
            let said = f.said.iter();
            said.map(|s| format!("    {:?}: {:?}\n", s.text, s.state))
                .collect::<String>()
        };
        let bots = self.bots.iter();
        bots.map(|bot| {
            format!(
                "  case {} {}\n{}",
                bot.facts.case,
                bot.plan.phase,
                said(&bot.facts)
            )
        })
        .collect()
    }
}

/// The facts without what is long and does not change.
fn lean(facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    facts.policy.value = None;
    for line in facts.lines.values_mut() {
        line.seen.base.value = None;
    }
    facts
}

fn short(text: &str) -> String {
    text.chars().take(120).collect()
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        let hash = |s: &State| {
            let mut hasher = std::hash::DefaultHasher::new();
            s.hash(&mut hasher);
            hasher.finish()
        };
        hash(self) == hash(other)
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, into: &mut H) {
        let mut values = Vec::new();
        for bot in &self.bots {
            values.push(serde_json::to_value(lean(&bot.facts)).unwrap_or_default());
            for (slow, flight) in bot
                .flights
                .iter()
                .map(|it| (false, it))
                .chain(bot.slow.iter().map(|it| (true, it)))
            {
                let raised = match &flight.slot {
                    Slot::Read(object) => {
                        let line = bot.facts.lines.only().1;
                        bot.facts.state(line, *object).dirty
                    }
                    Slot::Role(login) => bot.facts.roles.get(login).map_or(0, |r| r.dirty),
                    Slot::Word(id) => bot.facts.reread.get(id).map_or(0, |r| r.dirty),
                    _ => flight.generation,
                };
                values.push(serde_json::json!([
                    slow,
                    flight.slot.to_string(),
                    flight.began,
                    raised.saturating_sub(flight.generation),
                    flight.outcome,
                ]));
            }
            let wished = bot.plan.wishes.iter().map(|w| w.act.slot().to_string());
            values.push(wished.collect::<Vec<_>>().into());
        }
        for it in &self.deliveries {
            values.push(serde_json::json!([it.issue, it.event, it.lost]));
        }
        for it in &self.hub.comments {
            values.push(serde_json::json!([
                it.id,
                it.created,
                it.taken_back,
                it.looked
            ]));
        }
        canon::hash(&values, into);
        format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            self.hub.issues,
            self.hub.branch,
            self.hub.pull,
            self.hub.reviews,
            self.hub.green,
            self.hub.tag,
            self.hub.main,
            self.hub.port,
            self.hub.deleted,
        )
        .hash(into);
        (self.labels_known, self.moves, &self.broken).hash(into);
    }
}
