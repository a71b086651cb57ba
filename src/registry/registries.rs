//! All registries behind one door: which one is asked is a value.

use super::crates_io::{CratesIo, VersionFact, index_path};
use super::error::Error;
use super::fact::{Named, PackageFile, Published};
use super::oci::Images;
use super::transport::{By, Transport};
use super::{go, helm, maven, npm, oci, pypi, rubygems};
use crate::domain::objects::{Answered, Origin, RegistryKind};

/// Where the registries beside crates.io are: roots, without a closing slash. Of one
/// that is not told nothing is known.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    /// npm's.
    pub npm: Option<String>,
    /// npm's pages for people.
    pub npm_pages: Option<String>,
    /// PyPI's.
    pub pypi: Option<String>,
    /// RubyGems'.
    pub rubygems: Option<String>,
    /// The Go module proxy's.
    pub go_proxy: Option<String>,
    /// The Go checksum database's.
    pub go_sums: Option<String>,
    /// The pages of Go's modules for people.
    pub go_pages: Option<String>,
    /// Maven Central's.
    pub maven: Option<String>,
    /// Docker Hub's, for images without a host.
    pub oci: Option<String>,
    /// Whether images of all hosts are asked for there.
    pub oci_for_all: bool,
    /// A chart repository's; `{owner}` and `{repo}` are those of the repository.
    pub helm: Option<String>,
    /// Whether that one is of the settings, and no default.
    pub helm_is_set: bool,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Where.
    pub registry: RegistryKind,
    /// The package's name there.
    pub name: &'a str,
    /// The version, or the tag of an image.
    pub version: &'a str,
    /// The repository that asks, its owner and its name.
    pub by: (&'a str, &'a str),
}

impl Asked<'_> {
    /// Whether it is a name that could be on its registry.
    pub fn is_possible(&self) -> bool {
        let name = self.name;
        match self.registry {
            RegistryKind::CratesIo => index_path(name).is_ok(),
            RegistryKind::Npm => npm::in_path(name).is_ok(),
            RegistryKind::Pypi => pypi::in_path(name).is_ok(),
            RegistryKind::Gem => rubygems::in_path(name).is_ok(),
            RegistryKind::Go => go::in_path(name, "v0.0.0").is_ok(),
            RegistryKind::Maven => maven::in_path(name).is_ok(),
            RegistryKind::Oci | RegistryKind::Helm => !name.is_empty(),
        }
    }
}

/// The registries; clones share connections.
#[derive(Clone, Debug)]
pub struct Registries {
    crates: CratesIo,
    roots: Roots,
}

impl Registries {
    /// The others are asked as crates.io is: by the same user agent, within the same
    /// bounds. Its token goes to none of them.
    pub fn new(crates: CratesIo, roots: Roots) -> Self {
        Registries { crates, roots }
    }

    /// crates.io's own client.
    pub fn crates_io(&self) -> &CratesIo {
        &self.crates
    }

    fn transport(&self) -> &Transport {
        self.crates.transport()
    }

    /// A version; none: it is not there, or not yet ([`RegistryKind::shows_within`]).
    ///
    /// # Errors
    /// When it could not be found out.
    pub async fn version(&self, asked: Asked<'_>) -> Result<Option<Published>, Error> {
        let Asked { name, version, .. } = asked;
        let (of, roots) = (self.transport(), &self.roots);
        match asked.registry {
            RegistryKind::CratesIo => {
                let found = self.crates.version(name, version).await?;
                Ok(found.map(|fact| of_crate(name, fact)))
            }
            RegistryKind::Npm => npm::version(of, told(&roots.npm)?, name, version).await,
            RegistryKind::Pypi => pypi::version(of, told(&roots.pypi)?, name, version).await,
            RegistryKind::Gem => rubygems::version(of, told(&roots.rubygems)?, name, version).await,
            RegistryKind::Go => {
                let both = (told(&roots.go_proxy)?, told(&roots.go_sums)?);
                go::version(of, both, name, &go_version(version)).await
            }
            RegistryKind::Maven => maven::version(of, told(&roots.maven)?, name, version).await,
            RegistryKind::Oci => {
                let images = self.images()?;
                match oci::version(of, &images, name, version).await? {
                    // Some tag their images as they tag their commits.
                    None if !version.starts_with('v') => {
                        oci::version(of, &images, name, &format!("v{version}")).await
                    }
                    found => Ok(found),
                }
            }
            RegistryKind::Helm => {
                let (root, by, chart) = self.chart(asked)?;
                helm::version(of, (&root, by), chart, version).await
            }
        }
    }

    /// A name; none: the registry has nothing of it.
    ///
    /// # Errors
    /// When it could not be found out.
    pub async fn named(&self, asked: Asked<'_>) -> Result<Option<Named>, Error> {
        let Asked { name, version, .. } = asked;
        let (of, roots) = (self.transport(), &self.roots);
        match asked.registry {
            RegistryKind::CratesIo => {
                let versions = self.crates.versions(name).await?;
                if versions.is_empty() {
                    return Ok(None);
                }
                let yanked = versions.iter().filter(|it| it.yanked);
                Ok(Some(Named {
                    withdrawn: yanked.map(|it| it.num.clone()).collect(),
                    versions: versions.iter().map(|it| it.num.clone()).collect(),
                    link: self.crates.repository(name).await?,
                    pointer: None,
                }))
            }
            RegistryKind::Npm => npm::named(of, told(&roots.npm)?, name).await,
            RegistryKind::Pypi => pypi::named(of, told(&roots.pypi)?, name).await,
            RegistryKind::Gem => rubygems::named(of, told(&roots.rubygems)?, name).await,
            RegistryKind::Go => go::named(of, told(&roots.go_proxy)?, name).await,
            RegistryKind::Maven => maven::named(of, told(&roots.maven)?, name, version).await,
            RegistryKind::Oci => oci::named(of, &self.images()?, name, version).await,
            RegistryKind::Helm => {
                let (root, by, chart) = self.chart(asked)?;
                helm::named(of, (&root, by), chart).await
            }
        }
    }

