//! Where versions stand in an object of a manifest or a lock file.

use std::ops::Range;

use super::manifest::REQUIRES;
use crate::ecosystem::package::Package;
use crate::edits::json_at::Node;

/// A version in a file, with its bytes.
pub type At = (String, Range<usize>);

/// The version at the top of an object.
pub fn version(node: &Node, text: &str) -> Option<At> {
    let version = node.get("version")?;
    Some((version.str()?.to_owned(), version.inside(text)?))
}

/// The packages that are required by exactly one version.
pub fn pins(node: &Node, package: &Package, text: &str) -> Vec<At> {
    let mut found = Vec::new();
    for list in REQUIRES {
        for (name, required) in node.get(list).map(Node::members).unwrap_or_default() {
            let Some(written) = required.str() else {
                continue;
            };
            let own = package.own.iter().any(|own| own == name);
            let Some(inside) = required.inside(text).filter(|_| own) else {
                continue;
            };
            let exact = written.strip_prefix("workspace:").unwrap_or(written);
            let exact = exact.strip_prefix('=').unwrap_or(exact);
            if semver::Version::parse(exact).is_ok() {
                let start = inside.end - exact.len();
                found.push((exact.to_owned(), start..inside.end));
            }
        }
    }
    found
}
