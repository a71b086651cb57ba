//! The timeline as a picture: numbers for SVG.

use crate::clock::Millis;
use crate::domain::text::{Bar, Times, page_marks};

/// The picture's width, and where its names end.
const WIDTH: f64 = 720.0;
const LEFT: f64 = 120.0;
const RIGHT: f64 = 12.0;
const ROW: f64 = 24.0;
const TOP: f64 = 8.0;

/// The whole of a timeline, its rows one below the other.
pub struct Gantt {
    /// Height of the picture.
    pub height: String,
    /// The rows, the total last.
    pub rows: Vec<Row>,
    /// Where the axis is, and its notches: place and words.
    pub axis: String,
    /// Where its words stand.
    pub words: String,
    /// The notches.
    pub notches: Vec<(String, String)>,
}

/// A row of it.
pub struct Row {
    /// What it is called.
    pub name: &'static str,
    /// How it compares, for its class.
    pub mark: &'static str,
    /// Middle of its words.
    pub y: String,
    /// Top of its bar.
    pub top: String,
    /// What it had until its maximum: place and length.
    pub track: Option<(String, String)>,
    /// Its target, while that is in the picture.
    pub target: Option<String>,
    /// Itself.
    pub bar: Option<(String, String)>,
    /// The arrow of one that goes on: its path.
    pub arrow: Option<String>,
    /// All of it in words.
    pub words: String,
}

/// A single bar against its target, 100 wide.
pub struct Meter {
    /// How it compares, for its class.
    pub mark: &'static str,
    /// How far it went.
    pub bar: String,
    /// Where the target is.
    pub target: String,
    /// Where the maximum is.
    pub maximum: String,
    /// How much of it stood still.
    pub paused: String,
}

fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Part of a whole, 0 to 1. Times of a hotfix are far below what a float holds.
#[allow(clippy::cast_precision_loss)]
fn part(of: Millis, whole: Millis) -> f64 {
    (of.max(0) as f64 / whole.max(1) as f64).min(1.0)
}

/// "CI/CD: 12 min, target 20 min, maximum 45 min, in time".
pub fn words(bar: &Bar) -> String {
    format!(
        "{}: {}, target {}, maximum {}, {}",
        bar.name,
        bar.took,
        bar.target,
        bar.maximum,
        bar.mark.words()
    )
}

/// A bar against its own target and maximum.
pub fn meter(bar: &Bar) -> Meter {
    let whole = bar.at_most.max(bar.lasted);
    let at = |of| number(100.0 * part(of, whole));
    Meter {
        mark: bar.mark.name(),
        bar: at(bar.lasted),
        target: at(bar.by),
        maximum: at(bar.at_most),
        paused: at(bar.paused),
    }
}

/// The picture of a timeline: from the label to its end, or to now.
pub fn gantt(times: &Times) -> Gantt {
    let length = (times.until - times.started).max(60_000);
    let place = |at: Millis| LEFT + (WIDTH - LEFT - RIGHT) * part(at, length);
    let all: Vec<&Bar> = times.rows.iter().chain([&times.total]).collect();
    let mut y = TOP;
    let rows = all.into_iter().map(|bar| {
        let top = y;
        y += ROW;
        let from = bar.from.map(|from| from - times.started);
        let stretch = |for_so_long: Millis| {
            from.map(|from| {
                let (begin, end) = (place(from), place(from + for_so_long));
                (number(begin), number((end - begin).max(1.0)))
            })
        };
        let target = from.map(|from| from + bar.by + bar.paused);
        Row {
            name: bar.name,
            mark: bar.mark.name(),
            y: number(top + 15.0),
            top: number(top + 5.0),
            track: stretch(bar.at_most + bar.paused),
            target: target.filter(|it| *it < length).map(|it| number(place(it))),
            bar: stretch(bar.lasted),
            arrow: from.filter(|_| bar.open).map(|from| {
                let end = number(place(from + bar.lasted));
                format!("M{end} {}l8 10l-8 10z", number(top + 2.0))
            }),
            words: words(bar),
        }
    });
    let rows: Vec<Row> = rows.collect();
    let axis = TOP + ROW * part_rows(rows.len());
    Gantt {
        rows,
        axis: number(axis),
        words: number(axis + 16.0),
        height: number(axis + 24.0),
        notches: page_marks(length)
            .into_iter()
            .map(|(at, words)| (number(place(at)), words))
            .collect(),
    }
}

fn part_rows(rows: usize) -> f64 {
    f64::from(u32::try_from(rows).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(1.0), "1");
        assert_eq!(number(1.25), "1.2");
        assert_eq!(number(part(1, 0)), "1");
        assert_eq!(number(100.0 * part(-5, 10)), "0");
    }
}
