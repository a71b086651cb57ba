//! Versions that are written otherwise than their numbers are: with leading zeros
//! (`25.07.1`), or with underscores (`1_0_4`).

use semver::Version;

/// A version of three parts, of which some may have leading zeros.
pub fn padded(text: &str) -> Option<Version> {
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (numbers, rest) = text.split_at_checked(end)?;
    let plain = |part: &str| match part.trim_start_matches('0') {
        "" if !part.is_empty() => "0".to_owned(),
        rest => rest.to_owned(),
    };
    let numbers: Vec<String> = numbers.split('.').map(plain).collect();
    Version::parse(&format!("{}{rest}", numbers.join("."))).ok()
}

/// A version of three numbers with dashes between them (`2-13-2`). A day is none, nor
/// is what has leading zeros, as days have.
pub fn dashed(text: &str) -> Option<Version> {
    let number = |part: &str| {
        let plain = part.bytes().all(|b| b.is_ascii_digit());
        let zeros = part.len() > 1 && part.starts_with('0');
        part.parse::<u64>().ok().filter(|_| plain && !zeros)
    };
    let numbers: Option<Vec<u64>> = text.split('-').map(number).collect();
    match numbers?.as_slice() {
        [major, minor, patch] if *major < 1900 => Some(Version::new(*major, *minor, *patch)),
        _ => None,
    }
}

/// The ways in which calendars write a version: as it is, and with two digits in
/// one part or in several.
pub fn spellings(version: &Version) -> Vec<String> {
    let numbers = [version.major, version.minor, version.patch];
    let of = |mask: usize| -> String {
        let parts = numbers.iter().enumerate().map(|(at, n)| {
            let width = if mask & (1 << at) == 0 { 1 } else { 2 };
            format!("{n:0width$}")
        });
        let mut text = parts.collect::<Vec<_>>().join(".");
        if !version.pre.is_empty() {
            text.push_str(&format!("-{}", version.pre));
        }
        if !version.build.is_empty() {
            text.push_str(&format!("+{}", version.build));
        }
        text
    };
    let mut all: Vec<String> = (0..8).map(of).collect();
    all.sort();
    all.dedup();
    all
}

/// The same version as it would be written beside one that is written so; as it
/// is where that has nothing of its own.
pub fn like(version: &Version, like: &str) -> String {
    match Version::parse(like) {
        Ok(_) => version.to_string(),
        Err(_) => spelled(version, like),
    }
}

/// A version in the spelling of another one: its underscores, and its leading
/// zeros where the number is the same or as long.
pub fn spelled(version: &Version, like: &str) -> String {
    let dashed = dashed(like).is_some();
    let end = like.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_'));
    let end = end.filter(|_| !dashed).unwrap_or(like.len());
    let like = like.get(..end).unwrap_or(like);
    let separator = match like.contains('_') && !like.contains('.') {
        _ if dashed => '-',
        true => '_',
        false => '.',
    };
    let widths: Vec<usize> = like
        .split(separator)
        .map(|part| match part.starts_with('0') {
            true => part.len(),
            false => 0,
        })
        .collect();
    let numbers = [version.major, version.minor, version.patch];
    let number = |(at, n): (usize, &u64)| {
        let width = widths.get(at).copied().unwrap_or_default();
        format!("{n:0width$}")
    };
    let numbers: Vec<_> = numbers.iter().enumerate().map(number).collect();
    let mut text = numbers.join(&separator.to_string());
    if !version.pre.is_empty() {
        text.push_str(&format!("-{}", version.pre));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_are_read_between_three_numbers() {
        for (text, version) in [
            ("2-13-2", Some("2.13.2")),
            ("0-1-0", Some("0.1.0")),
            ("2-13", None),
            ("2-13-2-1", None),
            ("2026-8-21", None),
            ("24-01-15", None),
            ("1.2-3-4", None),
            ("1-2-rc", None),
            ("1--2", None),
            ("+1-2-3", None),
        ] {
            let read = dashed(text).map(|version| version.to_string());
            assert_eq!(read.as_deref(), version, "{text}");
        }
    }

    #[test]
    fn leading_zeros_are_read_and_written() {
        for (text, version) in [
            ("25.07.1", Some("25.7.1")),
            ("25.07.01", Some("25.7.1")),
            ("01.00.04", Some("1.0.4")),
            ("2024.08.00", Some("2024.8.0")),
            ("25.07.1-rc.1", Some("25.7.1-rc.1")),
            ("25.07.1+b7", Some("25.7.1+b7")),
            ("1.0.4", Some("1.0.4")),
            ("25.07", None),
            ("25..1", None),
            ("25.07.1.2", None),
            ("a.b.c", None),
            ("", None),
        ] {
            let read = padded(text).map(|version| version.to_string());
            assert_eq!(read.as_deref(), version, "{text}");
        }
        let version = Version::new(25, 7, 2);
        for (beside, written) in [
            ("25.07.1", "25.07.2"),
            ("25.07.01", "25.07.02"),
            ("25.7.1", "25.7.2"),
            ("25.07", "25.07.2"),
            ("24_07_1", "25_07_2"),
            ("24-6-1", "25-7-2"),
        ] {
            assert_eq!(like(&version, beside), written, "{beside}");
        }
        assert!(spellings(&version).contains(&"25.07.2".to_owned()));
        assert_eq!(spellings(&Version::new(10, 10, 10)), ["10.10.10"]);
    }
}
