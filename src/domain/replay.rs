//! A case's journal, taken through the same decisions once more.

use super::decide::decide;
use super::event::Event;
use super::facts::Facts;
use super::facts::stored::{self, Unreadable};
use super::ids::{Millis, fingerprint};

/// One revision of a case, as its journal has it.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Its number.
    pub rev: i64,
    /// The case's own time.
    pub at: Millis,
    /// What was applied, in order.
    pub events: Vec<Event>,
    /// The fingerprint of the facts after it.
    pub facts: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Replayed {
    /// The same facts at each revision; these at the last.
    Same(Box<Facts>),
    /// At this revision other facts come out than did.
    Differs {
        /// Its number.
        rev: i64,
    },
}

/// Takes the revisions, oldest first, from the facts that the case began with.
///
/// # Errors
/// What comes out cannot be read again: a fault of the domain.
pub fn replay(
    begun: Facts,
    journal: impl IntoIterator<Item = Revision>,
) -> Result<Replayed, Unreadable> {
    let mut facts = begun;
    for revision in journal {
        for event in &revision.events {
            match event {
                Event::Reopened => facts.come_back(),
                event => drop(decide(&mut facts, event, revision.at)),
            }
        }
        let text = serde_json::to_string(&facts).unwrap_or_default();
        if fingerprint(&text) != revision.facts {
            return Ok(Replayed::Differs { rev: revision.rev });
        }
        // As the next step found them.
        facts = stored::read(i64::from(facts.schema), &text)?;
    }
    Ok(Replayed::Same(Box::new(facts)))
}
