//! Where in a changelog a section and its link belong.

use std::ops::Range;

use semver::Version;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::outline::{Definition, Heading, Kind, Outline, find_version};
use super::style::{self, Style};

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

/// Whether the file lists its oldest release first.
fn is_oldest_first(outline: &Outline<'_>) -> bool {
    let versions = || outline.releases().map(|(_, _, version)| version);
    match (versions().next(), versions().last()) {
        (Some(first), Some(last)) => first < last,
        _ => false,
    }
}

/// The release that stands right below a section of this version.
pub fn follower<'o>(
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
pub fn put_block(outline: &Outline<'_>, style: &Style, version: &Version, block: &str) -> Edit {
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

/// The definitions whose labels are releases of the file.
pub fn labelled<'o>(outline: &'o Outline<'_>) -> Vec<(Version, &'o Definition)> {
    let of = |d: &'o Definition| Some((find_version(outline.slice(d.label.clone()))?.0, d));
    let all = outline.definitions.iter().filter_map(of);
    all.filter(|(v, _)| outline.releases().any(|(_, _, released)| released == v))
        .collect()
}

/// The definition of what is unreleased.
pub fn unreleased<'o>(outline: &'o Outline<'_>) -> Option<&'o Definition> {
    outline.definitions.iter().find(|d| {
        let label = outline.slice(d.label.clone());
        label.eq_ignore_ascii_case("unreleased")
    })
}

/// Puts a definition's line in its place, and lets the comparison of what is
/// unreleased begin at this version if it is the newest.
pub fn put_link(outline: &Outline<'_>, style: &Style, version: &Version, line: &str) -> Vec<Edit> {
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
