//! How a changelog writes its headings, lists and links.

use semver::Version;

use super::date::{self, Day};
use super::outline::{Heading, Kind, Outline, find_version};

/// What is put between and around the lines of a new section.
#[derive(Debug)]
pub(super) struct Style {
    /// "\n" or "\r\n".
    pub eol: &'static str,
    /// Whether a blank line follows a release's heading.
    pub blank_after_heading: bool,
    /// Whether a blank line follows a heading inside a release.
    pub blank_after_group: bool,
    /// How many blank lines stand above a release's heading.
    pub gap: usize,
    /// The heading of the group for fixes.
    pub group: String,
    /// What stands before an entry.
    pub marker: String,
}

impl Style {
    /// Reads the style from the file, newest section first; what it does not
    /// show is as keepachangelog.com writes it.
    pub(super) fn of(outline: &Outline<'_>) -> Self {
        let first = outline
            .releases()
            .map(|(at, heading, _)| (at, heading.level))
            .next();
        let in_releases = |start: usize| {
            first.is_some_and(|(at, _)| {
                outline
                    .headings
                    .get(at)
                    .is_some_and(|h| start > h.span.start)
            })
        };
        let level = first.map_or(2, |(_, level)| level);
        // A heading above the release's level ends it.
        let groups: Vec<&Heading> = outline
            .headings
            .iter()
            .filter(|heading| heading.kind == Kind::Other && heading.level >= level)
            .filter(|heading| in_releases(heading.span.start))
            .collect();
        let titles = groups.iter().map(|h| outline.slice(h.span.clone()));
        let group = titles
            .clone()
            .find(|title| title.to_ascii_lowercase().contains("fix"))
            .map_or_else(|| default_group(level, titles), str::to_owned);
        let marker = outline
            .items
            .iter()
            .find(|item| in_releases(item.start))
            .or_else(|| outline.items.first())
            .map_or("- ", |item| outline.slice(item.clone()));
        let followed = |heading: &Heading| {
            let next = outline.next_line(heading.span.end);
            let line = outline.slice(next..outline.line_end(next));
            (next < outline.text.len()).then(|| line.trim().is_empty())
        };
        Self {
            eol: if first_line_is_dos(outline.text) {
                "\r\n"
            } else {
                "\n"
            },
            blank_after_heading: outline
                .releases()
                .find_map(|(_, heading, _)| followed(heading))
                .unwrap_or(true),
            blank_after_group: groups.iter().find_map(|h| followed(h)).unwrap_or(false),
            gap: gap(outline),
            group,
            marker: marker.to_owned(),
        }
    }
}

fn first_line_is_dos(text: &str) -> bool {
    text.split_once('\n')
        .is_some_and(|(line, _)| line.ends_with('\r'))
}

/// "Fixed", as deep as the file's other groups.
fn default_group<'a>(level: usize, mut titles: impl Iterator<Item = &'a str>) -> String {
    let hashes = titles.find_map(|title| {
        let marks = title.len() - title.trim_start_matches('#').len();
        (marks > 0).then_some(marks)
    });
    let depth = hashes.unwrap_or(level + 1).min(6);
    format!("{} Fixed", "#".repeat(depth))
}

/// Blank lines above the second release, or above the first.
fn gap(outline: &Outline<'_>) -> usize {
    let starts: Vec<usize> = outline
        .releases()
        .map(|(_, h, _)| outline.above_anchor(h.span.start))
        .collect();
    let start = starts.get(1).or(starts.first());
    start.map_or(1, |start| {
        let before = outline.slice(0..*start);
        let content = before.trim_end();
        let between = before.get(content.len()..).unwrap_or_default();
        if content.is_empty() {
            1
        } else {
            between.matches('\n').count().saturating_sub(1)
        }
    })
}

