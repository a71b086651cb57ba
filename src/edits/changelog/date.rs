//! Dates as changelogs write them.

use std::ops::Range;

use super::dated::{Case, MONTHS, Worded, month_alone, numeric, worded};

pub(super) use super::dated::Form;

/// The days of the week.
const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// Whether a word is the name of a day of the week, in full or by its first letters.
pub(super) fn is_day(word: &str) -> bool {
    let is = |name: &str| word.eq_ignore_ascii_case(name);
    DAYS.iter()
        .any(|day| is(day) || day.get(..3).is_some_and(is))
}

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

    /// Which day of the week it is, Sunday being 0. (Sakamoto's method.)
    fn of_week(self) -> usize {
        const SHIFTS: [usize; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let month = usize::from(self.month);
        let year = usize::from(self.year) - usize::from(month < 3);
        let shift = SHIFTS
            .get(month.saturating_sub(1))
            .copied()
            .unwrap_or_default();
        (year + year / 4 - year / 100 + year / 400 + shift + usize::from(self.day)) % 7
    }

    /// The day's name in the place of another's that stands at the end of a text, a
    /// comma aside: "Mon", "Monday, "; none where none does.
    pub(super) fn named_at_end(self, text: &str) -> Option<(Range<usize>, String)> {
        let before = text.trim_end_matches([' ', ',']);
        let from = before.rfind(|c: char| !c.is_alphabetic());
        let from = from.map_or(0, |at| {
            at + before
                .get(at..)
                .and_then(|it| it.chars().next())
                .map_or(1, char::len_utf8)
        });
        let word = before.get(from..)?;
        let name = DAYS.get(self.of_week()).filter(|_| is_day(word))?;
        let name = if word.len() == 3 {
            name.get(..3)?
        } else {
            name
        };
        let upper = word.chars().all(char::is_uppercase);
        let lower = word.starts_with(char::is_lowercase);
        let name = match (upper, lower) {
            (true, _) => name.to_ascii_uppercase(),
            (_, true) => name.to_ascii_lowercase(),
            _ => name.to_owned(),
        };
        Some((from..before.len(), name))
    }

    /// The day, written so. Where nothing tells whether the month goes first in
    /// "01/02/2026", the year does, which nobody misreads.
    pub(super) fn written(self, form: &Form, hints: Hints) -> String {
        let Day { year, month, day } = self;
        match form {
            Form::YearFirst { sign, padded: true } => {
                format!("{year:04}{sign}{month:02}{sign}{day:02}")
            }
            Form::YearFirst { sign, .. } => format!("{year}{sign}{month}{sign}{day}"),
            Form::Packed => format!("{year:04}{month:02}{day:02}"),
            Form::Month => format!("{year:04}-{month:02}"),
            Form::YearLast { sign, .. } => {
                let by_sign = (*sign != '/').then_some(false);
                match hints.month_first.or(by_sign) {
                    Some(true) => format!("{month:02}{sign}{day:02}{sign}{year:04}"),
                    Some(false) => format!("{day:02}{sign}{month:02}{sign}{year:04}"),
                    None => format!("{year:04}-{month:02}-{day:02}"),
                }
            }
            Form::Worded(worded) => worded.written(self, hints),
        }
    }
}

impl Worded {
    fn written(&self, of: Day, hints: Hints) -> String {
        let name = MONTHS
            .get(usize::from(of.month).saturating_sub(1))
            .copied()
            .unwrap_or_default();
        let short = if self.is_may {
            hints.short_months.unwrap_or(false)
        } else {
            self.short
        };
        let month = if short {
            name.get(..3).unwrap_or(name)
        } else {
            name
        };
        let month = match self.case {
            Case::Upper => month.to_ascii_uppercase(),
            Case::Lower => month.to_ascii_lowercase(),
            Case::Title => month.to_owned(),
        };
        let period = if self.period && month.len() < name.len() {
            "."
        } else {
            ""
        };
        let month = format!("{month}{period}");
        let ordinal = match (self.ordinal, of.day) {
            (false, _) => "",
            (true, 1 | 21 | 31) => "st",
            (true, 2 | 22) => "nd",
            (true, 3 | 23) => "rd",
            (true, _) => "th",
        };
        let day = match self.padded {
            true => format!("{:02}{ordinal}", of.day),
            false => format!("{}{ordinal}", of.day),
        };
        let [one, two] = &self.between;
        if !self.has_day {
            return format!("{month}{two}{}", of.year);
        }
        let (first, second) = if self.month_first {
            (month, day)
        } else {
            (day, month)
        };
        format!("{first}{one}{second}{two}{}", of.year)
    }
}

/// The first date in the text, and the same place with another day in the same
/// way of writing.
pub fn find(text: &str, day: Day) -> Option<(Range<usize>, String)> {
    let (at, form) = dates(text).into_iter().next()?;
    let written = day.written(&form, Hints::of(text));
    Some((at, written))
}

/// The dates in a text, in its order.
pub(super) fn dates(text: &str) -> Vec<(Range<usize>, Form)> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, _) in text.char_indices() {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let inside = before.is_some_and(char::is_alphanumeric);
        if at < from || inside {
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        if let Some((length, form)) = numeric(rest)
            .or_else(|| worded(rest))
            .or_else(|| month_alone(rest))
        {
            found.push((at..at + length, form));
            from = at + length;
        }
    }
    found
}

/// What a file's other dates tell of one that can be read in two ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hints {
    /// Whether the month goes first in "01/02/2026".
    month_first: Option<bool>,
    /// Whether the months' names are short where one is "May".
    short_months: Option<bool>,
}

impl Hints {
    /// Reads them from headings.
    pub(super) fn of(headings: &str) -> Self {
        let mut hints = Self::default();
        for (_, form) in dates(headings) {
            match form {
                Form::YearLast { first, .. } if first > 12 => hints.month_first = Some(false),
                Form::YearLast { second, .. } if second > 12 => hints.month_first = Some(true),
                Form::Worded(worded) if !worded.is_may => {
                    hints.short_months.get_or_insert(worded.short);
                }
                _ => {}
            }
        }
        hints
    }
}

#[cfg(test)]
#[path = "date_tests.rs"]
mod tests;
