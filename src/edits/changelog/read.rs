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

/// The versions that are not released and have a section, such as that of
/// "5.0.0 - TBD".
pub fn announced(text: &str) -> Vec<String> {
    let outline = Outline::read(without_bom(text));
    let open = outline.open().filter_map(|(_, _, v)| v);
    open.map(Version::to_string).collect()
}
