//! The changelog: puts the section of a version in its place, in the file's own
//! style, and reads one back.

mod carry;
mod date;
mod outline;
mod style;

#[cfg(test)]
mod tests;

use std::ops::Range;

use semver::Version;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use self::carry::{Taken, put, take};
use self::date::Day;
use self::outline::{Definition, Heading, Kind, Outline, find_version};
use self::style::Style;
use super::splice::splice;

const BOM: &str = "\u{feff}";

/// What to put into a changelog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewSection<'a> {
    /// The version of the section, such as "1.0.5".
    pub version: &'a str,
    /// The version that it follows, for comparison links.
    pub base: &'a str,
    /// The day of the release as "2026-01-02".
    pub date: &'a str,
    /// The entry, without a list marker. Markdown; line breaks become spaces.
    pub entry: &'a str,
}

/// Why a section cannot be put in.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum ChangelogError {
    /// The file has such a section.
    #[error("the changelog has a section for {version} already, in line {line}")]
    AlreadyThere {
        /// The version.
        version: String,
        /// Counted from 1.
        line: usize,
    },
    /// No semantic version.
    #[error("{found:?} is not a version such as 1.0.5")]
    NotAVersion {
        /// What was given.
        found: String,
    },
    /// No date.
    #[error("{found:?} is not a date such as 2026-01-02")]
    NotADate {
        /// What was given.
        found: String,
    },
}

/// The section of one release, as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading, with its marks.
    pub heading: String,
    /// What stands below it, without blank lines around it and without the
    /// link definitions that follow it at the end of a file.
    pub body: String,
}

/// The section of a version; `None` where the file has none.
pub fn section(text: &str, version: &str) -> Option<Section> {
    let wanted = Version::parse(version).ok()?;
    let outline = Outline::read(without_bom(text));
    let (at, heading, _) = outline.releases().find(|(_, _, v)| **v == wanted)?;
    let body = outline.slice(heading.span.end..outline.section_end(at));
    Some(Section {
        heading: outline.slice(heading.span.clone()).trim().to_owned(),
        body: body.trim_matches(['\r', '\n']).to_owned(),
    })
}

/// The versions that have a section, in the order of the file.
pub fn releases(text: &str) -> Vec<String> {
    let outline = Outline::read(without_bom(text));
    outline.releases().map(|(_, _, v)| v.to_string()).collect()
}

/// The changelog with the section put in: in the order of versions that the
/// file has (newest first where it shows none), below what is unreleased, with
/// a link definition where its neighbours have one. Everything else stays as it
/// is, but for the comparison link of what is unreleased, which then begins at
/// the new version if that is the newest.
///
/// # Errors
/// Where the file has the section already, or `new` is not well formed.
pub fn insert(text: &str, new: &NewSection<'_>) -> Result<String, ChangelogError> {
    let body = without_bom(text);
    let bom = text.get(..text.len() - body.len()).unwrap_or_default();
    let version = parse_version(new.version)?;
    let base = parse_version(new.base)?;
    let day = Day::parse(new.date).ok_or_else(|| ChangelogError::NotADate {
        found: new.date.to_owned(),
    })?;
    let outline = Outline::read(body);
    if let Some((_, heading, _)) = outline.releases().find(|(_, _, v)| **v == version) {
        return Err(ChangelogError::AlreadyThere {
            version: new.version.to_owned(),
            line: outline.slice(0..heading.span.start).matches('\n').count() + 1,
        });
    }
    let style = Style::of(&outline);
    let mut edits = vec![new_section(
        &outline, &style, &version, &base, day, new.entry,
    )];
    edits.extend(new_links(&outline, &style, &version, &base));
    let edits = edits
        .iter()
        .map(|(range, new)| (range.clone(), new.as_str()))
        .collect();
    Ok(format!("{bom}{}", splice(body, edits)))
}

fn without_bom(text: &str) -> &str {
    text.strip_prefix(BOM).unwrap_or(text)
}

fn parse_version(text: &str) -> Result<Version, ChangelogError> {
    Version::parse(text).map_err(|_| ChangelogError::NotAVersion {
        found: text.to_owned(),
    })
}

