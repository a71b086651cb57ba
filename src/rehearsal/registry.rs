//! The stand-in's registries, read alike, and what people do there.

use crate::sim::clock::Millis;
use crate::sim::packages::{Place, module_tag};
use crate::sim::registry::{index_moves, names_repository};
use crate::sim::world::{Repo, World};
use crate::sim::{Share, Upload, upload};

/// A registry that the stand-in serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Registry {
    /// crates.io.
    CratesIo,
    /// Another one.
    Of(Place),
}

/// A version that a registry has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// Since when everybody can get it, or from when on, milliseconds.
    pub since: Millis,
    /// Whether everybody can get it now.
    pub listed: bool,
    /// Whether it was taken back.
    pub withdrawn: bool,
    /// What shows it, in words.
    pub evidence: String,
}

/// A version of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version<'a> {
    /// The package.
    pub name: &'a str,
    /// The number.
    pub number: &'a str,
}

impl Registry {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Registry::CratesIo => "crates.io",
            Registry::Of(Place::Npm) => "npm",
            Registry::Of(Place::Pypi) => "PyPI",
            Registry::Of(Place::Gem) => "RubyGems",
            Registry::Of(Place::Go) => "the Go module proxy",
            Registry::Of(Place::Maven) => "Maven Central",
            Registry::Of(Place::Oci) => "the image registry",
            Registry::Of(Place::Helm) => "the chart repository",
        }
    }

    /// What a person types to publish; none: the tag is what is published.
    pub fn publishes(self) -> Option<&'static str> {
        match self {
            Registry::CratesIo => Some("cargo publish"),
            Registry::Of(Place::Npm) => Some("npm publish"),
            Registry::Of(Place::Pypi) => Some("twine upload dist/*"),
            Registry::Of(Place::Gem) => Some("gem push"),
            Registry::Of(Place::Go) => None,
            Registry::Of(Place::Maven) => Some("mvn deploy"),
            Registry::Of(Place::Oci) => Some("docker push"),
            Registry::Of(Place::Helm) => Some("helm push"),
        }
    }

    /// What its owner does to take a version back; none: nothing can be done.
    pub fn withdraws(self, of: Version<'_>) -> Option<String> {
        let Version { name, number } = of;
        match self {
            Registry::CratesIo => Some(format!("runs `cargo yank --version {number} {name}`")),
            Registry::Of(Place::Npm) => Some(format!("runs `npm deprecate {name}@{number}`")),
            Registry::Of(Place::Pypi) => Some(format!("yanks {name} {number} on its page at PyPI")),
            Registry::Of(Place::Gem) => Some(format!("runs `gem yank {name} -v {number}`")),
            Registry::Of(Place::Oci | Place::Helm) => {
                Some(format!("removes {name} {number} from {}", self.name()))
            }
            Registry::Of(Place::Go | Place::Maven) => None,
        }
    }

    /// Whether it has anything of that name.
    pub fn knows(self, world: &World, name: &str) -> bool {
        match self {
            Registry::CratesIo => !world.registry.versions(name).is_empty(),
            Registry::Of(Place::Go) => world.packages.modules.contains_key(name),
            Registry::Of(place) => world.packages.package(place, name).is_some(),
        }
    }

    /// A version there.
    pub fn served(self, world: &World, of: Version<'_>) -> Option<Served> {
        let now = world.now();
        let Version { name, number } = of;
        match self {
            Registry::CratesIo => {
                let found = world.registry.version(name, number)?;
                let sum = found.checksum.get(..8).unwrap_or_default();
                Some(Served {
                    since: found.created_at.saturating_add(world.index_lag_ms),
                    listed: found.in_index(now) == Some(false),
                    withdrawn: found.yanked,
                    evidence: format!("{name} {number} in API and index, checksum {sum}…"),
                })
            }
            Registry::Of(Place::Go) => {
                let repo = world.repos.get(world.packages.modules.get(name)?)?;
                let tag = module_tag(name, number);
                let commit = repo.tag_commit(&tag)?;
                Some(Served {
                    since: pushed(repo, &tag),
                    listed: true,
                    withdrawn: false,
                    evidence: format!(
                        "{name} v{number} is served by its tag {tag} ({})",
                        commit.get(..7).unwrap_or(&commit)
                    ),
                })
            }
            Registry::Of(place) => {
                let found = world.packages.release(place, name, number)?;
                let files = match found.files.len() {
                    1 => "1 file".to_owned(),
                    several => format!("{several} files"),
                };
                Some(Served {
                    since: found.listed,
                    listed: found.listed <= now,
                    withdrawn: found.withdrawn.is_some(),
                    evidence: format!("{name} {number} on {}, {files}", self.name()),
                })
            }
        }
    }

    /// A version that stands in front of what it should not: npm's `latest`, where a
    /// higher one is out.
    pub fn in_front(self, world: &World, of: Version<'_>) -> Option<String> {
        if self != Registry::Of(Place::Npm) {
            return None;
        }
        let package = world.packages.package(Place::Npm, of.name)?;
        let own = semver::Version::parse(of.number).ok()?;
        if package.pointers.get("latest")? != of.number {
            return None;
        }
        let all = package.releases.iter();
        let numbers = all.filter_map(|it| semver::Version::parse(&it.version).ok());
        let stable = numbers.filter(|it| it.pre.is_empty());
        let higher = stable.max().filter(|it| *it > own)?;
        Some(format!("latest is {own}, although {higher} is out"))
    }

    /// Puts a version there that was published before the rehearsal.
    pub fn seed(self, world: &mut World, repo: u64, of: Version<'_>, commit: &str, at: Millis) {
        match self {
            // The registry takes no version that it cannot read; nor is it there.
            Registry::CratesIo => {
                let _ = world.registry.publish_existing(at, of.name, of.number);
                names_repository(world, of.name, repo);
            }
            Registry::Of(Place::Go) => {
                world.packages.modules.insert(of.name.to_owned(), repo);
            }
            Registry::Of(place) => {
                let pointer = behind(world, place, of).then_some("earlier");
                let what = Upload {
                    place,
                    name: of.name,
                    version: of.number,
                    pointer,
                    commit,
                    at,
                    listed: at,
                    built: false,
                    part: Share::Whole,
                };
                let _ = upload(world, repo, &what);
            }
        }
    }

    /// A person publishes a version from the commit of its tag.
    ///
    /// # Errors
    /// The registry's words.
    pub fn publish(
        self,
        world: &mut World,
        repo: u64,
        of: Version<'_>,
        commit: &str,
        by: &str,
    ) -> Result<(), String> {
        let now = world.now();
        match self {
            Registry::CratesIo => {
                let visible = index_moves(world);
                let file = format!("{}-{}", of.name, of.number).into_bytes();
                let registry = &mut world.registry;
                registry.publish(now, visible, of.name, of.number, file, Some(by))
            }
            Registry::Of(place) => {
                let older = behind(world, place, of);
                // As the bot says: an older line's never becomes `latest`.
                let tag = format!("latest-{}", of.number.split('.').next().unwrap_or("0"));
                let what = Upload {
                    place,
                    name: of.name,
                    version: of.number,
                    pointer: older.then_some(tag.as_str()),
                    commit,
                    at: now,
                    listed: now + world.index_lag_ms,
                    built: true,
                    part: Share::Whole,
                };
                upload(world, repo, &what)
            }
        }
    }

    /// Its owner takes a version back.
    ///
    /// # Errors
    /// It is not there, or nothing can be done.
    pub fn withdraw(self, world: &mut World, of: Version<'_>) -> Result<(), String> {
        let now = world.now();
        match self {
            Registry::CratesIo => {
                let visible = index_moves(world);
                let registry = &mut world.registry;
                let done = registry.set_yanked(now, visible, of.name, of.number, true, None);
                done.ok_or_else(|| format!("the registry has no {} {}", of.name, of.number))
            }
            Registry::Of(Place::Go | Place::Maven) => {
                Err(format!("{} keeps what it has", self.name()))
            }
            Registry::Of(place) => {
                let packages = &mut world.packages;
                packages.withdraw(place, of.name, of.number, Some("taken back"))
            }
        }
    }
}

/// Whether npm's `latest` is higher than a version.
fn behind(world: &World, place: Place, of: Version<'_>) -> bool {
    let number = |text: &str| semver::Version::parse(text).ok();
    let package = world.packages.package(place, of.name);
    let latest = package.and_then(|it| it.pointers.get("latest"));
    let latest = latest.and_then(|it| number(it));
    place == Place::Npm && latest.zip(number(of.number)).is_some_and(|(a, b)| a > b)
}

/// When a tag was pushed; 0: before the rehearsal.
fn pushed(repo: &Repo, tag: &str) -> Millis {
    let name = format!("refs/tags/{tag}");
    let mut log = repo.ref_log.iter().rev();
    log.find(|it| it.name == name && it.after.is_some())
        .map_or(0, |it| it.at)
}
