//! What is told of a package.

use crate::rehearsal::registry::Registry;
use crate::sim::packages::Place;

/// What a package is made with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Rust's.
    #[default]
    Cargo,
    /// JavaScript's.
    Npm,
    /// Python's.
    Python,
    /// Ruby's.
    Ruby,
    /// Java's.
    Java,
    /// Go's.
    Go,
    /// A chart.
    Helm,
    /// An action.
    Action,
    /// Anything else.
    Other,
}

impl Kind {
    /// Where its packages are published.
    pub fn registry(self) -> Option<Registry> {
        match self {
            Kind::Cargo => Some(Registry::CratesIo),
            Kind::Npm => Some(Registry::Of(Place::Npm)),
            Kind::Python => Some(Registry::Of(Place::Pypi)),
            Kind::Ruby => Some(Registry::Of(Place::Gem)),
            Kind::Java => Some(Registry::Of(Place::Maven)),
            Kind::Go => Some(Registry::Of(Place::Go)),
            Kind::Helm => Some(Registry::Of(Place::Helm)),
            Kind::Action | Kind::Other => None,
        }
    }

    /// How somebody tries a head of it.
    pub fn tries(self) -> &'static str {
        match self {
            Kind::Cargo => "cargo test",
            Kind::Npm => "npm test",
            Kind::Python => "pytest",
            Kind::Ruby => "bundle exec rake",
            Kind::Java => "mvn verify",
            Kind::Go => "go test ./...",
            Kind::Helm => "helm lint",
            Kind::Action => "a workflow that uses the action",
            Kind::Other => "what was reported",
        }
    }
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// What it is made with.
    pub kind: Kind,
    /// Its name on the registry.
    pub name: String,
    /// Its folder; empty: the root.
    pub dir: String,
    /// The file that holds its version; empty: none does.
    pub manifest: String,
    /// Its version.
    pub version: String,
    /// Whether it may go to the registry of its kind.
    pub published: bool,
    /// Whether it is one of several in a workspace.
    pub in_workspace: bool,
}

impl Package {
    /// The registry that it may go to.
    pub fn registry(&self) -> Option<Registry> {
        self.kind.registry().filter(|_| self.published)
    }
}
