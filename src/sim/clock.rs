//! The stand-in's own clock: what GitHub's servers think the time is.
//!
//! It is separate from the clock of whoever is under test, so that drift
//! between both can be rehearsed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch, UTC.
pub type Millis = i64;

/// A handle on the clock; clones show the same time.
#[derive(Clone, Debug)]
pub struct SimClock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    Owned(Arc<AtomicI64>),
}

impl SimClock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that stands at `start` until it is moved.
    pub fn owned(start: Millis) -> Self {
        Self(Kind::Owned(Arc::new(AtomicI64::new(start))))
    }

    /// The present moment.
    pub fn now(&self) -> Millis {
        match &self.0 {
            Kind::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |d| d.as_millis() as Millis),
            Kind::Owned(at) => at.load(Ordering::SeqCst),
        }
    }

    /// Moves an owned clock forward to `to`; never backwards. Without effect
    /// on the system's clock.
    pub fn advance_to(&self, to: Millis) {
        if let Kind::Owned(at) = &self.0 {
            at.fetch_max(to, Ordering::SeqCst);
        }
    }

    /// Moves an owned clock forward by `ms`.
    pub fn advance(&self, ms: Millis) {
        self.advance_to(self.now().saturating_add(ms));
    }

    /// Whether this is the system's clock.
    pub fn is_system(&self) -> bool {
        matches!(self.0, Kind::System)
    }
}

/// A moment as GitHub writes it in JSON: `2026-01-31T09:00:00Z`, whole seconds.
pub fn iso(at: Millis) -> String {
    stamp(at, "%Y-%m-%dT%H:%M:%SZ")
}

/// A moment with milliseconds, as in the record of deliveries.
pub fn iso_millis(at: Millis) -> String {
    format!(
        "{}.{:03}Z",
        stamp(at, "%Y-%m-%dT%H:%M:%S"),
        at.rem_euclid(1_000)
    )
}

/// A moment as the HTTP header `Date` writes it.
pub fn http_date(at: Millis) -> String {
    stamp(at, "%a, %d %b %Y %H:%M:%S GMT")
}

/// Reads a moment written in RFC 3339, with `Z` or an offset.
pub fn parse_iso(text: &str) -> Option<Millis> {
    text.parse::<jiff::Timestamp>()
        .ok()
        .map(|t| t.as_millisecond())
}

fn stamp(at: Millis, format: &str) -> String {
    jiff::Timestamp::from_millisecond(at)
        .unwrap_or_default()
        .strftime(format)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_github_does() {
        let at = 1_769_850_000_250;
        assert_eq!(iso(at), "2026-01-31T09:00:00Z");
        assert_eq!(iso_millis(at), "2026-01-31T09:00:00.250Z");
        assert_eq!(http_date(at), "Sat, 31 Jan 2026 09:00:00 GMT");
        assert_eq!(
            parse_iso("2026-01-31T10:00:00+01:00"),
            Some(1_769_850_000_000)
        );
    }
}
