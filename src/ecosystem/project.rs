//! Finding out what is released.

use super::files::{Files, Wanted};
use super::kind::Kind;
use super::package::Package;
use super::tasks::Release;
use super::{cargo, changelogs};

/// What is released, before the registry was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    package: Package,
    /// The names that may be on the registry.
    pub publishable: Vec<String>,
}

impl Project {
    /// What is released, where the registry knows these of
    /// [`publishable`](Self::publishable): its first lends the name, unless the
    /// package itself is there.
    pub fn published(self, published: Vec<String>) -> Package {
        let mut package = self.package;
        package.on_registry = !published.is_empty();
        if let Some(first) = published.first()
            && !published.contains(&package.name)
        {
            package.name = first.clone();
        }
        package.published = published;
        package
    }
}

/// What is to be read at the release's commit; to be asked again with what was
/// read, until nothing is wanted any more.
pub fn wanted(kind: Kind, files: &Files, release: &Release<'_>) -> Option<Wanted> {
    let wanted = match kind {
        Kind::Cargo => cargo::project::wanted(files),
    };
    wanted.or_else(|| {
        let (package, _) = match kind {
            Kind::Cargo => cargo::project::project(files, release).ok()?,
        };
        changelogs::wanted(files, release, &package)
    })
}

/// What is released, once [`wanted`] wants no more.
///
/// # Errors
/// In words, with the tag, why there is no version that could be raised.
pub fn project(kind: Kind, files: &Files, release: &Release<'_>) -> Result<Project, String> {
    let (mut package, publishable) = match kind {
        Kind::Cargo => cargo::project::project(files, release)?,
    };
    (package.changelogs, package.left_alone) = changelogs::found(files, release, &package);
    package.changelog = package.changelogs.first().map(|log| log.path.clone());
    Ok(Project {
        package,
        publishable,
    })
}

/// The file that names the package at the root.
pub fn manifest(kind: Kind) -> &'static str {
    match kind {
        Kind::Cargo => cargo::project::MANIFEST,
    }
}

/// The package that [`manifest`] names; none where it cannot be read.
pub fn name(kind: Kind, manifest: &str) -> Option<String> {
    match kind {
        Kind::Cargo => cargo::manifest::read(manifest).ok()?.name,
    }
}
