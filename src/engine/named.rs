//! Which cases the log has named as standing still.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The cases that the log names already.
#[derive(Default)]
pub struct Named(Mutex<BTreeSet<i64>>);

impl Named {
    pub fn change(&self, change: impl FnOnce(&mut BTreeSet<i64>) -> bool) -> bool {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
