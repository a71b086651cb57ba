//! Reads sections back.

use semver::Version;
use serde::{Deserialize, Serialize};

use super::outline::Outline;
use super::place::without_bom;

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
