//! Versions of gems, as `Gem::Version` reads them.

use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A version.
#[derive(Clone, Debug)]
pub struct Number {
    segments: Vec<Segment>,
}

/// Words stand before numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Word(String),
    Number(u64),
}

impl Number {
    /// Reads one; none where it is no version, or has a number that is too long.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (plain, behind) = match text.split_once('-') {
            Some((plain, behind)) => (plain, Some(behind)),
            None => (text, None),
        };
        let is_part = |part: &str, also: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || also.contains(c);
            !part.is_empty() && part.chars().all(fits)
        };
        let mut parts = plain.split('.');
        let first = parts.next()?;
        let fits = is_part(first, "")
            && first.bytes().all(|b| b.is_ascii_digit())
            && parts.all(|part| is_part(part, ""))
            && behind.is_none_or(|it| it.split('.').all(|part| is_part(part, "-")));
        fits.then_some(())?;
        let segments = segments(&text.replace('-', ".pre."))?;
        Some(Number { segments })
    }

    /// Whether it is a prerelease: it has a letter.
    pub fn is_prerelease(&self) -> bool {
        let mut all = self.segments.iter();
        all.any(|segment| matches!(segment, Segment::Word(_)))
    }

    /// Without the zeros that end its numbers, and those that end its words.
    fn canonical(&self) -> Vec<Segment> {
        let is_word = |segment: &Segment| matches!(segment, Segment::Word(_));
        let at = self.segments.iter().position(is_word);
        let (numbers, words) = self.segments.split_at(at.unwrap_or(self.segments.len()));
        let bare = |part: &[Segment]| {
            let end = part.iter().rposition(|it| *it != Segment::Number(0));
            let end = end.map_or(0, |at| at + 1);
            part.get(..end).unwrap_or_default().to_vec()
        };
        [bare(numbers), bare(words)].concat()
    }
}

fn segments(text: &str) -> Option<Vec<Segment>> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same = |c: char| match first {
            first if first.is_ascii_digit() => c.is_ascii_digit(),
            first if first.is_ascii_alphabetic() => c.is_ascii_alphabetic(),
            _ => false,
        };
        let end = rest.find(|c| !same(c)).unwrap_or(rest.len());
        let (part, after) = rest.split_at_checked(end.max(1))?;
        rest = after;
        match first {
            first if first.is_ascii_digit() => all.push(Segment::Number(part.parse().ok()?)),
            first if first.is_ascii_alphabetic() => all.push(Segment::Word(part.to_owned())),
            _ => {}
        }
    }
    Some(all)
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (one, other) = (self.canonical(), other.canonical());
        let nothing = Segment::Number(0);
        let pairs = (0..one.len().max(other.len())).map(|at| {
            let of = |all: &[Segment]| all.get(at).unwrap_or(&nothing).clone();
            of(&one).cmp(&of(&other))
        });
        let mut differing = pairs.filter(|order| order.is_ne());
        differing.next().unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

/// How two versions compare; none where one is none.
pub fn order(one: &str, other: &str) -> Option<Ordering> {
    Some(Number::parse(one)?.cmp(&Number::parse(other)?))
}

/// A version without the zeros that stand behind its third number.
pub fn plain(text: &str) -> String {
    let mut text = text.trim();
    while let Some(shorter) = text
        .strip_suffix(".0")
        .filter(|it| it.matches('.').count() > 1)
    {
        text = shorter;
    }
    text.to_owned()
}

/// The next patch above the base that is not taken: its last part is raised, and
/// one of two parts gets a third. None where the base is no release.
pub fn next(base: &str, taken: &BTreeSet<String>) -> Option<String> {
    let read = Number::parse(base)?;
    (!read.is_prerelease()).then_some(())?;
    let taken: Vec<Number> = taken.iter().filter_map(|it| Number::parse(it)).collect();
    let mut parts: Vec<&str> = base.trim().split('.').collect();
    parts.resize(parts.len().max(3), "0");
    let last = parts.pop()?;
    let width = if last.starts_with('0') { last.len() } else { 0 };
    let mut number: u64 = last.parse().ok()?;
    loop {
        number = number.checked_add(1)?;
        let next = format!("{}.{number:0width$}", parts.join("."));
        if !taken.contains(&Number::parse(&next)?) {
            return Some(next);
        }
    }
}

/// Whether a number is a release, and above the base; none where it is none.
pub fn is_above(base: &str, number: &str) -> Option<bool> {
    let number = Number::parse(number).filter(|number| !number.is_prerelease())?;
    Some(Number::parse(base).is_some_and(|base| number > base))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_rubygems() {
        // Recorded with `ruby -e 'puts Gem::Version.new(a) <=> Gem::Version.new(b)'`,
        // RubyGems 3.3; the random test asks Ruby itself where it is there.
        for (one, other, order_is) in [
            ("1.0.4", "1.0.5", Ordering::Less),
            ("1.0.10", "1.0.9", Ordering::Greater),
            ("1.0", "1.0.0", Ordering::Equal),
            ("1.0.rc1", "1.0", Ordering::Less),
            ("1.0.rc1", "1.0.rc.1", Ordering::Equal),
            ("1.0.a", "1.0.b", Ordering::Less),
            ("1.0.rc2", "1.0.rc10", Ordering::Less),
            ("1.0.0-1", "1.0.0.pre.1", Ordering::Equal),
            ("1.0.0.beta", "1.0", Ordering::Less),
            ("7.0.8.1", "7.0.8", Ordering::Greater),
        ] {
            assert_eq!(order(one, other), Some(order_is), "{one} {other}");
        }
        for text in ["", "v1.0", "1..0", "1.0\n2", "a", "1.0+1", "1.0-", "1.0_1"] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_next_patch_that_is_free() {
        let taken = ["1.0.5", "1.0.6.0"].map(str::to_owned).into();
        for (base, next_one) in [
            ("1.0.4", Some("1.0.7")),
            ("7.0.8.4", Some("7.0.8.5")),
            ("4.2", Some("4.2.1")),
            ("3", Some("3.0.1")),
            ("1.0.5.rc1", None),
            ("1.0.5-1", None),
        ] {
            assert_eq!(next(base, &taken).as_deref(), next_one, "{base}");
        }
        assert_eq!(
            (plain("1.0.5.0"), plain("4.0"), plain("1.0.0.1")),
            ("1.0.5".into(), "4.0".into(), "1.0.0.1".into())
        );
        assert_eq!(is_above("1.0.4", "1.0.5"), Some(true));
        assert_eq!(is_above("1.0.4", "1.0.4.0"), Some(false));
        assert_eq!(is_above("1.0.4", "1.0.5.rc1"), None);
    }
}
