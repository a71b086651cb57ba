//! A place of the version: a line of a file, changed and read.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::form::{Form, stands_alone};
use crate::edits::changelog::{Day, find_date};
use crate::edits::splice::splice;

/// Why something is taken for a place of the version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The last two releases changed it from version to version.
    #[default]
    BothReleases,
    /// One of them did, and its key is a version.
    OneRelease,
    /// `version.files` names it.
    Configured,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// This very text.
    Text(String),
    /// The version.
    Version(Form),
    /// The day of the release, in whatever way the line writes it.
    Date,
    /// The version of the release before: what `FROM` is to `TO`.
    Before(Form),
}

/// The versions and dates in a line, each with where it stands.
type Found<'p> = Vec<(Range<usize>, &'p Piece)>;

/// A line that holds the version, or the date that goes with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The line, without white space around it; a part of one, where it was
    /// configured.
    pub line: Vec<Piece>,
    /// The version that stands there at the release.
    pub version: String,
    /// Why it is one.
    pub because: Because,
    /// The version of the release before, where the line holds that as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

impl Place {
    /// Whether it holds the version, and not only a date.
    pub fn holds_a_version(&self) -> bool {
        let is_version = |piece: &Piece| matches!(piece, Piece::Version(_));
        self.line.iter().any(is_version)
    }

    /// What stands for the release before, where this version does for its own.
    fn before(&self, version: &str) -> Option<&str> {
        match self.version == version {
            true => self.before.as_deref(),
            false => Some(&self.version),
        }
    }

    /// Whether a line of this text is the place, with this version.
    pub fn stands(&self, text: &str, version: &str) -> bool {
        lines(text).any(|(_, line)| !self.matches(line, version).is_empty())
    }

