//! Finding out what is released.

use std::collections::BTreeSet;

use super::cargo::manifest::PackageVersion;
use super::files::{Files, Wanted};
use super::kind::Kind;
use super::package::Package;
use super::registry::{self, Answer, Question, Registry, Repository};
use super::tasks::Release;
use super::{cargo, changelogs, recognise};

/// What is released, before the registry was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    package: Package,
    /// The names that may be on the registry, the product's first.
    pub questions: Vec<Question>,
}

/// What the registry has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The versions of all that is released: their numbers are taken.
    pub taken: BTreeSet<String>,
    /// Those of the product that users can get.
    pub standing: Vec<String>,
}

impl Project {
    /// What is released, where the registry answers so; and what is published
    /// there. The first that is ours lends the name, unless the package itself is
    /// there.
    pub fn answered(self, answers: &[Answer], repository: &Repository) -> (Package, Published) {
        let mut package = self.package;
        let (mut first, mut published) = (None, Published::default());
        for question in &self.questions {
            let answer = answers.iter().find(|answer| answer.name == question.name);
            let Some(answer) = answer else {
                continue;
            };
            let registry = registry::identity(question, answer, repository);
            if registry.is_ours() {
                published.taken.extend(answer.versions.iter().cloned());
                package.published.push(question.name.clone());
            }
            let better = |(_, known): &(&String, Registry)| registry.is_ours() && !known.is_ours();
            if first.as_ref().is_none_or(better) {
                first = Some((&question.name, registry));
            }
        }
        package.on_registry = !package.published.is_empty();
        if let Some((name, registry)) = first {
            if registry.is_ours() {
                package.name = name.clone();
                let answer = answers.iter().find(|answer| answer.name == *name);
                let standing = answer.into_iter().flat_map(Answer::standing);
                published.standing = standing.cloned().collect();
            }
            package.registry = registry;
        }
        (package, published)
    }
}

/// What is to be read at the release's commit; to be asked again with what was
/// read, until nothing is wanted any more.
pub fn wanted(kind: Kind, files: &Files, release: &Release<'_>) -> Option<Wanted> {
    let wanted = match kind {
        _ if release.generic => None,
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
    let (mut package, questions) = match kind {
        _ if release.generic => (generic(release), Vec::new()),
        Kind::Cargo => {
            let tree = files.tree().unwrap_or_default();
            if let Some(words) = recognise::unsupported(tree, release) {
                return Err(words);
            }
            cargo::project::project(files, release)?
        }
    };
    (package.changelogs, package.left_alone) = changelogs::found(files, release, &package);
    package.changelog = package.changelogs.first().map(|log| log.path.clone());
    Ok(Project { package, questions })
}

/// What is released where the tag alone is the version, as configured.
fn generic(release: &Release<'_>) -> Package {
    Package {
        name: release.repo.to_owned(),
        from_tag: true,
        program: Some(false),
        registry: Registry::Private,
        ..Package::default()
    }
}

/// The file that names the package at the root.
pub fn manifest(kind: Kind) -> &'static str {
    match kind {
        Kind::Cargo => cargo::paths::MANIFEST,
    }
}

/// The files that are usually wanted first, each at the root.
pub fn usual(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Cargo => &["Cargo.toml", "Cargo.lock", "CHANGELOG.md"],
    }
}

/// What the registry will be asked, as far as the manifest at the root tells.
pub fn foreseen(kind: Kind, manifest: &str, version: &str) -> Option<Question> {
    match kind {
        Kind::Cargo => {
            let read = cargo::manifest::read(manifest).ok()?;
            let open = read.publish == cargo::manifest::Publish::Anywhere;
            Some(Question {
                name: read.name.filter(|_| open)?,
                version: version.to_owned(),
            })
        }
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

/// The version that a manifest states for its own package; none where it stands
/// elsewhere, or cannot be read.
pub fn own_version(kind: Kind, manifest: &str) -> Option<String> {
    match kind {
        Kind::Cargo => cargo::manifest::version(manifest).ok(),
    }
}