type Edit = (Range<usize>, String);

/// Whether the file lists its oldest release first.
fn is_oldest_first(outline: &Outline<'_>) -> bool {
    let versions = || outline.releases().map(|(_, _, version)| version);
    match (versions().next(), versions().last()) {
        (Some(first), Some(last)) => first < last,
        _ => false,
    }
}

fn new_section(
    outline: &Outline<'_>,
    style: &Style,
    version: &Version,
    base: &Version,
    day: Day,
    entry: &str,
) -> Edit {
    let follower = follower(outline, version);
    let last = outline.releases().last();
    // The nearest release whose heading has a date shows how to write one.
    let near = follower.or(last).map(|(_, heading, _)| heading);
    let dated = outline
        .releases()
        .map(|(_, heading, _)| heading)
        .find(|h| date::find(outline.slice(h.span.clone()), day).is_some());
    let model = near
        .filter(|h| date::find(outline.slice(h.span.clone()), day).is_some())
        .or(dated)
        .or(near);
    let heading = model.map_or_else(
        || style::default_heading(version, day),
        |model| style::heading(outline, model, version, base, day),
    );
    let eol = style.eol;
    let blank = |is: bool| if is { eol } else { "" };
    let entry = entry.split_whitespace().collect::<Vec<_>>().join(" ");
    let block = format!(
        "{heading}{eol}{}{}{eol}{}{}{entry}",
        blank(style.blank_after_heading),
        style.group,
        blank(style.blank_after_group),
        style.marker,
    );
    put_block(outline, style, version, &block)
}

/// The release that stands right below a section of this version.
fn follower<'o>(
    outline: &'o Outline<'_>,
    version: &Version,
) -> Option<(usize, &'o Heading, &'o Version)> {
    let oldest_first = is_oldest_first(outline);
    outline.releases().find(|(_, _, other)| {
        if oldest_first {
            *other > version
        } else {
            *other < version
        }
    })
}

/// Puts a section's text, without a line end after it, in its place.
fn put_block(outline: &Outline<'_>, style: &Style, version: &Version, block: &str) -> Edit {
    let eol = style.eol;
    let last = outline.releases().last();
    if let Some((_, next, _)) = follower(outline, version) {
        let at = outline.above_anchor(next.span.start);
        return (at..at, format!("{block}{eol}{}", eol.repeat(style.gap)));
    }
    let unreleased = outline
        .headings
        .iter()
        .position(|h| h.kind == Kind::Unreleased);
    let end = match (last, unreleased) {
        (Some((at, _, _)), _) | (None, Some(at)) => outline.section_end(at),
        (None, None) => outline.content_end(outline.text.len()),
    };
    if end > 0 {
        let gap = eol.repeat(style.gap.max(1));
        return (end..end, format!("{eol}{gap}{block}"));
    }
    // Nothing but blank lines and definitions.
    let title = format!("# Changelog{eol}{eol}");
    let rest = if outline.definitions.is_empty() {
        ""
    } else {
        eol
    };
    (0..0, format!("{title}{block}{eol}{rest}"))
}

/// The new link definition, and the changed one of what is unreleased.
fn new_links(outline: &Outline<'_>, style: &Style, version: &Version, base: &Version) -> Vec<Edit> {
    let labelled = labelled(outline);
    if labelled.iter().any(|(v, _)| v == version) {
        return Vec::new();
    }
    let unreleased = unreleased(outline);
    let unreleased_from =
        unreleased.and_then(|d| style::compared_from(outline.slice(d.dest.clone())));
    let is_comparison = |d: &Definition| outline.slice(d.dest.clone()).contains("...");
    let model = labelled
        .iter()
        .filter(|(_, d)| is_comparison(d))
        .min_by_key(|(v, _)| {
            if v < version {
                (0, std::cmp::Reverse(v))
            } else {
                (1, std::cmp::Reverse(v))
            }
        });
    let line = match (
        model,
        unreleased.zip(unreleased_from.as_ref()),
        labelled.first(),
    ) {
        (Some((old, d)), _, _) => Some(line_like(outline, d, old, version, base)),
        (None, Some((d, _)), _) => line_after_unreleased(outline, d, version, base),
        (None, None, Some((old, d))) => Some(line_like(outline, d, old, version, base)),
        (None, None, None) => None,
    };
    let Some(line) = line else { return Vec::new() };
    put_link(outline, style, version, &line)
}

