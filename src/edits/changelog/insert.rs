//! Puts the section of a new version in.

use std::ops::Range;

use semver::Version;

use super::date::{Day, Hints};
use super::heading;
use super::outline::{Definition, Kind, Outline};
use super::place::{
    ChangelogError, Edit, compared_from, labelled, parse_version, put_block, put_link,
    raise_unreleased, unreleased, without_bom,
};
use super::replace::{Replace, comparisons, places};
use super::style::{self, Style};
use super::{title, usual};
use crate::edits::spelling::like;
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

/// A section to be written, its words read.
pub(super) struct Wanted<'a> {
    pub version: Version,
    pub base: Version,
    pub day: Day,
    pub entry: &'a str,
}

impl<'a> Wanted<'a> {
    pub(super) fn read(new: &NewSection<'a>) -> Result<Self, ChangelogError> {
        Ok(Self {
            version: parse_version(new.version)?,
            base: parse_version(new.base)?,
            day: Day::parse(new.date).ok_or_else(|| ChangelogError::NotADate {
                found: new.date.to_owned(),
            })?,
            entry: new.entry,
        })
    }

    /// The heading for the section, as the model has it.
    pub(super) fn heading(&self, outline: &Outline<'_>, model: Option<usize>, eol: &str) -> String {
        let model = model.and_then(|at| outline.headings.get(at));
        let Some((model, old)) = model.and_then(|model| match &model.kind {
            Kind::Release(old, _) => Some((model, old)),
            _ => None,
        }) else {
            return heading::default_heading(&self.version, self.day);
        };
        let below = outline.releases().map(|(_, _, v)| v).filter(|v| *v < old);
        let headings: Vec<&str> = outline
            .releases()
            .map(|(_, h, _)| outline.slice(h.span.start..heading::said_of_all(outline, h)))
            .collect();
        let with = Replace {
            old,
            new: &self.version,
            base: &self.base,
            before: below.max(),
            day: Some(self.day),
            hints: Hints::of(&headings.join("\n")),
        };
        heading::copied(outline, model, &with, eol)
    }
}

/// The changelog with the section put in: in the order of versions that the
/// file has (newest first where it shows none), below what is unreleased, with
/// a link definition where its neighbours have one. Everything else stays as it
/// is, but for the comparison link of what is unreleased, which then begins at
/// the new version if that is the newest.
///
/// # Errors
/// Where the file has the section already, or lists something and no release
/// is recognised in it, or `new` is not well formed.
pub fn insert(text: &str, new: &NewSection<'_>) -> Result<String, ChangelogError> {
    let body = without_bom(text);
    let bom = text.get(..text.len() - body.len()).unwrap_or_default();
    let wanted = Wanted::read(new)?;
    let outline = Outline::read(body);
    if let Some((_, heading, _)) = outline.releases().find(|(_, _, v)| **v == wanted.version) {
        return Err(ChangelogError::AlreadyThere {
            version: new.version.to_owned(),
            line: outline.slice(0..heading.span.start).matches('\n').count() + 1,
        });
    }
    if is_strange(&outline) {
        return Err(ChangelogError::NoRelease);
    }
    let model = style::model(&outline, &wanted.version);
    let style = Style::of(&outline, model);
    let heading = wanted.heading(&outline, model, style.eol);
    let block = format!(
        "{heading}{}{}{}",
        style.eol,
        style.body(wanted.entry, &wanted.version),
        style.rule
    );
    let mut edits = vec![put_block(&outline, &style, &wanted.version, &block)];
    edits.extend(new_links(&outline, &style, &wanted.version, &wanted.base));
    edits.extend(raised(&outline, &wanted));
    Ok(format!("{bom}{}", spliced(body, &edits)))
}

/// Whether the release before this version has its definition right below its heading:
/// it is copied with that.
fn is_linked_below(outline: &Outline<'_>, version: &Version) -> bool {
    let below = outline.releases().filter(|(_, _, it)| *it < version);
    let before = below.max_by_key(|(_, _, it)| *it);
    before.is_some_and(|(_, heading, _)| {
        let said = heading::said_of_all(outline, heading);
        let own = outline.own_link(heading);
        own.is_some_and(|own| own.line.end <= said)
    })
}

/// Where the comparisons of a text begin that end at no release: `v1.0.4...HEAD`.
pub(super) fn since(text: &str) -> Vec<Range<usize>> {
    let all = comparisons(text).into_iter();
    let open = all.filter(|(_, to)| {
        let to = text.get(to.clone()).unwrap_or_default();
        let name = to
            .chars()
            .all(|c| c.is_ascii_alphabetic() || "-_/".contains(c));
        name && !to.is_empty()
    });
    open.map(|(from, _)| from).collect()
}

