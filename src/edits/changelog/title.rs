//! What a heading's title says: which version, and whether it is released.

use std::ops::Range;

use semver::Version;

use super::date;
use crate::edits::spelling::padded;

/// Words that may stand before a release's version beside one name.
const WORDS: [&str; 17] = [
    "version",
    "release",
    "released",
    "releases",
    "notes",
    "note",
    "changes",
    "changelog",
    "for",
    "of",
    "in",
    "what's",
    "whats",
    "new",
    "patch",
    "hotfix",
    "v",
];
/// Words that say that the heading tells of a version, and is not its own.
const ABOUT: [&str; 16] = [
    "from",
    "to",
    "since",
    "before",
    "until",
    "after",
    "between",
    "than",
    "with",
    "requires",
    "upgrade",
    "upgrading",
    "migrate",
    "migrating",
    "migration",
    "coming",
];
/// Titles of what is not released yet.
const OPEN: [&str; 18] = [
    "pending",
    "dev",
    "develop",
    "development",
    "next",
    "next release",
    "next version",
    "upcoming",
    "upcoming release",
    "upcoming version",
    "master",
    "main",
    "trunk",
    "head",
    "in development",
    "in progress",
    "tbd",
    "wip",
];
/// Words beside a version that say that it is not released yet.
const OPEN_BESIDE: [&str; 17] = [
    "unreleased",
    "pending",
    "release pending",
    "not released",
    "not yet released",
    "to be released",
    "to be determined",
    "to be announced",
    "tbd",
    "tba",
    "in development",
    "under development",
    "in progress",
    "upcoming",
    "wip",
    "releasedate",
    "release date",
];

/// A version in a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub version: Version,
    pub at: Range<usize>,
    /// Whether it is written in two parts: "1.2".
    pub short: bool,
}

/// What a title says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Says {
    /// It is a release's.
    Release(Found),
    /// It is of what is not released, perhaps under this number already.
    Open(Option<Version>),
    /// Something else.
    Other,
}

/// Reads a title; `below` is the next line that says something.
pub(super) fn read(title: &str, below: &str) -> Says {
    let Some(found) = version_of(title) else {
        let words = plain(title);
        let open = words.contains("unreleased") || OPEN.contains(&words.as_str());
        return if open { Says::Open(None) } else { Says::Other };
    };
    let around = format!(
        "{} {}",
        title.get(..found.at.start).unwrap_or_default(),
        title.get(found.at.end..).unwrap_or_default(),
    );
    let unborn = ["dev", "snapshot", "unreleased", "wip", "pre", "git"];
    let pre = found.version.pre.as_str().to_ascii_lowercase();
    let pre = pre.split('.').next().unwrap_or_default();
    if unborn.contains(&pre) || says_open(&around) || is_open_line(below) {
        return Says::Open(Some(found.version));
    }
    Says::Release(found)
}

/// What stands in for words where there are none yet.
const NOTHING: [&str; 14] = [
    "nothing",
    "nothing yet",
    "nothing here yet",
    "nothing yet.",
    "none",
    "none yet",
    "no changes",
    "no changes yet",
    "no changes.",
    "no unreleased changes",
    "no notable changes",
    "empty",
    "n a",
    "to be written",
];

/// Whether a text says that there is nothing to say yet.
pub(super) fn is_nothing(text: &str) -> bool {
    NOTHING.contains(&plain(text).as_str())
}

/// Whether a line below a heading says that it is not released yet.
pub(super) fn is_open_line(line: &str) -> bool {
    let words = plain(line);
    let is_item =
        line.trim_start().starts_with(['#', '-', '+']) || line.trim_start().starts_with("* ");
    words.split(' ').count() <= 4 && says_open(&words) && !is_item
}

fn says_open(text: &str) -> bool {
    let words = format!(" {} ", plain(text));
    let dated = date::dates(text).is_empty();
    let blank = ["xxxx", "yyyy", "????"].iter().any(|b| words.contains(b));
    let blank = blank || is_half_date(text);
    let said = OPEN_BESIDE
        .iter()
        .any(|open| words.contains(&format!(" {open} ")));
    // "Release date: 2026-01-02" is a release's.
    dated && (blank || said)
}

/// Whether a date stands there of which the day, or the month too, is still to
/// come: "2018-10-x", "2026-??-??", "2026-MM-DD".
fn is_half_date(text: &str) -> bool {
    let is_open = |part: &str| {
        let lower = part.to_ascii_lowercase();
        let signs = ["x", "?", "_", "m", "d"];
        (1..=2).contains(&part.len())
            && signs
                .iter()
                .any(|s| lower.trim_matches(|c: char| s.contains(c)).is_empty())
    };
    let is_number =
        |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let ends = |c: char| c.is_whitespace() || "()[],:*".contains(c);
    text.split(ends).any(|word| {
        ['-', '/', '.'].iter().any(|sign| {
            let parts: Vec<&str> = word.split(*sign).collect();
            match parts.as_slice() {
                [year, month, day] => {
                    year.len() == 4
                        && year.starts_with("20")
                        && is_open(day)
                        && (is_open(month) || is_number(month))
                }
                _ => false,
            }
        })
    })
}

