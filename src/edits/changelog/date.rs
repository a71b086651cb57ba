//! Dates as changelogs write them.

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

/// How a date is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// "2026-01-02", also without zeros.
    YearFirst { sign: char, padded: bool },
    /// "02.01.2026", and with `/` the month may be the first.
    YearLast { sign: char, first: u8, second: u8 },
    /// "20260102".
    Packed,
    /// "2 January 2026", "January 2nd, 2026".
    Worded(Worded),
}

/// A date with the month's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Worded {
    /// What stands in the month's place, as its length tells: 3 letters, with a
    /// period, or the whole name.
    short: bool,
    /// "May" is short and whole.
    is_may: bool,
    period: bool,
    month_first: bool,
    padded: bool,
    ordinal: bool,
    /// Between first and second, and second and year.
    between: [String; 2],
    /// The month's case.
    case: Case,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Upper,
    Lower,
    Title,
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
        if let Some((length, form)) = numeric(rest).or_else(|| worded(rest)) {
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

/// The digits at the beginning.
fn digits(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit());
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

fn number(digits: &str, most: u8) -> Option<u8> {
    let short = (1..=2).contains(&digits.len());
    digits
        .parse()
        .ok()
        .filter(|n| short && (1..=most).contains(n))
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

fn numeric(text: &str) -> Option<(usize, Form)> {
    let one = digits(text);
    if one.len() == 8 && is_year(one.get(..4)?) {
        let in_range = number(one.get(4..6)?, 12).is_some() && number(one.get(6..)?, 31).is_some();
        return in_range.then_some((8, Form::Packed));
    }
    let rest = text.get(one.len()..)?;
    let sign = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '/' | '.'))?;
    let two = digits(rest.get(1..)?);
    let rest = rest.get(1 + two.len()..)?.strip_prefix(sign)?;
    let three = digits(rest);
    let after = rest.get(three.len()..)?;
    // "2026-01-02-03" and "2026.1.2.3" are something else.
    let goes_on = after
        .strip_prefix(sign)
        .is_some_and(|rest| !digits(rest).is_empty());
    if goes_on || after.starts_with(|c: char| c.is_ascii_alphabetic()) && !after.starts_with('T') {
        return None;
    }
    let length = one.len() + two.len() + three.len() + 2;
    if is_year(one) && number(two, 12).is_some() && number(three, 31).is_some() {
        let padded = two.len() == 2 && three.len() == 2;
        // "2026.1.2" is rather a version.
        return (padded || sign != '.').then_some((length, Form::YearFirst { sign, padded }));
    }
    let (first, second) = (number(one, 31)?, number(two, 31)?);
    let whole = is_year(three) && one.len() == 2 && two.len() == 2 && sign != '-';
    whole.then_some((
        length,
        Form::YearLast {
            sign,
            first,
            second,
        },
    ))
}

fn worded(text: &str) -> Option<(usize, Form)> {
    let is_between = |c: char| matches!(c, ' ' | ',' | '-' | '.');
    let word = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric());
        text.get(..end.unwrap_or(text.len())).map(str::to_owned)
    };
    let first = word(text)?;
    let mut at = first.len();
    let period = |at: usize| {
        text.get(at..)
            .is_some_and(|rest| rest.starts_with(". ") || rest.starts_with(".,"))
    };
    // "Dec. 31, 2025", but "31. December 2025".
    let mut dotted = is_month(&first) && period(at);
    at += usize::from(dotted);
    let between = |at: usize| {
        let rest = text.get(at..)?;
        let end = rest.find(|c: char| !is_between(c))?;
        let between = rest.get(..end)?;
        (1..=2).contains(&between.len()).then(|| between.to_owned())
    };
    let one = between(at)?;
    at += one.len();
    let second = word(text.get(at..)?)?;
    at += second.len();
    if is_month(&second) && period(at) {
        dotted = true;
        at += 1;
    }
    let two = between(at)?;
    at += two.len();
    let year = digits(text.get(at..)?);
    let ended = text
        .get(at + year.len()..)?
        .starts_with(|c: char| c.is_alphanumeric());
    if !is_year(year) || ended {
        return None;
    }
    at += year.len();
    let month_first = is_month(&first);
    let (month, day) = if month_first {
        (&first, &second)
    } else {
        (&second, &first)
    };
    if !is_month(month) {
        return None;
    }
    let number_of_day = digits(day);
    number(number_of_day, 31)?;
    let ordinal = match day.get(number_of_day.len()..)? {
        "" => false,
        "st" | "nd" | "rd" | "th" => true,
        _ => return None,
    };
    let case = if month.chars().all(|c| !c.is_lowercase()) {
        Case::Upper
    } else if month.chars().all(|c| !c.is_uppercase()) {
        Case::Lower
    } else {
        Case::Title
    };
    let form = Worded {
        short: !MONTHS.iter().any(|m| m.eq_ignore_ascii_case(month)),
        is_may: month.eq_ignore_ascii_case("may"),
        period: dotted,
        month_first,
        padded: number_of_day.starts_with('0'),
        ordinal,
        between: [one, two],
        case,
    };
    Some((at, Form::Worded(form)))
}

/// "March", "Mar", "Sept".
fn is_month(word: &str) -> bool {
    word.len() >= 3
        && word.is_ascii()
        && MONTHS.iter().any(|month| {
            let long = month.get(..word.len());
            long.is_some_and(|long| long.eq_ignore_ascii_case(word))
                && (word.len() <= 4 || word.len() == month.len())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str, others: &str) -> String {
        let day = Day::parse("2026-01-02").unwrap();
        let mut new = text.to_owned();
        for (at, form) in dates(text).into_iter().rev() {
            new.replace_range(at, &day.written(&form, Hints::of(others)));
        }
        new
    }

    #[test]
    fn a_date_is_written_as_its_neighbour() {
        for (text, expected) in [
            ("] - 2025-12-31", "] - 2026-01-02"),
            (" (2025/12/31)", " (2026/01/02)"),
            (" (2025/1/31)", " (2026/1/2)"),
            (" – 31.12.2025", " – 02.01.2026"),
            (" (20251231)", " (20260102)"),
            (" (December 31, 2025)", " (January 2, 2026)"),
            (" (December 31st, 2025)", " (January 2nd, 2026)"),
            (" 6th December, 2024", " 2nd January, 2026"),
            (" (31 Dec 2025)", " (2 Jan 2026)"),
            (" (31. December 2025)", " (2. January 2026)"),
            (" (31-Dec-2025)", " (2-Jan-2026)"),
            (" (Dec. 31, 2025)", " (Jan. 2, 2026)"),
            (" (released Sept 01, 2025)", " (released Jan 02, 2026)"),
            (" - Dec 31 2025!", " - Jan 2 2026!"),
            (" (2025-12-31T10:00:00Z)", " (2026-01-02T10:00:00Z)"),
            (" without one", " without one"),
            (" 12025-12-31", " 12025-12-31"),
            (" 2025-12-311", " 2025-12-311"),
            ("2025.1.3", "2025.1.3"),
            ("é", "é"),
        ] {
            assert_eq!(rewritten(text, ""), expected, "{text}");
        }
        assert_eq!(rewritten("03/04/2025", "12/31/2025"), "01/02/2026");
        assert_eq!(rewritten("03/04/2025", "31/12/2025"), "02/01/2026");
        assert_eq!(rewritten("03/04/2025", ""), "2026-01-02");
        assert_eq!(rewritten("May 3, 2025", ""), "January 2, 2026");
        assert_eq!(rewritten("May 3, 2025", "Dec 3, 2025"), "Jan 2, 2026");
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
