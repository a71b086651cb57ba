//! What is logged of wrong signatures.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use crate::clock::Millis;

/// Makes wrong signatures visible without letting strangers fill the log: one
/// line a minute at most, with the number of refusals since the last.
#[derive(Default)]
pub(super) struct UnsignedLog {
    next: AtomicI64,
    since: AtomicU64,
}

impl UnsignedLog {
    pub(super) fn note(&self, now: Millis) {
        const MINUTE: Millis = 60_000;
        let refused = self.since.fetch_add(1, Ordering::Relaxed) + 1;
        let next = self.next.load(Ordering::Relaxed);
        let ours = now >= next
            && self
                .next
                .compare_exchange(
                    next,
                    now.saturating_add(MINUTE),
                    Ordering::Relaxed,
                    Ordering::Relaxed,
                )
                .is_ok();
        if ours {
            self.since.fetch_sub(refused, Ordering::Relaxed);
            tracing::warn!(
                refused,
                "requests with a wrong signature; is WEBHOOK_SECRET the App's?"
            );
        }
    }
}