/// A heading for `new`, written as the neighbour's is.
pub(super) fn heading(
    outline: &Outline<'_>,
    neighbour: &Heading,
    new: &Version,
    base: &Version,
    day: Day,
) -> String {
    let Kind::Release(old, at) = &neighbour.kind else {
        return default_heading(new, day);
    };
    let title_end = outline
        .line_end(neighbour.span.start)
        .min(neighbour.span.end);
    let title = outline.slice(neighbour.span.start..title_end);
    let before = outline.slice(neighbour.span.start..at.start);
    let after = outline.slice(at.end..title_end);
    let (before, dated) = match date::find(before, day) {
        Some((place, written)) => {
            let (left, right) = around(before, &place);
            (format!("{left}{written}{right}"), true)
        }
        None => (before.to_owned(), false),
    };
    let (link, rest) = split_link(after);
    let link = relink(link, old, new, base);
    let rest = match date::find(rest, day) {
        Some((place, written)) if !dated => {
            let (left, right) = around(rest, &place);
            // A name between version and date belongs to that release alone.
            let named = left.chars().any(char::is_alphanumeric);
            let left = match left.chars().next_back() {
                Some('(') if named => " (",
                _ if named => " - ",
                _ => left,
            };
            format!("{left}{written}{}", closing(right))
        }
        _ => closing(rest),
    };
    let new_title = format!("{before}{new}{link}{rest}");
    // A heading that is underlined keeps its line, as long as the text is.
    let underline = outline.slice(title_end..neighbour.span.end);
    let sign = underline.trim().chars().next();
    let eol = if underline.starts_with('\r') {
        "\r\n"
    } else {
        "\n"
    };
    sign.map_or(new_title.clone(), |sign| {
        let old_length = underline.trim().chars().count();
        let length = if old_length == title.chars().count() {
            new_title.chars().count()
        } else {
            old_length
        };
        let line: String = std::iter::repeat_n(sign, length).collect();
        format!("{new_title}{eol}{line}")
    })
}

/// For a file that shows no style of its own.
pub(super) fn default_heading(new: &Version, day: Day) -> String {
    let (_, written) = date::find("2000-01-01", day).unwrap_or_default();
    format!("## [{new}] - {written}")
}

fn around<'a>(text: &'a str, place: &std::ops::Range<usize>) -> (&'a str, &'a str) {
    (
        text.get(..place.start).unwrap_or_default(),
        text.get(place.end..).unwrap_or_default(),
    )
}

/// The end of a link that the version is the text of: "](…)" or "][…]" or "]".
fn split_link(after: &str) -> (&str, &str) {
    let end = after
        .find(']')
        .filter(|at| after.get(..*at).is_some_and(str::is_empty));
    let Some(_) = end else { return ("", after) };
    let closes = match after.get(1..2) {
        Some("(") => after.find(')'),
        Some("[") => after
            .get(1..)
            .and_then(|rest| rest.find(']'))
            .map(|at| at + 1),
        _ => Some(0),
    };
    after.split_at(closes.map_or(1, |at| at + 1))
}

fn relink(link: &str, old: &Version, new: &Version, base: &Version) -> String {
    match link.strip_prefix("](").and_then(|l| l.strip_suffix(')')) {
        Some(dest) => format!("]({})", destination(dest, old, new, base)),
        None => link.replace(&old.to_string(), &new.to_string()),
    }
}

/// What closes a heading after its date: brackets and marks, and closing hashes.
fn closing(rest: &str) -> String {
    let marks: String = rest
        .chars()
        .take_while(|c| matches!(c, ')' | ']' | '*' | '_' | '`'))
        .collect();
    let trimmed = rest.trim_end();
    let hashes = trimmed.len() - trimmed.trim_end_matches('#').len();
    if hashes > 0 {
        format!("{marks} {}", "#".repeat(hashes))
    } else {
        marks
    }
}

/// The neighbour's address with the new version put in. A comparison
/// ("…/compare/v1.0.3...v1.0.4") goes from `base` to `new`.
pub(super) fn destination(dest: &str, old: &Version, new: &Version, base: &Version) -> String {
    let (old, new) = (old.to_string(), new.to_string());
    match dest.split_once("...") {
        Some((left, right)) => {
            let left = with_version(left, base);
            format!("{left}...{}", right.replace(&old, &new))
        }
        None => dest.replace(&old, &new),
    }
}

/// An address whose last part is a ref, with the ref's version replaced.
pub(super) fn with_version(address: &str, version: &Version) -> String {
    let cut = address.rfind(['/', '=']).map_or(0, |at| at + 1);
    let (path, name) = address.split_at(cut);
    match find_version(name) {
        Some((_, at)) => {
            let (left, right) = around(name, &at);
            format!("{path}{left}{version}{right}")
        }
        None => address.to_owned(),
    }
}

/// The version that the ref on the left of a comparison names.
pub(super) fn compared_from(dest: &str) -> Option<Version> {
    let (left, _) = dest.split_once("...")?;
    let cut = left.rfind(['/', '=']).map_or(0, |at| at + 1);
    find_version(left.get(cut..)?).map(|(version, _)| version)
}
