//! The rules together.

use std::collections::BTreeSet;

use super::lock;
use super::manifests::{Plan, is_manifest};
use crate::ecosystem::tasks::Port;
use crate::edits::forward_port::{Changed, Ruled, Sides};

/// The rules for one forward-port.
#[derive(Debug)]
pub struct Rules<'a> {
    wanted: &'a Port<'a>,
    manifests: Plan<'a>,
}

impl<'a> Rules<'a> {
    /// Reads what the rules need of all files. Manifests that main alone has may
    /// be among them: if the package names them, their requirements on its
    /// packages are raised too.
    pub fn read(files: &[Sides<'a>], wanted: &'a Port<'a>) -> Self {
        Rules {
            wanted,
            manifests: Plan::read(files, wanted),
        }
    }

    /// What becomes of a file, where there is a rule for it.
    pub fn rule(&self, sides: &Sides<'_>) -> Ruled {
        if self.manifests.has(sides.path) {
            let ruled = self.manifests.rule(sides);
            let is_place = self.manifests.is_place(sides.path);
            // What only happens to be called a manifest is merged like any file.
            ruled.filter(|ruled| is_place || ruled.is_ok())
        } else if self.is_lock(sides.path) {
            lock::rule(sides, self.wanted, &self.manifests)
        } else {
            None
        }
    }

    /// Whether this is one of the lock files that the release raises: that of the
    /// workspace, or one beside it (`fuzz`, a binding).
    fn is_lock(&self, path: &str) -> bool {
        self.wanted.package.all_locks().any(|lock| lock == path)
    }
}

/// Other manifests that follow: those that the hotfix changed or added, and,
/// where main's version is raised, those that main did. They may inherit the
/// version, or require one of its packages.
pub fn more(files: &[Sides<'_>], wanted: &Port<'_>, changed: &Changed<'_>) -> BTreeSet<String> {
    let by_main = match Plan::read(files, wanted).raises() {
        true => changed.main.as_slice(),
        false => &[],
    };
    let all = changed.hotfix.iter().chain(by_main);
    let manifests = all.filter(|path| is_manifest(path));
    manifests.map(|path| (*path).to_owned()).collect()
}
