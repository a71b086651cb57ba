//! Finding out what is released.

use super::cargo;
use super::cargo::manifest::PackageVersion;
use super::files::{Files, Wanted};
use super::kind::Kind;
use super::package::Package;
use super::tasks::Release;

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
    let log = release.changelog;
    wanted.or_else(|| {
        let wanted = !log.is_empty() && !files.was_read(log);
        wanted.then(|| Wanted::Files(vec![log.to_owned()]))
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
    let log = release.changelog;
    package.changelog = files.get(log).map(|_| log.to_owned());
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

/// The package that [`manifest`] names, and its version or that of the whole
/// workspace; none of both where it cannot be read.
pub fn root(kind: Kind, manifest: &str) -> (Option<String>, Option<String>) {
    match kind {
        Kind::Cargo => {
            let Ok(read) = cargo::manifest::read(manifest) else {
                return (None, None);
            };
            let version = match read.version {
                PackageVersion::Here(version) => Some(version),
                PackageVersion::Inherited | PackageVersion::Absent => read.workspace_version,
            };
            (read.name, version)
        }
    }
}
