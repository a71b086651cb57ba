//! Puts the section of a new version in.

use std::ops::Range;

use semver::Version;

use super::date::{self, Day};
use super::outline::{Definition, Outline};
use super::place::{
    ChangelogError, Edit, follower, labelled, parse_version, put_block, put_link, unreleased,
    without_bom,
};
use super::style::{self, Style};
use crate::edits::splice::splice;

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
