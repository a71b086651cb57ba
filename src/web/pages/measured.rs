//! The timeline of a hotfix as data, for programs: `timeline.json`.

use serde::Serialize;

use crate::clock::Millis;
use crate::domain::text::{Bar, Hotfix, iso};
use crate::store::PagedCase;

use super::html::plain;

/// The timeline of a hotfix.
#[derive(Serialize)]
pub struct Measured<'a> {
    /// Raised when a field is taken away or means something else.
    schema: u8,
    /// `owner/name`.
    repository: &'a str,
    /// The issue's number.
    issue: i64,
    /// Which of the issue's release lines; empty: the one that began first.
    line: &'a str,
    /// "Hotfix v1.0.5 of caro".
    called: String,
    /// When it began.
    started: String,
    /// When it ended, or when it was looked at.
    until: String,
    /// Whether it is over.
    over: bool,
    /// The eight phases, in their order.
    phases: Vec<Phase>,
    /// The whole.
    total: Phase,
}

/// A phase of it.
#[derive(Serialize)]
struct Phase {
    phase: &'static str,
    /// When it began; none: it has not.
    from: Option<String>,
    /// So long it has lasted, seconds, with what it stood still.
    lasted_seconds: i64,
    /// So long of that its clock stood still, seconds.
    paused_seconds: i64,
    target_seconds: i64,
    maximum_seconds: i64,
    /// Whether it goes on.
    open: bool,
    /// `unbegun`, `in-time`, `late` (over its target) or `over` (over its maximum).
    mark: &'static str,
}

fn seconds(it: Millis) -> i64 {
    it.div_euclid(1_000)
}

fn phase(bar: &Bar) -> Phase {
    Phase {
        phase: bar.name,
        from: bar.from.map(iso),
        lasted_seconds: seconds(bar.lasted),
        paused_seconds: seconds(bar.paused),
        target_seconds: seconds(bar.by),
        maximum_seconds: seconds(bar.at_most),
        open: bar.open,
        mark: bar.mark.name(),
    }
}

impl<'a> Measured<'a> {
    /// Of a hotfix as its page shows it.
    pub fn new(repository: &'a str, case: &'a PagedCase, it: &Hotfix) -> Measured<'a> {
        Measured {
            schema: 1,
            repository,
            issue: case.issue,
            line: &case.line,
            called: plain(&it.called),
            started: iso(it.times.started),
            until: iso(it.times.until),
            over: case.over_at.is_some(),
            phases: it.times.rows.iter().map(phase).collect(),
            total: phase(&it.times.total),
        }
    }

    /// As JSON.
    pub fn json(&self) -> String {
        // Nothing in it can fail: no map, no key that is no text.
        serde_json::to_string(self).unwrap_or_default()
    }
}
