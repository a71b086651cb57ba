//! The forward-port: the rules for the places of a version.

use std::collections::BTreeSet;

use super::by_kind;
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
    let parts = of_parts(wanted);
    let rules: Vec<_> = parts.iter().map(|it| by_kind::rule(files, it)).collect();
    forward_port::port(files, &hotfix, |sides| {
        let of_kind = rules.iter().find_map(|rule| rule(sides));
        of_kind.or_else(|| learnt::rule(sides, wanted))
    })
}

/// The same, once for each kind.
fn of_parts<'a>(wanted: &Port<'a>) -> Vec<Port<'a>> {
    let parts = wanted.package.parts();
    parts.map(|package| Port { package, ..*wanted }).collect()
}

impl Rules for Port<'_> {
    fn places(&self) -> BTreeSet<String> {
        self.package.places().map(str::to_owned).collect()
    }

    fn more(&self, files: &[Sides<'_>], changed: &Changed<'_>) -> BTreeSet<String> {
        let parts = of_parts(self);
        let all = parts.iter().map(|it| by_kind::more(files, it, changed));
        all.flatten().collect()
    }

    fn port(&self, files: &[Sides<'_>]) -> Ported {
        port(files, self)
    }
}
