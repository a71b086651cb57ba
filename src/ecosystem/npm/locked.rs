//! Lock files: what they hold of our own packages.

use super::at::{At, pins, version};
use super::manifest::MANIFEST;
use crate::ecosystem::files::Files;
use crate::ecosystem::package::{Member, Package};
use crate::ecosystem::paths;
use crate::edits::json_at::{self, Node};

/// The lock files that hold versions of our own: those of yarn and pnpm know our
/// packages by their folders alone.
pub const LOCKS: [&str; 3] = ["npm-shrinkwrap.json", "package-lock.json", "bun.lock"];

/// Whether it is one of them.
pub fn is_lock(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    LOCKS.contains(&name)
}

/// The lock files that hold the version of what is released, those at the root
/// first.
pub fn found(files: &Files, package: &Package) -> Vec<String> {
    let holds = |path: &str, text: &str| {
        let Ok(root) = json_at::parse(text) else {
            return false;
        };
        let found = found_in(&root, package, path, text);
        found.iter().any(|(found, _)| base(package) == Some(found))
    };
    let all = files.iter().filter(|(path, _)| is_lock(path));
    let mut all: Vec<String> = all
        .filter(|(path, text)| holds(path, text))
        .map(|(path, _)| path.to_owned())
        .collect();
    all.sort_by_key(|path| path.matches('/').count());
    all
}

/// The version that the release has.
fn base(package: &Package) -> Option<&String> {
    let mut released = package.members.iter().filter(|member| member.released);
    released.next().map(|member| &member.version)
}

/// Whether a lock file's version lies behind the release's own, as npm leaves
/// that of a member which is raised without it.
pub fn lags(package: &Package, version: &str) -> bool {
    let read = |text: &str| semver::Version::parse(text).ok();
    let base = base(package).and_then(|base| read(base));
    base.zip(read(version)).is_some_and(|(base, it)| it < base)
}

/// The versions of our own packages, and of what they require exactly of one
/// another.
pub fn found_in(root: &Node, package: &Package, path: &str, text: &str) -> Vec<At> {
    let folder = paths::folder(path);
    let own = |at: &str| -> Option<&Member> {
        let manifest = paths::within(&paths::joined(folder, at)?, MANIFEST);
        let mut released = package.members.iter().filter(|member| member.released);
        released.find(|member| member.manifest == manifest)
    };
    let mut found = Vec::new();
    if own("").is_some() {
        found.extend(version(root, text));
    }
    for list in ["packages", "workspaces"] {
        for (at, entry) in root.get(list).map(Node::members).unwrap_or_default() {
            // What was installed is others', whatever it is called.
            if at.split('/').any(|part| part == "node_modules") {
                continue;
            }
            if own(at).is_some() {
                found.extend(version(entry, text));
            }
            found.extend(pins(entry, package, text));
        }
    }
    found
}
