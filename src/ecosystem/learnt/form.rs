//! How a version is written in a line.

use std::ops::Range;

use semver::Version;
use serde::{Deserialize, Serialize};

/// How a version is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum Form {
    /// As it is: "1.0.4".
    Full,
    /// With a fourth number, which is always 0, as Windows wants it: "1.0.4.0".
    Four,
    /// Its three numbers with something else between them: "1, 0, 4", "1_0_4".
    Joined {
        /// What stands between two numbers.
        by: String,
    },
    /// Two digits a number, behind "0x": "010004".
    Packed {
        /// So many digits: leading zeros may be left out.
        width: usize,
        /// What the digits count.
        digits: Digits,
    },
    /// The first number alone, where a configuration says so.
    Major,
    /// The second.
    Minor,
    /// The last number alone, where the key of its line names it.
    Patch,
}

/// Which digits a packed number has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Digits {
    /// Nothing told yet: numbers below ten look the same in both.
    Either,
    /// 1.12.4 is 011204.
    Decimal,
    /// 1.12.4 is 010c04.
    Hex,
}

impl Form {
    /// The version as this form writes it; none where it cannot say.
    pub fn spell(&self, version: &str) -> Option<String> {
        if *self == Form::Full {
            return Some(version.to_owned());
        }
        let parsed = Version::parse(version).ok()?;
        // Anything but three numbers has no place in these forms.
        if !parsed.pre.is_empty() {
            return None;
        }
        let parts = [parsed.major, parsed.minor, parsed.patch];
        match self {
            Form::Full => None,
            Form::Four => Some(format!(
                "{}.0",
                parts.map(|part| part.to_string()).join(".")
            )),
            Form::Major => Some(parsed.major.to_string()),
            Form::Minor => Some(parsed.minor.to_string()),
            Form::Patch => Some(parsed.patch.to_string()),
            Form::Joined { by } => Some(parts.map(|part| part.to_string()).join(by)),
            Form::Packed { width, digits } => packed(parts, *width, *digits),
        }
    }

    /// The same, without what a single release could not tell.
    pub fn told_apart(&self) -> Form {
        match self {
            Form::Packed { width, .. } => Form::Packed {
                width: *width,
                digits: Digits::Either,
            },
            other => other.clone(),
        }
    }

    /// Whether more is known of it than of the other.
    pub fn is_surer_than(&self, other: &Form) -> bool {
        let digits = |form: &Form| match form {
            Form::Packed { digits, .. } => *digits,
            _ => Digits::Decimal,
        };
        digits(self) != Digits::Either && digits(other) == Digits::Either
    }
}

fn packed(parts: [u64; 3], width: usize, digits: Digits) -> Option<String> {
    let small = parts.iter().all(|part| *part < 10);
    let written = parts.map(|part| match digits {
        Digits::Either if small => Some(format!("{part:02}")),
        Digits::Decimal if part < 100 => Some(format!("{part:02}")),
        Digits::Hex if part < 256 => Some(format!("{part:02x}")),
        _ => None,
    });
    let [Some(major), Some(minor), Some(patch)] = written else {
        return None;
    };
    let whole = format!("{major}{minor}{patch}");
    let cut = whole.len().checked_sub(width)?;
    let (zeros, kept) = whole.split_at_checked(cut)?;
    zeros.bytes().all(|b| b == b'0').then(|| kept.to_owned())
}

/// Where the version stands in a line, and how; in order, without overlaps.
pub fn find(line: &str, version: &str) -> Vec<(Range<usize>, Form)> {
    let mut found = whole(line, version, &Form::Full);
    found.extend(whole(line, version, &Form::Four));
    for by in [", ", ",", "_"] {
        let form = Form::Joined { by: by.to_owned() };
        found.extend(whole(line, version, &form));
    }
    found.extend(packed_in(line, version));
    found.extend(plain_in(line, version));
    found.sort_by_key(|(range, _)| range.start);
    let mut end = 0;
    found.retain(|(range, _)| {
        let free = range.start >= end;
        end = if free { range.end } else { end };
        free
    });
    found
}

fn whole(line: &str, version: &str, form: &Form) -> Vec<(Range<usize>, Form)> {
    let Some(written) = form.spell(version).filter(|w| !w.is_empty()) else {
        return Vec::new();
    };
    line.match_indices(&written)
        .map(|(at, found)| at..at + found.len())
        .filter(|range| stands_alone(line, range, form))
        .map(|range| (range, form.clone()))
        .collect()
}

/// Whether no other number or version goes on at either end.
pub fn stands_alone(line: &str, range: &Range<usize>, form: &Form) -> bool {
    let before = line.get(..range.start).unwrap_or_default();
    let after = line.get(range.end..).unwrap_or_default();
    let digit = |c: char| c.is_ascii_digit();
    let joint = match form {
        Form::Full | Form::Four => ".",
        Form::Joined { by } => by.as_str(),
        Form::Major | Form::Minor => return !before.ends_with(digit) && !after.starts_with(digit),
        Form::Packed { .. } | Form::Patch => {
            let letter = |c: char| c.is_ascii_hexdigit() || c == '_';
            return !before.ends_with(digit) && !after.starts_with(letter);
        }
    };
    if before.ends_with(digit)
        || before
            .strip_suffix(joint)
            .is_some_and(|b| b.ends_with(digit))
    {
        return false;
    }
    if matches!(form, Form::Full | Form::Four) {
        return !after.starts_with(digit)
            && !after
                .strip_prefix('.')
                .is_some_and(|a| a.starts_with(digit))
            && !is_prerelease(after);
    }
    // Windows has a fourth number behind these.
    !after.starts_with(digit)
}