/// A text in lower case, without marks and with single spaces.
pub(super) fn plain(text: &str) -> String {
    let kept: String = text
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "'?.".contains(c) {
                c
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// The version that a title is of: "## [1.0.4]", "# tool v1.0.4", "Release
/// notes for 1.0.4", but not "## Coming from 1.0.4".
pub(super) fn version_of(title: &str) -> Option<Found> {
    let found = first(title, true)?;
    let mut before = title.get(..found.at.start)?.to_owned();
    for (at, _) in date::dates(&before).into_iter().rev() {
        before.replace_range(at, "");
    }
    // What the version is glued to, such as a "v", is no word.
    let whole = before.rfind(char::is_whitespace);
    let whole = whole.and_then(|end| before.get(..end)).unwrap_or_default();
    let mut words = words_of(whole);
    if words.iter().any(|word| ABOUT.contains(&word.as_str())) {
        return None;
    }
    words.retain(|word| !WORDS.contains(&word.as_str()));
    (words.len() <= 1).then_some(found)
}

/// Whether a line is nothing but a release's version with its date, as a title is where
/// no mark makes it one: "Release 1.0.4 Mon August 10 2026", "v1.0.4 (Mar 2026)".
pub(super) fn is_whole(line: &str) -> bool {
    let Some(found) = version_of(line).filter(|found| !found.short) else {
        return false;
    };
    let dated = date::dates(line);
    let mut rest = line.to_owned();
    let mut places: Vec<Range<usize>> = dated.iter().map(|(at, _)| at.clone()).collect();
    places.push(found.at);
    places.sort_by_key(|at| std::cmp::Reverse(at.start));
    for at in places {
        rest.replace_range(at, " ");
    }
    let mut words = words_of(&rest).into_iter();
    !dated.is_empty() && words.all(|word| WORDS.contains(&word.as_str()) || date::is_day(&word))
}

/// The name that stands before a title's version, where there is one: "lamp" of
/// "## lamp v1.0.4", "lamp-core" of "# [lamp-core-1.0.4]".
pub(super) fn name_of(title: &str, at: usize) -> Option<String> {
    let mut before = title.get(..at)?.to_owned();
    for (at, _) in date::dates(&before).into_iter().rev() {
        before.replace_range(at, "");
    }
    let words = words_of(&before).into_iter();
    let mut words = words.map(|word| word.strip_suffix("-v").map(str::to_owned).unwrap_or(word));
    words.find(|word| !WORDS.contains(&word.as_str()))
}

/// The words of a text in small letters: "lamp-core" is one.
fn words_of(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '\'');
    let words = text.split(|c| !is_part(c));
    let words = words.map(|word| {
        word.trim_matches(['-', '_'])
            .to_lowercase()
            .replace('_', "-")
    });
    words.filter(|word| !word.is_empty()).collect()
}

/// The first full version in a text, if at most one word stands before it.
pub(super) fn find_version(text: &str) -> Option<(Version, Range<usize>)> {
    let found = version_of(text).filter(|found| !found.short)?;
    Some((found.version, found.at))
}

/// The first version in a text, wherever it stands.
pub(super) fn first(text: &str, or_short: bool) -> Option<Found> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    let mut before = None;
    let dated = date::dates(text);
    for (at, c) in text.char_indices() {
        let previous = before.replace(c);
        if !c.is_ascii_digit() || previous.is_some_and(|p| p.is_ascii_digit() || p == '.') {
            continue;
        }
        let rest = text.get(at..)?;
        let run = rest.split(|c| !is_part(c)).next()?;
        let mut run = run.split("..").next()?.trim_end_matches(['.', '-', '+']);
        // "1.0.4-2026-01-02" is a version and a date.
        if let Some((date, _)) = dated
            .iter()
            .find(|(date, _)| date.start > at && date.start < at + run.len())
        {
            run = text.get(at..date.start)?.trim_end_matches(['.', '-', '+']);
        }
        let in_date = dated.iter().any(|(date, _)| date.contains(&at));
        let spelled = || padded(run).filter(|_| !in_date);
        if let Some(version) = Version::parse(run).ok().or_else(spelled) {
            return Some(Found {
                version,
                at: at..at + run.len(),
                short: false,
            });
        }
        let two = run.split('.').count() == 2
            && run.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && previous.is_none_or(|p| !p.is_alphanumeric() || p == 'v' || p == 'V');
        if or_short
            && two
            && !in_date
            && let Some(version) = padded(&format!("{run}.0"))
        {
            return Some(Found {
                version,
                at: at..at + run.len(),
                short: true,
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_headings() {
        for (text, version) in [
            ("## [1.0.4] - 2026-01-02", Some("1.0.4")),
            ("## 1.0.4 (2026-01-02)", Some("1.0.4")),
            ("## v1.0.4-rc.1 – today", Some("1.0.4-rc.1")),
            ("# caro-v1.0.4", Some("1.0.4")),
            ("## Version 1.0.4.", Some("1.0.4")),
            ("## 2026-01-02: v1.0.4", Some("1.0.4")),
            ("## January 2nd, 2026 — 1.0.4", Some("1.0.4")),
            ("## 1.0.4-2026-01-02", Some("1.0.4")),
            ("## Release notes for 1.0.4", Some("1.0.4")),
            ("## What's new in caro 1.0.4", Some("1.0.4")),
            ("## caro-core 1.0.4", Some("1.0.4")),
            ("# Release caro_core v1.0.4 (2026-01-02)", Some("1.0.4")),
            ("## Bug fixes since 1.0.4", None),
            ("## Known issues in caro core 1.0.4", None),
            (
                "## `caro` — [1.0.4](https://e.org/v1.0.3...v1.0.4)",
                Some("1.0.4"),
            ),
            ("## <small>[1.0.4](https://e.org)</small>", Some("1.0.4")),
            ("== 1.0.4 ==", Some("1.0.4")),
            ("## Coming from 1.0.4", None),
            ("### Upgrade to 1.0.4", None),
            ("### Changes between 1.0.3 and 1.0.4", None),
            ("## [Unreleased]", None),
            ("## 1.0", Some("1.0.0")),
            ("# 25.07.1 (2025-07-18)", Some("25.7.1")),
            ("# 25.01 (2025-01-03)", Some("25.1.0")),
            ("## v2024.08.09", Some("2024.8.9")),
            ("## 01.02.2026", None),
            ("## 1.2.3.4", None),
        ] {
            let found = version_of(text).map(|found| found.version.to_string());
            assert_eq!(found.as_deref(), version, "{text}");
        }
    }

    #[test]
    fn a_line_of_version_and_date_is_a_title() {
        for (line, is) in [
            ("Release 2.8.3 Mon August 10 2026", true),
            ("v1.5.6 (Mar 2024)", true),
            ("V1.5.6 (Mar 2024)", true),
            ("1.0.4, 2026-01-02:", true),
            ("Version 1.0.4 - 2 Jan 2026", true),
            ("Released 1.0.4 on Friday 2026-01-02", false),
            ("1.0.4", false),
            ("Since 1.0.4 (2026-01-02)", false),
            ("1.0.4 of 2026-01-02 mends the crash", false),
            ("On 2026-01-02 it was told", false),
        ] {
            assert_eq!(is_whole(line), is, "{line}");
        }
    }

    #[test]
    fn what_is_open_is_not_released() {
        for (title, below) in [
            ("## [Unreleased]", ""),
            ("## [Unreleased] - ReleaseDate", ""),
            ("## Dev", "- a"),
            ("## master (unreleased)", ""),
            ("unreleased", ""),
            ("## 5.0.0 - TBD", ""),
            ("## 1.0.5 (pending)", ""),
            ("## [1.0.5] - Pending", ""),
            ("## Pending", ""),
            ("## [1.0.5] - Unreleased", ""),
            ("## 1.0.5 (not yet released)", ""),
            ("## 1.0.5 (202x-xx-xx / XXXX)", ""),
            ("## 1.0.5-dev", ""),
            ("## [1.0.5] - 2026-10-x", ""),
            ("## 1.0.5 (2026-xx-xx)", ""),
            ("## 1.0.5 - 2026/??/??", ""),
            ("## 1.0.5 - 2026-MM-DD", ""),
            ("Version 1.0.5", "Unreleased"),
            ("## 1.0.5", "_Release date: TBD_"),
        ] {
            assert!(matches!(read(title, below), Says::Open(_)), "{title}");
        }
        for (title, below) in [
            ("## 1.0.4 - Release date: 2026-01-02", ""),
            ("## 1.0.4", "Release date: 2026-01-02"),
            ("## 1.0.4", "- Say what is unreleased"),
            ("## 1.0.4 [YANKED]", ""),
        ] {
            assert!(matches!(read(title, below), Says::Release(_)), "{title}");
        }
        assert_eq!(read("## Next steps", ""), Says::Other);
    }
}
