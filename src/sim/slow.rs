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

/// Whoever waited for an answer may be gone before it comes.
struct Gone<'a>(&'a Slow, Millis);

impl Drop for Gone<'_> {
    fn drop(&mut self) {
        self.0.held.send_if_modified(|held| {
            // What the clock has let go is none of theirs any more.
            let Some(left) = held.get_mut(&self.1) else {
                return false;
            };
            *left -= 1;
            if *left == 0 {
                held.remove(&self.1);
            }
            true
        });
    }
}

impl Slow {
    /// From now on every answer takes so long.
    pub(super) fn take(&self, millis: Millis) {
        self.takes.store(millis, Ordering::SeqCst);
    }

    /// Waits until the answer to a call of this moment may arrive.
    pub(super) async fn hold(&self, now: Millis) {
        let takes = self.takes.load(Ordering::SeqCst);
        if takes > 0 {
            self.hold_for(now, takes).await;
        }
    }

    /// Waits until so much has passed since then.
    pub(super) async fn hold_for(&self, now: Millis, takes: Millis) {
        let due = now + takes;
        let mut held = self.held.subscribe();
        self.held
            .send_modify(|held| *held.entry(due).or_default() += 1);
        let _gone = Gone(self, due);
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
