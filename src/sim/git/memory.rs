//! What git said before. An object never changes, nor does what follows from
//! whole names of objects alone, so that each is asked for once.

use std::collections::HashMap;
use std::sync::Arc;

use super::entry::Entry;
use super::reader::Kind;

/// So many bytes are kept; then all of it is forgotten.
const MOST: usize = 256 << 20;

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Memory {
    size: usize,
    objects: HashMap<String, (Kind, Arc<[u8]>)>,
    /// How long an object is.
    pub sizes: HashMap<String, usize>,
    /// All that is below a tree.
    trees: HashMap<String, Arc<[Entry]>>,
    answers: HashMap<String, Arc<Said>>,
}

/// What git answered a question that has a yes and a no.
#[derive(Debug)]
pub(super) struct Said {
    /// Code 0, not 1.
    pub yes: bool,
    /// What stands on its standard output.
    pub text: String,
}

impl Memory {
    /// An object by its whole name.
    pub fn object(&self, name: &str) -> Option<&(Kind, Arc<[u8]>)> {
        self.objects.get(name)
    }

    /// Keeps an object.
    pub fn keep(&mut self, name: &str, kind: Kind, bytes: &Arc<[u8]>) {
        self.grow(name.len() + bytes.len());
        self.sizes.insert(name.to_owned(), bytes.len());
        self.objects
            .insert(name.to_owned(), (kind, Arc::clone(bytes)));
    }

    /// All that is below a tree.
    pub fn tree(&self, sha: &str) -> Option<Arc<[Entry]>> {
        self.trees.get(sha).cloned()
    }

    /// Keeps it.
    pub fn keep_tree(&mut self, sha: &str, all: &Arc<[Entry]>) {
        // A path, a name, and what holds them.
        self.grow(all.len().saturating_mul(200));
        if is_whole(sha) {
            self.trees.insert(sha.to_owned(), Arc::clone(all));
        }
    }

    /// What was answered.
    pub fn answer(&self, key: &str) -> Option<Arc<Said>> {
        self.answers.get(key).cloned()
    }

    /// Keeps it.
    pub fn keep_answer(&mut self, key: String, said: &Arc<Said>) {
        self.grow(key.len() + said.text.len());
        self.answers.insert(key, Arc::clone(said));
    }

    fn grow(&mut self, by: usize) {
        self.size += by;
        if self.size > MOST {
            *self = Memory::default();
            self.size = by;
        }
    }
}

/// Whether this is an object's whole name, which means itself for ever.
pub(super) fn is_whole(name: &str) -> bool {
    name.len() == 40 && name.bytes().all(|b| b.is_ascii_hexdigit())
}
