//! The forward-port: the rules for the places of a version.

use std::collections::BTreeSet;

use super::cargo;
use super::kind::Kind;
use super::learnt;
use super::tasks::Port;
use crate::edits::forward_port::{self, Changed, Hotfix, Ported, Rules, Sides};

/// Carries the hotfix over: main keeps its version where it is the higher one,
/// and the lock file's own entries follow.
///
/// `files` are those that the hotfix changed since its base, and all of
/// [`places`](super::Package::places), changed or not.
pub fn port(files: &[Sides<'_>], wanted: &Port<'_>) -> Ported {
    let hotfix = Hotfix {
        version: wanted.version,
        changelogs: wanted.package.logs().collect(),
        labels: wanted.labels,
    };
    match wanted.package.kind() {
        Kind::Cargo => {
            let rules = cargo::port::Rules::read(files, wanted);
            forward_port::port(files, &hotfix, |sides| {
                rules.rule(sides).or_else(|| learnt::rule(sides, wanted))
            })
        }
    }
}

impl Rules for Port<'_> {
    fn places(&self) -> BTreeSet<String> {
        self.package.places().map(str::to_owned).collect()
    }

    fn more(&self, files: &[Sides<'_>], changed: &Changed<'_>) -> BTreeSet<String> {
        match self.package.kind() {
            Kind::Cargo => cargo::port::more(files, self, changed),
        }
    }

    fn port(&self, files: &[Sides<'_>]) -> Ported {
        port(files, self)
    }
}
