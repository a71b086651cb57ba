//! The ways of writing a date, and reading one of them.

pub(super) const MONTHS: [&str; 12] = [
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

/// How a date is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// "2026-01-02", also without zeros.
    YearFirst { sign: char, padded: bool },
    /// "02.01.2026", and with `/` the month may be the first.
    YearLast { sign: char, first: u8, second: u8 },
    /// "20260102".
    Packed,
    /// "2026-01".
    Month,
    /// "2 January 2026", "January 2nd, 2026".
    Worded(Worded),
}

/// A date with the month's name, perhaps without a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Worded {
    /// What stands in the month's place, as its length tells: 3 letters, with a
    /// period, or the whole name.
    pub short: bool,
    /// "May" is short and whole.
    pub is_may: bool,
    pub period: bool,
    pub month_first: bool,
    pub has_day: bool,
    pub padded: bool,
    pub ordinal: bool,
    /// Between first and second, and second and year.
    pub between: [String; 2],
    /// The month's case.
    pub case: Case,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Upper,
    Lower,
    Title,
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

/// "2026-01-02" and the like, at the beginning: its length, its form.
pub(super) fn numeric(text: &str) -> Option<(usize, Form)> {
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

/// "January 2026", "2026-01".
pub(super) fn month_alone(text: &str) -> Option<(usize, Form)> {
    let ends = |text: &str| {
        let mut rest = text.chars();
        let goes_on = |c: char| c.is_alphanumeric() || "-/.".contains(c);
        let first = rest.next().is_some_and(goes_on);
        // A full stop ends a sentence.
        !first || text.starts_with('.') && !rest.next().is_some_and(char::is_alphanumeric)
    };
    if let Some(month) = text.get(4..).and_then(|rest| rest.strip_prefix('-')) {
        let month = digits(month);
        let is_one = is_year(digits(text)) && month.len() == 2 && number(month, 12).is_some();
        return (is_one && ends(text.get(7..)?)).then_some((7, Form::Month));
    }
    let month: String = text.chars().take_while(|c| c.is_alphabetic()).collect();
    let rest = text.get(month.len()..).filter(|_| is_month(&month))?;
    let dotted = rest.starts_with(". ") || rest.starts_with(".,");
    let rest = rest.get(usize::from(dotted)..)?;
    let year = rest.trim_start_matches([' ', ',']);
    let between = rest.get(..rest.len() - year.len())?;
    let written = digits(year);
    if !is_year(written) || !(1..=2).contains(&between.len()) || !ends(year.get(4..)?) {
        return None;
    }
    let form = Worded {
        short: is_short(&month),
        is_may: month.eq_ignore_ascii_case("may"),
        period: dotted,
        month_first: true,
        has_day: false,
        padded: false,
        ordinal: false,
        between: [String::new(), between.to_owned()],
        case: case_of(&month),
    };
    let length = month.len() + usize::from(dotted) + between.len() + written.len();
    Some((length, Form::Worded(form)))
}

fn is_short(month: &str) -> bool {
    !MONTHS.iter().any(|m| m.eq_ignore_ascii_case(month))
}

fn case_of(month: &str) -> Case {
    if month.chars().all(|c| !c.is_lowercase()) {
        Case::Upper
    } else if month.chars().all(|c| !c.is_uppercase()) {
        Case::Lower
    } else {
        Case::Title
    }
}

/// "2 January 2026", "January 2nd, 2026".
pub(super) fn worded(text: &str) -> Option<(usize, Form)> {
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
    let form = Worded {
        short: is_short(month),
        is_may: month.eq_ignore_ascii_case("may"),
        period: dotted,
        month_first,
        has_day: true,
        padded: number_of_day.starts_with('0'),
        ordinal,
        between: [one, two],
        case: case_of(month),
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
