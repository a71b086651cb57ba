//! The rules together.

use super::lock;
use super::manifests::Plan;
use crate::ecosystem::tasks::Port;
use crate::edits::forward_port::{Ruled, Sides};

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
            self.manifests.rule(sides)
        } else if self.wanted.package.lock.as_deref() == Some(sides.path) {
            lock::rule(sides, self.wanted, &self.manifests)
        } else {
            None
        }
    }
}