/// The definitions whose labels are releases of the file.
fn labelled<'o>(outline: &'o Outline<'_>) -> Vec<(Version, &'o Definition)> {
    let of = |d: &'o Definition| Some((find_version(outline.slice(d.label.clone()))?.0, d));
    let all = outline.definitions.iter().filter_map(of);
    all.filter(|(v, _)| outline.releases().any(|(_, _, released)| released == v))
        .collect()
}

/// The definition of what is unreleased.
fn unreleased<'o>(outline: &'o Outline<'_>) -> Option<&'o Definition> {
    outline.definitions.iter().find(|d| {
        let label = outline.slice(d.label.clone());
        label.eq_ignore_ascii_case("unreleased")
    })
}

/// Puts a definition's line in its place, and lets the comparison of what is
/// unreleased begin at this version if it is the newest.
fn put_link(outline: &Outline<'_>, style: &Style, version: &Version, line: &str) -> Vec<Edit> {
    let labelled = labelled(outline);
    let unreleased = unreleased(outline);
    let unreleased_from =
        unreleased.and_then(|d| style::compared_from(outline.slice(d.dest.clone())));
    let eol = style.eol;
    let oldest_first = labelled
        .first()
        .zip(labelled.last())
        .is_some_and(|(first, last)| first.0 < last.0);
    let follower = labelled.iter().find(|(v, _)| {
        if oldest_first {
            v > version
        } else {
            v < version
        }
    });
    let mut edits = Vec::new();
    match (follower, labelled.last().map(|(_, d)| *d).or(unreleased)) {
        (Some((_, d)), _) => edits.push((d.line.start..d.line.start, format!("{line}{eol}"))),
        (None, Some(d)) => edits.push((d.line.end..d.line.end, format!("{eol}{line}"))),
        (None, None) => {}
    }
    let newest = outline.releases().map(|(_, _, v)| v).max();
    if let (Some(d), Some(from)) = (unreleased, unreleased_from)
        && from < *version
        && newest.is_none_or(|newest| newest < version)
        && let Some((left, right)) = outline.slice(d.dest.clone()).split_once("...")
    {
        let dest = format!("{}...{right}", style::with_version(left, version));
        edits.push((d.dest.clone(), dest));
    }
    edits
}

/// A definition's line with another version in label and destination.
fn line_like(
    outline: &Outline<'_>,
    model: &Definition,
    old: &Version,
    new: &Version,
    base: &Version,
) -> String {
    let label = outline.slice(model.label.clone());
    let dest = outline.slice(model.dest.clone());
    splice(
        outline.slice(model.line.clone()),
        vec![
            (
                offset(&model.label, model.line.start),
                &label.replace(&old.to_string(), &new.to_string()),
            ),
            (
                offset(&model.dest, model.line.start),
                &style::destination(dest, old, new, base),
            ),
        ],
    )
}

/// `[1.0.5]: …/compare/v1.0.4...v1.0.5`, after `[Unreleased]: …/compare/v1.0.4...HEAD`.
fn line_after_unreleased(
    outline: &Outline<'_>,
    unreleased: &Definition,
    new: &Version,
    base: &Version,
) -> Option<String> {
    let dest = outline.slice(unreleased.dest.clone());
    let (left, _) = dest.split_once("...")?;
    let cut = left.rfind(['/', '=']).map_or(0, |at| at + 1);
    let (path, name) = left.split_at(cut);
    let from = style::with_version(name, base);
    let to = style::with_version(name, new);
    // The label is what the heading's brackets hold.
    Some(format!("[{new}]: {path}{from}...{to}"))
}

fn offset(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start.saturating_sub(by)..range.end.saturating_sub(by)
}
