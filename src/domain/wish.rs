//! A wish and what it is filed under: what is to be done, on what, for the
//! how-manieth cause, in which lane, and what a doubt means.

use super::ids::{LineId, Millis};

/// A wish: something to be done, under its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish<A> {
    /// The release line; the one without a name for what is the whole case's.
    pub line: LineId,
    /// What is to be done.
    pub act: A,
    /// What it acts on: a sha, a version, a body's fingerprint.
    pub subject: String,
    /// How many causes there were so far; never attempts.
    pub generation: u64,
    /// How long to wait before it is carried out, milliseconds: lets several
    /// causes become one.
    pub delay: Millis,
    /// Whether it waits for what may come after: whatever takes its place meanwhile
    /// and does not wait so keeps its own time.
    pub yields: bool,
}

impl<A> Wish<A> {
    /// A wish of the first generation, to be carried out now.
    pub fn new(act: A, subject: impl Into<String>) -> Self {
        Wish {
            line: LineId::default(),
            act,
            subject: subject.into(),
            generation: 1,
            delay: 0,
            yields: false,
        }
    }

    /// The same, of a release line.
    pub fn of(mut self, line: &LineId) -> Self {
        self.line = line.clone();
        self
    }

    /// The same, of a later generation.
    pub fn generation(mut self, generation: u64) -> Self {
        self.generation = generation;
        self
    }

    /// The same, but what comes within `ms` milliseconds may take its place.
    pub fn yields(mut self, ms: Millis) -> Self {
        (self.delay, self.yields) = (ms, true);
        self
    }

    /// The same, not before `ms` milliseconds have passed.
    pub fn delay(mut self, ms: Millis) -> Self {
        self.delay = ms;
        self
    }
}

/// Which of a case's lines of work an effect stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Changes the release: one after the other.
    Write,
    /// Speaks to people.
    Talk,
    /// Only looks.
    Read,
}

impl Lane {
    /// The store's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Lane::Write => "write",
            Lane::Talk => "talk",
            Lane::Read => "read",
        }
    }
}

/// What may happen when nobody knows whether an attempt was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Changes nothing: ask again.
    Read,
    /// GitHub holds it at most once: look, then act again.
    Unique,
    /// Can be found by its marker: look twice, then act again.
    Findable,
    /// Would be done twice: look for long, then leave it to a person.
    Once,
}

impl Class {
    /// The store's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Read => "read",
            Class::Unique => "unique",
            Class::Findable => "findable",
            Class::Once => "once",
        }
    }
}
