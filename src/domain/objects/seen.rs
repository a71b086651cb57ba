//! What is known of one object of GitHub's, and whether it is asked anew.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Millis;

/// One object of GitHub's as it was last read. A delivery only says that it
/// changed (`touch`); what it now is, is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen<T> {
    /// What the last successful read said.
    #[serde(
        with = "at_most_one",
        bound(serialize = "T: Serialize", deserialize = "T: Deserialize<'de>")
    )]
    pub value: Option<T>,
    /// The number of causes to read it so far.
    pub dirty: u64,
    /// The number of causes that the last read knew of.
    pub answered: u64,
    /// When that read began.
    pub began: Millis,
    /// When its answer was applied.
    pub at: Millis,
    /// Since when the answers are the same; 0: not noted.
    #[serde(default)]
    pub since: Millis,
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Seen {
            value: None,
            dirty: 1,
            answered: 0,
            began: 0,
            at: 0,
            since: 0,
        }
    }
}

impl<T> Seen<T> {
    /// Something happened to it: read it again.
    pub fn touch(&mut self) {
        self.dirty = self.dirty.saturating_add(1);
    }

    /// It is another object from now on: what was read says nothing of that.
    pub fn forget(&mut self) {
        self.value = None;
        self.touch();
    }

    /// Whether no cause to read it is unanswered.
    pub fn is_current(&self) -> bool {
        self.answered >= self.dirty
    }

    /// The value, once it was read at all.
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The value of a read that began after `at`, with nothing unanswered.
    pub fn since(&self, at: Millis) -> Option<&T> {
        (self.is_current() && self.began >= at)
            .then_some(self.value.as_ref())
            .flatten()
    }
}

impl<T: PartialEq> Seen<T> {
    /// Takes the answer of the read of generation `gen_`.
    pub fn answer(&mut self, value: Option<T>, gen_: u64, began: Millis, now: Millis) {
        // An older answer that comes late must not undo a newer one.
        if gen_ < self.answered {
            return;
        }
        if let Some(value) = value {
            self.put(value, now);
        }
        self.answered = gen_;
        self.began = began;
        self.at = now;
    }

    /// Takes what an effect of ours made, without asking again.
    pub fn learn(&mut self, value: T, now: Millis) {
        self.put(value, now);
        self.began = now;
        self.at = now;
    }

    fn put(&mut self, value: T, now: Millis) {
        if self.value.as_ref() != Some(&value) {
            self.since = now;
        }
        self.value = Some(value);
    }
}

/// A list of none or one: JSON has one `null` only, and "was read, and is not
/// there" must not become "was not read" in the store.
mod at_most_one {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_slice().serialize(serializer)
    }

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        Ok(Vec::deserialize(deserializer)?.pop())
    }
}
