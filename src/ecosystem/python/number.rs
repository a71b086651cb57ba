//! Versions of Python packages (PEP 440), as `packaging.version` reads them.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

/// A version.
#[derive(Clone, Debug)]
pub struct Number {
    epoch: u64,
    release: Vec<u64>,
    pre: Option<(Pre, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
    local: Vec<Local>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Pre {
    Alpha,
    Beta,
    Candidate,
}

/// Words stand before numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Local {
    Word(String),
    Number(u64),
}

impl Number {
    /// Reads one, however it is written; none where it is no version, or has a
    /// number that is too long.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let (public, local) = match text.split_once('+') {
            Some((public, local)) => (public, Some(local)),
            None => (text.as_str(), None),
        };
        let mut rest = public.strip_prefix('v').unwrap_or(public);
        let mut epoch = 0;
        if let Some((before, after)) = rest.split_once('!') {
            epoch = digits(before)?;
            rest = after;
        }
        let mut release = vec![take_digits(&mut rest)?];
        while let Some(after) = rest.strip_prefix('.') {
            let mut after = after;
            let Some(part) = take_digits(&mut after) else {
                break;
            };
            release.push(part);
            rest = after;
        }
        let pre = take_word(&mut rest, PRE);
        let post = match rest.strip_prefix('-') {
            Some(mut after) if after.starts_with(|c: char| c.is_ascii_digit()) => {
                let number = take_digits(&mut after)?;
                rest = after;
                Some(number)
            }
            _ => take_word(&mut rest, POST).map(|(_, number)| number),
        };
        let dev = take_word(&mut rest, DEV).map(|(_, number)| number);
        rest.is_empty().then_some(())?;
        Some(Number {
            epoch,
            release,
            pre,
            post,
            dev,
            local: local.map_or(Some(Vec::new()), locals)?,
        })
    }

    /// Whether it is no prerelease and no development release.
    pub fn is_final(&self) -> bool {
        self.pre.is_none() && self.dev.is_none()
    }

    /// The release's numbers without the zeros at their end.
    fn significant(&self) -> &[u64] {
        let end = self.release.iter().rposition(|n| *n != 0);
        let end = end.map_or(0, |at| at + 1);
        self.release.get(..end).unwrap_or_default()
    }
}

const PRE: &[(&str, Pre)] = &[
    ("alpha", Pre::Alpha),
    ("a", Pre::Alpha),
    ("beta", Pre::Beta),
    ("b", Pre::Beta),
    ("preview", Pre::Candidate),
    ("pre", Pre::Candidate),
    ("c", Pre::Candidate),
    ("rc", Pre::Candidate),
];
const POST: &[(&str, ())] = &[("post", ()), ("rev", ()), ("r", ())];
const DEV: &[(&str, ())] = &[("dev", ())];

const BETWEEN: [char; 3] = ['-', '_', '.'];

/// A word with its number, which may be left out; what separates them is let go.
fn take_word<T: Copy>(rest: &mut &str, words: &[(&str, T)]) -> Option<(T, u64)> {
    let text = rest.strip_prefix(BETWEEN).unwrap_or(rest);
    let (after, is) = words
        .iter()
        .find_map(|(word, is)| Some((text.strip_prefix(word)?, *is)))?;
    let mut number = after.strip_prefix(BETWEEN).unwrap_or(after);
    // A number that is too long is left, and nothing takes it.
    let found = take_digits(&mut number).unwrap_or_default();
    *rest = number;
    Some((is, found))
}

fn take_digits(rest: &mut &str) -> Option<u64> {
    let end = rest.find(|c: char| !c.is_ascii_digit());
    let (number, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
    let number = digits(number)?;
    *rest = after;
    Some(number)
}

fn digits(text: &str) -> Option<u64> {
    let all = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| all)
}

fn locals(text: &str) -> Option<Vec<Local>> {
    let part = |part: &str| {
        let plain = !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
        let word = || Local::Word(part.to_owned());
        plain.then(|| digits(part).map_or_else(word, Local::Number))
    };
    text.split(BETWEEN).map(part).collect()
}

