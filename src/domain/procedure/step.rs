//! What a step is asked with, and what it answers.

use crate::domain::effect::Intent;
use crate::domain::facts::{Facts, Line};
use crate::domain::ids::LineId;
use crate::domain::need::{Looking, Need, NeedKind, Who};
use crate::domain::policy::Policy;
use crate::domain::slot::Place;
use crate::domain::wish::Wish;

/// What every step is asked with: the facts, the release line that it is about,
/// the policy.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// All that is known.
    pub facts: &'a Facts,
    /// The line's name.
    pub id: &'a LineId,
    /// The line.
    pub line: &'a Line,
    /// The pinned policy, or the defaults until it is read.
    pub policy: &'a Policy,
}

impl<'a> Case<'a> {
    /// The case as its only line sees it.
    pub fn of(facts: &'a Facts, policy: &'a Policy) -> Self {
        let (id, line) = facts.lines.only();
        Case {
            facts,
            id,
            line,
            policy,
        }
    }

    /// The wish for a write: tried again after each `retry`.
    pub fn write(&self, act: Intent, subject: impl Into<String>) -> Wish<Intent> {
        let place = Place {
            line: self.id.clone(),
            slot: act.slot(),
        };
        let retries = self.facts.retries.get(&place).copied().unwrap_or(0);
        Wish::new(act, subject).of(self.id).generation(1 + retries)
    }
}

/// Where a step stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<E> {
    /// Proven, by this.
    Done(E),
    /// The bot's turn.
    Do(Vec<Wish<Intent>>),
    /// Somebody else's turn.
    Wait(Vec<Need>),
}

impl<E> Step<E> {
    /// The bot's turn, with one wish.
    pub fn wish(wish: Wish<Intent>) -> Self {
        Step::Do(vec![wish])
    }

    /// Somebody's turn, with one need.
    pub fn wait(who: Who, kind: NeedKind) -> Self {
        Step::Wait(vec![Need::new(who, kind)])
    }

    /// Something is being read.
    pub fn looking(at: Looking) -> Self {
        Step::Wait(vec![Need::looking(at)])
    }

    /// The same, its proof made into another.
    pub fn map<F>(self, proof: impl FnOnce(E) -> Step<F>) -> Step<F> {
        match self {
            Step::Done(e) => proof(e),
            Step::Do(wishes) => Step::Do(wishes),
            Step::Wait(needs) => Step::Wait(needs),
        }
    }
}
