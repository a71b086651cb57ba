//! Where in a changelog a section and its link belong.

use std::ops::Range;

use semver::Version;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::outline::{Definition, Heading, Outline};
use super::replace::comparisons;
use super::style::Style;
use super::title::{self, find_version};
use crate::edits::spelling::like;

const BOM: &str = "\u{feff}";

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
    /// It lists something, and no release in it is recognised.
    #[error("no heading in it is recognised as a release")]
    NoRelease,
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

/// The text behind the byte order mark, if it begins with one.
pub fn without_bom(text: &str) -> &str {
    text.strip_prefix(BOM).unwrap_or(text)
}

/// Reads a version.
pub fn parse_version(text: &str) -> Result<Version, ChangelogError> {
    Version::parse(text).map_err(|_| ChangelogError::NotAVersion {
        found: text.to_owned(),
    })
}

/// A range of bytes, and what takes its place.
pub type Edit = (Range<usize>, String);

/// Whether the file lists its oldest release first: most of its releases stand
/// below an older one.
fn is_oldest_first<'v>(versions: impl Iterator<Item = &'v Version>) -> bool {
    let versions: Vec<&Version> = versions.collect();
    let pairs = || versions.iter().zip(versions.iter().skip(1));
    let rising = pairs().filter(|(a, b)| a < b).count();
    let falling = pairs().filter(|(a, b)| a > b).count();
    rising > falling
}

/// The release that stands right below a section of this version.
pub fn follower<'o>(
    outline: &'o Outline<'_>,
    version: &Version,
) -> Option<(usize, &'o Heading, &'o Version)> {
    let oldest_first = is_oldest_first(outline.releases().map(|(_, _, version)| version));
    outline.releases().find(|(_, _, other)| {
        if oldest_first {
            *other > version
        } else {
            *other < version
        }
    })
}

/// Puts a section's text, without a line end after it, in its place.
pub fn put_block(outline: &Outline<'_>, style: &Style, version: &Version, block: &str) -> Edit {
    let eol = style.eol;
    let last = outline.releases().last();
    if let Some((_, next, _)) = follower(outline, version) {
        let at = outline.above_anchor(next.span.start);
        // What is underlined would be taken for the end of a paragraph above it.
        let underlined = next.title.end < next.span.end;
        let gap = style.gap.max(usize::from(underlined));
        // What is unreleased may have nothing below, not even a blank line.
        let mut open = outline.open();
        let glued =
            open.any(|(_, open, _)| open.span.end < at && outline.next_line(open.span.end) == at);
        let above = eol.repeat(if glued { gap } else { 0 });
        return (at..at, format!("{above}{block}{eol}{}", eol.repeat(gap)));
    }
    let open = outline.open().next().map(|(at, ..)| at);
    let end = match (last, open) {
        (Some((at, _, _)), _) | (None, Some(at)) => outline.section_end(at),
        (None, None) => outline.content_end(outline.text.len()),
    };
    if end > 0 {
        let gap = eol.repeat(style.gap.max(1));
        let below = outline.slice(outline.next_line(end)..outline.text.len());
        let first = below.lines().next().unwrap_or_default();
        let after = if first.trim().is_empty() { "" } else { eol };
        return (end..end, format!("{eol}{gap}{block}{after}"));
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

/// The definitions whose labels are releases of the file: of several packages, which
/// name theirs, those of the one whose section stands first.
pub fn labelled<'o>(outline: &'o Outline<'_>) -> Vec<(Version, &'o Definition)> {
    let of = |d: &'o Definition| Some((find_version(outline.slice(d.label.clone()))?.0, d));
    let all = outline.definitions.iter().filter_map(of);
    let mut all: Vec<_> = all
        .filter(|(v, _)| outline.releases().any(|(_, _, released)| released == v))
        .collect();
    let whose = |d: &Definition| {
        let label = outline.slice(d.label.clone());
        let at = find_version(label).map_or(0, |(_, at)| at.start);
        let before = label.get(..at).unwrap_or_default();
        before.trim_end_matches(['v', 'V']).to_owned()
    };
    let first = outline.releases().find_map(|(_, heading, _)| {
        let said = outline.slice(heading.title.clone());
        let is_said =
            |d: &Definition| said.contains(&format!("[{}]", outline.slice(d.label.clone())));
        all.iter().find(|(_, d)| is_said(d)).map(|(_, d)| whose(d))
    });
    if let Some(first) = first {
        all.retain(|(_, d)| whose(d) == first);
    }
    all
}

/// The definition of what is unreleased.
pub fn unreleased<'o>(outline: &'o Outline<'_>) -> Option<&'o Definition> {
    outline.definitions.iter().find(|d| {
        let label = outline.slice(d.label.clone());
        matches!(title::read(label, ""), title::Says::Open(None))
    })
}

/// The version that a comparison begins at, and where that stands.
pub fn compared_from(dest: &str) -> Option<(Version, Range<usize>)> {
    let (from, _) = comparisons(dest).into_iter().next()?;
    let found = title::first(dest.get(from.clone())?, false)?;
    let at = from.start + found.at.start..from.start + found.at.end;
    Some((found.version, at))
}

/// Puts a definition's line in its place, and lets the comparison of what is
/// unreleased begin at this version if it is the newest.
pub fn put_link(outline: &Outline<'_>, style: &Style, version: &Version, line: &str) -> Vec<Edit> {
    let labelled = labelled(outline);
    let unreleased = unreleased(outline);
    let eol = style.eol;
    let oldest_first = is_oldest_first(labelled.iter().map(|(v, _)| v));
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
    edits.extend(raise_unreleased(outline, version));
    edits
}

/// The comparison of what is unreleased, beginning at this version if it is
/// the newest.
pub fn raise_unreleased(outline: &Outline<'_>, version: &Version) -> Option<Edit> {
    let unreleased = unreleased(outline)?;
    let (from, at) = compared_from(outline.slice(unreleased.dest.clone()))?;
    let newest = outline.releases().map(|(_, _, v)| v).max();
    if from >= *version || newest.is_some_and(|newest| newest > version) {
        return None;
    }
    let start = unreleased.dest.start;
    let at = start + at.start..start + at.end;
    let raised = like(version, outline.slice(at.clone()));
    Some((at, raised))
}