impl fmt::Display for Number {
    /// In its normal form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.epoch != 0 {
            write!(f, "{}!", self.epoch)?;
        }
        let release: Vec<String> = self.release.iter().map(u64::to_string).collect();
        f.write_str(&release.join("."))?;
        if let Some((pre, number)) = self.pre {
            let word = match pre {
                Pre::Alpha => "a",
                Pre::Beta => "b",
                Pre::Candidate => "rc",
            };
            write!(f, "{word}{number}")?;
        }
        if let Some(post) = self.post {
            write!(f, ".post{post}")?;
        }
        if let Some(dev) = self.dev {
            write!(f, ".dev{dev}")?;
        }
        let local: Vec<String> = self
            .local
            .iter()
            .map(|part| match part {
                Local::Word(word) => word.clone(),
                Local::Number(number) => number.to_string(),
            })
            .collect();
        match local.is_empty() {
            true => Ok(()),
            false => write!(f, "+{}", local.join(".")),
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        // What comes before all: a development release of none but the release;
        // what comes behind: the release itself.
        let pre = |it: &Number| match it.pre {
            Some(pre) => (1, Some(pre)),
            None if it.post.is_none() && it.dev.is_some() => (0, None),
            None => (2, None),
        };
        let dev = |it: &Number| (it.dev.is_none(), it.dev);
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| self.significant().cmp(other.significant()))
            .then_with(|| pre(self).cmp(&pre(other)))
            .then_with(|| self.post.cmp(&other.post))
            .then_with(|| dev(self).cmp(&dev(other)))
            .then_with(|| self.local.cmp(&other.local))
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

/// A version in its normal form; none where it is none.
pub fn normal(text: &str) -> Option<String> {
    Number::parse(text).map(|number| number.to_string())
}

/// A version in its normal form, without the zeros that stand behind its third
/// number; as it is where it is none.
pub fn plain(text: &str) -> String {
    let Some(mut number) = Number::parse(text) else {
        return text.to_owned();
    };
    while number.release.len() > 3 && number.release.last() == Some(&0) {
        number.release.pop();
    }
    number.to_string()
}

/// The next patch above the base that is not taken, written as the base is: its
/// last part is raised, and one of two parts gets a third. None where the base is
/// no release: a prerelease, a development release. What follows a post-release
/// is the next patch.
pub fn next(base: &str, taken: &BTreeSet<String>) -> Option<String> {
    let read = Number::parse(base)?;
    read.is_final().then_some(())?;
    let taken: Vec<Number> = taken.iter().filter_map(|it| Number::parse(it)).collect();
    let text = base.trim().trim_start_matches(['v', 'V']);
    let (epoch, text) = match text.split_once('!') {
        Some((epoch, text)) => (format!("{epoch}!"), text),
        None => (String::new(), text),
    };
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.'));
    let numbers = text.get(..end.unwrap_or(text.len()))?.trim_end_matches('.');
    let mut parts: Vec<String> = numbers.split('.').map(str::to_owned).collect();
    while parts.len() < 3 {
        parts.push("0".to_owned());
    }
    let last = parts.pop()?;
    let width = if last.starts_with('0') { last.len() } else { 0 };
    let mut number = digits(&last)?;
    loop {
        number = number.checked_add(1)?;
        let next = format!("{epoch}{}.{number:0width$}", parts.join("."));
        let read = Number::parse(&next)?;
        if !taken.contains(&read) {
            return Some(next);
        }
    }
}

/// Whether a number is a release that may be proposed, and above the base; none
/// where it is none. A post-release is for metadata, and brings no code.
pub fn is_above(base: &str, number: &str) -> Option<bool> {
    let number = Number::parse(number)?;
    let plain = number.is_final() && number.post.is_none() && number.local.is_empty();
    plain.then(|| Number::parse(base).is_some_and(|base| number > base))
}

