//! Answers that take their time, on the stand-in's clock: what waits for what can
//! be told by how much of it passes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::watch;

use super::clock::Millis;

/// How long an answer takes, and the answers that are on their way.
#[derive(Debug, Default)]
pub(super) struct Slow {
    takes: AtomicI64,
    /// How many arrive at which moment.
    held: watch::Sender<BTreeMap<Millis, usize>>,
}

impl Slow {
    /// From now on every answer takes so long.
    pub(super) fn take(&self, millis: Millis) {
        self.takes.store(millis, Ordering::SeqCst);
    }

    /// Waits until the answer to a call of this moment may arrive.
    pub(super) async fn hold(&self, now: Millis) {
        let takes = self.takes.load(Ordering::SeqCst);
        if takes <= 0 {
            return;
        }
        let due = now + takes;
        let mut held = self.held.subscribe();
        self.held
            .send_modify(|held| *held.entry(due).or_default() += 1);
        let _ = held.wait_for(|held| !held.contains_key(&due)).await;
    }

    /// The clock moved.
    pub(super) fn moved(&self, now: Millis) {
        self.held.send_if_modified(|held| match held.keys().next() {
            Some(first) if *first <= now => {
                held.retain(|due, _| *due > now);
                true
            }
            _ => false,
        });
    }

    /// When the next answer arrives.
    pub(super) fn next(&self) -> Option<Millis> {
        self.held.borrow().keys().next().copied()
    }

    /// How many are on their way.
    pub(super) fn count(&self) -> usize {
        self.held.borrow().values().sum()
    }
}
