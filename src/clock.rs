//! The one clock of the server, in milliseconds since the Unix epoch (UTC).
//!
//! In production it is the system's. In tests and rehearsals it is owned: it
//! stands still until somebody moves it, and whoever sleeps on it wakes then.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// Milliseconds since the Unix epoch, UTC.
pub type Millis = i64;

/// A handle on the clock; clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    Owned(Arc<watch::Sender<Millis>>),
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Clock(Kind::System)
    }

    /// A clock that stands at `start` until it is moved.
    pub fn owned(start: Millis) -> Self {
        Clock(Kind::Owned(Arc::new(watch::Sender::new(start))))
    }

    /// Whether it is the system's, and not moved by somebody.
    pub fn is_system(&self) -> bool {
        matches!(self.0, Kind::System)
    }

    /// The present moment.
    pub fn now(&self) -> Millis {
        match &self.0 {
            Kind::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |d| d.as_millis() as Millis),
            Kind::Owned(tx) => *tx.borrow(),
        }
    }

    /// Moves an owned clock forward to `to`; never backwards. Without effect
    /// on the system's clock.
    pub fn advance_to(&self, to: Millis) {
        if let Kind::Owned(tx) = &self.0 {
            tx.send_if_modified(|now| {
                let moved = to > *now;
                if moved {
                    *now = to;
                }
                moved
            });
        }
    }

    /// Sleeps until the clock shows `at` or later.
    pub async fn sleep_until(&self, at: Millis) {
        match &self.0 {
            Kind::System => {
                let left = at.saturating_sub(self.now());
                if left > 0 {
                    tokio::time::sleep(Duration::from_millis(left as u64)).await;
                }
            }
            Kind::Owned(tx) => {
                let mut rx = tx.subscribe();
                // The sender lives as long as `self`, so waiting cannot fail.
                let _ = rx.wait_for(|now| *now >= at).await;
            }
        }
    }

    /// Sleeps for `ms` milliseconds of this clock.
    pub async fn sleep(&self, ms: Millis) {
        self.sleep_until(self.now().saturating_add(ms)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_owned_clock_wakes_who_sleeps_on_it() {
        let clock = Clock::owned(1_000);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep_until(1_500).await;
                clock.now()
            }
        });
        clock.advance_to(900);
        assert_eq!(clock.now(), 1_000, "it never runs backwards");
        clock.advance_to(1_500);
        assert_eq!(sleeper.await.unwrap(), 1_500);
    }
}