/// A version beside one that is written so: its leading `v`, and its leading
/// zeros where the part has as many digits or is the same.
pub fn like(version: &str, like: &str) -> String {
    let v = match like.starts_with(['v', 'V']) && !version.starts_with(['v', 'V']) {
        true => like.get(..1).unwrap_or_default(),
        false => "",
    };
    let plain = like.trim_start_matches(['v', 'V']);
    let widths: Vec<usize> = plain
        .split('.')
        .map(|part| match part.starts_with('0') {
            true => part.bytes().take_while(u8::is_ascii_digit).count(),
            false => 0,
        })
        .collect();
    let part = |(at, part): (usize, &str)| match part.parse::<u64>() {
        Ok(number) => {
            let width = widths.get(at).copied().unwrap_or_default();
            format!("{number:0width$}")
        }
        Err(_) => part.to_owned(),
    };
    let parts: Vec<String> = version.split('.').enumerate().map(part).collect();
    format!("{v}{}", parts.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_specification() {
        // https://packaging.python.org/en/latest/specifications/version-specifiers/
        let rising = [
            "1.dev0",
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b1.dev456",
            "1.0b2",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0rc1.dev456",
            "1.0rc1",
            "1.0",
            "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.0.15",
            "1.1.dev1",
            "1!0.1",
        ];
        for pair in rising.windows(2) {
            assert_eq!(order(pair[0], pair[1]), Some(Ordering::Less), "{pair:?}");
        }
    }

    #[test]
    fn normal_forms() {
        for (text, form) in [
            ("v1.2.3", Some("1.2.3")),
            (" 1.2.3\n", Some("1.2.3")),
            ("3.2.0.dev", Some("3.2.0.dev0")),
            ("1.0-alpha_4", Some("1.0a4")),
            ("1.0.c1", Some("1.0rc1")),
            ("1.0-3", Some("1.0.post3")),
            ("1.0_rev-3", Some("1.0.post3")),
            ("2024.08.30", Some("2024.8.30")),
            ("0!1.0+Ubuntu-1", Some("1.0+ubuntu.1")),
            ("1!2", Some("1!2")),
            ("1.2.3-beta.1", Some("1.2.3b1")),
            ("1.2.3.rc1", Some("1.2.3rc1")),
            ("1.2.x", None),
            ("", None),
            ("1..2", None),
            ("1.0-", None),
            ("latest", None),
            ("1.99999999999999999999999", None),
        ] {
            assert_eq!(normal(text).as_deref(), form, "{text}");
        }
        assert_eq!(order("1.0", "1.0.0"), Some(Ordering::Equal));
    }

    #[test]
    fn the_next_patch_that_is_free() {
        let taken = ["1.0.5", "1.0.6.0", "26.2.1"].map(str::to_owned).into();
        for (base, next_one) in [
            ("1.0.4", Some("1.0.7")),
            // pypa/pip, certifi, tzdata, PyYAML
            ("26.1", Some("26.1.1")),
            ("26.2", Some("26.2.2")),
            ("2024.08.30", Some("2024.08.31")),
            ("2024.2", Some("2024.2.1")),
            ("2024.08.09", Some("2024.08.10")),
            ("4.9.3.2", Some("4.9.3.3")),
            ("5", Some("5.0.1")),
            ("1.2.3.post1", Some("1.2.4")),
            ("1!2.0.3", Some("1!2.0.4")),
            ("v1.2.3", Some("1.2.4")),
            ("1.2.3rc1", None),
            ("1.2.3.dev0", None),
            ("main", None),
        ] {
            assert_eq!(next(base, &taken).as_deref(), next_one, "{base}");
        }
    }

    #[test]
    fn what_all_places_are_told_by() {
        for (text, told) in [
            ("v1.0.5", "1.0.5"),
            ("1.0.5.0", "1.0.5"),
            ("1.0.0", "1.0.0"),
            ("26.2", "26.2"),
            ("2024.08.31", "2024.8.31"),
            ("4.9.3.2", "4.9.3.2"),
            ("next", "next"),
        ] {
            assert_eq!(plain(text), told);
        }
    }

    #[test]
    fn what_may_be_proposed() {
        for (number, is) in [
            ("1.2.4", Some(true)),
            ("1.2.3", Some(false)),
            ("1.2.3.0", Some(false)),
            ("1.2.3.1", Some(true)),
            ("1.2.3.post1", None),
            ("1.2.4rc1", None),
            ("1.2.4+local", None),
            ("next", None),
        ] {
            assert_eq!(is_above("1.2.3", number), is, "{number}");
        }
    }

    #[test]
    fn a_version_is_written_as_the_one_beside_it() {
        for (version, beside, written) in [
            ("1.2.4", "1.2.3", "1.2.4"),
            ("2024.8.31", "2024.08.30", "2024.08.31"),
            ("2024.10.1", "2024.09.01", "2024.10.01"),
            ("1.2.4", "v1.2.3", "v1.2.4"),
            ("26.2.1", "26.2", "26.2.1"),
        ] {
            assert_eq!(like(version, beside), written);
        }
    }
}
