//! Which deliveries were acknowledged: in memory, whole, because one process
//! writes the file. A copy of what `seen` and `inbox` hold.

use std::collections::{HashMap, HashSet};

use sha2::{Digest as _, Sha256};

use crate::clock::Millis;

/// Two events of one second may say the same (a label put on, taken off and put
/// on again): so long after the first the same is no event of its own any more,
/// milliseconds.
pub(super) const TWINS: Millis = 5_000;

/// Half of a SHA-256.
pub type Digest = [u8; 16];

/// The digest of some parts, each told from the next.
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Digest {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut half = Digest::default();
    for (to, from) in half.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    half
}

/// The key of a delivery's id: a GUID is one already.
pub(super) fn key(delivery_id: &str) -> Digest {
    let mut key = Digest::default();
    let digits: String = delivery_id.split('-').collect();
    let is_guid = delivery_id.len() == 36
        && !digits.contains(|c: char| c.is_ascii_uppercase())
        && hex::decode_to_slice(&digits, &mut key).is_ok();
    if is_guid {
        key
    } else {
        digest([delivery_id.as_bytes()])
    }
}

/// What is known of a delivery that comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    New,
    /// It came before.
    Same,
    /// It came before and was put aside.
    Aside,
    /// The same was said under another id.
    Replay,
}

#[derive(Default)]
pub(super) struct Seen {
    loaded: bool,
    keys: HashSet<Digest>,
    /// When it was said first.
    said: HashMap<Digest, Millis>,
    aside: HashSet<Digest>,
    /// The row of the first delivery of this process.
    first: i64,
    /// The row of the next delivery.
    pub next: i64,
}

impl Seen {
    pub fn known(&self, key: &Digest, said: &Digest, at: Millis) -> Known {
        if self.aside.contains(key) {
            Known::Aside
        } else if self.keys.contains(key) {
            Known::Same
        } else if self.said.get(said).is_some_and(|first| *first < at - TWINS) {
            Known::Replay
        } else {
            Known::New
        }
    }

    pub fn add(&mut self, key: Digest, said: Digest, at: Millis) {
        if !self.loaded {
            // The database is asked instead.
            return;
        }
        self.keys.insert(key);
        let first = self.said.entry(said).or_insert(at);
        *first = at.min(*first);
    }

    pub fn forget(&mut self, key: &Digest, said: &Digest, at: Millis) {
        self.keys.remove(key);
        if self.said.get(said) == Some(&at) {
            self.said.remove(said);
        }
    }

    pub fn holds(&self, key: &Digest) -> bool {
        self.keys.contains(key)
    }

    pub fn put_aside(&mut self, key: Digest) {
        if self.loaded {
            self.aside.insert(key);
        }
    }

    pub fn take_up(&mut self, key: &Digest) {
        self.aside.remove(key);
    }

    pub fn take_up_all(&mut self) {
        self.aside.clear();
    }

    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// The row of the first delivery of this process.
    pub fn first(&self) -> i64 {
        self.first
    }

    /// Takes in what the file holds, once.
    pub fn fill(&mut self, rows: Vec<Row>, aside: Vec<Row>) {
        let ids = rows.iter().chain(&aside).map(|row| row.0);
        self.loaded = true;
        self.first = ids.max().unwrap_or(0) + 1;
        self.next = self.first;
        for (_, key, said, at) in rows {
            if let (Ok(key), Ok(said)) = (key.try_into(), said.try_into()) {
                self.add(key, said, at);
            }
        }
        let keys = aside.into_iter().map(|row| row.1);
        self.aside
            .extend(keys.filter_map(|key| Digest::try_from(key).ok()));
    }
}

/// What the file holds of a delivery: row, key, what it says, when it came.
pub(super) type Row = (i64, Vec<u8>, Vec<u8>, Millis);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_its_own_key_and_every_other_id_has_one() {
        let guid = "00000002-0000-11f0-8000-00000000040d";
        assert_eq!(key(guid)[3], 2);
        assert_eq!(hex::encode(key(guid)), guid.replace('-', ""));
        // Neither another spelling nor another id has the same.
        let upper = guid.to_uppercase();
        for other in [upper.as_str(), &guid.replace('-', ""), "", "a", "b"] {
            assert_ne!(key(other), key(guid), "{other}");
        }
        assert_ne!(digest([&b"ab"[..], b"c"]), digest([&b"a"[..], b"bc"]));
    }
}