/// What is unreleased begins at the new version, where a line below its heading says so.
fn raised(outline: &Outline<'_>, wanted: &Wanted<'_>) -> Vec<Edit> {
    if outline.releases().any(|(_, _, it)| *it > wanted.version) {
        return Vec::new();
    }
    let mut edits = Vec::new();
    for (at, heading, _) in outline.open() {
        let body = heading.span.end..outline.section_end(at);
        for from in since(outline.slice(body.clone())) {
            let from = body.start + from.start..body.start + from.end;
            let base = wanted.base.to_string();
            let places = places(outline.slice(from.clone()), &base).into_iter();
            edits.extend(places.map(|at| {
                let at = from.start + at.start..from.start + at.end;
                (at, wanted.version.to_string())
            }));
        }
    }
    edits
}

/// Whether a file has lists or sections, and none of them is of a release or
/// of what is unreleased.
pub(super) fn is_strange(outline: &Outline<'_>) -> bool {
    let named = outline.releases().next().is_some() || outline.open().next().is_some();
    !named && (!outline.items.is_empty() || outline.headings.len() > 1)
}

pub(super) fn spliced(text: &str, edits: &[Edit]) -> String {
    let edits = edits.iter();
    splice(
        text,
        edits.map(|(at, new)| (at.clone(), new.as_str())).collect(),
    )
}

/// The new link definition, and the changed one of what is unreleased; none
/// where neither of the two releases below has one.
pub(super) fn new_links(
    outline: &Outline<'_>,
    style: &Style,
    version: &Version,
    base: &Version,
) -> Vec<Edit> {
    let labelled = labelled(outline);
    if labelled.iter().any(|(v, _)| v == version) {
        return Vec::new();
    }
    // One below its heading comes with the heading.
    if is_linked_below(outline, version) {
        return raise_unreleased(outline, version).into_iter().collect();
    }
    let unreleased = unreleased(outline);
    let from = unreleased.and_then(|d| compared_from(outline.slice(d.dest.clone())));
    let mut near: Vec<&Version> = outline.releases().map(|(_, _, v)| v).collect();
    near.retain(|near| *near < version);
    near.sort_by(|a, b| b.cmp(a));
    near.truncate(2);
    let has_one = |near: &&Version| {
        let labelled = labelled.iter().any(|(v, _)| v == *near);
        labelled || from.as_ref().is_some_and(|(from, _)| from == *near)
    };
    if !near.is_empty() && !near.iter().any(has_one) {
        return Vec::new();
    }
    let is_comparison = |d: &Definition| !comparisons(outline.slice(d.dest.clone())).is_empty();
    let mut models: Vec<_> = labelled.iter().filter(|(_, d)| is_comparison(d)).collect();
    models.sort_by_key(|(v, _)| match v < version {
        true => (0, std::cmp::Reverse(v)),
        false => (1, std::cmp::Reverse(v)),
    });
    // One that does not end at its own release was forgotten there.
    let ends_there = |(v, d): &&&(Version, &Definition)| {
        let dest = outline.slice(d.dest.clone());
        let to = comparisons(dest).into_iter().next().map(|(_, to)| to);
        let to = to.and_then(|to| title::first(dest.get(to)?, true));
        to.is_some_and(|to| to.version == *v)
    };
    let whole: Vec<_> = models.iter().filter(ends_there).copied().collect();
    let models = if whole.is_empty() { models } else { whole };
    let written = |it: &&(Version, &Definition)| usual::form(outline.slice(it.1.line.clone()));
    let model = usual::usual(&models, written).copied();
    // One link of another form is that of the first release, which has none before it.
    let others = labelled.iter().filter(|(v, _)| v < version);
    let nearest = others.max_by_key(|(v, _)| v).or(labelled.first());
    let usual = nearest.filter(|_| labelled.len() > 1);
    let line = match (model.or(usual), unreleased.zip(from.as_ref()), nearest) {
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
    let with = Replace {
        old,
        new,
        base,
        before: None,
        day: None,
        hints: Hints::default(),
    };
    with.text(outline.slice(model.line.clone()), false)
}

/// `[1.0.5]: …/compare/v1.0.4...v1.0.5`, after `[Unreleased]: …/compare/v1.0.4...HEAD`.
fn line_after_unreleased(
    outline: &Outline<'_>,
    unreleased: &Definition,
    new: &Version,
    base: &Version,
) -> Option<String> {
    let dest = outline.slice(unreleased.dest.clone());
    let (from, to) = comparisons(dest).into_iter().next()?;
    let (_, at) = compared_from(dest)?;
    let name = |version: &Version| -> Option<String> {
        let at: Range<usize> = at.start.checked_sub(from.start)?..at.end.checked_sub(from.start)?;
        let mut name = dest.get(from.clone())?.to_owned();
        let written = like(version, name.get(at.clone())?);
        name.replace_range(at, &written);
        Some(name)
    };
    let (path, dots) = (dest.get(..from.start)?, dest.get(from.end..to.start)?);
    // The label is what the heading's brackets hold.
    let label = like(new, dest.get(at.clone())?);
    Some(format!(
        "[{label}]: {path}{}{dots}{}",
        name(base)?,
        name(new)?
    ))
}
