//! Reads sections back.

use std::collections::BTreeMap;

use semver::Version;
use serde::{Deserialize, Serialize};

use super::outline::{Kind, Outline};
use super::place::without_bom;
use super::title;

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
    Some(Section {
        heading: outline.slice(heading.span.clone()).trim().to_owned(),
        body: outline.body(at).to_owned(),
    })
}

/// The versions that have a section, in the order of the file.
pub fn releases(text: &str) -> Vec<String> {
    let outline = Outline::read(without_bom(text));
    outline.releases().map(|(_, _, v)| v.to_string()).collect()
}

/// The names of several packages whose releases one file tells of, each with its
/// own numbers; empty where it is one package's.
pub fn packages(text: &str) -> Vec<String> {
    // Older ones may have been called otherwise.
    const NEWEST: usize = 12;
    let outline = Outline::read(without_bom(text));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, heading, _) in outline.releases().take(NEWEST) {
        if let Kind::Release(_, at) = &heading.kind {
            let before = at.start.saturating_sub(heading.title.start);
            let name = title::name_of(outline.slice(heading.title.clone()), before);
            *counts.entry(name.unwrap_or_default()).or_default() += 1;
        }
    }
    let mut names: Vec<String> = counts
        .into_iter()
        .filter(|(_, n)| *n > 1)
        .map(|(n, _)| n)
        .collect();
    names.retain(|name| !name.is_empty());
    if names.len() < 2 {
        names.clear();
    }
    names
}

/// The versions that are not released and have a section, such as that of
/// "5.0.0 - TBD".
pub fn announced(text: &str) -> Vec<String> {
    let outline = Outline::read(without_bom(text));
    let open = outline.open().filter_map(|(_, _, v)| v);
    open.map(Version::to_string).collect()
}
