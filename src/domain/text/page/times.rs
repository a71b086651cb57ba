//! The table of times, for a picture and for readers.

use crate::domain::ids::Millis;
use crate::domain::text::timeline::notes;
use crate::domain::text::times::{budget, duration};
use crate::domain::timeline::{Pace, Row};
use crate::domain::view::View;

/// The rows of the timeline, the whole, and why they are as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Times {
    /// When it began.
    pub started: Millis,
    /// When it ended; while it has not, when it was looked at.
    pub until: Millis,
    /// The eight phases.
    pub rows: Vec<Bar>,
    /// The whole.
    pub total: Bar,
    /// Lines of Markdown: pauses, and more time that was given.
    pub notes: Vec<String>,
}

/// A row of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What it is called.
    pub name: &'static str,
    /// What it took, or how long it has been under way: "25 min", "–".
    pub took: String,
    /// Its target: "30 min".
    pub target: String,
    /// Its maximum.
    pub maximum: String,
    /// How that compares.
    pub mark: Mark,
    /// Whether it goes on.
    pub open: bool,
    /// When it began; none: it has not.
    pub from: Option<Millis>,
    /// So long it has lasted, milliseconds, with what it stood still.
    pub lasted: Millis,
    /// So long of that its clock stood still, milliseconds.
    pub paused: Millis,
    /// Its target, milliseconds.
    pub by: Millis,
    /// Its maximum, milliseconds.
    pub at_most: Millis,
}

/// How what was taken compares with target and maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It has not begun.
    Unbegun,
    /// Within the target.
    InTime,
    /// Over the target.
    Late,
    /// Over the maximum.
    Over,
}

impl Mark {
    /// Its name in classes and data.
    pub fn name(self) -> &'static str {
        match self {
            Mark::Unbegun => "unbegun",
            Mark::InTime => "in-time",
            Mark::Late => "late",
            Mark::Over => "over",
        }
    }

    /// The same in words.
    pub fn words(self) -> &'static str {
        match self {
            Mark::Unbegun => "not begun",
            Mark::InTime => "in time",
            Mark::Late => "over its target",
            Mark::Over => "over its maximum",
        }
    }
}

/// The times as they stand at `now`, which is no earlier than the facts' own.
pub fn times(view: &View<'_>, now: Millis) -> Times {
    let now = now.max(view.facts.now);
    let ended = view.facts.over.or(view.timeline.ended);
    let until = ended.unwrap_or(now);
    let rows = &view.timeline.rows;
    Times {
        started: view.timeline.started,
        until,
        rows: rows.iter().map(|row| bar(row, until, ended)).collect(),
        total: Bar {
            name: "Total",
            ..bar(&view.timeline.total, until, ended)
        },
        notes: notes(view),
    }
}

/// Notches of an axis that is so long, milliseconds: at most seven steps of a round
/// length, each with what is written there.
pub fn marks(length: Millis) -> Vec<(Millis, String)> {
    const MINUTE: Millis = 60_000;
    const STEPS: [Millis; 12] = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880];
    let fits = |step: &Millis| length / step <= 7;
    let mut all = STEPS.map(|minutes| minutes * MINUTE).into_iter();
    let widest = length.max(MINUTE);
    let step = all.find(fits).unwrap_or(widest);
    (0..=7)
        .map(|n| n * step)
        .take_while(|at| *at <= length)
        .map(|at| (at, if at == 0 { "0".to_owned() } else { budget(at) }))
        .collect()
}

fn bar(row: &Row, until: Millis, ended: Option<Millis>) -> Bar {
    let lasted = row
        .took()
        .or(row.from.map(|from| until - from))
        .unwrap_or(0);
    let mark = match (row.from, row.took()) {
        (None, _) => Mark::Unbegun,
        (_, Some(took)) => compared(took - row.paused, row),
        (_, None) => match row.pace(until) {
            Some(Pace::OverMaximum { .. }) => Mark::Over,
            Some(Pace::OverTarget { .. }) => Mark::Late,
            _ => Mark::InTime,
        },
    };
    let open = row.from.is_some() && row.until.is_none();
    Bar {
        name: row.name,
        took: match (row.from, row.until) {
            (None, _) => "–".to_owned(),
            (_, Some(_)) => duration(lasted),
            (_, None) if ended.is_some() => "not ended".to_owned(),
            (_, None) => format!("{} so far", duration(lasted)),
        },
        target: budget(row.target),
        maximum: budget(row.maximum),
        mark,
        open: open && ended.is_none(),
        from: row.from,
        lasted,
        paused: row.paused.min(lasted),
        by: row.target,
        at_most: row.maximum,
    }
}

fn compared(took: Millis, row: &Row) -> Mark {
    match took {
        took if took > row.maximum => Mark::Over,
        took if took > row.target => Mark::Late,
        _ => Mark::InTime,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Millis = 60_000;

    fn row(from: Option<Millis>, until: Option<Millis>) -> Row {
        Row {
            name: "Test",
            from,
            until,
            target: 15 * MINUTE,
            maximum: 30 * MINUTE,
            ..Row::default()
        }
    }

    #[test]
    fn a_row_is_held_against_its_times() {
        for (until, now, mark, took) in [
            (Some(15), 99, Mark::InTime, "15 min"),
            (Some(16), 99, Mark::Late, "16 min"),
            (Some(31), 99, Mark::Over, "31 min"),
            (None, 14, Mark::InTime, "14 min so far"),
            (None, 15, Mark::Late, "15 min so far"),
            (None, 30, Mark::Over, "30 min so far"),
        ] {
            let row = row(Some(0), until.map(|it| it * MINUTE));
            let bar = bar(&row, now * MINUTE, None);
            assert_eq!((bar.mark, bar.took.as_str()), (mark, took));
            assert_eq!(bar.open, until.is_none());
        }
        let unbegun = bar(&row(None, None), 99, None);
        assert_eq!((unbegun.mark, unbegun.took.as_str()), (Mark::Unbegun, "–"));
        let given_up = bar(&row(Some(0), None), 5 * MINUTE, Some(5 * MINUTE));
        assert_eq!(given_up.took, "not ended");
        assert!(!given_up.open);
    }

    #[test]
    fn what_stood_still_is_not_held_against_it() {
        let row = Row {
            paused: 20 * MINUTE,
            ..row(Some(0), Some(34 * MINUTE))
        };
        let bar = bar(&row, 99 * MINUTE, None);
        assert_eq!(bar.mark, Mark::InTime);
        assert_eq!(bar.paused, 20 * MINUTE);
    }

    #[test]
    fn the_notches_are_few_and_round() {
        let words = |length: Millis| {
            let all = marks(length * MINUTE).into_iter().map(|(_, words)| words);
            all.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(words(0), "0");
        assert_eq!(words(7), "0 1 min 2 min 3 min 4 min 5 min 6 min 7 min");
        assert_eq!(
            words(70),
            "0 10 min 20 min 30 min 40 min 50 min 1 h 1 h 10 min"
        );
        assert_eq!(words(361), "0 1 h 2 h 3 h 4 h 5 h 6 h");
        for length in [1, 59, 700, 5000, 100_000] {
            assert!(marks(length * MINUTE).len() <= 8, "{length}");
        }
    }
}