    /// Where a version comes from, by what was published and what the registry holds of
    /// that; its files are held against their checksums where they are small.
    ///
    /// # Errors
    /// When it could not be found out.
    pub async fn origin(&self, asked: Asked<'_>, fact: &Published) -> Result<Origin, Error> {
        let (of, roots, name) = (self.transport(), &self.roots, asked.name);
        match asked.registry {
            RegistryKind::CratesIo => {
                let fact = VersionFact {
                    num: fact.version.clone(),
                    yanked: fact.withdrawn,
                    checksum: fact.checksum(),
                    created_at: None,
                    in_index: fact.listed,
                    disputed: fact.disputed,
                };
                self.crates.origin(&fact, name).await
            }
            RegistryKind::Npm => npm::origin(of, told(&roots.npm)?, name, fact).await,
            RegistryKind::Pypi => pypi::origin(of, told(&roots.pypi)?, name, fact).await,
            RegistryKind::Gem => rubygems::origin(of, fact).await,
            RegistryKind::Go | RegistryKind::Maven | RegistryKind::Oci | RegistryKind::Helm => {
                Ok(fact.origin.clone())
            }
        }
    }

    /// The page of a version, for people; what the registry answers with where it has
    /// none.
    pub fn page(&self, asked: Asked<'_>) -> String {
        let Asked { name, version, .. } = asked;
        let root = |root: &Option<String>| root.clone().unwrap_or_default();
        let roots = &self.roots;
        match asked.registry {
            RegistryKind::CratesIo => self.crates.page(name, version),
            RegistryKind::Npm => match &roots.npm_pages {
                Some(pages) => format!("{pages}/package/{name}/v/{version}"),
                None => format!("{}/{name}/{version}", root(&roots.npm)),
            },
            RegistryKind::Pypi => format!("{}/project/{name}/{version}/", root(&roots.pypi)),
            RegistryKind::Gem => {
                format!("{}/gems/{name}/versions/{version}", root(&roots.rubygems))
            }
            RegistryKind::Go => match (&roots.go_pages, go_version(version)) {
                (Some(pages), version) => format!("{pages}/{name}@{version}"),
                (None, version) => format!("{}/{name}/@v/{version}.info", root(&roots.go_proxy)),
            },
            RegistryKind::Maven => {
                let folder = name.replace('.', "/");
                let folder = match name.split_once(':') {
                    Some((group, artifact)) => format!("{}/{artifact}", group.replace('.', "/")),
                    None => folder,
                };
                format!("{}/{folder}/{version}/", root(&roots.maven))
            }
            RegistryKind::Oci => format!("{name}:{version}"),
            RegistryKind::Helm => match self.chart(asked) {
                Ok((root, ..)) => format!("{root}/index.yaml"),
                Err(_) => String::new(),
            },
        }
    }

    /// Whether the page at an address that a repository names shows a text.
    pub async fn look_at(&self, url: &str, contains: &str) -> Answered {
        self.crates.look_at(url, contains).await
    }

    fn images(&self) -> Result<Images, Error> {
        Ok(Images {
            root: told(&self.roots.oci)?.to_owned(),
            all: self.roots.oci_for_all,
        })
    }

    /// The root of a chart's repository, who names it, and the chart: `chart`, or
    /// `https://host/path/chart`.
    fn chart<'a>(&self, asked: Asked<'a>) -> Result<(String, By, &'a str), Error> {
        let set = self.roots.helm_is_set;
        if let Some((root, chart)) = asked.name.rsplit_once('/')
            && !set
        {
            return Ok((root.to_owned(), By::Others, chart));
        }
        let chart = asked.name.rsplit('/').next().unwrap_or_default();
        let (owner, repo) = asked.by;
        let root = told(&self.roots.helm)?.replace("{owner}", &owner.to_ascii_lowercase());
        let by = if set { By::Settings } else { By::Others };
        Ok((root.replace("{repo}", repo), by, chart))
    }
}

/// A root that is there.
fn told(root: &Option<String>) -> Result<&str, Error> {
    let unknown = || Error::Invalid("no address of this registry is known".to_owned());
    root.as_deref().ok_or_else(unknown)
}

/// Go's versions begin with a `v`.
fn go_version(version: &str) -> String {
    match version.starts_with('v') {
        true => version.to_owned(),
        false => format!("v{version}"),
    }
}

fn of_crate(name: &str, fact: VersionFact) -> Published {
    Published {
        files: vec![PackageFile {
            name: format!("{name}-{}.crate", fact.num),
            checksum: fact.checksum,
            ..PackageFile::default()
        }],
        version: fact.num,
        withdrawn: fact.yanked,
        listed: fact.in_index,
        disputed: fact.disputed,
        pointer: None,
        origin: Origin::Unread,
    }
}
