//! A date as a changelog writes it.

use std::ops::Range;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// Reads "2026-01-02"; none where it is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return None;
        }
        let month: u8 = month.parse().ok().filter(|m| (1..=12).contains(m))?;
        let day: u8 = day.parse().ok().filter(|d| (1..=31).contains(d))?;
        let year = year.parse().ok()?;
        Some(Self { year, month, day })
    }

    fn month_name(self) -> &'static str {
        MONTHS
            .get(usize::from(self.month).saturating_sub(1))
            .copied()
            .unwrap_or_default()
    }
}

/// The first date in the text, and the same place with another day in the same
/// way of writing.
pub fn find(text: &str, day: Day) -> Option<(Range<usize>, String)> {
    (0..text.len())
        .filter(|at| text.is_char_boundary(*at))
        .filter(|at| {
            let before = text.get(..*at).and_then(|t| t.chars().next_back());
            !before.is_some_and(char::is_alphanumeric)
        })
        .find_map(|at| {
            let rest = text.get(at..)?;
            let (length, written) = numeric(rest, day).or_else(|| worded(rest, day))?;
            Some((at..at + length, written))
        })
}

/// "2026-01-02", also with `/` or `.`; "02.01.2026".
fn numeric(text: &str, day: Day) -> Option<(usize, String)> {
    let found = text.get(..10)?;
    if text.get(10..)?.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let shape: String = found
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let Day { year, month, day } = day;
    for sign in ['-', '/', '.'] {
        if shape == format!("0000{sign}00{sign}00") {
            return Some((10, format!("{year:04}{sign}{month:02}{sign}{day:02}")));
        }
    }
    (shape == "00.00.0000").then(|| (10, format!("{day:02}.{month:02}.{year:04}")))
}

/// "January 2, 2026", "Jan 2 2026", "2 January 2026".
fn worded(text: &str, day: Day) -> Option<(usize, String)> {
    let mut words = text.split(' ');
    let (first, second, third) = (words.next()?, words.next()?, words.next()?);
    let year = third
        .get(..4)
        .filter(|y| y.bytes().all(|b| b.is_ascii_digit()))?;
    let length = first.len() + 1 + second.len() + 1 + year.len();
    let month = |word: &str| {
        let word = word.trim_end_matches('.');
        let full = MONTHS.iter().any(|m| m.eq_ignore_ascii_case(word));
        let short = MONTHS
            .iter()
            .any(|m| m.get(..3).is_some_and(|s| s.eq_ignore_ascii_case(word)));
        match (full, short) {
            (true, _) => Some(day.month_name()),
            (false, true) => day.month_name().get(..3),
            _ => None,
        }
    };
    let is_day = |word: &str| {
        let digits = word.trim_end_matches(',');
        (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    };
    let comma = if second.ends_with(',') { "," } else { "" };
    if let (Some(name), true) = (month(first), is_day(second)) {
        return Some((length, format!("{name} {}{comma} {}", day.day, day.year)));
    }
    match (is_day(first), month(second.trim_end_matches(','))) {
        (true, Some(name)) => Some((length, format!("{} {name}{comma} {}", day.day, day.year))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_its_neighbour() {
        let day = Day::parse("2026-01-02").unwrap();
        for (text, expected) in [
            ("] - 2025-12-31", Some("] - 2026-01-02")),
            (" (2025/12/31)", Some(" (2026/01/02)")),
            (" – 31.12.2025", Some(" – 02.01.2026")),
            (" (December 31, 2025)", Some(" (January 2, 2026)")),
            (" (31 Dec 2025)", Some(" (2 Jan 2026)")),
            (" - Dec 31 2025!", Some(" - Jan 2 2026!")),
            (" without one", None),
            (" 12025-12-31", None),
            (" 2025-12-311", None),
            ("é", None),
        ] {
            let written = find(text, day)
                .map(|(at, new)| format!("{}{new}{}", &text[..at.start], &text[at.end..]));
            assert_eq!(written.as_deref(), expected, "{text}");
        }
        for text in [
            "2026-1-2",
            "2026-13-01",
            "2026-01-32",
            "26-01-02",
            "",
            "2026-01-02-03",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }
}
