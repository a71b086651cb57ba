//! An object that is looked at, and the list of them.

use crate::domain::ids::Millis;
use crate::domain::objects::Object;
use crate::domain::read::{Of, Read};

pub(super) const SECOND: Millis = 1_000;
pub(super) const MINUTE: Millis = 60 * SECOND;

/// An object that is looked at.
#[derive(Clone, Debug)]
pub struct Look {
    /// Which.
    pub object: Object,
    /// The read.
    pub read: Read,
    /// What it is about.
    pub subject: String,
    /// How long an answer is good when nothing is heard; the farthest future
    /// where only what is heard is read.
    pub every: Millis,
}

/// The reads of one line, as they are listed.
#[derive(Default)]
pub(super) struct Looks(pub(super) Vec<Look>);

impl Looks {
    /// Adds it where nothing of the kind is looked at.
    pub(super) fn add_missing(&mut self, read: Read, subject: impl Into<String>, every: Millis) {
        let is_it = |look: &Look| Of::Object(look.object) == read.of();
        if !self.0.iter().any(is_it) {
            self.add(read, subject, every);
        }
    }

    pub(super) fn add(&mut self, read: Read, subject: impl Into<String>, every: Millis) {
        // A role is read when somebody waits for it.
        if let Of::Object(object) = read.of() {
            self.0.push(Look {
                object,
                read,
                subject: subject.into(),
                every,
            });
        }
    }
}