    /// The version that stands in the text, if it is one of these; the first of
    /// them goes first.
    pub fn read<'v>(&self, text: &str, versions: &[&'v str]) -> Option<&'v str> {
        let mut versions = versions.iter().copied();
        versions.find(|version| self.stands(text, version))
    }

    /// The text with the place's version, and its date, changed; every other
    /// byte stays.
    ///
    /// # Errors
    /// In words, where the version cannot be written in the place's form.
    pub fn edit(&self, text: &str, from: &str, to: &str, day: &str) -> Result<String, String> {
        let day = Day::parse(day);
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for (start, line) in lines(text) {
            for matched in self.matches(line, from) {
                for (range, piece) in matched {
                    let at = start + range.start..start + range.end;
                    let old = text.get(at.clone()).unwrap_or_default();
                    let new = match piece {
                        Piece::Version(form) => form.spell(to).ok_or_else(|| {
                            let path = &self.path;
                            format!("{path}: {to} cannot be written as {old} is")
                        })?,
                        Piece::Before(form) => form.spell(from).ok_or_else(|| {
                            let path = &self.path;
                            format!("{path}: {from} cannot be written as {old} is")
                        })?,
                        Piece::Date => match day.and_then(|day| find_date(old, day)) {
                            Some((_, new)) => new,
                            None => continue,
                        },
                        Piece::Text(_) => continue,
                    };
                    // Hex digits keep their case.
                    let upper = old.bytes().any(|b| b.is_ascii_uppercase());
                    let packed = matches!(piece, Piece::Version(Form::Packed { .. }));
                    edits.push((
                        at,
                        if upper && packed {
                            new.to_ascii_uppercase()
                        } else {
                            new
                        },
                    ));
                }
            }
        }
        let edits = edits.iter().map(|(at, new)| (at.clone(), new.as_str()));
        Ok(splice(text, edits.collect()))
    }

    /// The text with the place's lines of this version as they stand in another
    /// text with its own.
    pub fn restored(&self, text: &str, version: &str, other: (&str, &str)) -> String {
        let there = |(_, line): &(usize, &str)| !self.matches(line, other.1).is_empty();
        let Some((_, old)) = lines(other.0).find(there) else {
            return text.to_owned();
        };
        let here = lines(text).filter(|(_, line)| !self.matches(line, version).is_empty());
        let edits = here.map(|(at, line)| (at..at + line.len(), old));
        splice(text, edits.collect())
    }

    /// The line as `version.files` would name it; none where that cannot be
    /// said.
    pub fn pattern(&self) -> Option<String> {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => Some(text.clone()),
            Piece::Version(Form::Full) => Some("{version}".to_owned()),
            Piece::Version(Form::Four) => Some("{version}.0".to_owned()),
            Piece::Version(Form::Packed { .. }) => Some("{hex}".to_owned()),
            Piece::Version(Form::Major) => Some("{major}".to_owned()),
            Piece::Version(Form::Minor) => Some("{minor}".to_owned()),
            Piece::Version(Form::Patch) => Some("{patch}".to_owned()),
            Piece::Version(Form::Joined { by }) => Some(["{major}", "{minor}", "{patch}"].join(by)),
            Piece::Date => Some("{date}".to_owned()),
            Piece::Before(_) => None,
        };
        self.line.iter().map(piece).collect()
    }

    /// Where in a line the pieces stand, for each time that they do: once at
    /// most, unless it is configured.
    fn matches(&self, line: &str, version: &str) -> Vec<Found<'_>> {
        if self.because != Because::Configured {
            let whole = self.matches_at(line, 0, version);
            let whole = whole.filter(|(_, end)| *end == line.len());
            return whole.map(|(found, _)| found).into_iter().collect();
        }
        let mut all = Vec::new();
        let mut from = 0;
        while from < line.len() {
            let next = line
                .get(from..)
                .and_then(|_| self.matches_at(line, from, version));
            from = match next {
                Some((found, end)) if end > from => {
                    all.push(found);
                    end
                }
                _ => from + 1,
            };
        }
        all
    }

    fn matches_at(&self, line: &str, from: usize, version: &str) -> Option<(Found<'_>, usize)> {
        let mut at = from;
        let mut found = Vec::new();
        for piece in &self.line {
            let rest = line.get(at..)?;
            let length = match piece {
                Piece::Text(text) => rest.starts_with(text.as_str()).then_some(text.len()),
                Piece::Version(form) | Piece::Before(form) => {
                    let version = match piece {
                        Piece::Before(_) => self.before(version)?,
                        _ => version,
                    };
                    let written = form.spell(version)?;
                    let there = rest.get(..written.len())?;
                    let same = match form {
                        Form::Packed { .. } => there.eq_ignore_ascii_case(&written),
                        _ => there == written,
                    };
                    let range = at..at + written.len();
                    (same && stands_alone(line, &range, form)).then_some(written.len())
                }
                Piece::Date => {
                    let any = Day::parse("2000-01-01")?;
                    let (range, _) = find_date(rest, any)?;
                    (range.start == 0).then_some(range.end)
                }
            }?;
            if !matches!(piece, Piece::Text(_)) {
                found.push((at..at + length, piece));
            }
            at += length;
        }
        Some((found, at))
    }
}

/// The lines of a text without the white space around them, each with where it
/// begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        let inner = trimmed(line);
        let before = line.find(inner).unwrap_or_default();
        (start + before, inner)
    })
}

/// A line without the white space around it, and without the mark that a file
/// may begin with.
pub fn trimmed(line: &str) -> &str {
    line.trim_start_matches('\u{feff}').trim()
}

/// The last word of what stands before a value, in small letters.
pub fn last_word(before: &str) -> Option<String> {
    // The v of v1.0.4 belongs to the number.
    let before = match before.strip_suffix('v') {
        Some(rest) if !rest.ends_with(|c: char| c.is_alphanumeric()) => rest,
        _ => before,
    };
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let end = before.trim_end_matches(|c: char| !is_word(c) && c != ',' && c != ';');
    let start = end.rfind(|c: char| !is_word(c));
    let start = start.map_or(0, |at| {
        at + end
            .get(at..)
            .and_then(|t| t.chars().next())
            .map_or(1, char::len_utf8)
    });
    let word = end.get(start..).unwrap_or_default();
    let word = word.trim_matches(|c| c == '_' || c == '-');
    (!word.is_empty()).then(|| word.to_ascii_lowercase())
}
