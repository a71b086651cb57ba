//! How many calls GitHub grants until when, as its last answer said.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use http::HeaderMap;

use super::error::text;
use crate::clock::Millis;

/// A budget of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Calls in a window.
    pub limit: u64,
    /// Calls left of them.
    pub left: u64,
    /// When the next window begins, by our clock.
    pub resets: Millis,
}

impl Budget {
    pub(super) fn read(headers: &HeaderMap, offset: Millis) -> Option<Budget> {
        let number = |name| text(headers, name).and_then(|v| v.trim().parse::<u64>().ok());
        let resets = i64::try_from(number("x-ratelimit-reset")?).ok()?;
        Some(Budget {
            limit: number("x-ratelimit-limit")?,
            left: number("x-ratelimit-remaining")?,
            resets: resets.checked_mul(1_000)? - offset,
        })
    }
}

/// The budgets of all callers, by their label.
#[derive(Default)]
pub(super) struct Budgets(Mutex<HashMap<String, Budget>>);

impl Budgets {
    pub(super) fn note(&self, label: &str, budget: Budget) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match all.get_mut(label) {
            Some(known) => *known = budget,
            None => drop(all.insert(label.to_owned(), budget)),
        }
    }

    pub(super) fn of(&self, label: &str) -> Option<Budget> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(label).copied()
    }
}