/// Whether what follows makes it the number of a prerelease: "-rc.1", "b2".
fn is_prerelease(after: &str) -> bool {
    const WORDS: [&str; 10] = [
        "alpha", "beta", "rc", "pre", "dev", "snapshot", "next", "canary", "nightly", "post",
    ];
    let lower = after.to_ascii_lowercase();
    let letters = |text: &str| text.find(|c: char| !c.is_ascii_alphabetic());
    if let Some(rest) = lower.strip_prefix(['-', '.']) {
        let word = rest.get(..letters(rest).unwrap_or(rest.len()));
        return word.is_some_and(|word| WORDS.contains(&word));
    }
    let word = letters(&lower).filter(|at| *at > 0);
    word.is_some_and(|at| {
        let rest = lower.get(at..).unwrap_or_default();
        let word = lower.get(..at).unwrap_or_default();
        rest.starts_with(|c: char| c.is_ascii_digit())
            && (WORDS.contains(&word) || ["a", "b"].contains(&word))
    })
}

fn packed_in(line: &str, version: &str) -> Vec<(Range<usize>, Form)> {
    let starts = line.match_indices("0x").map(|(at, _)| at + 2);
    let one = |start: usize| {
        let rest = line.get(start..)?;
        let width = rest.find(|c: char| !c.is_ascii_hexdigit());
        let width = width.unwrap_or(rest.len());
        let written = rest.get(..width).filter(|_| (5..=6).contains(&width))?;
        let all = [Digits::Either, Digits::Decimal, Digits::Hex];
        let forms = all.map(|digits| Form::Packed { width, digits });
        let form = forms.into_iter().find(|form| {
            let spelled = form.spell(version);
            spelled.is_some_and(|s| s.eq_ignore_ascii_case(written))
        })?;
        Some((start..start + width, form))
    };
    starts.filter_map(one).collect()
}

/// A number of two digits a part without "0x": "31400" is 3.14.0.
fn plain_in(line: &str, version: &str) -> Vec<(Range<usize>, Form)> {
    let form = |width| Form::Packed {
        width,
        digits: Digits::Decimal,
    };
    let forms = [5, 6].map(form).into_iter();
    let written = forms.filter_map(|form| Some((form.spell(version)?, form)));
    let written = written.filter(|(text, _)| !text.starts_with('0'));
    let stands = |at: &Range<usize>| {
        let before = line.get(..at.start).unwrap_or_default();
        let after = line.get(at.end..).unwrap_or_default();
        let joins = |c: char| c.is_alphanumeric() || "_.-".contains(c);
        !before.ends_with(joins) && !after.starts_with(joins)
    };
    let all = written.flat_map(|(text, form)| {
        let found = line
            .match_indices(&text)
            .map(|(at, text)| at..at + text.len());
        let found: Vec<_> = found.filter(stands).map(|at| (at, form.clone())).collect();
        found
    });
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: &str, version: &str) -> Vec<String> {
        let found = find(line, version).into_iter();
        found.map(|(range, _)| line[range].to_owned()).collect()
    }

    #[test]
    fn a_version_is_found_where_no_other_number_goes_on() {
        for (line, version, expected) in [
            ("x = \"1.0.4\"", "1.0.4", vec!["1.0.4"]),
            ("v1.0.4/tool-1.0.4.tar.gz", "1.0.4", vec!["1.0.4", "1.0.4"]),
            ("tool-1.0.4-x86_64", "1.0.4", vec!["1.0.4"]),
            ("11.0.4 1.0.41 1.0.4.2 0.1.0.4", "1.0.4", vec![]),
            ("Version=\"1.0.4.0\"", "1.0.4", vec!["1.0.4.0"]),
            ("1.0.4.0.1 1.0.4.01 2.1.0.4.0 1.0.4.0-rc.1", "1.0.4", vec![]),
            ("1.0.4-rc.1 1.0.4b2 1.0.4.dev0", "1.0.4", vec![]),
            ("1.0.4.", "1.0.4", vec!["1.0.4"]),
            ("(9, 0, 4, 'final', 0)", "9.0.4", vec!["9, 0, 4"]),
            ("FILEVERSION 9,0,4,0", "9.0.4", vec!["9,0,4"]),
            ("tool_1_0_4.zip", "1.0.4", vec!["1_0_4"]),
            ("__build__ = 0x023401", "2.34.1", vec!["023401"]),
            ("#define V 0x10C04", "1.12.4", vec!["10C04"]),
            ("#define V 0x010004f0", "1.0.4", vec![]),
            ("const VERSION_ID = 31400;", "3.14.0", vec!["31400"]),
            ("#define V_NUMBER 100400", "10.4.0", vec!["100400"]),
            ("131400 31400.5 v31400 31400_000 400", "3.14.0", vec![]),
            ("delay = 400;", "0.4.0", vec![]),
            ("1.0", "1.0.4", vec![]),
        ] {
            assert_eq!(at(line, version), expected, "{line}");
        }
    }

    #[test]
    fn a_packed_number_is_written_as_it_was() {
        let form = |digits| Form::Packed { width: 6, digits };
        for (digits, version, expected) in [
            (Digits::Decimal, "2.34.2", Some("023402")),
            (Digits::Hex, "2.34.2", Some("022202")),
            (Digits::Either, "2.3.4", Some("020304")),
            (Digits::Either, "2.3.10", None),
            (Digits::Decimal, "2.3.100", None),
        ] {
            assert_eq!(form(digits).spell(version).as_deref(), expected);
        }
        let narrow = Form::Packed {
            width: 5,
            digits: Digits::Hex,
        };
        assert_eq!(narrow.spell("1.12.5").as_deref(), Some("10c05"));
        assert_eq!(narrow.spell("16.0.0"), None);
    }
}
